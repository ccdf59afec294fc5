// The line at the top: what has not been sent, how old the data are, and what stands in the way.
import { el, hour, say } from "./field-page.js";
import * as sync from "./field-sync.js";

// From here on the phone has too little room to go on for a day.
const FULL = 0.85;

let open = () => {};
export const onOpen = (act) => { open = act; };

// A clock that is off by this much is said, though the outlet sets right what it recorded.
const WRONG_CLOCK = 10 * 60_000;

function trouble({ stopped, full, trouble, waiting, refused, held, ahead }) {
  const lines = [];
  const enlist = { type: "button", class: "button button--small", click: () => sync.enlist() };
  if (stopped === "revoked") lines.push([say("revoked"), el("button", enlist, say("enlist"))]);
  if (stopped === "not_operator") lines.push([say("not_operator")]);
  if (trouble) lines.push([trouble]);
  if (Math.abs(ahead) > WRONG_CLOCK) lines.push([say("clock_wrong")]);
  if (full > FULL) lines.push([say(waiting ? "full_waiting" : "full")]);
  if (refused) lines.push([say("some_refused", { n: refused })]);
  if (held) lines.push([say("some_held", { n: held })]);
  return lines.map((line) => el("p", { class: "notice notice--urgent" }, line));
}

export function draw(standing) {
  const at = document.querySelector("[data-status]");
  if (!at) return;
  const { waiting, fetched, reach } = standing;
  const sent = waiting ? say("status_waiting", { n: waiting }) : say("status_sent");
  const data = fetched ? say("status_data", { at: hour(fetched) }) : null;
  const away = reach === false ? say("status_away") : null;
  at.classList.toggle("field-status--waiting", waiting > 0);
  at.replaceChildren(el("button", { type: "button", class: "field-status__open", click: () => open() }, [sent, data, away].filter(Boolean).join(" · ")));
  document.querySelector("[data-trouble]")?.replaceChildren(...trouble(standing));
}
