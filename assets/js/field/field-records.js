// What was recorded on this phone: the receipt just made, and all of them with what became of each.
import { back, el, hour, rupiah, say } from "./field-page.js";
import * as sync from "./field-sync.js";
import { is_of_field, lines, mending, what, who } from "./field-told.js";

// "Belum terkirim", the number, or the sentence of a no: in words, and in a colour beside them.
export function badge(event) {
  const number = event.answer?.number;
  if (number) return el("p", { class: "badge" }, say("sent_as", { number }));
  if (event.decision === "dismissed") return el("p", { class: "badge badge--off" }, say("dismissed"));
  if (event.state === "refused") return el("p", { class: "badge badge--urgent" }, say(event.mended ? "mended" : "refused"));
  if (event.state === "accepted") return el("p", { class: "badge" }, say("sent"));
  return el("p", { class: "badge badge--wait" }, say(event.state === "held" ? "held" : "waiting"));
}

export const mend = (event, more = "") => event.state === "refused" && !event.mended
  ? el("a", { class: `button ${more}`, href: mending(event) }, say("mend"))
  : null;
export const receipt = (event, more) => (event.answer?.url ? el("a", { class: more, href: event.answer.url }, say("open_receipt")) : null);

// Everything that was said about it: all that is wrong, one line each.
export function sentences(event) {
  if (event.decision || event.mended) return null;
  const all = new Set([...Object.values(event.sentences ?? {}), event.sentence].filter(Boolean));
  return [...all].map((one) => el("p", { class: "small" }, one));
}

// A photo that still lies on the phone follows its record.
const photo = (event) => sync.now().photos?.includes(event.id) && event.state !== "refused"
  ? el("p", { class: "soft small" }, say("photo_coming"))
  : null;

export function drawReceipt(desk) {
  const event = desk.events.find((one) => one.id === desk.draft.id);
  const next = el("button", { type: "button", class: "button button--quiet", click: () => desk.fresh({}) }, say("next_crafter"));
  if (!event) return [el("h1", { tabindex: -1 }, say("saved")), next];
  const body = JSON.parse(event.body);
  const each = say(event.unit === "square_metre" ? "per_square" : "per_piece");
  const terms = body.terms === "bought"
    ? say("receipt_bought", { amount: rupiah(body.cost || body.cost_b), each })
    : say("receipt_consigned", { amount: rupiah(event.share), each });
  const again = () => desk.fresh({ crafter: body.crafter_id });
  return [
    el("h1", { tabindex: -1 }, say(event.state === "refused" ? "refused" : "saved")),
    el("div", { class: "card field-receipt", "aria-live": "polite" },
      badge(event),
      el("b", { class: "field-receipt__who" }, event.crafter),
      el("p", {}, event.item),
      el("p", { class: "field-receipt__n" }, lines(event)),
      el("p", {}, terms),
      body.reject_reason ? el("p", { class: "soft" }, body.reject_reason) : null,
      el("p", { class: "soft small" }, say("receipt_by", { at: hour(event.at), name: event.by })),
      photo(event), sentences(event)),
    receipt(event, "button button--quiet"),
    mend(event),
    el("button", { type: "button", class: "button", click: again }, say("next_item", { name: event.crafter })),
    next,
  ];
}

export function drawRecords(desk) {
  const all = desk.events.filter(is_of_field).reverse();
  const line = (event) => el("li", { class: "field-record" },
    el("b", {}, who(event)), " ", el("span", { class: "soft small" }, hour(event.at)),
    el("p", {}, what(event), " · ", lines(event)),
    badge(event), photo(event), sentences(event), receipt(event, null), mend(event, "button--quiet button--small"));
  return [
    back(desk.page.title(), () => history.back()),
    el("h1", { tabindex: -1 }, say("records")),
    el("p", { class: "soft" }, say("records_hint")),
    el("button", { type: "button", class: "button button--quiet", click: () => sync.soon() }, say("send_now")),
    all.length ? el("ul", { class: "field-records" }, all.map(line)) : el("p", { class: "soft" }, say("no_records")),
    el("p", {}, el("a", { href: desk.page.list }, desk.page.to_list())),
  ];
}
