// Sold: the change, large; and the receipt on the ways there are.
import { home, till, title } from "./till-desk.js";
import { mention, tell } from "./till-dialog.js";
import { el, rupiah, say } from "./field-page.js";
import { laid } from "./till-notes.js";
import { printed, ways } from "./till-print.js";
import { badge, sentences } from "./field-records.js";
import { paper, picture, told } from "./till-slip.js";

async function share(slip) {
  const blob = await picture(slip);
  const file = new File([blob], `${slip.number}.png`, { type: "image/png" });
  if (navigator.canShare?.({ files: [file] })) {
    await navigator.share({ files: [file], title: slip.number }).catch(() => {});
    return;
  }
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  mention(say("picture_saved"));
}

// The roll is as long as it must be.
function on_paper() {
  const slip = document.querySelector(".till-paper");
  const long = Math.ceil((slip.scrollHeight / slip.offsetWidth) * 58) + 10;
  const size = document.head.appendChild(el("style", {}, `@page paper-58{size:58mm ${long}mm}`));
  print();
  size.remove();
}

export function receipt({ id }) {
  const event = till.events.find((one) => one.id === id);
  const next = el("button", { type: "button", class: "button till-next", "data-first": true, click: home }, say("next_buyer"));
  if (!event) return [title(say("sold")), next];
  const slip = told(event);
  const way = (words, act) => el("button", { type: "button", class: "button button--quiet button--small", click: act }, words);
  return [
    title(say("sold")),
    event.change ? el("div", { class: "till-change" }, el("p", {}, say("change"), el("b", {}, rupiah(event.change))), laid(event.change)) : el("p", { class: "till-change" }, say("no_change")),
    next,
    el("div", { class: "buttons till-receipt__ways" }, way(say("whatsapp"), () => share(slip)), way(say("print"), on_paper),
      ways.map(([words, act]) => way(say(words), async () => { const no = await printed(act, slip); if (no) tell(no); }))),
    el("div", { class: "till-receipt" },
      el("p", {}, el("b", { class: "till-receipt__number" }, slip.number)), badge(event), sentences(event),
      slip.url ? el("img", { class: "till-receipt__code", src: `${slip.url}/kode.svg`, alt: say("receipt_code"), width: 160, height: 160 })
        : el("p", { class: "soft small" }, say("code_later"))),
    paper(slip),
  ];
}
