// Shrinks a photo on the phone before it is sent, shows it, and says that it is on its way. Without this the server does it.
import { shrunk } from "./shrink.js";

for (const camera of document.querySelectorAll("[data-camera]")) {
  const inputs = camera.querySelectorAll("input[type=file]");
  const preview = camera.querySelector(".camera__preview");
  const said = camera.querySelector(".camera__said");
  camera.classList.add("camera--alive");
  let working = Promise.resolve();

  for (const input of inputs) {
    input.addEventListener("change", () => {
      const file = input.files[0];
      if (!file) return;
      for (const other of inputs) if (other !== input) other.value = "";
      working = shrunk(file).catch(() => file).then((small) => {
        if (small !== file) {
          const holder = new DataTransfer();
          holder.items.add(small);
          input.files = holder.files;
        }
        const image = new Image();
        image.alt = "";
        // What this phone cannot show may still be a photo: only the server knows, so nothing is promised.
        image.onload = () => { preview.hidden = false; said.textContent = camera.dataset.small; };
        image.onerror = () => { preview.hidden = true; said.textContent = ""; };
        image.src = URL.createObjectURL(small);
        preview.replaceChildren(image);
      });
    });
  }

  const form = camera.closest("form");
  let sent = false;
  form.addEventListener("submit", async (event) => {
    if (sent) return event.preventDefault();
    event.preventDefault();
    sent = true;
    await working;
    if ([...inputs].some((input) => input.files.length)) {
      said.textContent = camera.dataset.sending;
      said.append(document.createElement("progress"));
    }
    form.submit();
  });
  // Coming back to this page with the back button, the form may be sent again.
  window.addEventListener("pageshow", () => { sent = false; });
}
