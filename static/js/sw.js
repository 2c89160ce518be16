/* Keeps the shell of the app: its styles, scripts and pages that say nothing of anybody. What it
   keeps is in `kept`, written before this by the server. Only ever answers when the network does
   not; whatever is sent to the server passes by untouched. */

const { version, files, shells, otherwise, static: statics } = self.kept;
const name = `ebb-${version}`;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(
    (async () => {
      const cache = await caches.open(name);
      /* Fetched as nobody: whoever is signed in, no answer can be about them. */
      const asked = files.map((url) => new Request(url, { credentials: "omit" }));
      await cache.addAll(asked);
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((key) => key !== name);
      await Promise.all(old.map((key) => caches.delete(key)));
      await self.clients.claim();
    })(),
  );
});

const keptAt = async (url) => (await caches.open(name)).match(url, { ignoreVary: true });

async function page(request, path) {
  const shell = () => keptAt(shells[path] ?? otherwise);
  try {
    const answer = await fetch(request);
    return [502, 504].includes(answer.status) ? ((await shell()) ?? answer) : answer;
  } catch (unreachable) {
    return (await shell()) ?? Response.error();
  }
}

async function file(request) {
  try {
    return await fetch(request);
  } catch (unreachable) {
    return (await keptAt(request.url)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (pathname.startsWith(statics)) event.respondWith(file(request));
});
