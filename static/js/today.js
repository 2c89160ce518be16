/* The answers to taps in quick succession may overtake each other, and the one that is shown last
   may know of fewer notes. When all are in, Today is asked once more how it stands. */

const now = document.getElementById("now");
let underWay = 0;
let overlapped = false;

/* The request itself says when it is over. Of htmx's events none reaches the document when an
   earlier answer has already replaced the form that was sent. */
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target !== now) return;
  underWay += 1;
  overlapped ||= underWay > 1;
  detail.xhr.addEventListener("loadend", answered);
});

function answered() {
  underWay -= 1;
  if (underWay || !overlapped) return;
  overlapped = false;
  htmx.ajax("GET", location.href, { target: now, swap: "innerHTML" });
}
