// Numbers as people read them.

/** Three significant digits without an exponent where that is short; no finer than a plane's step allows. */
function numberText(value, step = 0) {
  if (Number.isNaN(value)) return "no data";
  const size = Math.abs(value);
  if (size <= step / 2) return "0"; // as far as the step tells
  if (size < 1e-4) return value.toExponential(1).replace("-", "−");
  const wanted = size >= 100 ? 0 : Math.min(6, 2 - Math.floor(Math.log10(size)));
  const known = step > 0 ? Math.max(0, -Math.floor(Math.log10(step))) : 6;
  return value.toFixed(Math.min(wanted, known)).replace("-", "−");
}

/** The same with a plus above 0: of a difference. */
function signedText(value, step = 0) {
  const text = numberText(value, step);
  return value > 0 && text !== "0" ? `+${text}` : text;
}

/** An end of a scale: as short as it can be, "1.1" rather than "1.10". */
function endText(value) {
  const text = numberText(value);
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

/** Five numbers from the end of a scale down to 0, all with the end's decimals. */
function tickTexts(end) {
  const decimals = end < 1e-4 ? null : (numberText(end).split(".")[1] ?? "").length;
  return [1, 0.75, 0.5, 0.25, 0].map((part) => {
    if (part === 0) return "0";
    return decimals === null ? numberText(part * end) : (part * end).toFixed(decimals);
  });
}

function percentText(share) {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.1) return "< 0.1%";
  return `${percent >= 10 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)}%`;
}
