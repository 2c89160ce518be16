/* A theme is shown as soon as it is chosen, before it is saved. */

document.addEventListener("change", ({ target }) => {
  if (target.name === "theme") document.documentElement.dataset.theme = target.value;
});
