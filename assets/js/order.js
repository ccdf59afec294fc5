// Counts down, copies numbers, and looks again when something happened. The page is whole without it.
const [copy, copied] = (document.querySelector('script[data-words]')?.dataset.words ?? '|').split('|');

for (const code of document.querySelectorAll('[data-copy]')) {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: copy });
  button.className = 'button button--quiet button--small';
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.dataset.copy.replace(/[^0-9]/g, ''));
      button.textContent = copied;
    } catch {
      // Not allowed here: the number stands ready to be copied by hand.
      getSelection().selectAllChildren(code.firstChild.parentNode);
    }
  });
  code.append(button);
}

const left = document.querySelector('[data-until]');
if (left) {
  const until = Date.parse(left.dataset.until);
  const show = () => {
    const s = Math.max(0, Math.floor((until - Date.now()) / 1000));
    const two = (n) => String(n).padStart(2, '0');
    const hours = Math.floor(s / 3600);
    // Over: what that means is said by the page itself, when it is looked at anew.
    left.textContent = s === 0 ? '' : (hours ? `${hours}:` : '') + `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  };
  show();
  setInterval(show, 1000);
}

const page = document.querySelector('[data-order]');
let looks = 0;
const look = async () => {
  if (!document.hidden) {
    looks += 1;
    try {
      const answer = await fetch(page.dataset.order);
      if (answer.ok && (await answer.text()) !== page.dataset.state) return location.reload();
    } catch { /* no signal: look again later */ }
  }
  setTimeout(look, Math.min(5000 + looks * 500, 60000));
};
if (page) setTimeout(look, 5000);
