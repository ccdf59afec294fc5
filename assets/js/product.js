// Another size shows its own price, measures and shares at once.
const page = document.querySelector(".detail");
page.addEventListener("change", ({ target }) => {
  if (target.name !== "item_id") return;
  for (const name of ["price", "status", "dimensions", "weight", "maker", "outlet", "group"]) {
    for (const at of page.querySelectorAll(`:not(input)[data-${name}]`)) at.textContent = target.dataset[name];
  }
  const { tone } = target.dataset;
  page.querySelector(".badge[data-status]").className = tone ? `badge badge--${tone}` : "badge";
});
