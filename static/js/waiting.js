/* The list of what waits on this device: when it was made, why it was refused, and what can be
   done about it. js/outbox.js knows what waits; here it is only shown. */

const words = document.getElementById("outbox-words").dataset;
const part = document.getElementById("waiting");
const list = document.getElementById("waiting-list");
const none = document.getElementById("waiting-none");

const when = (made) =>
  new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: document.body.dataset.clock === "12" ? "h12" : "h23",
  }).format(made);

function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/* A button, with the name of what it is about for ears. */
function button(text, label, act) {
  const element = make("button", "btn-text", text);
  element.type = "button";
  element.append(make("span", "vh", ` ${label}`));
  element.addEventListener("click", act);
  return element;
}

const send = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

function line(item) {
  const entry = make("li", "entry", "");
  const time = make("time", "", when(item.made));
  time.dateTime = new Date(item.made).toISOString();
  const about = make("p", "", `${item.label} `);
  about.append(make("small", "", item.problem ?? words.notSent));
  const actions = make("div", "entry-actions", "");
  if (item.problem) {
    const edit = make("a", "btn-text", words.edit);
    edit.href = item.day ? `/days/${item.day}/` : `${words.log}#${item.id}`;
    edit.append(make("span", "vh", ` ${item.label}`));
    actions.append(edit);
  }
  if (!item.problem || !item.day) {
    actions.append(button(words.again, item.label, () => send("outbox:again", item)));
  }
  actions.append(
    button(words.remove, item.label, () => {
      send("outbox:remove", item.id);
      document.getElementById("waiting-h").focus();
    }),
  );
  entry.append(time, about, actions);
  return entry;
}

document.addEventListener("outbox:shown", ({ detail: items }) => {
  list.replaceChildren(...items.map(line));
  list.hidden = !items.length;
  if (none) none.hidden = items.length > 0;
  else part.hidden = !items.length;
});
document.dispatchEvent(new Event("outbox:ask"));
