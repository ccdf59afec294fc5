// What is paid out follows what is set off, until somebody types an amount themselves. Without this they type it.
const number = (field) => Number(field.value.replace(/\D/g, '')) || 0;
for (const payee of document.querySelectorAll('[data-owed]')) {
  const amount = payee.querySelector('[data-amount]');
  const parts = [...payee.querySelectorAll('[data-set-off]')];
  const rest = () => Number(payee.dataset.owed) - parts.reduce((sum, part) => sum + number(part), 0);
  let follows = number(amount) === rest();
  amount.addEventListener('input', () => { follows = false; });
  for (const part of parts) {
    part.addEventListener('input', () => {
      if (follows) amount.value = Math.max(0, rest()).toLocaleString('id-ID');
    });
  }
}
