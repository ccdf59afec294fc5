// Inside the frame: tells the page around it how the payment stands, and that the buyer wants to leave.
(() => {
  'use strict';
  const here = document.getElementById('bingkai');
  if (!here || window.parent === window) return;
  const result = JSON.parse(here.dataset.kabar);
  const tell = (snap) => window.parent.postMessage({ snap, result }, here.dataset.asal);

  const close = document.getElementById('tutup');
  close.hidden = false;
  close.addEventListener('click', () => tell('close'));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') tell('close');
  });
  tell('state');

  // A number may be paid elsewhere while it stands here.
  if (result && result.status_code === '201') {
    setInterval(async () => {
      const answer = await fetch(`${location.pathname}/kabar`).catch(() => null);
      if (answer && answer.ok && (await answer.json()).transaction_status !== result.transaction_status) {
        location.reload();
      }
    }, 2000);
  }
})();
