/* Knows the time zone of this device: fills it into a field that has not been answered yet, and
   offers it beside one that says something else. */

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const takes = (field) => field.tagName !== "SELECT" || [...field.options].some(({ value }) => value === zone);

function offer(part) {
  for (const field of part.querySelectorAll("[data-device-zone]")) {
    if (zone && takes(field)) field.value = zone;
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
}

offer(document);
document.addEventListener("htmx:afterSettle", ({ target }) => offer(target));
