// A tap on the picture counts one more, and the total follows what is typed; without script the figures are typed.
for (const good of document.querySelectorAll("[data-count]")) {
  const field = good.querySelector("input");
  const picture = good.querySelector(".thumb");
  if (!field || !picture) continue;
  picture.addEventListener("click", () => {
    const most = Number(field.dataset.most) || Infinity;
    field.value = String(Math.min((Number.parseInt(field.value, 10) || 0) + 1, most));
  });
}

const total = document.querySelector("[data-total]");
if (total) {
  const digits = (field) => Number((field?.value ?? "").replace(/\D/g, "")) || 0;
  const add = () => {
    let sum = 0;
    for (const pieces of document.querySelectorAll("input[name^=n_]")) {
      sum += digits(pieces) * digits(document.querySelector(`input[name=harga_${pieces.name.slice(2)}]`));
    }
    total.textContent = `Rp${String(sum).replace(/\B(?=(\d{3})+$)/g, ".")}`;
  };
  document.addEventListener("input", add);
  add();
}
