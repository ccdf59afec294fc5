// What this phone keeps, in the browser's own database: it outlives reloads, closed tabs, flat batteries and days.
let opened;

function database() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open("kelola", 1);
    asked.onupgradeneeded = () => {
      const db = asked.result;
      db.createObjectStore("kept");
      db.createObjectStore("events", { keyPath: "id" });
      db.createObjectStore("photos", { keyPath: "event" });
    };
    asked.onsuccess = () => {
      // A newer page wants another shape: this one lets go rather than hold it up.
      asked.result.onversionchange = () => asked.result.close();
      done(asked.result);
    };
    asked.onerror = () => fail(asked.error);
  });
  return opened;
}

// Reads and writes that happen together or not at all. What must not be lost is on the disk before it counts as kept.
async function together(stores, mode, work, durability = "default") {
  const db = await database();
  return new Promise((done, fail) => {
    const turn = db.transaction(stores, mode, { durability });
    let result;
    turn.oncomplete = () => done(result);
    turn.onabort = () => fail(turn.error);
    work(turn, (value) => { result = value; });
  });
}

const reading = (store, ask) => together(store, "readonly", (turn, say) => {
  ask(turn.objectStore(store)).onsuccess = (event) => say(event.target.result);
});
const writing = (store, act) => together(store, "readwrite", (turn) => act(turn.objectStore(store)));

export const get = (key) => reading("kept", (kept) => kept.get(key));
export const put = (key, value) => writing("kept", (kept) => kept.put(value, key));
export const drop = (key) => writing("kept", (kept) => kept.delete(key));

export const event = (id) => reading("events", (events) => events.get(id));
export const events = async () => (await reading("events", (events) => events.getAll())).sort((a, b) => (a.at < b.at ? -1 : 1));

export const photo = (id) => reading("photos", (photos) => photos.get(id));
export const photos = () => reading("photos", (photos) => photos.getAllKeys());
export const keepPhoto = (id, blob) => writing("photos", (photos) => photos.put({ event: id, blob }));
export const dropPhoto = (id) => writing("photos", (photos) => photos.delete(id));

// Writes an event down with the phone's next number, and with it what is to be kept from then on. Saved twice it is there
// once; says whether this was the first time.
export const record = (event, kept = {}) => together(["events", "kept"], "readwrite", (turn, say) => {
  const events = turn.objectStore("events");
  events.get(event.id).onsuccess = ({ target }) => {
    say(!target.result);
    if (target.result) return;
    number(turn, event, (numbered) => events.put(numbered));
    for (const [key, value] of Object.entries(kept)) turn.objectStore("kept").put(value, key);
  };
}, "strict");

// An event that was not sent becomes another phone's, as after this phone was registered anew.
export const adopt = (id, device) => together(["events", "kept"], "readwrite", (turn) => {
  const events = turn.objectStore("events");
  events.get(id).onsuccess = ({ target }) => {
    number(turn, { ...target.result, device, signature: null }, (numbered) => events.put(numbered));
  };
}, "strict");

function number(turn, event, then) {
  const kept = turn.objectStore("kept");
  const key = `counter-${event.device}`;
  kept.get(key).onsuccess = ({ target }) => {
    const counter = (target.result ?? 0) + 1;
    kept.put(counter, key);
    then({ ...event, counter });
  };
}

// Adds what became known of an event.
export const note = (id, more) => together("events", "readwrite", (turn) => {
  const events = turn.objectStore("events");
  events.get(id).onsuccess = ({ target }) => target.result && events.put({ ...target.result, ...more });
}, "strict");

// New provisions, which say what came of everything of theirs that was accepted: in one, so that no page, and none that is
// closed in this moment, knows of it neither by itself nor by them.
export const renew = (key, provisions, is_theirs) => together(["kept", "events"], "readwrite", (turn) => {
  turn.objectStore("kept").put(provisions, key);
  turn.objectStore("events").openCursor().onsuccess = ({ target: { result: at } }) => {
    if (at?.value.unseen && is_theirs(at.value)) at.update({ ...at.value, unseen: false });
    at?.continue();
  };
});

export const forget = (id) => writing("events", (events) => events.delete(id));

// How full the place is that the browser gives us, from 0 to 1; it is asked never to clear it by itself.
export async function fullness() {
  navigator.storage?.persist?.();
  const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {};
  return quota ? usage / quota : 0;
}
