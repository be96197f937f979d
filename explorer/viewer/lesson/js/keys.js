// Keys: the arrows, Page Up and Down, which a presenter's clicker sends, Home and End lead through a lesson.

const BY_KEY = { ArrowLeft: -1, PageUp: -1, ArrowRight: 1, PageDown: 1, Home: -Infinity, End: Infinity };
const OF_CLICKERS = ["PageUp", "PageDown"];
const TYPED = "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true]";
// What has a use of its own for such keys; a scene that has one marks itself with data-keys, or stops the event.
const MOVED = "input[type=range], input[type=radio], [role=slider], [role=radio], [role=tab], [role=menu], [role=listbox], [role=combobox], [role=spinbutton], dialog, [role=dialog], [data-keys]";

/** How many steps a key leads on, 0 where it is somebody else's. */
function stepsOfKey(event, isClassroom) {
  const by = BY_KEY[event.key];
  if (!by || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return 0;
  const within = (selector) => event.composedPath().some((each) => each.matches?.(selector));
  if (within(TYPED) || within("dialog, [role=dialog]")) return 0;
  // In class mode a clicker leads on whatever was touched last: there is nobody at the keyboard to leave a slider.
  if (isClassroom && OF_CLICKERS.includes(event.key)) return by;
  return within(MOVED) ? 0 : by;
}

function createKeys(state) {
  const pressed = (event) => {
    if (!state.root.isConnected) {
      document.removeEventListener("keydown", pressed);
      document.removeEventListener("keydown", clicked, true);
      return;
    }
    const by = event.repeat ? 0 : stepsOfKey(event, state.frame.is_classroom);
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    state.go(stepFrom(state.frame, state.at, by));
  };
  // A slider would take a clicker's keys before they come up to the document.
  const clicked = (event) => {
    if (state.frame.is_classroom && OF_CLICKERS.includes(event.key)) pressed(event);
  };
  document.addEventListener("keydown", pressed);
  document.addEventListener("keydown", clicked, true);
}
