/* Offers the time zone of this device, in a field that has not been answered yet. */

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("[data-device-zone]")) {
  const known = field.tagName !== "SELECT" || [...field.options].some(({ value }) => value === zone);
  if (known && zone) field.value = zone;
}
