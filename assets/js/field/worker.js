// Lets the field pages open without signal. It looks after staff pages only; the shop's pages never pass through it.
// VERSION, FILES, SHELLS, STAND_INS and AWAY are written above this by the server.
const CACHE = `kelola-${VERSION}`;
const PICTURES = "foto";

async function fill() {
  const cache = await caches.open(CACHE);
  const fresh = [...new Set([...SHELLS.map(([, shell]) => shell), AWAY])].map((path) => new Request(path, { cache: "no-store" }));
  await Promise.all([...FILES.map((path) => new Request(path)), ...fresh].map(async (request) => {
    const answer = await fetch(request);
    if (!answer.ok || answer.redirected) throw new Error(`${request.url}: ${answer.status}`);
    await cache.put(new URL(request.url).pathname, answer);
  }));
}

async function clear() {
  const old = (await caches.keys()).filter((name) => name.startsWith("kelola-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

addEventListener("install", (event) => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clear()));

// A page in another language: the shells are fetched once more.
addEventListener("message", (event) => { if (event.data === "shells") event.waitUntil(fill().catch(() => {})); });

const kept = async (path, request) => (await (await caches.open(CACHE)).match(path)) ?? fetch(request);
const pictured = async (request) => (await (await caches.open(PICTURES)).match(request.url)) ?? fetch(request);

async function page(request, pathname) {
  try {
    return await fetch(request);
  } catch (fault) {
    const away = await (await caches.open(CACHE)).match(STAND_INS[pathname] ?? AWAY);
    if (away) return away;
    throw fault;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  const shell = SHELLS.find(([pattern]) => new RegExp(pattern).test(pathname))?.[1];
  if (request.mode === "navigate") event.respondWith(shell ? kept(shell, request) : page(request, pathname));
  else if (FILES.includes(pathname)) event.respondWith(kept(pathname, request));
  else if (pathname.startsWith("/foto/")) event.respondWith(pictured(request));
});
