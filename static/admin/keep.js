// What is written is kept every few seconds, so that nothing is lost with the browser, and others learn
// who has the form open.

const PAUSE = 2_000;
const LONGEST = 10_000;
const BEAT = 30_000;
// A form that nobody touches ends its session like any page.
const AWAY = 5 * 60_000;
// So long after it was sent a form can be sent again.
const RETRY = 5_000;

export function enhance(form, tools) {
  const keeper = new Keeper(form, tools);
  keeper.start();
}

class Keeper {
  constructor(form, tools) {
    Object.assign(this, { form, tools, sending: false, sent: false, active: Date.now() });
    this.address = new URL(form.getAttribute('action'), location.href).pathname;
    this.first = this.fields().toString();
    // A form that came back with what is not saved yet is unsaved from the start.
    this.dirty = 'unsaved' in form.dataset;
    this.status = tools.make('span', { class: 'quiet kept', role: 'status' });
    form.querySelector('.bottom').append(this.status);
  }

  start() {
    const { form } = this;
    form.addEventListener('input', () => this.later());
    form.addEventListener('submit', event => {
      // Sent once is enough; where nothing came of it, it can be sent again.
      if (this.sent) return event.preventDefault();
      this.leave();
      setTimeout(() => { this.sent = false; }, RETRY);
    });
    addEventListener('beforeunload', event => {
      if (!this.sent && this.dirty) event.preventDefault();
    });
    addEventListener('pagehide', () => {
      if (!this.sent && this.dirty) this.keep(true);
      if (form.dataset.entry) navigator.sendBeacon(`/admin/entries/${form.dataset.entry}/open`, new URLSearchParams({ left: '1' }));
    });
    // Back from another page by the browser's own memory.
    addEventListener('pageshow', event => { if (event.persisted) this.sent = false; });
    for (const kind of ['keydown', 'pointerdown', 'pointermove']) {
      addEventListener(kind, () => { this.active = Date.now(); }, { passive: true });
    }
    if (form.dataset.entry) {
      this.beat();
      setInterval(() => this.beat(), BEAT);
    }
  }

  fields() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === 'string') fields.append(name, value);
    }
    return fields;
  }

  later() {
    this.active = Date.now();
    this.dirty = 'unsaved' in this.form.dataset || this.fields().toString() !== this.first;
    clearTimeout(this.timer);
    this.since ??= Date.now();
    const wait = Math.max(0, Math.min(PAUSE, this.since + LONGEST - Date.now()));
    this.timer = setTimeout(() => this.keep(), wait);
  }

  leave() {
    this.sent = true;
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  async keep(last = false) {
    const { words, fill } = this.tools;
    this.since = undefined;
    // What was left before is not written over before somebody has decided about it.
    if ('left' in this.form.dataset) return this.dirty && this.say(words.keptWaits, true);
    if (this.sent || (this.sending && !last)) return this.sending && this.later();
    this.sending = true;
    this.asking = new AbortController();
    const { asking } = this;
    // What says again what is saved is nothing to keep.
    const body = this.dirty ? this.fields() : new URLSearchParams({ forget: '1' });
    try {
      const answer = await fetch(`${this.address}/unsaved`, {
        method: 'POST', body, redirect: 'manual', keepalive: last && body.toString().length < 60_000, signal: asking.signal,
      });
      const now = new Date().toLocaleTimeString(this.tools.locale, { hour: '2-digit', minute: '2-digit' });
      if (answer.status === 403) this.say(words.keptSignedOut, true);
      else if (answer.status === 204) this.say(fill(words.kept, now));
      else if (answer.type === 'opaqueredirect') this.say('');
      else this.say(words.keptNot, true);
    } catch {
      if (!asking.signal.aborted) this.say(words.keptNot, true);
    } finally {
      this.sending = false;
    }
  }

  say(text, wrong = false) {
    if (this.status.textContent === text) return;
    this.status.textContent = text;
    this.status.classList.toggle('error', wrong);
  }

  async beat() {
    if (document.visibilityState !== 'visible' || Date.now() - this.active > AWAY) return;
    const { words, fill, make } = this.tools;
    const answer = await fetch(`/admin/entries/${this.form.dataset.entry}/open`, { method: 'POST', body: new URLSearchParams() })
      .then(answer => answer.ok ? answer.json() : null, () => null);
    if (!answer) return;
    const { others } = answer;
    const named = new Intl.ListFormat(this.tools.lang).format(others);
    const text = others.length ? fill(others.length > 1 ? words.othersOpenMany : words.othersOpen, named) : '';
    if (text === (this.told?.textContent ?? '')) return;
    this.told?.remove();
    this.told = text ? make('p', { class: 'warning', role: 'status' }, text) : null;
    if (this.told) this.form.before(this.told);
  }
}
