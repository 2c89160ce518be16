/* Today as it stands. It stays open for hours, while something is noted in another tab or on another
   device, or a new day begins; and the answers to taps in quick succession may overtake each other,
   so that the one shown last knows of fewer notes. Then Today is asked once more. */

const now = document.getElementById("now");
const tabs = new BroadcastChannel("ebb-today");
let underWay = 0;
let overlapped = false;
let tag = ""; // of what is shown: the server need not say the same again

/* The request itself says when it is over. Of htmx's events none reaches the document when an
   earlier answer has already replaced the form that was sent. */
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target !== now) return;
  underWay += 1;
  overlapped ||= underWay > 1;
  detail.xhr.addEventListener("loadend", () => answered(detail.xhr, detail.requestConfig.verb));
});

function answered(xhr, verb) {
  underWay -= 1;
  if (xhr.status) tag = xhr.getResponseHeader("ETag") ?? "";
  if (verb === "post") tabs.postMessage("changed");
  if (underWay || !overlapped) return;
  overlapped = false;
  ask();
}

/* Of another day the answer is to load the page anew. */
function ask() {
  const { day } = now.dataset;
  const headers = tag ? { "If-None-Match": tag } : {};
  const how = { source: now, target: now, swap: "innerHTML", values: { day }, headers };
  htmx.ajax("GET", location.pathname, how).catch(() => {}); // without an answer it stays as it was
}

/* The answer of a whole day that somebody has begun to give stays as it is. */
const isHalfAnswered = () =>
  [...now.querySelectorAll(".answer-form input")].some((one) => one.checked !== one.defaultChecked);

function lookAgain() {
  if (!document.hidden && !underWay && !isHalfAnswered()) ask();
}
document.addEventListener("visibilitychange", lookAgain);
document.addEventListener("strip-changed", lookAgain);
tabs.onmessage = lookAgain;
tabs.postMessage("changed"); // what is on this page is as new as it gets
