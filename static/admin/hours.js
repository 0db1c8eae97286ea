// Opening hours as rows of days and times; the field that is sent has one line each, as without scripts.

const DAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];

/** Gives every field of opening hours its rows. */
export function enhance(form, tools) {
  for (const field of form.querySelectorAll('[data-hours]')) new Hours(field, tools);
}

class Hours {
  constructor(field, tools) {
    Object.assign(this, { field, tools });
    const { make, words } = tools;
    this.list = make('ol', { class: 'row-list hours' });
    this.names = DAYS.map((_, at) => new Intl.DateTimeFormat(tools.lang, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 5, 1 + at)));
    const add = (text, line) => make('button', { type: 'button', class: 'second', onclick: () => {
      const row = this.row(line);
      this.list.append(row);
      this.write();
      row.querySelector('select, input').focus();
    } }, text);
    field.after(this.list, make('p', { class: 'buttons' }, add(words.hoursAdd, 'mo-fr 09:00-18:00'), add(words.hoursSpecial, '')));
    field.rows = 3;
    field.addEventListener('change', () => this.read());
    this.read();
  }

  read() {
    const lines = this.field.value.split('\n').map(line => line.trim()).filter(Boolean);
    this.list.replaceChildren(...lines.map(line => this.row(line)));
  }

  write() {
    const lines = [...this.list.children].map(row => row.line()).filter(Boolean);
    this.field.value = lines.join('\n');
    this.field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** Days and times where a line is no more than that; else the line as it is. */
  row(line) {
    const { make, words } = this.tools;
    const known = /^([a-z]{2})(?:-([a-z]{2}))?\s+(closed|\d\d:\d\d-\d\d:\d\d(?:\s*,\s*\d\d:\d\d-\d\d:\d\d)?)$/i.exec(line);
    const [first, last] = known ? [known[1], known[2] ?? known[1]].map(day => DAYS.indexOf(day.toLowerCase())) : [-1, -1];
    const row = make('li', { class: 'row' });
    const remove = make('button', { type: 'button', class: 'plain', onclick: () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      this.write();
      (next?.querySelector('select, input') ?? this.field).focus();
    } }, words.rowRemove);
    if (first < 0 || last < 0) {
      const raw = make('input', { type: 'text', dir: 'ltr', 'aria-label': words.hoursLine, placeholder: '2026-03-20..2026-04-02 closed' });
      raw.value = line;
      raw.addEventListener('input', event => { event.stopPropagation(); this.write(); });
      row.line = () => raw.value.trim();
      row.append(raw, remove);
      return row;
    }
    const days = (label, chosen) => make('select', { 'aria-label': label }, ...this.names.map((name, at) =>
      make('option', { value: at, selected: at === chosen }, name)));
    const [from, to] = [days(words.hoursFrom, first), days(words.hoursTo, last)];
    const times = (known[3].match(/\d\d:\d\d/g) ?? []);
    const time = (label, value) => {
      const input = make('input', { type: 'time', 'aria-label': label });
      input.value = value === '24:00' ? '00:00' : value ?? '';
      return input;
    };
    const clock = [time(words.hoursOpens, times[0]), time(words.hoursCloses, times[1]), time(words.hoursAgain, times[2]), time(words.hoursClosesAgain, times[3])];
    const closed = make('input', { type: 'checkbox' });
    closed.checked = known[3].toLowerCase() === 'closed';
    const show = () => clock.forEach(input => { input.disabled = closed.checked; });
    // A browser has no 24:00; the end of a day is its midnight.
    const end = text => text === '00:00' ? '24:00' : text;
    row.line = () => {
      const [one, other] = [DAYS[from.value], DAYS[to.value]];
      const named = one === other ? one : `${one}-${other}`;
      if (closed.checked) return `${named} closed`;
      const [opens, closes, again, closesAgain] = clock.map(input => input.value);
      const parts = [opens && closes && `${opens}-${end(closes)}`, again && closesAgain && `${again}-${end(closesAgain)}`].filter(Boolean);
      return parts.length ? `${named} ${parts.join(',')}` : '';
    };
    row.addEventListener('input', event => {
      event.stopPropagation();
      show();
      this.write();
    });
    show();
    row.append(make('div', { class: 'hours-row' }, from, make('span', {}, '–'), to, ...clock,
      make('label', { class: 'tick' }, closed, words.hoursClosed), remove));
    return row;
  }
}
