// Shrinks a photo on the phone before it is sent, shows it, and says that it is on its way. Without this the server does it.
const LONGEST = 1600;
const SMALL_ENOUGH = 400_000;
// Older browsers draw a photo the way the sensor lay, not the way it was held; those leave it to the server.
const upright = window.CSS && CSS.supports("image-orientation", "from-image");

async function shrunk(file) {
  if (!upright || file.size <= SMALL_ENOUGH || !file.type.startsWith("image/")) return file;
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#f7eed9";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    return blob && blob.size < file.size ? new File([blob], "foto.jpg", { type: "image/jpeg" }) : file;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

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
