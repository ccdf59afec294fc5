// Watches one payment at the counter. The green sign comes only when the server says "paid", which only the provider's
// own answer makes it say. Without this the button "Periksa" does the same.
const page = document.querySelector('[data-bill]');
const sign = document.querySelector('#lunas');
const sound = document.querySelector('[data-sound]');
const noSignal = document.querySelector('[data-no-signal]');
const started = page.dataset.sign;

// A browser lets a page ring only after somebody tapped; a tap on the page before often counts.
const audio = 'AudioContext' in window ? new AudioContext() : null;
const heard = () => { if (sound) sound.hidden = !audio || audio.state === 'running'; };
const tone = (hertz, from, seconds, volume) => {
  const wave = audio.createOscillator();
  const loud = audio.createGain();
  wave.frequency.value = hertz;
  loud.gain.setValueAtTime(volume, audio.currentTime + from);
  loud.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + from + seconds);
  wave.connect(loud).connect(audio.destination);
  wave.start(audio.currentTime + from);
  wave.stop(audio.currentTime + from + seconds);
};
const ring = () => {
  if (audio?.state === 'running') for (const again of [0, 0.7]) { tone(880, again, 0.3, 0.6); tone(1319, again + 0.2, 0.5, 0.6); }
  navigator.vibrate?.([200, 100, 400]);
};
audio?.addEventListener('statechange', heard);
addEventListener('pointerdown', () => audio?.resume());
sound?.querySelector('button').addEventListener('click', async () => {
  await audio?.resume();
  heard();
  if (audio?.state === 'running') tone(880, 0, 0.2, 0.2);
});
heard();

const paid = (told) => {
  sign.querySelector('[data-at]').textContent = told.at;
  sign.querySelector('.sign__amount').textContent = told.amount;
  sign.hidden = false;
  sign.querySelector('a').focus();
  remember();
  ring();
};
// Once for each bill: a page that is loaded again stays green and is quiet.
const remember = () => { try { sessionStorage.setItem(page.dataset.bill, 'paid'); } catch { /* not kept here */ } };
const known = () => { try { return sessionStorage.getItem(page.dataset.bill) === 'paid'; } catch { return true; } };

let looks = 0;
let timer;
const look = async () => {
  clearTimeout(timer);
  if (document.hidden) return;
  looks += 1;
  try {
    const answer = await fetch(page.dataset.bill, { headers: { accept: 'application/json' } });
    // Signed out meanwhile: the page itself leads to the door.
    if (answer.redirected) return location.reload();
    if (answer.ok) {
      const told = await answer.json();
      if (noSignal) noSignal.hidden = true;
      if (told.sign === 'paid') return paid(told);
      // About to be booked: the sign is a moment away.
      if (told.sign !== started && told.sign !== 'booking') return location.reload();
    } else if (answer.status >= 500) {
      if (noSignal) noSignal.hidden = false;
    } else if (answer.status !== 429) {
      return location.reload();
    }
  } catch {
    if (noSignal) noSignal.hidden = false;
  }
  timer = setTimeout(look, looks < 90 ? 2000 : 5000);
};
if (started === 'paid') {
  if (!known()) { remember(); ring(); }
} else {
  timer = setTimeout(look, 2000);
  document.addEventListener('visibilitychange', look);
}
