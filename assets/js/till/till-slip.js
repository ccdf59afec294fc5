// A receipt: on the screen, on 58 mm paper, and as a picture. One telling of it serves all three.
import { till } from "./till-desk.js";
import { body } from "./till-own.js";
import { el, rupiah, say } from "./field-page.js";
import * as quantity from "./till-quantity.js";
import { moment } from "./till-time.js";

export function told(event) {
  const sale = body(event);
  const unit = (line) => (line.measure === "piece" ? "" : `/${quantity.big(line)}`);
  const lines = event.lines.map((line) => ({
    name: line.name, what: `${quantity.inWords(line.measure, line.quantity)} × ${rupiah(line.price)}${unit(line)}`, amount: rupiah(line.amount),
  }));
  const ways = sale.tenders.map((one) => [`${say(`by_${one.by}`)}${one.reference ? ` ${one.reference}` : ""}`, rupiah(one.received ?? one.amount)]);
  const { outlet } = till.provisions;
  return {
    outlet: outlet.name, place: [outlet.address, outlet.phone].filter(Boolean).join(" · "), number: sale.number, at: moment(event.at), by: event.by,
    lines, total: rupiah(sale.total), ways, change: event.change ? rupiah(event.change) : null, url: event.answer?.receipt ?? null,
  };
}

export function paper(slip) {
  const row = ([left, right], more = "") => el("p", { class: `paper__row ${more}` }, el("span", {}, left), el("b", {}, right));
  return el("article", { class: "paper paper--58 till-paper" },
    el("div", { class: "paper__head" }, el("b", {}, slip.outlet), el("small", {}, slip.place)),
    el("p", {}, say("receipt"), " ", el("b", {}, slip.number), el("br"), slip.at, el("br"), say("served_by", { name: slip.by })),
    el("hr"), slip.lines.map((line) => [el("p", {}, line.name), row([line.what, line.amount])]),
    el("hr"), row([say("total"), slip.total], "paper__row--strong"), slip.ways.map((way) => row(way)),
    slip.change ? row([say("change"), slip.change]) : null,
    slip.url ? el("figure", { class: "paper__qr" }, el("img", { src: `${slip.url}/kode.svg`, alt: say("receipt_code"), width: 120, height: 120 })) : null,
    el("p", { class: "center" }, say("thanks")));
}

// The same as a picture, as wide as such paper has dots and a little more.
export async function picture(slip) {
  const [wide, line] = [576, 34];
  const tall = 250 + (slip.lines.length * 2 + slip.ways.length + 2) * line;
  const canvas = Object.assign(document.createElement("canvas"), { width: wide, height: tall });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fffdf8";
  pen.fillRect(0, 0, wide, tall);
  let y = 56;
  const write = (left, right = "", font = "24px sans-serif", colour = "#2a2721") => {
    pen.font = font;
    pen.fillStyle = colour;
    pen.textAlign = "left";
    const room = right ? wide - 64 - pen.measureText(right).width - 16 : wide - 64;
    pen.fillText(left, 32, y, room);
    pen.textAlign = "right";
    pen.fillText(right, wide - 32, y);
    y += line;
  };
  const rule = () => { pen.fillStyle = "#d8ae62"; for (let x = 32; x < wide - 32; x += 18) pen.fillRect(x, y - 20, 12, 4); y += 20; };
  write(slip.outlet, "", "bold 32px Georgia, serif", "#2c4420");
  write(slip.place, "", "20px sans-serif", "#655d4e");
  write(`${say("receipt")} ${slip.number}`, slip.at, "22px sans-serif");
  rule();
  for (const one of slip.lines) { write(one.name); write(one.what, one.amount, "22px sans-serif", "#655d4e"); }
  rule();
  write(say("total"), slip.total, "bold 32px sans-serif");
  for (const [way, amount] of slip.ways) write(way, amount);
  if (slip.change) write(say("change"), slip.change);
  y += 12;
  write(say("thanks"), "", "22px Georgia, serif", "#2c4420");
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
