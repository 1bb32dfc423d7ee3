function announce(text) {
  document.getElementById('announcement').textContent = text;
}

/** Copies a text, and says so on the button and to screen readers. */
async function copyFrom(button, text) {
  const isCopied = await writeToClipboard(text);
  button.textContent = isCopied ? 'Copied' : 'Not copied';
  announce(isCopied ? `Copied ${text}` : 'The browser did not allow copying. Select the text and copy it yourself.');
  clearTimeout(button.reset);
  button.reset = setTimeout(() => { button.textContent = 'Copy'; }, 2000);
}

async function writeToClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The clipboard is closed to pages of plain http. The older way asks for a selection, and takes the focus away.
    const focused = document.activeElement;
    const field = Object.assign(document.createElement('textarea'), { value: text, className: 'unseen' });
    document.body.append(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    focused?.focus({ preventScroll: true });
    return isCopied;
  }
}
