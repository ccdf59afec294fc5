// 58 mm printers: straight to one by USB or Bluetooth where the browser can, by the browser's own printing otherwise. A
// printer that is missing is said and holds nothing up.
import { say } from "./field-page.js";

const WIDE = 32;
const [ESC, GS] = [0x1b, 0x1d];
// How cheap printers name themselves over Bluetooth.
const SERVICES = ["000018f0-0000-1000-8000-00805f9b34fb", "e7810a71-73ae-499d-8c15-faa9aef0c3f2", "49535343-fe7d-4ae5-8fa9-9fafd205e455"];
const PIECE = 120;

const plain = (text) => text.replaceAll("×", "x").replaceAll("−", "-").replaceAll("·", "-").normalize("NFD").replace(/[^\x20-\x7e]/g, "");
const bytes = (text) => [...plain(text)].map((sign) => sign.charCodeAt(0));

// Two ends of a line; what is too long goes on above.
export function row(left, right, wide = WIDE) {
  const [a, b] = [plain(left), plain(right)];
  if (a.length + b.length < wide) return [a + " ".repeat(wide - a.length - b.length) + b];
  return [...folded(a, wide), b.padStart(wide)];
}

export function folded(text, wide = WIDE) {
  const lines = [""];
  for (const word of plain(text).split(" ")) {
    const last = lines.at(-1);
    if (!last || last.length + 1 + word.length <= wide) lines[lines.length - 1] = last ? `${last} ${word}` : word;
    else lines.push(word);
  }
  return lines.flatMap((one) => one.match(new RegExp(`.{1,${wide}}`, "g")) ?? [""]);
}

function code(text) {
  const data = bytes(text);
  const n = data.length + 3;
  return [GS, 0x28, 0x6b, 3, 0, 49, 67, 5, GS, 0x28, 0x6b, 3, 0, 49, 69, 48,
    GS, 0x28, 0x6b, n & 0xff, n >> 8, 49, 80, 48, ...data, GS, 0x28, 0x6b, 3, 0, 49, 81, 48];
}

// What such a printer understands.
export function encoded(slip, origin = location.origin) {
  const out = [ESC, 0x40];
  const put = (lines) => { for (const one of [lines].flat()) out.push(...bytes(one), 10); };
  const align = (n) => out.push(ESC, 0x61, n);
  const bold = (n) => out.push(ESC, 0x45, n);
  align(1); bold(1); put(folded(slip.outlet)); bold(0); put(folded(slip.place)); align(0);
  put("-".repeat(WIDE));
  put(row(slip.number, slip.at));
  put("-".repeat(WIDE));
  for (const line of slip.lines) { put(folded(line.name)); put(row(`  ${line.what}`, line.amount)); }
  put("-".repeat(WIDE));
  bold(1); put(row(say("total"), slip.total)); bold(0);
  for (const way of slip.ways) put(row(...way));
  if (slip.change) put(row(say("change"), slip.change));
  out.push(10);
  align(1);
  if (slip.url) out.push(...code(origin + slip.url));
  put(folded(say("thanks")));
  out.push(10, 10, 10, GS, 0x56, 66, 0);
  return new Uint8Array(out);
}

async function byUsb(data) {
  const known = await navigator.usb.getDevices();
  const device = known[0] ?? await navigator.usb.requestDevice({ filters: [{ classCode: 7 }] });
  await device.open();
  try {
    if (!device.configuration) await device.selectConfiguration(1);
    const face = device.configuration.interfaces.find((one) => one.alternate.interfaceClass === 7) ?? device.configuration.interfaces[0];
    await device.claimInterface(face.interfaceNumber);
    const out = face.alternate.endpoints.find((one) => one.direction === "out");
    await device.transferOut(out.endpointNumber, data);
  } finally {
    await device.close().catch(() => {});
  }
}

let told = null;
async function byBluetooth(data) {
  if (!told?.service.device.gatt.connected) {
    const device = await navigator.bluetooth.requestDevice({ acceptAllDevices: true, optionalServices: SERVICES });
    const server = await device.gatt.connect();
    for (const service of await server.getPrimaryServices()) {
      for (const one of await service.getCharacteristics()) if (one.properties.write || one.properties.writeWithoutResponse) told = one;
    }
  }
  if (!told) throw new Error("no way in");
  for (let at = 0; at < data.length; at += PIECE) await told.writeValue(data.slice(at, at + PIECE));
}

export const ways = [
  ["usb" in navigator, "print_usb", byUsb],
  ["bluetooth" in navigator, "print_bluetooth", byBluetooth],
].filter(([is_there]) => is_there).map(([, words, act]) => [words, act]);

// Prints; gives a sentence when no printer did.
export async function printed(act, slip) {
  try {
    await act(encoded(slip));
    return null;
  } catch {
    return say("print_missing");
  }
}
