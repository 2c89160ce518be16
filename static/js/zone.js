/* Knows the time zone of this device, its clock and on which day its weeks start: fills them into
   fields that have not been answered yet, and offers the zone beside one that says something else. */

const FOLLOWS = "ebb.follows"; // the account whose time zone this device sets; js/page.js does
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const { account } = document.body.dataset;
const takes = (field) => field.tagName !== "SELECT" || [...field.options].some(({ value }) => value === zone);

const locale = new Intl.Locale(navigator.language);
const { firstDay } = locale.getWeekInfo?.() ?? locale.weekInfo ?? {};
const twelve = new Intl.DateTimeFormat(navigator.language, { hour: "numeric" }).resolvedOptions().hour12;
const device = {
  zone,
  clock: twelve ? "12" : "24",
  week_start: firstDay && String(firstDay - 1), // counted from Monday
};

function offer(part) {
  for (const field of part.querySelectorAll("[data-device]")) {
    const said = device[field.dataset.device];
    if (field.type === "radio") field.checked = said ? field.value === said : field.checked;
    else if (said && takes(field)) field.value = said;
  }
  for (const button of part.querySelectorAll("[data-zone-for]")) {
    const field = document.getElementById(button.dataset.zoneFor);
    if (!zone || field.value === zone || !takes(field)) continue;
    button.querySelector(".device").textContent = zone.replaceAll("_", " ");
    button.hidden = false;
    button.onclick = () => {
      field.value = zone;
      button.hidden = true;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };
  }
  for (const box of part.querySelectorAll("[data-follows]")) {
    const field = document.getElementById(box.dataset.follows);
    if (!zone || !takes(field)) continue;
    box.closest("label").hidden = false;
    box.checked = localStorage.getItem(FOLLOWS) === account;
    box.onchange = (event) => {
      event.stopPropagation(); // it is kept on this device alone
      if (box.checked) localStorage.setItem(FOLLOWS, account);
      else localStorage.removeItem(FOLLOWS);
      if (!box.checked || field.value === zone) return;
      field.value = zone;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };
    /* Whoever chooses another zone by hand wants that one. */
    field.addEventListener("change", () => {
      if (field.value !== zone) localStorage.removeItem(FOLLOWS);
    });
  }
}

offer(document);
document.addEventListener("htmx:afterSettle", ({ target }) => offer(target));
