/* The secret of a shared report stands behind the # of its link, which browsers never send by
   themselves. It goes into the form, and out of the address. */

const field = document.getElementById("secret");

function take() {
  const secret = decodeURIComponent(location.hash.slice(1));
  if (!field || !secret) return;
  field.value = secret;
  document.querySelector("[data-secret]").hidden = true;
  history.replaceState(null, "", location.pathname);
}

take();
addEventListener("hashchange", take); // the whole link, where a part of it was opened before
