// What was recorded on this phone: the receipt just made, and all of them with what became of each.
import { back, el, hour, rupiah, say } from "./field-page.js";
import * as sync from "./field-sync.js";

const pieces = (event, body) => {
  const of = (key, word) => (body[key] && body[key] !== "0" ? say(word, { n: body[key], unit: say(event.unit === "square_metre" ? "square_metres" : "pieces") }) : null);
  return [of("grade_a", "line_a"), of("grade_b", "line_b"), of("rejected", "line_rejected")].filter(Boolean).join(" · ");
};

// "Belum terkirim", the number, or the sentence of a no: in words, and in a colour beside them.
function badge(event) {
  const number = event.answer?.number;
  if (number) return el("p", { class: "badge badge--good" }, say("sent_as", { number }));
  if (event.state === "held" && event.decision === "dismissed") return el("p", { class: "badge" }, say("dismissed"));
  if (event.state === "held") return el("p", { class: "badge badge--wait" }, say("held"));
  if (event.state === "refused") return el("p", { class: "badge badge--urgent" }, say(event.mended ? "mended" : "refused"));
  return el("p", { class: "badge badge--wait" }, say("waiting"));
}

export function drawReceipt(desk) {
  const event = desk.events.find((one) => one.id === desk.draft.id);
  if (!event) return [el("h1", { tabindex: -1 }, say("saved")), el("button", { type: "button", class: "button", click: () => desk.fresh({}) }, say("next_crafter"))];
  const body = JSON.parse(event.body);
  const again = { crafter: body.crafter_id };
  return [
    el("h1", { tabindex: -1 }, say(event.state === "refused" ? "refused" : "saved")),
    el("div", { class: "card field-receipt", "aria-live": "polite" },
      badge(event), el("b", { class: "field-receipt__who" }, event.crafter), el("p", {}, event.item), el("p", { class: "field-receipt__n" }, pieces(event, body)),
      body.terms === "bought" ? el("p", {}, say("receipt_bought", { amount: rupiah(body.cost) })) : event.share ? el("p", {}, say("receipt_consigned", { amount: rupiah(event.share) })) : null,
      body.reject_reason ? el("p", { class: "soft" }, body.reject_reason) : null,
      el("p", { class: "soft small" }, say("receipt_by", { at: hour(event.at), name: event.by })),
      event.sentence && !event.decision ? el("p", {}, event.sentence) : null),
    event.answer?.url ? el("a", { class: "button button--quiet", href: event.answer.url }, say("open_receipt")) : null,
    event.state === "refused" && !event.mended ? el("button", { type: "button", class: "button", click: () => desk.mend(event) }, say("mend")) : null,
    el("button", { type: "button", class: "button", click: () => desk.fresh(again) }, say("next_item", { name: event.crafter })),
    el("button", { type: "button", class: "button button--quiet", click: () => desk.fresh({}) }, say("next_crafter")),
  ];
}

export function drawRecords(desk) {
  const all = [...desk.events].reverse();
  const photos = new Set(sync.now().photos ?? []);
  const line = (event) => el("li", { class: "field-record" },
    el("b", {}, event.crafter), " ", el("span", { class: "soft small" }, hour(event.at)),
    el("p", {}, event.item, " · ", pieces(event, JSON.parse(event.body))),
    badge(event),
    photos.has(event.id) && event.state === "accepted" ? el("p", { class: "soft small" }, say("photo_coming")) : null,
    event.sentence && !event.decision ? el("p", { class: "small" }, event.sentence) : null,
    event.answer?.url ? el("a", { href: event.answer.url }, say("open_receipt")) : null,
    event.state === "refused" && !event.mended ? el("button", { type: "button", class: "button button--quiet button--small", click: () => desk.mend(event) }, say("mend")) : null);
  return [
    back(say("intake"), () => history.back()), el("h1", { tabindex: -1 }, say("records")),
    el("p", { class: "soft" }, say("records_hint")),
    el("button", { type: "button", class: "button button--quiet", click: () => sync.soon() }, say("send_now")),
    all.length ? el("ul", { class: "field-records" }, all.map(line)) : el("p", { class: "soft" }, say("no_records")),
    el("p", {}, el("a", { href: "/kelola/setoran" }, say("to_list"))),
  ];
}
