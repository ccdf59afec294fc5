// A drawn sign for goods without a photo, by what their name says.
const SVG = "http://www.w3.org/2000/svg";
const SIGNS = [
  [/beras|rice/, "M20 22c-6 8-8 20-6 30h36c2-10 0-22-6-30zM22 22h20l-3-8H25zM24 36h16v10H24z"],
  [/minyak|kecap|sirup|cuka/, "M27 8h10v8l5 8v30H22V24l5-8zM22 32h20v12H22z"],
  [/telur/, "M32 12c10 0 16 18 16 26a16 16 0 0 1-32 0c0-8 6-26 16-26z"],
  [/gula|garam|tepung|terigu|kopi|teh/, "M18 14h28v6l-2 4v30H20V24l-2-4zM20 24h24M26 34h12v10H26z"],
  [/cabai|cabe|bawang|tomat|sayur/, "M40 12c-2 4-2 6 0 8 8 8-6 34-26 34 12-8 14-20 16-28 2-6 6-8 10-6M40 20l8-6"],
  [/gas|elpiji/, "M24 14h16v6H24zM20 22h24v30H20zM26 8h12v6"],
  [/mie|mi |biskuit|susu|sabun/, "M14 20h36v28H14zM14 28h36M22 34h20v8H22z"],
];
const BASKET = "M12 24h40l-5 30H17zM12 24c4-14 36-14 40 0M15 34h34M16 44h32M24 24l2 30M32 24v30M40 24l-2 30";
const PARCEL = "M12 20l20-8 20 8v26l-20 8-20-8zM12 20l20 8 20-8M32 28v26";

export function sign(item) {
  const name = item.name.toLowerCase();
  const path = item.craft ? BASKET : SIGNS.find(([words]) => words.test(name))?.[1] ?? PARCEL;
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 64 64");
  svg.setAttribute("class", `till-sign${item.craft ? " till-sign--craft" : ""}`);
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
