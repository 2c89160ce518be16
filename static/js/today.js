/* The answers to taps in quick succession may overtake each other, and the one that is shown last
   may know of fewer notes. When all are in, Today is asked once more how it stands. */

const now = document.getElementById("now");
let underWay = 0;
let overlapped = false;

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target !== now) return;
  underWay += 1;
  overlapped ||= underWay > 1;
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.target !== now) return;
  underWay -= 1;
  if (underWay || !overlapped) return;
  overlapped = false;
  htmx.ajax("GET", location.href, { target: now, swap: "innerHTML" });
});
