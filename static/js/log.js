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

/* A tap that opens the words is meant for writing; keys stay where they are. */
document.addEventListener("click", ({ target, detail: taps }) => {
  const fold = taps && target.closest("summary")?.parentElement;
  if (!fold || fold.open) return;
  const field = fold.querySelector("textarea");
  if (field) setTimeout(() => field.focus());
});

document.addEventListener("click", ({ target }) => {
  const place = target.dataset?.loc;
  if (!place) return;
  if (place === "face") {
    document.querySelector('.map-stage [value="face"]').click(); // the head opens the face
    return;
  }
  boxes().find((box) => box.value === place)?.click();
});

/* The first place brings along how long it lasted there last, until a length was chosen. */
function bringLength(form, chosen) {
  const lasted = JSON.parse(form.dataset.lasted);
  const length = lasted[chosen.value] ?? lasted[""];
  form.querySelector(`[name="duration"][value="${length}"]`).checked = true;
}

document.addEventListener("change", ({ target }) => {
  const form = target.closest(".log-form, .answer-form");
  if (!form) return;
  if (target.dataset.mirror) {
    const box = boxes().find(({ value }) => value === target.dataset.mirror);
    if (box) box.checked = target.checked;
  }
  const chosen = boxes().filter((box) => box.checked);
  if (target.name === "duration") delete form.dataset.lasted;
  if (target.name === "place" && form.dataset.lasted && chosen.length === 1) bringLength(form, chosen[0]);
  mirror();
});

/* With room beside the figure, the list is open from the start. */
function open() {
  /* Once a day, the usual places stand above the list alone. */
  for (const chip of document.querySelectorAll(".answer-form [data-mirror]:checked")) {
    const box = boxes().find(({ value }) => value === chip.dataset.mirror);
    if (box) box.checked = true;
  }
  const list = document.querySelector(".log-form .place-fold");
  if (list && matchMedia("(min-width: 62rem)").matches) list.open = true;
  mirror();
}

/* Kept on this device: the form is ready for the next note. */
document.addEventListener("outbox:kept", ({ target }) => {
  const next = target.elements.form.value;
  target.reset();
  target.elements.form.value = next;
  mirror();
  scrollTo(0, 0);
});

/* A note that waits and was refused is edited here; it keeps its id, so it stays one note. */
document.addEventListener("outbox:shown", ({ detail: items }) => {
  const item = items.find(({ id }) => `#${id}` === location.hash);
  const form = document.querySelector(".log-form");
  if (!item || form.elements.form.value === item.id) return;
  const sent = new URLSearchParams(item.body);
  const ago = { 15: 15, 60: 60 }[sent.get("when")] ?? 0;
  if (sent.get("when") !== "other") {
    const [day, time] = new Intl.DateTimeFormat("sv", {
      timeZone: document.body.dataset.zone,
      dateStyle: "short",
      timeStyle: "short",
    })
      .format(item.made - ago * 60e3)
      .split(" ");
    sent.set("when", "other");
    sent.set("day", day);
    sent.set("time", time);
  }
  for (const field of form.elements) {
    /* What stands on the day by now is told by this page, not by the one that was kept. */
    if (!sent.has(field.name) || field.name.startsWith("initial-")) continue;
    if (["radio", "checkbox"].includes(field.type)) {
      field.checked = sent.getAll(field.name).includes(field.value);
    } else field.value = sent.get(field.name);
  }
  mirror();
});
document.dispatchEvent(new Event("outbox:ask"));

open();
document.addEventListener("htmx:afterSettle", open);
