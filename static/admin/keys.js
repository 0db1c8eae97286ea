// The keyboard: what a key does, the list of keys, and one field from which everything is reached.
// Every one of these ways has a link or a button of its own on the page as well.

const palette = document.getElementById('palette');
const help = document.getElementById('keys');
const asked = palette.querySelector('input');
const list = palette.querySelector('[role=listbox]');
const none = palette.querySelector('[data-none]');
const single = help.querySelector('input');
const options = [...list.children];

/** Whether keys without Ctrl do anything: who dictates or uses a switch may have them off. */
const OFF = 'atlas.single-keys.off';
single.checked = localStorage.getItem(OFF) === null;
single.addEventListener('change', () => {
  if (single.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, '');
});

/** Letters alike, whatever their case and accents. */
const plain = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

function showPalette() {
  help.close();
  if (palette.open) return;
  asked.value = '';
  narrow();
  palette.showModal();
}

function showHelp() {
  palette.close();
  if (!help.open) help.showModal();
}

/** Shows what fits: what holds every word, and a search for them in each list. */
function narrow() {
  const words = plain(asked.value).split(/\s+/).filter(Boolean);
  for (const option of options) {
    const gap = option.querySelector('q');
    if (gap) {
      gap.textContent = asked.value.trim();
      option.hidden = words.length === 0;
    } else {
      const label = plain(option.textContent);
      option.hidden = !words.every(word => label.includes(word));
    }
  }
  none.hidden = options.some(option => !option.hidden);
  choose(options.find(option => !option.hidden));
}

function choose(option) {
  for (const other of options) other.setAttribute('aria-selected', String(other === option));
  if (option) {
    asked.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  } else {
    asked.removeAttribute('aria-activedescendant');
  }
}

function step(by) {
  const shown = options.filter(option => !option.hidden);
  if (shown.length === 0) return;
  const now = shown.findIndex(option => option.getAttribute('aria-selected') === 'true');
  choose(shown[(now + by + shown.length) % shown.length]);
}

function go(option) {
  if (!option) return;
  const words = encodeURIComponent(asked.value.trim());
  location.href = option.dataset.search ? option.dataset.search + words : option.dataset.href;
}

asked.addEventListener('input', narrow);
palette.addEventListener('keydown', event => {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    event.preventDefault();
    step(steps[event.key]);
  } else if (event.key === 'Enter' && !event.isComposing) {
    event.preventDefault();
    go(options.find(option => option.getAttribute('aria-selected') === 'true'));
  }
});
list.addEventListener('click', event => go(event.target.closest('[role=option]')));
for (const dialog of [palette, help]) {
  // A click beside it, which is one on its backdrop.
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
}

for (const button of document.querySelectorAll('[data-palette]')) {
  button.hidden = false;
  button.addEventListener('click', showPalette);
}
for (const button of document.querySelectorAll('[data-keys]')) {
  button.hidden = false;
  button.addEventListener('click', showHelp);
}

/** Whether the key is a letter of a text. */
function isWriting(event) {
  const at = event.composedPath()[0];
  return at.isContentEditable || at.matches?.('textarea, select, input:not([type=checkbox], [type=radio], [type=button])');
}

/** From one row of a list to the next. */
function walk(by) {
  const rows = [...document.querySelectorAll('main tbody tr')].map(row => row.querySelector('a[href]')).filter(Boolean);
  const now = rows.findIndex(link => link.closest('tr').contains(document.activeElement));
  rows[now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + by, 0), rows.length - 1)]?.focus();
}

/** What a key of its own does here; none where the page has nothing of that kind. */
function actionOf(key) {
  if (key === '?') return showHelp;
  if (key === 'j') return () => walk(1);
  if (key === 'k') return () => walk(-1);
  if (key === '/') {
    const field = document.querySelector('main input[type=search]');
    return field && (() => field.select());
  }
  const marked = document.querySelector(`main [data-key="${CSS.escape(key)}"]`);
  return marked && (() => marked.click());
}

document.addEventListener('keydown', event => {
  if (event.defaultPrevented || event.isComposing) return;
  const mod = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (mod && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    showPalette();
  } else if (mod && event.key.toLowerCase() === 's') {
    const save = document.querySelector('form.entry .buttons [name=then][value=save]');
    if (!save || palette.open || help.open) return;
    event.preventDefault();
    // A key that is held down saves once.
    if (!event.repeat) save.click();
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && single.checked && !isWriting(event)
    && !document.querySelector('dialog[open]')) {
    const action = actionOf(event.key);
    if (!action) return;
    event.preventDefault();
    action();
  }
});
