/* Clears this device, in Settings. What waits is not thrown away: it can be sent, or removed one by
   one. js/outbox.js knows what waits. */

const part = document.getElementById("device");
const say = (id) => {
  for (const line of part.querySelectorAll(".hint")) line.hidden = line.id !== id;
};

async function clear() {
  const waits = await new Promise((answer) => {
    document.dispatchEvent(new CustomEvent("outbox:forget", { detail: answer }));
  });
  if (waits) {
    say("device-waits");
    return;
  }
  for (const name of await caches.keys()) await caches.delete(name);
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  say("device-clear");
}

if (isSecureContext) {
  part.hidden = false;
  document.getElementById("clear-device").addEventListener("click", clear);
}
