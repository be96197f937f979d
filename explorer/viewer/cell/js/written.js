// Written: numbers as they are read. The element has the whole number as data-value.

const MINUS = "−";

/** A number in `digits` decimals, without the 0 before its point: ".424", "1.047"; whole ones as they are. */
function decimals(value, digits) {
  if (Number.isInteger(value)) return String(value).replace("-", MINUS);
  const text = Math.abs(value).toFixed(digits).replace(/^0\./, ".");
  return (value < 0 ? MINUS : "") + text;
}

/** Decimals with which the largest of some numbers has two digits: 3 for parts of 1, more where all are small. */
function digitsFor(values) {
  const largest = Math.max(...values.map(Math.abs), 0);
  return largest > 0 ? Math.min(Math.max(1 - Math.floor(Math.log10(largest)), 3), 6) : 3;
}

/** A feature or a length, of any size: "6.95", "16.39", "143". */
function amount(value, digits = 2) {
  const size = Math.abs(value);
  return decimals(value, size >= 100 ? Math.max(digits - 2, 0) : digits);
}

/** The cell's value, with three digits where it is small. */
function total(value) {
  if (value === 0) return "0";
  const digits = value > 0 ? Math.min(Math.max(2 - Math.floor(Math.log10(value)), 4), 7) : 4;
  return value.toFixed(digits);
}

/** An element whose text is a rounded number. */
function number(tag, className, value, text, term) {
  return element(tag, className, text, { "data-value": String(value), "data-term": term });
}
