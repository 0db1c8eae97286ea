// The library as a dialog over the form: looked through, searched, and filled with files that are chosen
// or dropped.

let tools;

/** Makes the buttons of picture fields open the dialog instead of sending the form. */
export function enhance(form, given) {
  tools = given;
  form.addEventListener('click', async event => {
    const button = event.target.closest('[data-choose], [data-clear]');
    if (!button) return;
    event.preventDefault();
    if (button.dataset.clear) return clear(form, button.dataset.clear);
    const many = 'many' in button.dataset;
    const chosen = await choose({ many, tools });
    if (!chosen) return;
    if (!many) return put(form, button.dataset.choose, chosen[0]);
    const { addRow } = await tools.load('rows');
    for (const card of chosen) {
      put(form, addRow(form, button.dataset.choose, tools), card);
    }
  });
}

const control = (form, name) => form.elements.namedItem(name);

function put(form, name, card) {
  // The site's logo has no words of its own.
  const [src, alt] = [control(form, `${name}.src`), control(form, `${name}.alt`)];
  if (src.value !== card.src) {
    clear(form, name);
    src.value = card.src;
    if (alt) alt.value = card.alt;
  }
  show(form, name, card.thumb);
  src.dispatchEvent(new Event('input', { bubbles: true }));
  if (alt && !alt.value) alt.focus();
}

function clear(form, name) {
  const box = form.querySelector(`[data-picture="${CSS.escape(name)}"]`);
  for (const part of box.querySelectorAll('input, textarea')) part.value = '';
  show(form, name, null);
  control(form, `${name}.src`).dispatchEvent(new Event('input', { bubbles: true }));
}

function show(form, name, thumb) {
  const box = form.querySelector(`[data-picture="${CSS.escape(name)}"]`);
  box.querySelector(':scope > img')?.remove();
  if (thumb) box.prepend(tools.make('img', { src: thumb, alt: '' }));
  const button = box.querySelector('[data-choose]');
  button.textContent = thumb ? tools.words.pictureOther : tools.words.pictureChoose;
}

/**
 * Lets somebody choose pictures of the library, or bring them in; null when they choose none.
 * `many`: more than one. `describe`: what it shows is asked for at once. `files`: to bring in first.
 */
export function choose({ many = false, describe = false, files = [], tools: given }) {
  tools = given;
  return new Promise(done => new Library({ many, describe, done }).open(files));
}

/** Brings one file in; its card. Throws the reason in words. */
export async function bring(file, given = tools) {
  const body = new FormData();
  body.append('files', file, file.name || 'picture.png');
  let taken;
  try {
    const answer = await fetch('/admin/pictures', { method: 'POST', body, headers: { accept: 'application/json' } });
    [taken] = await answer.json();
  } catch {
    throw new Error(given.words.pictureFailed);
  }
  if (!taken?.picture) throw new Error(taken?.problem ?? given.words.pictureFailed);
  return taken.picture;
}

class Library {
  constructor({ many, describe, done }) {
    const { words, make } = tools;
    Object.assign(this, { many, describe, done, chosen: new Map(), next: null, asked: 0 });
    this.search = make('input', { type: 'search', id: 'library-q', dir: 'auto', oninput: () => this.later() });
    this.input = make('input', {
      type: 'file', id: 'library-files', multiple: true, accept: 'image/jpeg,image/png,image/webp,image/gif',
      onchange: () => this.bring([...this.input.files]),
    });
    this.status = make('p', { role: 'status', class: 'quiet' });
    this.grid = make('ul', { class: 'pictures' });
    this.more = make('button', { type: 'button', class: 'second', hidden: true, onclick: () => this.load() }, words.older);
    this.take = make('button', { type: 'button', disabled: true, onclick: () => this.finish() }, words.picturesTake);
    this.alt = make('textarea', { id: 'library-alt', rows: 2, dir: 'auto', required: true, 'aria-describedby': 'library-alt-help' });
    this.asking = make('div', { class: 'field', hidden: true },
      make('label', { for: 'library-alt' }, words.pictureAlt), make('small', { id: 'library-alt-help' }, words.pictureAltHelp), this.alt);
    this.dialog = make('dialog', { class: 'dialog library', 'aria-labelledby': 'library-title', onclose: () => this.end(null) },
      make('div', { class: 'head' }, make('h2', { id: 'library-title' }, words.pictures),
        make('button', { type: 'button', class: 'plain', onclick: () => this.dialog.close() }, words.close)),
      make('div', { class: 'search' },
        make('p', { class: 'field' }, make('label', { for: 'library-q' }, words.pictureSearch), this.search),
        make('p', { class: 'field' }, make('label', { for: 'library-files' }, words.pictureDrop), this.input)),
      this.status,
      make('div', { class: 'scroll' }, this.grid, this.more),
      this.asking,
      many || describe ? make('p', { class: 'buttons' }, this.take) : null);
    if (describe) this.take.textContent = words.pictureInsert;
    this.alt.addEventListener('input', () => this.ready());
    for (const kind of ['dragover', 'drop']) this.dialog.addEventListener(kind, event => this.dropped(event));
  }

  open(files) {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.load(true).then(() => files.length && this.bring(files));
    this.search.focus();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(true), 200);
  }

  async load(anew = false) {
    const asked = ++this.asked;
    const query = new URLSearchParams({ q: this.search.value });
    if (!anew && this.next) query.set('before', this.next);
    const answer = await fetch(`/admin/pictures/found?${query}`).then(answer => answer.ok ? answer.json() : null, () => null);
    // A slower answer to what was typed before.
    if (asked !== this.asked) return;
    if (!answer) return this.say(tools.words.pictureFailed);
    if (anew) this.grid.replaceChildren();
    this.grid.append(...answer.cards.map(card => this.tile(card)));
    this.next = answer.next;
    this.more.hidden = !answer.next;
    if (anew) this.say(answer.cards.length ? '' : this.search.value ? tools.words.picturesNarrowed : tools.words.picturesEmpty);
  }

  tile(card) {
    const { make } = tools;
    const button = make('button', { type: 'button', class: 'tile', 'aria-pressed': String(this.chosen.has(card.src)) },
      make('img', { src: card.thumb, alt: card.alt, loading: 'lazy' }), make('span', {}, card.name), make('small', {}, card.size));
    button.addEventListener('click', () => this.pick(card, button));
    return make('li', {}, button);
  }

  pick(card, button) {
    if (!this.many) {
      this.chosen.clear();
      for (const other of this.grid.querySelectorAll('[aria-pressed]')) other.setAttribute('aria-pressed', 'false');
    }
    if (this.chosen.delete(card.src)) button.setAttribute('aria-pressed', 'false');
    else {
      this.chosen.set(card.src, card);
      button.setAttribute('aria-pressed', 'true');
    }
    if (!this.many && !this.describe) return this.finish();
    if (this.describe) {
      this.asking.hidden = false;
      this.alt.value = card.alt;
      this.alt.focus();
    }
    this.ready();
  }

  ready() {
    this.take.disabled = !this.chosen.size || (this.describe && !this.alt.value.trim());
  }

  dropped(event) {
    if (![...event.dataTransfer.types].includes('Files')) return;
    event.preventDefault();
    if (event.type === 'drop') this.bring([...event.dataTransfer.files]);
  }

  async bring(files) {
    const wrong = [];
    for (const [at, file] of files.entries()) {
      this.say(tools.fill(tools.words.pictureComing, `${file.name} (${at + 1}/${files.length})`));
      try {
        const card = await bring(file);
        const item = this.tile(card);
        this.grid.prepend(item);
        if (this.many ? !this.chosen.has(card.src) : files.length === 1) this.pick(card, item.querySelector('button'));
      } catch (reason) {
        wrong.push(reason.message);
      }
    }
    this.input.value = '';
    this.say(wrong.join(' '), wrong.length > 0);
  }

  say(text, wrong = false) {
    this.status.textContent = text;
    this.status.className = wrong ? 'error' : 'quiet';
  }

  finish() {
    const chosen = [...this.chosen.values()];
    if (this.describe && chosen.length) chosen[0] = { ...chosen[0], alt: this.alt.value.trim().replace(/\s+/g, ' ') };
    this.end(chosen.length ? chosen : null);
    this.dialog.close();
  }

  end(chosen) {
    this.done(chosen);
    this.dialog.remove();
  }
}
