/* Keeps what could not be sent, and sends it once there is a connection: notes, clear marks and
   the factors of a day. Each waits under the account it was made in; what waits of one account is
   never shown to, nor sent by, another. One tab sends at a time, and each thing has an id of its
   own, so that nothing arrives twice. */

const words = document.getElementById("outbox-words").dataset;
const link = document.getElementById("outbox-link");
const said = document.getElementById("outbox-said");
const notices = document.getElementById("notices");
const { account, zone, dayStart, clock, glass, drinkMl, drinkUnit, coffeeMl, hides, shell } =
  document.body.dataset;
const DEVICE = "ebb.device";
const SENT = "ebb.sent"; // when a tab last sent something
const FOLLOWS = "ebb.follows"; // see js/zone.js
const BACK = "ebb.back"; // when this tab last went from a kept page to the one it stands for
const AGAIN = 10_000; // ms until it may do so again
const BOUNCE = 2000; // a thumb that lands twice on the same tile means one note
const DAY_PATH = /^\/days\/[\d-]+\/(clear|unclear|answer|factors)\/$/;

if (account) {
  const { theme, bedside, otherwise } = document.documentElement.dataset;
  const look = { theme, bedside, otherwise };
  const known = { account, zone, dayStart, clock, glass, drinkMl, drinkUnit, coffeeMl, hides, ...look };
  localStorage.setItem(DEVICE, JSON.stringify(known));
}
const device = JSON.parse(localStorage.getItem(DEVICE) ?? "{}");
/* Whose page this is. One that was kept for when there is no connection belongs to whoever was
   here last; the page of a sample, or before signing in, belongs to nobody. */
const mine = account || (shell && device.account);
if (shell) {
  for (const name of ["theme", "bedside", "otherwise", "zone"]) {
    if (device[name]) document.documentElement.dataset[name] = device[name];
  }
  document.dispatchEvent(new Event("theme:known"));
}
if (shell && device.clock) document.body.dataset.clock = device.clock;
for (const key of shell && device.hides ? device.hides.split(" ") : []) {
  const asked = document.querySelector(`#${key}-row, .day-fields > #${key}, .day-fields > :has(#${key})`);
  if (asked) asked.hidden = true;
}

/* --- the store ------------------------------------------------------------------------------ */

const opened =
  isSecureContext &&
  new Promise((done, refuse) => {
    const open = indexedDB.open("ebb", 1);
    open.onupgradeneeded = () => open.result.createObjectStore("outbox", { keyPath: "id" });
    open.onsuccess = () => done(open.result);
    open.onerror = () => refuse(open.error);
  });

async function store(mode, act) {
  const transaction = (await opened).transaction("outbox", mode, { durability: "strict" });
  const request = act(transaction.objectStore("outbox"));
  return new Promise((done, refuse) => {
    transaction.oncomplete = () => done(request.result);
    transaction.onabort = transaction.onerror = () => refuse(transaction.error);
  });
}

/* What waits of the account that was here last, in the order in which it was made. */
async function waiting() {
  if (!opened || !device.account) return [];
  const all = await store("readonly", (items) => items.getAll());
  return all.filter((item) => item.account === device.account).sort((a, b) => a.made - b.made);
}

const others = new BroadcastChannel("ebb-outbox");
async function put(item) {
  await store("readwrite", (items) => items.put(item));
  await changed();
}
async function remove(id) {
  await store("readwrite", (items) => items.delete(id));
  await changed();
}

/* --- what is said ---------------------------------------------------------------------------- */

let waited = false; // something did before, so that what is said now is news for ears
let signedOut = !mine; // what waits is counted, not shown, until its owner is back
let unagreed = false; // the diary goes on, and takes what waits, once its owner agrees to that
let count = 0;
const isSample = Boolean(document.querySelector(".sample-bar"));
const leaving = document.getElementById("leaving");

function say(text, href = "") {
  link.hidden = !text;
  link.textContent = text;
  if (href) link.href = href;
  else link.removeAttribute("href");
  link.classList.toggle("is-open", Boolean(href));
  if (waited && said.textContent !== text) said.textContent = text;
}

async function show(sending = false) {
  const items = isSample ? [] : await waiting();
  count = items.length;
  waited ||= count > 0;
  if (leaving) {
    leaving.hidden = !count;
    document.getElementById("leave").hidden = Boolean(count);
  }
  if (count && (signedOut || unagreed)) {
    const many = new Intl.PluralRules(document.documentElement.lang).select(count);
    const asks = signedOut ? "signIn" : "agree";
    const text = words[asks + (many === "one" ? "One" : "Other")];
    say(text.replace("{n}", count), signedOut ? words.signIn : words.consent);
  } else if (count) {
    say(sending ? words.sending : words.waiting.replace("{n}", count), words.list);
  } else say(mine ? words.saved : "");
  document.dispatchEvent(new CustomEvent("outbox:shown", { detail: mine ? items : [] }));
}

async function changed() {
  others.postMessage("changed");
  await show();
}
others.onmessage = ({ data }) => {
  show();
  if (data === "sent") document.dispatchEvent(new Event("outbox:sent"));
};

function tell(text) {
  const message = document.createElement("p");
  message.className = "message";
  message.textContent = text;
  notices.replaceChildren(message);
}

/* --- keeping ---------------------------------------------------------------------------------- */

const isKept = (path) =>
  path === words.log || path === `${words.log}again/` || DAY_PATH.test(path);

const named = (form, place) =>
  form.querySelector(`.place-list [value="${place}"]`)?.dataset.label ??
  form.querySelector(".tile b")?.textContent ??
  place;

/* The diary day that is running where this person is: before its start it is still the evening. */
function today() {
  const start = Number(device.dayStart ?? 4) * 3600e3;
  return new Intl.DateTimeFormat("sv", { timeZone: device.zone }).format(Date.now() - start);
}

const drinkOf = (form, body) => form.querySelector(`[name="drink"][value="${body.get("drink")}"]`);

/* The ml of a tap on a drink with caffeine, where that counts as a drink. */
function drunk(form, body) {
  if (!device.coffeeMl || body.get("factor") !== "caffeine") return 0;
  return Number(drinkOf(form, body)?.dataset.ml ?? device.coffeeMl * body.get("step"));
}

/* One tap on plus or minus: the amount it leads to. The page shows it, for the next tap. */
function stepped(form, body, before) {
  const frame = form.querySelector("[data-step]");
  const input = form.querySelector('[name="value"]');
  const isDrinks = "drinks" in frame.dataset && Boolean(device.glass);
  const unit = isDrinks ? device.drinkUnit : frame.dataset.unit;
  const per = Number(isDrinks ? device.drinkMl : frame.dataset.per);
  const step = Number(isDrinks ? device.glass : frame.dataset.step);
  const adds = Number(body.get("ml") ?? drinkOf(form, body)?.dataset.adds ?? step * body.get("step"));
  const shown = input.value.trim();
  let base = body.get("was");
  if (shown === input.dataset.shown) base = input.dataset.stored;
  else if (shown === input.defaultValue) base = before?.get("to") ?? base;
  else {
    const [, hours, minutes] = /^(\d+) ?[:h] ?(\d+)/.exec(shown) ?? [];
    const hasSigns = isDrinks || body.get("factor") === "caffeine";
    const written = hasSigns && /[a-z]+$/.exec(shown.toLowerCase())?.[0];
    const one = { ml: 1, l: 1000, mg: 1 }[written] ?? per;
    base = hours ? Number(hours) * per + Number(minutes) : parseFloat(shown.replace(",", ".")) * one;
  }
  if (base === "" && body.get("factor") === "sleep") base = 7 * 60;
  const to = Math.max(0, Math.round(Number(base) + adds));
  if (Number.isNaN(to)) return false;
  input.value = `${Math.round((to / per) * 100) / 100} ${unit}`.trim();
  Object.assign(input.dataset, { shown: input.value, stored: to });
  for (const name of ["ml", "step", "drink", "value"]) body.delete(name);
  body.set("to", to);
  return true;
}

/* The kept pages ask everybody for mg; the server reads what this person counts in. */
const inMg = (typed) => (typed ?? "").trim().replace(/^[\d.,]+$/, "$& mg");

/* Keep what a form would have sent. False where it can't be kept. */
async function keep(form, path, fields) {
  if (!opened || !mine || !isKept(path)) return false;
  const made = Date.now();
  const body = new URLSearchParams(fields);
  for (const name of ["csrfmiddlewaretoken", "ebb_account", "next"]) body.delete(name);
  const items = await waiting();
  let ml = 0;
  const item = { account: mine, path, made, id: body.get("form"), label: "" };
  if (DAY_PATH.test(path)) {
    const isMark = !body.has("factor");
    item.day = path.split("/")[2];
    const isAnswer = path.endsWith("/answer/");
    item.id = `${mine} ${item.day} ${body.get("factor") ?? "mark"}`;
    const before = items.find(({ id }) => id === item.id);
    const kept = before && !before.problem && new URLSearchParams(before.body);
    if (kept && !isMark) body.set("was", kept.get("was"));
    if (shell && body.get("factor") === "caffeine") body.set("value", inMg(body.get("value")));
    const isTap = body.get("step") || body.get("drink") || body.get("ml");
    ml = isTap ? drunk(form, body) : 0;
    if (isTap && !stepped(form, body, kept || null)) return false;
    if (isAnswer) {
      const said = form.querySelector('[name="overall"]:checked')?.parentElement.textContent.trim();
      item.label = [said, ...new Set(body.getAll("place"))].filter(Boolean).map((part) => named(form, part)).join(", ");
    } else item.label = isMark
      ? words[path.endsWith("/clear/") ? "clear" : "unclear"]
      : `${form.querySelector(".row-label").firstChild.textContent.trim()} ${form.querySelector('[name="value"]')?.value ?? body.get("to")}`;
    /* What was added without knowing what stood there is added to whatever does. */
    if (shell && form.dataset.adds !== undefined) item.adds = Number(body.get("to"));
  } else {
    const places = [...new Set(body.getAll("place"))];
    if (!places.length || (body.get("when") === "other" && !body.get("day"))) {
      tell(places.length ? words.day : words.place);
      return null;
    }
    const again = (kept) => kept.tile === places[0] && made - kept.made < BOUNCE;
    if (path !== words.log) {
      if (items.some(again)) return true;
      item.tile = places[0];
    }
    /* The kept form asks everybody in glasses; the server reads what this person counts in. */
    const glasses = shell && Number((body.get("hydration") ?? "").trim().replace(",", "."));
    if (glasses) body.set("hydration", `${Math.round(glasses * device.glass)} ml`);
    if (shell) body.set("caffeine", inMg(body.get("caffeine")));
    item.label = places.map((place) => named(form, place)).join(", ");
    const field = form.elements.form;
    item.id ||= crypto.randomUUID();
    body.set("form", item.id);
    field.value = crypto.randomUUID(); // the next note of this form is another one
  }
  item.body = body.toString();
  await put(item);
  tell(words.kept);
  form.dispatchEvent(new CustomEvent("outbox:kept", { bubbles: true, detail: item }));
  const drinks = ml && document.getElementById("hydration-row");
  if (!drinks) return true;
  const more = new FormData(drinks);
  more.set("ml", ml);
  if (ml > 0 || more.get("value")) await keep(drinks, path, more);
  return true;
}

/* A browser calls a machine without any network offline; a server on that machine answers anyway. */
const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
const mayAnswer = () => navigator.onLine || isHere;

const hasNoAnswer = (status) => !status || [502, 503, 504].includes(status);

/* What htmx could not send. Its own words for that give way to ours. */
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { verb, path } = detail.requestConfig;
  if (verb === "post" && mine && opened && isKept(new URL(path, location).pathname)) {
    if (hasNoAnswer(detail.xhr.status)) detail.shouldSwap = false;
  }
});
document.addEventListener("htmx:afterRequest", async ({ detail }) => {
  const { verb, path, formData, elt } = detail.requestConfig;
  if (verb !== "post" || !hasNoAnswer(detail.xhr.status)) return;
  await keep(elt.closest("form"), new URL(path, location).pathname, formData);
});

/* What waited was edited, and has arrived now: forgotten before htmx goes on to the next page. */
document.addEventListener("htmx:beforeOnLoad", async (event) => {
  const { xhr, requestConfig } = event.detail;
  const next = xhr.getResponseHeader("HX-Redirect");
  if (!next || !count) return;
  event.preventDefault();
  await remove(requestConfig.parameters.form);
  location.assign(next);
});

/* Forms that are not sent by htmx: those of a kept page, and any other while there is no network. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  const asked = event.submitter?.getAttribute("formaction") ?? form.action;
  const { does } = form.dataset;
  const path = does ? `/days/${today()}/${does}/` : new URL(asked, location).pathname;
  const isHtmx = form.hasAttribute("hx-post") && !event.submitter?.hasAttribute("hx-disable");
  if (isHtmx || !isKept(path)) return;
  if (!shell && navigator.onLine) return;
  event.preventDefault();
  keepOrSay(form, path, new FormData(form, event.submitter));
}, true);

async function keepOrSay(form, path, fields) {
  if (!mine) tell(words.nobody);
  else {
    const kept = await keep(form, path, fields);
    if (kept) {
      await send();
      if (!count && !shell) location.reload(); // it arrived after all, and the page shows it
    } else if (kept === false) tell(words.notSaved);
  }
}

/* --- sending ---------------------------------------------------------------------------------- */

const token = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ?? "";

/* Why a form was refused, in the words of its page. */
function reason(page) {
  const told = page.querySelectorAll(".error-summary li, .error-text");
  return [...told].map((line) => line.textContent.trim()).join(" ") || words.notSaved;
}

/* One thing. True when it arrived, false when it was refused; throws when it must wait. */
async function sendOne(item) {
  const body = new URLSearchParams(item.body);
  const seconds = Math.round((Date.now() - item.made) / 1000);
  if (body.has("form")) body.set("waited", Math.max(1, seconds));
  const answer = await fetch(item.path, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { "HX-Request": "true", "X-CSRFToken": token(), "X-Ebb-Account": item.account },
  });
  if (answer.ok) return true;
  if (answer.headers.has("X-Ebb-Consent")) throw new Error("consent");
  if (![400, 404, 413, 422].includes(answer.status)) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const was = page.querySelector('[name="was"]')?.value;
  if (item.adds && was) {
    body.set("was", was);
    body.set("to", Number(was) + item.adds);
    const added = { ...item, body: body.toString(), adds: 0 };
    await put(added); // before it is sent: should the answer be lost, it is not added once more
    return sendOne(added);
  }
  await put({ ...item, problem: answer.status === 422 ? reason(page) : words.notSaved });
  return false;
}

/* Forget what arrived. What was tapped on while it was under way waits on, from where that led. */
const arrived = (item) => (items) => {
  const asked = items.get(item.id);
  asked.onsuccess = () => {
    const now = asked.result;
    if (now?.made === item.made) items.delete(item.id);
    const to = new URLSearchParams(item.body).get("to");
    if (!now || now.made === item.made || to === null) return;
    const body = new URLSearchParams(now.body);
    body.set("was", to === "blank" ? "" : to);
    items.put({ ...now, body: body.toString() });
  };
  return asked;
};

/* All that waits, one tab at a time: the next one finds nothing left. */
async function send() {
  if (!opened || !mine || !mayAnswer()) return;
  await navigator.locks.request("ebb-outbox", async () => {
    let sent = 0;
    try {
      const next = async () => (await waiting()).find((item) => !item.problem);
      for (let item = await next(); item; item = await next()) {
        await show(true);
        if (await sendOne(item)) {
          await store("readwrite", arrived(item));
          sent += 1;
        }
      }
      signedOut = unagreed = false;
    } catch ({ message }) {
      /* It waits until there is a connection, or until its owner signs in or agrees. */
      signedOut = ["401", "409"].includes(message);
      unagreed = message === "consent";
    }
    await changed();
    if (sent) {
      localStorage.setItem(SENT, Date.now());
      others.postMessage("sent");
      document.dispatchEvent(new Event("outbox:sent"));
    } else if (shell && !signedOut && !count) comeBack();
  });
}

/* From a page that was kept to the one it stands for; a form that is being filled in stays. Where
   that leads here again, as at the address of a kept page itself, it is not tried at once anew. */
async function comeBack() {
  if (shell === "offline-log") return;
  const answer = await fetch("/healthz").catch(() => null);
  if (!answer?.ok || Date.now() - sessionStorage.getItem(BACK) < AGAIN) return;
  sessionStorage.setItem(BACK, Date.now());
  location.reload();
}
document.addEventListener("outbox:sent", () => {
  if (shell) comeBack();
  else if (document.getElementById("now")) location.reload();
});

document.addEventListener("outbox:ask", () => opened && show());
document.addEventListener("outbox:remove", ({ detail }) => remove(detail));
document.addEventListener("outbox:again", async ({ detail }) => {
  await put({ ...detail, problem: undefined });
  await send();
  const left = (await waiting()).find(({ id }) => id === detail.id);
  if (left && !left.problem) tell(words.kept);
});
/* Another tab may have sent something after this page was made and before it listened. */
function catchUp() {
  const sent = localStorage.getItem(SENT);
  if (!(sent > performance.timeOrigin) || sessionStorage.getItem(SENT) === sent) return;
  sessionStorage.setItem(SENT, sent); // once, whatever the clock of the device does
  document.dispatchEvent(new Event("outbox:sent"));
}

addEventListener("online", send);
document.addEventListener("visibilitychange", () => document.hidden || send());

/* --- signing out ------------------------------------------------------------------------------ */

async function forget() {
  for (const { id } of await waiting()) await store("readwrite", (items) => items.delete(id));
  localStorage.removeItem(DEVICE);
  localStorage.removeItem(SENT);
  localStorage.removeItem(FOLLOWS);
  others.postMessage("changed");
}

/* Asked first while something waits; then nothing of this account stays on the device. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-leaves]") || !opened || !mine || form.dataset.leaves === "asked") return;
  event.preventDefault();
  if (count && !leaving) {
    location.assign(form.action);
    return;
  }
  if (event.submitter?.value === "send") {
    await send();
    if (count) return;
  }
  await forget();
  form.dataset.leaves = "asked";
  form.requestSubmit();
});

/* js/device.js offers the same without signing out, once nothing waits. */
document.addEventListener("outbox:forget", async ({ detail: answer }) => {
  await show();
  if (!count) await forget();
  answer(count);
});

if (opened) {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js");
  await show();
  await send();
  catchUp();
  document.documentElement.dataset.outbox = "ready";
}
