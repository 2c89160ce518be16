/* The log form: the list of places is the control. Figure and shortcuts mirror it, and the bar
   with the button says what is about to be saved. */

const boxes = () => [...document.querySelectorAll('.place-list input[name="place"]')];

/* What a chip says, without the words that are only for ears. */
const chipText = (input) =>
  input ? input.parentElement.querySelector("span").firstChild.textContent.trim() : "";

function mirror() {
  const chosen = boxes().filter((box) => box.checked);
  const keys = new Set(chosen.map((box) => box.value));
  for (const region of document.querySelectorAll("[data-loc]")) {
    region.classList.toggle("is-on", keys.has(region.dataset.loc));
  }
  for (const chip of document.querySelectorAll("[data-mirror]")) {
    chip.checked = keys.has(chip.dataset.mirror);
  }
  const names = chosen.map((box) => box.dataset.label).join(", ");
  const picked = document.getElementById("chosen");
  if (picked) picked.textContent = names || picked.dataset.none;
  const where = document.getElementById("bar-where");
  if (where) {
    where.dataset.none ??= chosen.length ? "" : where.textContent;
    where.textContent = names || where.dataset.none;
  }
  const rest = document.getElementById("bar-rest");
  if (rest) {
    const answers = ["when", "duration"].map((name) =>
      chipText(document.querySelector(`.log-form [name="${name}"]:checked`)),
    );
    rest.textContent = answers.filter(Boolean).join(" · ");
  }
}

document.addEventListener("click", ({ target }) => {
  const place = target.dataset?.loc;
  if (!place) return;
  if (place === "face") {
    document.querySelector('.map-stage [value="face"]').click(); // the head opens the face
    return;
  }
  boxes().find((box) => box.value === place)?.click();
});

document.addEventListener("change", ({ target }) => {
  if (!target.closest(".log-form")) return;
  if (target.dataset.mirror) {
    const box = boxes().find(({ value }) => value === target.dataset.mirror);
    if (box) box.checked = target.checked;
  }
  mirror();
});

/* With room beside the figure, the list is open from the start. */
function open() {
  const list = document.querySelector(".place-fold");
  if (list && matchMedia("(min-width: 62rem)").matches) list.open = true;
  mirror();
}

open();
document.addEventListener("htmx:afterSettle", open);
