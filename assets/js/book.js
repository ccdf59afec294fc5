// Shares the picture of the book with the phone's own sheet (WhatsApp stands there). Where a phone cannot share files, the
// link opens the picture, as it does without script.
for (const link of document.querySelectorAll('[data-share]')) {
  link.addEventListener('click', async (event) => {
    if (!navigator.canShare) return;
    event.preventDefault();
    link.setAttribute('aria-busy', 'true');
    try {
      const picture = await (await fetch(link.href)).blob();
      const file = new File([picture], `${link.dataset.share}.png`, { type: 'image/png' });
      if (!navigator.canShare({ files: [file] })) throw new Error('no files');
      await navigator.share({ files: [file] });
    } catch (error) {
      if (error.name !== 'AbortError') location.href = link.href;
    } finally {
      link.removeAttribute('aria-busy');
    }
  });
}
