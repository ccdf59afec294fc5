// Barcodes: a keyboard scanner types fast and ends with Enter, wherever the cursor stands; a camera reads where the browser
// can. Whoever asked last hears them.
import { dialog } from "./till-dialog.js";
import { el, say } from "./field-page.js";

// Nobody types so fast; a scanner is faster.
const FAST = 45;
const SHORTEST = 4;
const LOOK_EVERY = 200;

const hearers = [];
// Hears codes until it lets go.
export function hear(act) {
  hearers.push(act);
  return () => { const at = hearers.indexOf(act); if (at >= 0) hearers.splice(at, 1); };
}
const tell = (code) => hearers.at(-1)?.(code);

export function listen() {
  let [typed, began, last] = ["", 0, 0];
  // Whoever taps has done with typing: what comes after is another word.
  addEventListener("click", () => { typed = ""; }, true);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const now = event.timeStamp;
    if (event.key === "Enter") {
      const is_scan = typed.length >= SHORTEST && (now - began) / typed.length < FAST && now - last < FAST * 4;
      const code = typed;
      typed = "";
      if (!is_scan) return;
      event.preventDefault();
      event.stopPropagation();
      // What a scanner typed into a field is no word that was sought.
      const field = document.activeElement;
      if (field?.value?.endsWith(code)) {
        field.value = field.value.slice(0, -code.length);
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      tell(code);
      return;
    }
    if (event.key.length !== 1) return;
    if (!typed || now - last > FAST * 4) { typed = ""; began = now; }
    typed += event.key;
    last = now;
  }, true);
}

export const has_camera = "BarcodeDetector" in globalThis && Boolean(navigator.mediaDevices?.getUserMedia);

// Looks through the camera until it has read one.
export function look() {
  const video = el("video", { class: "till-camera", playsinline: true, muted: true });
  const trouble = el("p", { role: "alert" });
  let stream;
  let timer;
  const box = dialog(say("scan"), [video, trouble, el("p", { class: "soft" }, say("scan_hint"))], () => {
    clearInterval(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
  });
  (async () => {
    try {
      const formats = ["ean_13", "ean_8", "upc_a", "code_128", "code_39", "qr_code"];
      const known = await BarcodeDetector.getSupportedFormats();
      const reader = new BarcodeDetector({ formats: formats.filter((one) => known.includes(one)) });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (!box.open) return stream.getTracks().forEach((track) => track.stop());
      video.srcObject = stream;
      await video.play();
      timer = setInterval(async () => {
        const [found] = await reader.detect(video).catch(() => []);
        if (!found || !box.open) return;
        navigator.vibrate?.(60);
        box.close("");
        tell(found.rawValue);
      }, LOOK_EVERY);
    } catch {
      trouble.textContent = say("scan_no_camera");
    }
  })();
}
