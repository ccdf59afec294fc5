// Says while it is typed what a line comes to, adds everything up, and makes the photo of the note small before it is
// sent. Without this the server says it all when the form is sent.
import { shrunk } from "./shrink.js";

const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ".");
const rupiah = (n) => `Rp${grouped(n)}`;
const digits = (text) => Number(String(text).replace(/,(-|00?)$/, "").replace(/\D/g, "")) || 0;
// "1.000" are thousands, "12,5" has a part.
const decimal = (text) => {
  const plain = text.trim().replace(/\.(?=\d{3}(\D|$))/g, "").replace(",", ".");
  return /^\d+(\.\d{1,3})?$/.test(plain) ? Number(plain) : 0;
};

const form = document.querySelector("[data-buying]");
if (form) {
  const words = document.querySelector("script[data-each]").dataset.each.split("|");
  const each = { gram: words[0], millilitre: words[1], piece: words[2] };
  const say = (line) => {
    const part = (name) => line.querySelector(`[data-part=${name}]`);
    const way = line.querySelector("input[type=radio]:checked");
    const { measure, unit } = line.dataset;
    const one = measure === "piece" ? 1 : 1000;
    let holds = one;
    if (way?.dataset.holds) holds = Number(way.dataset.holds);
    if (way?.value === "baru") holds = Math.round(decimal(part("isi").value) * one);
    const count = decimal(part("banyak").value);
    const quantity = Math.round(count * holds);
    const price = digits(part("harga").value);
    const output = line.querySelector("[data-said]");
    const figure = (quantity / one).toLocaleString("id-ID", { maximumFractionDigits: 3 });
    const perUnit = quantity ? Math.round((price * one) / quantity) : 0;
    output.textContent = quantity ? `${figure} ${unit}${price ? ` · ${each[measure].replace("%p", rupiah(perUnit))}` : ""}` : "";
    let shown = part("banyak").parentElement.querySelector("i");
    if (!shown) part("banyak").after((shown = document.createElement("i")));
    shown.textContent = way?.value === "baru" ? part("kemasan").value.slice(0, 7) : (way?.dataset.name ?? unit).slice(0, 7);
    return price;
  };
  const total = form.querySelector("[data-total]");
  const add = () => {
    let sum = 0;
    for (const line of form.querySelectorAll("[data-line]")) sum += say(line);
    if (total) total.textContent = rupiah(sum + digits(form.elements.ongkos?.value ?? ""));
  };
  form.classList.add("buying--alive");
  // The form is long: what is asked about comes into sight.
  form.querySelector(".field--wrong, .buy .notice--urgent")?.scrollIntoView({ block: "center" });
  form.addEventListener("input", add);
  add();
}

// What is taken off follows how much goes back, until somebody types it.
for (const back of document.querySelectorAll("[data-back]")) {
  const [quantity, credit] = back.querySelectorAll("input");
  const { price, of, step } = back.dataset;
  quantity.addEventListener("input", () => {
    const typed = Math.round(decimal(quantity.value) * Number(step));
    credit.placeholder = typed ? grouped(Math.round((Number(price) * typed) / Number(of))) : "";
  });
}

for (const input of document.querySelectorAll("input[type=file][name=foto]")) {
  input.addEventListener("change", async () => {
    const file = input.files[0];
    const small = file && (await shrunk(file).catch(() => file));
    if (!small || small === file || input.files[0] !== file) return;
    const holder = new DataTransfer();
    holder.items.add(small);
    input.files = holder.files;
  });
}
