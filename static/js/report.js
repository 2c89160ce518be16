/* Printing is the browser's; without scripts its own menu does it. The button comes with each
   answer of the form, so the click is heard on the page. */

const show = () => {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
};
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) print();
});
document.addEventListener("htmx:afterSettle", show);
show();
