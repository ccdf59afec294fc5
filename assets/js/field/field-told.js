// How a record is told in words: whose it is, what it says, and where it is entered.
import { rupiah, say } from "./field-page.js";

const sum = (body, name) => Object.keys(body).filter((key) => key.startsWith(`${name}_`))
  .reduce((all, key) => all + (Number(String(body[key]).replaceAll(".", "")) || 0), 0);

const kinds = {
  intake: {
    who: (event) => event.crafter,
    lines(event, body) {
      const unit = say(event.unit === "square_metre" ? "square_metres" : "pieces");
      const of = (key, words) => (body[key] && body[key] !== "0" ? say(words, { n: body[key], unit }) : null);
      return [of("grade_a", "line_a"), of("grade_b", "line_b"), of("rejected", "line_rejected")];
    },
    what: (event) => event.item,
    url: () => "/kelola/setoran/baru",
  },
  visit: {
    who: (event) => event.kiosk,
    lines(event, body) {
      const of = (name, words) => (sum(body, name) ? say(words, { n: sum(body, name) }) : null);
      const cash = event.cash ? say("line_cash", { amount: rupiah(event.cash) }) : null;
      return [of("laku", "line_sold"), of("baik", "line_home"), of("rusak", "line_broken"), cash];
    },
    what: () => say("visit"),
    url: (body) => `/kelola/kios/${body.kios}/kunjungan`,
  },
};

const kind = (event) => kinds[event.kind];

// What a till tells is on the till's own page.
export const is_of_field = (event) => Boolean(kind(event));
export const who = (event) => kind(event).who(event);
export const what = (event) => kind(event).what(event);
export const lines = (event) => kind(event).lines(event, JSON.parse(event.body)).filter(Boolean).join(" · ");
// Where what was typed is found again, to be corrected.
export const mending = (event) => `${kind(event).url(JSON.parse(event.body))}?perbaiki=${event.id}`;
