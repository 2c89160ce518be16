/* On every page: a fresh CSRF token for what is sent, and plain words when it did not arrive. */

const notices = document.getElementById("notices");

const token = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];

/* Signing in elsewhere changes the token; a page that is already open would be turned away. It says
   whose page it is, so that nothing is saved in the diary of whoever else signed in. A button with
   hx-disable sends its form without htmx, which by itself asks only the form. */
document.addEventListener(
  "submit",
  (event) => {
    const { elements } = event.target;
    const field = elements.csrfmiddlewaretoken;
    if (field && token()) field.value = token();
    const { account } = document.body.dataset;
    if (field && account && !elements.ebb_account) {
      const whose = Object.assign(field.cloneNode(), { name: "ebb_account", value: account });
      field.after(whose);
    }
    if (event.submitter?.hasAttribute("hx-disable")) event.stopPropagation();
  },
  true,
);
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const { account } = document.body.dataset;
  if (account) detail.headers["X-Ebb-Account"] = account; // refused while another is signed in
  delete detail.parameters.ebb_account;
  if (!token()) return;
  detail.headers["X-CSRFToken"] = token();
  delete detail.parameters.csrfmiddlewaretoken;
});

/* Who is on the way to another page is not called back by an answer that would load this one anew.
   A download begins in the same way, and after it the page goes on as before. */
let left = 0;
addEventListener("beforeunload", () => (left = Date.now()));
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const isRefresh = event.detail.xhr.getResponseHeader("HX-Refresh");
  if (isRefresh && Date.now() - left < 10_000) event.preventDefault();
});

/* A device that is followed says where it is by now. What was noted before stays as it was. */
const FOLLOWS = "ebb.follows"; // set in Settings, by js/zone.js
async function follow() {
  const { account, zone } = document.body.dataset;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!account || zone === here || localStorage.getItem(FOLLOWS) !== account) return;
  const answer = await fetch("/settings/zone/", {
    method: "POST",
    body: new URLSearchParams({ zone: here }),
    headers: { "HX-Request": "true", "X-CSRFToken": token() ?? "", "X-Ebb-Account": account },
  }).catch(() => null); // without a connection it is said on the next page
  if (answer?.ok && document.getElementById("now")) location.reload();
}
follow();

/* At the hours that a person chose, pages are as dim as beside the bed. The server decides when it
   makes a page; one that stays open, or is looked at again, decides here. */
const root = document.documentElement;
function dim() {
  const { bedside, otherwise, zone, theme = "system" } = root.dataset;
  if (!bedside) return;
  const [from, until] = bedside.split("-").map(Number);
  const clock = new Intl.DateTimeFormat("en", { hour: "numeric", hourCycle: "h23", timeZone: zone });
  const isNight = (24 + Number(clock.format()) - from) % 24 < (24 + until - from) % 24;
  const now = isNight ? "bedside" : otherwise;
  if (now === theme) return;
  if (now === "system") delete root.dataset.theme;
  else root.dataset.theme = now;
  const paper = getComputedStyle(document.body).backgroundColor;
  for (const around of document.querySelectorAll("meta[name=theme-color]")) around.content = paper;
}
document.addEventListener("visibilitychange", dim);
document.addEventListener("theme:known", dim);
setInterval(dim, 60_000);
dim();

const say = (id) => notices.replaceChildren(document.getElementById(id).content.cloneNode(true));

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.requestConfig.verb !== "get") notices.replaceChildren();
});
for (const lost of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(lost, ({ detail }) => {
    if (detail.requestConfig.triggeringEvent) say("not-sent"); // not what a page asks by itself
  });
}
/* An answer that brought no words of its own, such as one of a server in between. */
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target === notices && !notices.textContent.trim()) say("not-done");
});

/* A refused form says so in the title too, where screen readers and tabs show it first. */
const refused = `${document.body.dataset.refused} `;
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const title = document.title.replace(refused, "");
  document.title = detail.elt.querySelector?.(".error-summary") ? refused + title : title;
});

/* The news of an answer, for ears: into the live region that was on the page before. Not htmx's
   out-of-band swap, which gets lost when another answer has replaced the form that was sent. */
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const news = detail.target.querySelector?.("[data-said]");
  if (news) document.getElementById(news.dataset.said).textContent = news.textContent;
});

/* Less and more go on while they are held. The click of letting go is then no step of its own. */
let held;
let went = false;
document.addEventListener("pointerdown", ({ target, button }) => {
  const step = !button && target.closest(".stepper > button");
  went = false;
  if (!step) return;
  const again = () => {
    went = true;
    if (!step.matches(".htmx-request")) step.click(); // never ahead of what is shown
    held = setTimeout(again, 200);
  };
  held = setTimeout(again, 400);
});
for (const end of ["pointerup", "pointercancel", "blur"]) {
  addEventListener(end, () => {
    clearTimeout(held);
    setTimeout(() => (went = false)); // the click of letting go comes before that, if it comes
  });
}
document.addEventListener(
  "click",
  (event) => {
    if (!went || !event.isTrusted) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
