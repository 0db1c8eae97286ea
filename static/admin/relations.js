// Relations: entries are found while one types, chosen with the keyboard alone, and made where they are
// missing (WAI-ARIA Authoring Practices, combobox with a list).

let tools;

/** Gives every relation of a form its search. */
export function enhance(form, given) {
  tools = given;
  for (const field of form.querySelectorAll('[data-relation]')) {
    const options = { type: field.dataset.relation, create: 'create' in field.dataset, locale: form.dataset.locale };
    field.parentElement.querySelector('.offered')?.remove();
    if (field.localName === 'textarea') many(field, options);
    else single(field, options);
  }
}

function single(input, options) {
  input.removeAttribute('list');
  new Combo(input, { ...options, choose: name => {
    input.value = name;
    changed(input);
  } });
}

const changed = field => field.dispatchEvent(new Event('input', { bubbles: true }));

/** One line each in a field that is sent, one item each on the page. */
function many(field, options) {
  const { words, make } = tools;
  const id = field.id;
  const list = make('ul', { class: 'chips' });
  const input = make('input', { type: 'text', dir: 'auto', autocomplete: 'off', placeholder: words.choiceAdd });
  for (const key of ['aria-describedby', 'aria-invalid']) {
    if (field.hasAttribute(key)) input.setAttribute(key, field.getAttribute(key));
  }
  const lines = () => field.value.split('\n').map(line => line.trim()).filter(Boolean);
  const write = lines => {
    field.value = lines.join('\n');
    draw();
    changed(field);
  };
  const draw = () => list.replaceChildren(...lines().map((line, at, all) => {
    const tool = (label, text, work, off) => make('button', {
      type: 'button', class: 'plain', 'aria-label': `${label}: ${line}`, title: label, disabled: off, onclick: () => {
        work();
        const again = list.children[Math.min(at, list.children.length - 1)]?.querySelector('button:not(:disabled)');
        (again ?? input).focus();
      },
    }, text);
    const without = all.filter((_, other) => other !== at);
    return make('li', {}, make('span', { dir: 'auto' }, line),
      at > 0 ? tool(words.rowUp, '↑', () => write(without.toSpliced(at - 1, 0, line))) : null,
      tool(words.rowRemove, '×', () => write(without)));
  }));
  field.id = `${id}-lines`;
  field.hidden = true;
  input.id = id;
  field.after(list, input);
  draw();
  new Combo(input, { ...options, choose: name => {
    input.value = '';
    if (!lines().includes(name)) write([...lines(), name]);
  } });
  // What is typed and not chosen is sent as it stands, as without scripts.
  const take = () => {
    const typed = input.value.trim();
    if (!typed) return;
    input.value = '';
    write([...lines(), typed]);
  };
  field.form.addEventListener('submit', take);
  input.addEventListener('keydown', event => {
    if (event.key === 'Backspace' && !input.value && lines().length) write(lines().slice(0, -1));
  });
}

/** A field that offers entries of a type, or of any where `type` is empty. */
export class Combo {
  constructor(input, { type = '', create = false, locale = '', choose, tools: given }) {
    if (given) tools = given;
    Object.assign(this, { input, type, create, locale, choose, at: -1, offers: [], asked: 0 });
    const id = `${input.id}-offers`;
    this.list = tools.make('ul', { id, class: 'offers', role: 'listbox', hidden: true, 'aria-label': tools.words.choices });
    this.status = tools.make('span', { class: 'unseen', role: 'status' });
    const box = tools.make('div', { class: 'combo' });
    input.before(box);
    box.append(input, this.list, this.status);
    for (const [key, value] of Object.entries({
      role: 'combobox', 'aria-expanded': 'false', 'aria-controls': id, 'aria-autocomplete': 'list', autocomplete: 'off',
    })) input.setAttribute(key, value);
    input.addEventListener('input', event => event.isTrusted && this.later());
    input.addEventListener('click', () => this.ask());
    input.addEventListener('blur', () => setTimeout(() => this.close(), 150));
    input.addEventListener('keydown', event => this.key(event));
    this.list.addEventListener('mousedown', event => event.preventDefault());
    this.list.addEventListener('click', event => {
      const option = event.target.closest('[role="option"]');
      if (option) this.take([...this.list.children].indexOf(option));
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 120);
  }

  async ask() {
    const asked = ++this.asked;
    const typed = this.input.value.trim();
    const query = new URLSearchParams({ type: this.type, q: /#\d+$/.test(typed) ? '' : typed });
    const offers = await fetch(`/admin/choices?${query}`).then(answer => answer.ok ? answer.json() : [], () => []);
    if (asked !== this.asked || document.activeElement !== this.input) return;
    this.offers = offers;
    this.of = typed;
    const same = offers.some(offer => offer.title.toLowerCase() === typed.toLowerCase());
    if (this.create && typed && !same && !/#\d+$/.test(typed)) this.offers.push({ make: typed });
    this.draw();
  }

  draw() {
    const { make, words, fill, number } = tools;
    this.at = -1;
    this.list.replaceChildren(...this.offers.map((offer, at) => make('li',
      { role: 'option', id: `${this.list.id}-${at}`, 'aria-selected': 'false' },
      make('span', { dir: 'auto' }, offer.make ? fill(words.choiceMake, offer.make) : offer.title),
      offer.make ? null : make('small', { dir: 'auto' }, offer.about))));
    this.list.hidden = !this.offers.length;
    this.input.setAttribute('aria-expanded', String(!this.list.hidden));
    this.input.removeAttribute('aria-activedescendant');
    this.status.textContent = this.offers.length ? fill(words.choicesFound, number(this.offers.length)) : words.choicesNone;
  }

  close() {
    this.asked++;
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (this.list.hidden) return void this.ask();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const count = this.offers.length;
      this.move(this.at < 0 && step < 0 ? count - 1 : (this.at + step + count) % count);
    } else if (event.key === 'Enter' && !this.list.hidden) {
      event.preventDefault();
      const typed = this.input.value.trim();
      // A name that was chosen stays, and what was offered for other words is not what is meant.
      if (this.at < 0 && /#\d+$/.test(typed)) return this.close();
      if (this.at < 0 && this.of !== typed) return void this.ask();
      // Where nothing is marked, the first offer is what is meant.
      this.take(Math.max(this.at, 0));
    } else if (event.key === 'Escape' && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  move(at) {
    this.list.children[this.at]?.setAttribute('aria-selected', 'false');
    this.at = at;
    const option = this.list.children[at];
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', option.id);
  }

  async take(at) {
    const offer = this.offers[at];
    this.close();
    if (!offer.make) return this.choose(offer.name, offer);
    const body = new URLSearchParams({ type: this.type, title: offer.make, locale: this.locale });
    const made = await fetch('/admin/choices', { method: 'POST', body }).then(answer => answer.json(), () => null);
    if (made?.name) {
      this.status.textContent = tools.fill(tools.words.choiceMade, made.name);
      return this.choose(made.name, offer);
    }
    this.complain(made?.problem ?? tools.words.choiceFailed);
  }

  complain(reason) {
    const box = this.input.closest('.field') ?? this.input.parentElement;
    box.querySelector('.error.made')?.remove();
    box.append(tools.make('span', { class: 'error made', role: 'alert' }, reason));
  }
}
