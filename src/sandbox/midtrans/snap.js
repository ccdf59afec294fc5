// Midtrans' snap.js with play money: the same calls, the same callbacks, and a page of the stand-in in the frame.
//   <script src="…/sandbox/midtrans/snap/snap.js" data-client-key="SB-Mid-client-…"></script>
//   snap.pay(token, { onSuccess, onPending, onError, onClose }) · snap.embed(token, { embedId }) · snap.show() · snap.hide()
(() => {
  'use strict';
  const script = document.currentScript;
  const base = new URL('.', script.src);
  const clientKey = script.dataset.clientKey || '';
  // How long the buyer sees how it ended before the page goes on.
  const LAST_LOOK = 1500;
  let active = null;

  const style = (element, rules) => Object.assign(element.style, rules);

  function address(token, options) {
    const url = new URL(`v3/redirection/${encodeURIComponent(token)}`, base);
    const methods = options.selectedPaymentType ? [options.selectedPaymentType] : options.enabledPayments || [];
    url.searchParams.set('bingkai', window.location.origin);
    url.searchParams.set('kunci', clientKey);
    if (methods.length) url.searchParams.set('pilih', methods.join(','));
    return url.href;
  }

  function frame(token, options) {
    const made = document.createElement('iframe');
    made.src = address(token, options);
    made.title = 'Pembayaran';
    style(made, { border: '0', width: '100%', height: '100%', minWidth: '320px', minHeight: '560px', background: '#fff' });
    return made;
  }

  // A layer over the page, with a word until the frame is there.
  function layer() {
    const made = document.createElement('div');
    made.setAttribute('role', 'dialog');
    made.setAttribute('aria-modal', 'true');
    made.setAttribute('aria-label', 'Pembayaran');
    style(made, { position: 'fixed', inset: '0', zIndex: '2147483647', background: 'rgba(0,0,0,.6)', overflow: 'auto' });
    const word = document.createElement('p');
    word.textContent = 'Sebentar …';
    word.setAttribute('role', 'status');
    style(word, { position: 'absolute', inset: '40% 0 auto', margin: '0', textAlign: 'center', color: '#fff', font: '18px system-ui' });
    made.append(word);
    document.body.append(made);
    return made;
  }

  function leave() {
    if (!active) return;
    clearTimeout(active.timer);
    const { layer, embedded, back } = active;
    active = null;
    if (layer) layer.remove();
    if (embedded) embedded.remove();
    if (back && back.focus) back.focus();
  }

  // Each payment ends once, with one of the four.
  function end() {
    if (!active || active.ended) return;
    const { options, result } = active;
    const name = !result ? 'onClose'
      : result.status_code === '200' ? 'onSuccess'
      : result.status_code === '201' ? 'onPending' : 'onError';
    active.ended = true;
    leave();
    if (typeof options[name] === 'function') options[name](...(result ? [result] : []));
  }

  function later(milliseconds) {
    clearTimeout(active.timer);
    active.timer = setTimeout(end, milliseconds);
  }

  function begin(token, options, place) {
    if (typeof token !== 'string' || !token) throw new TypeError('snap: a token is needed');
    const back = document.activeElement;
    leave();
    active = { options, result: null, back, ...place() };
    active.frame = frame(token, options);
  }

  const snap = {
    pay(token, options = {}) {
      begin(token, options, () => ({ layer: layer() }));
      style(active.frame, { position: 'relative', display: 'block', margin: '0 auto', maxWidth: '480px', height: '100%' });
      active.layer.append(active.frame);
      active.frame.focus();
    },
    embed(token, options = {}) {
      const container = document.getElementById(options.embedId || '');
      if (!container) throw new Error('snap: embedId names no element of this page');
      begin(token, options, () => ({}));
      style(active.frame, { height: '640px' });
      active.embedded = active.frame;
      container.replaceChildren(active.frame);
    },
    show() {
      leave();
      active = { options: {}, result: null, back: document.activeElement, layer: layer() };
    },
    hide() {
      leave();
    },
  };

  window.addEventListener('message', (event) => {
    // Only the frame we opened is heard, and only while it shows a page of the stand-in.
    if (!active || !active.frame || event.source !== active.frame.contentWindow) return;
    if (event.origin !== base.origin || !event.data || !event.data.snap) return;
    active.result = event.data.result;
    if (event.data.snap === 'close') return end();
    const code = active.result && active.result.status_code;
    const delay = Number(active.options.autoCloseDelay) || 0;
    const byBank = ['bank_transfer', 'echannel'].includes(active.result && active.result.payment_type);
    if (code && code !== '201') later(LAST_LOOK);
    else if (code && byBank && delay > 0) later(delay * 1000);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && active && active.layer && active.frame) end();
  });

  window.snap = snap;
})();
