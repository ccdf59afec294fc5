// The phone's key and what it signs. The key lies in the browser's own store and cannot be read out of it again.
const bytes = (text) => new TextEncoder().encode(text);

export const lock = (key) =>
  crypto.subtle.importKey("raw", bytes(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);

export async function sign(key, { device, counter, id, kind, recorded_at, person, body }) {
  const text = [device, counter, id, kind, recorded_at, person, body].join("\n");
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(text)));
  return [...mac].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
