// The till. One page of a phone or small laptop at a time; what is sold is written down before it is said.
import * as bekal from "./till-bekal.js";
import { told as drawBasket } from "./till-basket.js";
import { scanned } from "./till-card.js";
import { cart } from "./till-cart.js";
import { changed, draw, go, open, till, title } from "./till-desk.js";
import { cash, debt } from "./till-drawer.js";
import { goods } from "./till-goods.js";
import { menu } from "./till-menu.js";
import { pay } from "./till-pay.js";
import { receipt } from "./till-receipt.js";
import { records, sheet } from "./till-records.js";
import { sales, take_back } from "./till-return.js";
import * as scan from "./till-scan.js";
import * as shift from "./till-shift.js";
import { ago, daysAgo, moment } from "./till-time.js";
import { el, say } from "./field-page.js";
import * as status from "./field-status.js";
import * as store from "./field-store.js";
import * as sync from "./field-sync.js";

const OLD = 3;

const desk = el("div", { class: "till-desk" });
const age = el("button", { type: "button", class: "till-age", click: () => sync.soon() });
const yesterday = el("div", {});

// How old the prices are, always in words.
function prices() {
  const { at, fetched } = till.provisions;
  const days = daysAgo(fetched, Date.now());
  age.textContent = say("prices_at", { at: moment(Date.parse(at)), ago: ago(fetched, Date.now()) });
  age.classList.toggle("till-age--old", days >= OLD);
  if (days >= OLD) age.append(el("b", {}, ` ${say("prices_old")}`));
  yesterday.replaceChildren(...(shift.is_old(till.shift) ? [el("p", { class: "notice" }, shift.oldWords(till.shift), " ",
    el("button", { type: "button", class: "button button--small", click: () => go("close") }, say("count_now")))] : []));
}

function selling() {
  prices();
  if (!desk.firstChild) {
    desk.append(el("h1", { tabindex: -1, class: "visually-hidden" }, say("title")), el("div", { class: "till-left" },
      el("div", { class: "till-line-top" }, age, el("button", { type: "button", class: "till-more", click: () => go("menu") }, say("more"))), yesterday, goods()), cart());
  } else {
    goods();
    drawBasket();
  }
  return desk;
}

const empty = () => [title(say("empty_title")), el("p", { class: "soft" }, say(sync.now().reach === false ? "empty_away" : "empty_coming"))];

Object.assign(till.screens, {
  goods: selling, empty, open: shift.open, close: shift.close, closing: shift.closing, pay, receipt, menu, cash, debt, sales, return: take_back, records, day: sheet,
});

function standing(now) {
  status.draw(now);
  if (now.out) {
    document.querySelector("[data-trouble]").append(el("p", { class: "notice notice--urgent" }, say("signed_out"), " ",
      el("a", { class: "button button--small", href: "/masuk?kembali=/kelola/kasir" }, say("sign_in"))));
  }
}

let begun = false;
async function begin() {
  begun = true;
  await open();
  history.replaceState({ name: "goods" }, "", "/kelola/kasir");
  addEventListener("popstate", ({ state }) => { till.screen = state?.name ? state : { name: "goods" }; draw(); });
  status.onOpen(() => go("records"));
  scan.listen();
  scan.hear((code) => { if (till.shift && till.provisions && document.querySelector(".till-desk")) scanned(code); });
  draw();
  performance.mark("till-open");
  sync.watch((now) => { standing(now); changed(now).then(() => till.provisions && prices()); });
  await sync.start(bekal);
  const language = (await store.get("session"))?.language;
  if (language && language !== document.documentElement.lang) (await navigator.serviceWorker.ready).active?.postMessage("shells");
}

// One window at a time: two with one basket would sell it twice.
function elsewhere() {
  till.main.replaceChildren(el("section", { class: "section narrow" }, el("h1", { tabindex: -1 }, say("elsewhere_title")), el("p", {}, say("elsewhere_text")),
    el("button", { type: "button", class: "button", click: () => location.reload() }, say("use_here"))));
}

const held = () => new Promise(() => {});
function alone() {
  if (!navigator.locks) return begin();
  const taking = sessionStorage.getItem("till-take") ? { steal: true } : { ifAvailable: true };
  sessionStorage.removeItem("till-take");
  return navigator.locks.request("kasir", taking, (lock) => {
    if (lock) { begin(); return held(); }
    sessionStorage.setItem("till-take", "1");
    return elsewhere();
  }).catch(() => {
    // Another window was told to go on: this one lets go, and sends nothing either.
    if (begun) { sessionStorage.setItem("till-take", "1"); stopped(); }
  });
}

function stopped() {
  till.screens = Object.fromEntries(Object.keys(till.screens).map((name) => [name, () => []]));
  elsewhere();
  till.main = document.createElement("div");
}

till.main = document.querySelector("[data-till]");
document.querySelector("[data-opening]").hidden = false;
if (!globalThis.indexedDB || !globalThis.crypto?.subtle || !navigator.serviceWorker) {
  till.main.replaceChildren(el("section", { class: "section narrow" }, title(say("title")), el("p", {}, say("too_old_browser")), el("a", { class: "button", href: "/kelola/jual" }, say("counter_pages"))));
} else {
  navigator.serviceWorker.register("/sw.js", { scope: "/kelola" }).catch(() => {});
  alone();
}
