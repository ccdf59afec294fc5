// Villages while they are being typed; a tapped choice asks for its price. Without this the button "Cari" does the same.
const form = document.querySelector('[data-checkout]');
const field = form?.querySelector('[data-village]');
const list = form?.querySelector('[data-villages]');
const courier = form?.querySelector('[data-courier]');
const ask = () => form.requestSubmit(form.querySelector('[data-look]'));
// Arrow keys move through choices without meaning any; Enter asks, as in every form.
const tapped = (event) => event.detail > 0 && ask();

const way = () => { if (courier) courier.hidden = form.querySelector('[data-way]:checked')?.value === 'ambil'; };
form?.querySelectorAll('[data-way]').forEach((choice) => {
  choice.addEventListener('click', tapped);
  choice.addEventListener('change', way);
});
way();

let timer;
let last = 0;
field?.addEventListener('input', () => {
  clearTimeout(timer);
  const typed = field.value.trim();
  if (typed.length < 3) return;
  timer = setTimeout(async () => {
    const turn = ++last;
    try {
      const places = await (await fetch(`/wilayah?q=${encodeURIComponent(typed)}`)).json();
      if (turn === last) offer(places);
    } catch { /* the button still works */ }
  }, 250);
});

function offer(places) {
  for (const old of [...list.querySelectorAll('.choice')]) if (!old.querySelector(':checked')) old.remove();
  for (const place of places) {
    const label = document.createElement('label');
    label.className = 'choice';
    const radio = Object.assign(document.createElement('input'), { type: 'radio', name: 'desa', value: place.code });
    const text = document.createElement('span');
    const area = document.createElement('small');
    area.textContent = `${place.area} ${place.postcode ?? ''}`;
    text.append(place.village, area);
    label.append(radio, text);
    list.append(label);
  }
}

list?.addEventListener('click', (event) => event.target.name === 'desa' && setTimeout(ask));
