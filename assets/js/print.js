// The button asks the browser to print; without script the browser's menu does.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
