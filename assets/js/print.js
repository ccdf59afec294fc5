// The button asks the browser to print; without script the browser's menu does. A slip on a roll is as long as it is.
const slip = document.querySelector(".paper--58");
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => {
    if (slip) {
      const long = Math.ceil((slip.scrollHeight / slip.offsetWidth) * 58) + 8;
      document.head.append(Object.assign(document.createElement("style"), { textContent: `@page paper-58{size:58mm ${long}mm}` }));
    }
    print();
  });
}
