// Joins the form with a passkey to the scripts that ask the device, and says in words when a device
// called it off; what it reports is for programmers.

const form = document.querySelector("[data-passkey]");
const { addForm, authenticateForm, loginForm } = window.allauth.webauthn.forms;
const ids = { credential: form.elements.credential.id, data: "js_data" };

switch (form.dataset.passkey) {
  case "add":
    addForm({ ids: { ...ids, add: "passkey-button", passwordless: form.elements.passwordless.id } });
    break;
  case "login":
    loginForm({ ids: { ...ids, login: "passkey-button" } });
    break;
  default:
    authenticateForm({ ids: { ...ids, authenticate: "passkey-button" } });
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelector("#passkey-said").hidden = false;
});
