/* Single keys that lead to pages. Off until switched on in Settings: a key that does something by
   itself is in the way of who speaks to the computer or types by accident. */

const list = document.getElementById("keys");

document.addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, altKey, metaKey, repeat, isComposing } = event;
  if (ctrlKey || altKey || metaKey || repeat || isComposing || event.defaultPrevented) return;
  if (target.closest("input, textarea, select, [contenteditable]")) return;
  if (key === "?") {
    event.preventDefault();
    if (!list.open) list.showModal();
    return;
  }
  const page = list.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!page) return;
  event.preventDefault();
  page.click();
});
