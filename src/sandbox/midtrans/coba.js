// The demonstration page: calls snap.js as a shop would, and writes down what it is told.
(() => {
  'use strict';
  const here = document.getElementById('coba');
  const list = document.getElementById('kabar');
  const write = (name) => (result) => {
    const line = document.createElement('li');
    line.textContent = result ? `${name} ${result.status_code} ${result.transaction_status || result.status_message}` : name;
    line.dataset.result = JSON.stringify(result || null);
    list.append(line);
  };
  const callbacks = Object.fromEntries(
    ['onSuccess', 'onPending', 'onError', 'onClose'].map((name) => [name, write(name)]),
  );
  const on = (id, act) => document.getElementById(id).addEventListener('click', act);
  on('lapis', () => window.snap.pay(here.dataset.token, callbacks));
  on('dalam', () => window.snap.embed(here.dataset.token, { ...callbacks, embedId: 'wadah' }));
  on('tunggu', () => {
    window.snap.show();
    setTimeout(() => window.snap.hide(), 1500);
  });
  document.getElementById('tombol').hidden = false;
})();
