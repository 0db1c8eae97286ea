// A Markdown editor over each long text. What it writes stands in the textarea, which is what is sent:
// the form is the same with it and without.

/** Turns the long texts of a form into editors. */
export async function enhance(form, tools) {
  const cm = await tools.load('codemirror');
  for (const textarea of form.querySelectorAll('textarea[data-markdown]')) new Editor(form, textarea, tools, cm);
}

class Editor {
  constructor(form, textarea, tools, cm) {
    Object.assign(this, { form, textarea, tools, cm });
    const { make } = tools;
    this.id = textarea.id;
    this.label = form.querySelector(`label[for="${CSS.escape(this.id)}"]`);
    this.host = make('div', { class: 'editor-host' });
    this.counts = make('span', { class: 'quiet' });
    this.preview = make('div', { class: 'editor-preview', hidden: true });
    this.panes = make('div', { class: 'editor-panes' }, this.host, this.preview);
    this.root = make('div', { class: 'editor', id: this.id, tabindex: '-1' }, this.toolbar(), this.panes,
      make('p', { class: 'editor-status' }, this.counts));
    textarea.before(this.root);
    textarea.id = `${this.id}-source`;
    textarea.hidden = true;
    // Styles of a shadow are sheets, not elements, which the content security policy would refuse.
    const shadow = this.host.attachShadow({ mode: 'open' });
    this.view = new cm.EditorView({ state: this.state(textarea.value), parent: shadow, root: shadow });
    this.label?.addEventListener('click', () => this.focus());
    this.root.addEventListener('focus', event => event.target === this.root && this.focus());
    textarea.addEventListener('atlas:restore', () => this.take(textarea.value));
    this.measure();
  }

  focus() {
    if (this.textarea.hidden) this.view.focus();
    else this.textarea.focus();
  }

  take(text) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  state(doc) {
    const { EditorState, EditorView, Prec, keymap, history, historyKeymap, defaultKeymap, drawSelection,
      highlightSpecialChars, syntaxHighlighting, indentUnit } = this.cm;
    const keys = [
      ['Mod-b', () => this.wrap('**')],
      ['Mod-i', () => this.wrap('_')],
      ['Mod-k', () => this.link()],
      ['Mod-Alt-2', () => this.heading(2)],
      ['Mod-Alt-3', () => this.heading(3)],
      ['Mod-Alt-4', () => this.heading(4)],
      ['Mod-Alt-0', () => this.heading(0)],
      ['Mod-Shift-7', () => this.list(true)],
      ['Mod-Shift-8', () => this.list(false)],
      ['Mod-Shift-9', () => this.prefix('> ', /^> ?/)],
      ['Mod-Shift-p', () => this.picture()],
      ['Mod-Shift-v', () => this.togglePreview()],
      ['Mod-Shift-f', () => this.fullScreen()],
    ].map(([key, work]) => ({ key, preventDefault: true, run: () => (work(), true) }));
    keys.push({ key: 'Enter', run: () => this.goOn() });
    keys.push({ key: 'Escape', run: () => this.root.classList.contains('full') && (this.fullScreen(), true) });
    const help = this.textarea.getAttribute('aria-describedby');
    return EditorState.create({
      doc,
      extensions: [
        history(), drawSelection(), highlightSpecialChars(), EditorView.lineWrapping, indentUnit.of('  '),
        EditorView.perLineTextDirection.of(true), this.language(), syntaxHighlighting(this.highlight()), this.theme(),
        this.directions(), Prec.high(keymap.of(keys)), keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({
          'aria-label': this.label?.textContent.trim() ?? '', spellcheck: 'true', autocapitalize: 'sentences',
          lang: this.form.dataset.locale ?? '', ...(help ? { 'aria-description': document.getElementById(help.split(' ')[0])?.textContent } : {}),
        }),
        EditorView.updateListener.of(update => {
          if (update.docChanged) this.changed();
        }),
        EditorView.domEventHandlers({
          paste: event => this.pasted(event),
          drop: event => this.dropped(event),
        }),
      ],
    });
  }

  changed() {
    this.textarea.value = this.view.state.doc.toString();
    this.textarea.dispatchEvent(new Event('input', { bubbles: true }));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.measure(), 400);
  }

  language() {
    const { Language, defineLanguageFacet, markdown, Table, Strikethrough } = this.cm;
    return new Language(defineLanguageFacet(), markdown.configure([Table, Strikethrough]), [], 'markdown');
  }

  highlight() {
    const { HighlightStyle, tags } = this.cm;
    return HighlightStyle.define([
      { tag: tags.heading1, fontWeight: '700', fontSize: '1.5em' },
      { tag: tags.heading2, fontWeight: '700', fontSize: '1.3em' },
      { tag: tags.heading3, fontWeight: '700', fontSize: '1.15em' },
      { tag: tags.heading, fontWeight: '700' },
      { tag: tags.strong, fontWeight: '700' },
      { tag: tags.emphasis, fontStyle: 'italic' },
      { tag: tags.strikethrough, textDecoration: 'line-through' },
      { tag: tags.link, color: 'var(--accent)' },
      { tag: tags.url, color: 'var(--quiet)' },
      { tag: tags.monospace, fontFamily: 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace', fontSize: '.9375em' },
      { tag: tags.processingInstruction, color: 'var(--quiet)' },
      { tag: tags.quote, color: 'var(--quiet)' },
    ]);
  }

  theme() {
    return this.cm.EditorView.theme({
      '&': { color: 'var(--ink)', backgroundColor: 'var(--paper)', minHeight: '20rem', height: '100%', fontSize: 'max(1rem, 16px)' },
      '&.cm-focused': { outline: '3px solid var(--accent)', outlineOffset: '-3px' },
      '.cm-scroller': { fontFamily: 'inherit', lineHeight: '1.6', overflow: 'auto' },
      '.cm-content': { padding: '.75rem 1rem', caretColor: 'var(--ink)', maxWidth: '46rem' },
      '.cm-cursor': { borderLeftColor: 'var(--ink)' },
      '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
        { background: 'color-mix(in srgb, var(--accent) 30%, transparent)' },
    });
  }

  /** Each line reads in its own direction. */
  directions() {
    const { Decoration, EditorView, ViewPlugin } = this.cm;
    const auto = Decoration.line({ attributes: { dir: 'auto' } });
    const build = view => {
      const found = [];
      for (const { from, to } of view.visibleRanges) {
        for (let at = from; at <= to;) {
          const line = view.state.doc.lineAt(at);
          found.push(auto.range(line.from));
          at = line.to + 1;
        }
      }
      return Decoration.set(found, true);
    };
    return ViewPlugin.fromClass(class {
      constructor(view) { this.decorations = build(view); }
      update(update) {
        if (update.docChanged || update.viewportChanged) this.decorations = build(update.view);
      }
    }, { decorations: plugin => plugin.decorations });
  }

  toolbar() {
    const { make, words } = this.tools;
    const apple = /Mac|iP(hone|ad)/.test(navigator.platform);
    const keys = text => text && text.replace('Mod', apple ? '⌘' : words.keyControl).replace('Alt', apple ? '⌥' : 'Alt').replaceAll('-', '+');
    const button = (label, text, work, shortcut, pressed) => make('button', {
      type: 'button', class: 'tool', title: shortcut ? `${label} (${keys(shortcut)})` : label, 'aria-label': label,
      'aria-pressed': pressed ? 'false' : null, onclick: () => work(),
    }, text);
    const style = make('select', { class: 'tool', 'aria-label': words.style, onchange: () => {
      this.heading(Number(style.value));
      style.value = '0';
    } }, ...[[0, words.styleText], [2, words.styleHeading2], [3, words.styleHeading3], [4, words.styleHeading4]]
      .map(([value, text]) => make('option', { value }, text)));
    this.style = style;
    this.previewButton = button(words.preview, words.preview, () => this.togglePreview(), 'Mod-Shift-V', true);
    this.fullButton = button(words.fullScreen, words.fullScreen, () => this.fullScreen(), 'Mod-Shift-F', true);
    this.plainButton = button(words.plainText, words.plainText, () => this.togglePlain(), '', true);
    const bar = make('div', { class: 'editor-tools', role: 'toolbar', 'aria-label': words.tools, 'aria-controls': this.id },
      style,
      button(words.bold, make('b', {}, 'B'), () => this.wrap('**'), 'Mod-B'),
      button(words.italic, make('i', {}, 'I'), () => this.wrap('_'), 'Mod-I'),
      button(words.link, words.link, () => this.link(), 'Mod-K'),
      button(words.picture, words.picture, () => this.picture(), 'Mod-Shift-P'),
      button(words.bullets, '• ―', () => this.list(false), 'Mod-Shift-8'),
      button(words.numbers, '№ ―', () => this.list(true), 'Mod-Shift-7'),
      button(words.quote, '❝', () => this.prefix('> ', /^> ?/), 'Mod-Shift-9'),
      button(words.table, words.table, () => this.table()),
      button(words.video, words.video, () => this.video()),
      button(words.callout, words.callout, () => this.callout()),
      make('span', { class: 'gap' }),
      this.previewButton, this.fullButton, this.plainButton);
    // One stop for the Tab key; arrows go along (WAI-ARIA Authoring Practices, toolbar).
    const stops = [...bar.querySelectorAll('.tool')];
    stops.forEach((stop, at) => { stop.tabIndex = at ? -1 : 0; });
    bar.addEventListener('keydown', event => {
      const at = stops.indexOf(event.target);
      const forward = getComputedStyle(bar).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
      const back = forward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight';
      const to = { [forward]: at + 1, [back]: at - 1, Home: 0, End: stops.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      stops[(to + stops.length) % stops.length].focus();
    });
    bar.addEventListener('focusin', event => {
      if (!stops.includes(event.target)) return;
      for (const stop of stops) stop.tabIndex = stop === event.target ? 0 : -1;
    });
    return bar;
  }

  selected() {
    const { from, to } = this.view.state.selection.main;
    return { from, to, text: this.view.state.sliceDoc(from, to) };
  }

  replace(from, to, insert, selectFrom = from + insert.length, selectTo = selectFrom) {
    this.view.dispatch({ changes: { from, to, insert }, selection: { anchor: selectFrom, head: selectTo }, scrollIntoView: true, userEvent: 'input' });
    this.view.focus();
  }

  /** Puts marks around what is selected, or takes them off. */
  wrap(mark) {
    const { from, to, text } = this.selected();
    const { doc } = this.view.state;
    const length = mark.length;
    const around = doc.sliceString(from - length, from) === mark && doc.sliceString(to, to + length) === mark;
    if (around) return this.replace(from - length, to + length, text, from - length, to - length);
    if (text.length > 2 * length && text.startsWith(mark) && text.endsWith(mark)) {
      return this.replace(from, to, text.slice(length, -length), from, to - 2 * length);
    }
    // Marks that stand beside a space mark nothing (CommonMark, 6.2).
    const [, before, inner, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text);
    const start = from + before.length + length;
    this.replace(from, to, `${before}${mark}${inner}${mark}${after}`, start, start + inner.length);
  }

  /** The lines of the selection, each changed. */
  lines(change) {
    const { state } = this.view;
    const { from, to } = state.selection.main;
    const [first, last] = [state.doc.lineAt(from), state.doc.lineAt(to)];
    const old = state.sliceDoc(first.from, last.to).split('\n');
    const text = change(old).join('\n');
    const end = first.from + text.length;
    this.replace(first.from, last.to, text, old.length === 1 ? end : first.from, end);
  }

  heading(level) {
    this.lines(lines => lines.map(line => {
      const text = line.replace(/^#{1,6}\s+/, '');
      return level ? `${'#'.repeat(level)} ${text}` : text;
    }));
  }

  prefix(mark, known) {
    this.lines(lines => {
      const all = lines.every(line => known.test(line));
      return lines.map(line => all ? line.replace(known, '') : `${mark}${line}`);
    });
  }

  list(numbered) {
    const known = /^(\s*)([-*+]|\d+[.)])\s+/;
    const own = numbered ? /^\s*\d+[.)]\s+/ : /^\s*[-*+]\s+/;
    this.lines(lines => {
      const all = lines.every(line => own.test(line));
      let number = 0;
      return lines.map(line => {
        const text = line.replace(known, '$1');
        if (all || (!text.trim() && lines.length > 1)) return text;
        const indent = /^\s*/.exec(text)[0];
        return `${indent}${numbered ? `${++number}.` : '-'} ${text.slice(indent.length)}`;
      });
    });
  }

  /** A list or quotation goes on with the next line, and ends with an empty one. */
  goOn() {
    const { state } = this.view;
    const { from, to } = state.selection.main;
    const line = state.doc.lineAt(from);
    const mark = /^(\s*)(?:([-*+])|(\d+)([.)])|(>))(\s+)/.exec(line.text);
    if (from !== to || !mark || from < line.from + mark[0].length) return false;
    if (line.text.length === mark[0].length) {
      this.replace(line.from, line.to, '');
      return true;
    }
    const [, indent, bullet, number, after, quote, gap] = mark;
    const next = bullet ?? quote ?? `${Number(number) + 1}${after}`;
    this.replace(from, to, `\n${indent}${next}${gap}`);
    return true;
  }

  /** A block of its own, blank lines around it. */
  block(text, selectAt = text.length, selectLength = 0) {
    const { doc, selection } = this.view.state;
    const at = selection.main.to;
    const before = doc.sliceString(0, at);
    const after = doc.sliceString(at);
    const gap = (text, end) => !text.trim() ? '' : end.test(text) ? '' : /\n$|^\n/.test(end === AFTER ? text.slice(0, 1) : text.slice(-1)) ? '\n' : '\n\n';
    const [head, tail] = [gap(before, BEFORE), gap(after, AFTER) || (after ? '' : '\n\n')];
    const start = at + head.length + selectAt;
    this.replace(at, at, head + text + tail, start, start + selectLength);
  }

  table() {
    const { words } = this.tools;
    const cell = words.tableHead;
    this.block(`| ${cell} | ${cell} |\n| --- | --- |\n|  |  |\n|  |  |`, 2, cell.length);
  }

  async callout() {
    const { words } = this.tools;
    const { from, to, text } = this.selected();
    if (text) this.replace(from, to, '');
    const inner = text || words.calloutText;
    const head = '<aside class="callout tip">\n\n';
    this.block(`${head}${inner}\n\n</aside>`, head.length, inner.length);
  }

  /** Asks for some lines of text in a dialog; null when it is closed. */
  ask(title, fields, ready = () => true) {
    const { make, words } = this.tools;
    return new Promise(done => {
      const inputs = fields.map(({ label, help, value = '', type = 'text', required }, at) => {
        const id = `ask-${at}`;
        const input = make('input', { id, type, dir: 'auto', autocomplete: 'off', required, 'aria-describedby': help ? `${id}-help` : null });
        input.value = value;
        return { input, box: make('div', { class: 'field' }, make('label', { for: id }, label),
          help ? make('small', { id: `${id}-help` }, help) : null, input) };
      });
      const read = () => inputs.map(({ input }) => input.value.trim());
      const complaint = make('p', { class: 'error', role: 'alert' });
      let answer = null;
      const dialog = make('dialog', { class: 'dialog ask', 'aria-labelledby': 'ask-title', onclose: () => {
        dialog.remove();
        this.view.focus();
        done(answer);
      } }, make('form', { method: 'dialog', class: 'stack', onsubmit: event => {
        const wrong = ready(read());
        if (wrong !== true) {
          event.preventDefault();
          complaint.textContent = wrong;
        } else answer = read();
      } }, make('h2', { id: 'ask-title' }, title), ...inputs.map(({ box }) => box), complaint,
      make('p', { class: 'buttons' }, make('button', {}, words.putIn),
        make('button', { type: 'button', class: 'second', onclick: () => dialog.close() }, words.close))));
      document.body.append(dialog);
      dialog.showModal();
      inputs[0].input.focus();
      dialog.inputs = inputs.map(({ input }) => input);
      this.dialog = dialog;
    });
  }

  async link() {
    const { words, load } = this.tools;
    const { from, to, text } = this.selected();
    const asked = this.ask(words.link, [
      { label: words.linkTo, help: words.linkHelp },
      { label: words.linkText, value: text },
    ], ([target]) => linkTarget(target) ? true : words.linkWrong);
    const [target, label] = this.dialog.inputs;
    const { Combo } = await load('relations');
    new Combo(target, { tools: this.tools, choose: (name, offer) => {
      target.value = name;
      if (!label.value.trim()) label.value = offer.title;
      label.focus();
    } });
    target.focus();
    const answer = await asked;
    if (!answer) return;
    const [address, shown] = [linkTarget(answer[0]), answer[1] || answer[0].replace(/\s*#\d+$/, '')];
    const start = from + 1;
    this.replace(from, to, `[${shown.replace(/[[\]]/g, '\\$&')}](${address})`, start, start + shown.length);
  }

  async video() {
    const { words } = this.tools;
    const known = /^https?:\/\/(www\.|m\.)?(youtube(-nocookie)?\.com|youtu\.be|(player\.)?vimeo\.com)\//;
    const answer = await this.ask(words.video, [{ label: words.videoAddress, help: words.videoHelp, type: 'url' }, { label: words.videoTitle }],
      ([address, title]) => !known.test(address) ? words.videoWrong : !title ? words.videoTitleNeeded : true);
    if (answer) this.block(`[${answer[1].replace(/[[\]]/g, '\\$&')}](${answer[0]})`);
  }

  async picture(files = []) {
    const { load } = this.tools;
    const { choose } = await load('pictures');
    const [at] = [this.view.state.selection.main.to];
    const chosen = await choose({ describe: true, files, tools: this.tools });
    this.view.focus();
    if (!chosen) return;
    this.view.dispatch({ selection: { anchor: Math.min(at, this.view.state.doc.length) } });
    this.block(`![${chosen[0].alt.replace(/[[\]]/g, '\\$&')}](${chosen[0].src})`);
  }

  pasted(event) {
    const files = [...event.clipboardData.files].filter(file => file.type.startsWith('image/'));
    const text = event.clipboardData.getData('text/plain').trim();
    if (files.length && !text) {
      event.preventDefault();
      this.picture(files.slice(0, 1));
      return true;
    }
    const { from, to, text: shown } = this.selected();
    if (shown && /^https?:\/\/\S+$/.test(text) && !shown.includes('\n')) {
      event.preventDefault();
      this.replace(from, to, `[${shown}](${text})`);
      return true;
    }
    return false;
  }

  dropped(event) {
    const files = [...event.dataTransfer.files].filter(file => file.type.startsWith('image/'));
    if (!files.length) return false;
    event.preventDefault();
    const at = this.view.posAtCoords({ x: event.clientX, y: event.clientY });
    if (at !== null) this.view.dispatch({ selection: { anchor: at } });
    this.picture(files.slice(0, 1));
    return true;
  }

  togglePlain() {
    const plain = this.textarea.hidden;
    this.plainButton.setAttribute('aria-pressed', String(plain));
    this.textarea.hidden = !plain;
    this.panes.hidden = plain;
    if (plain) {
      this.textarea.setAttribute('aria-label', this.label?.textContent.trim() ?? '');
      this.textarea.focus();
    } else {
      this.take(this.textarea.value);
      this.view.focus();
    }
  }

  fullScreen() {
    const full = this.root.classList.toggle('full');
    document.documentElement.classList.toggle('has-full', full);
    this.fullButton.setAttribute('aria-pressed', String(full));
    if (full && this.preview.hidden && matchMedia('(min-width: 60rem)').matches) this.togglePreview();
    this.view.requestMeasure();
    this.view.focus();
  }

  togglePreview() {
    this.preview.hidden = !this.preview.hidden;
    this.panes.classList.toggle('both', !this.preview.hidden);
    this.previewButton.setAttribute('aria-pressed', String(!this.preview.hidden));
    this.view.requestMeasure();
    if (!this.preview.hidden) this.measure();
  }

  /** Asks the site for the text as readers will have it, and how long that is. */
  async measure() {
    const { words, fill, number } = this.tools;
    const body = new URLSearchParams({ body: this.textarea.value, locale: this.form.dataset.locale ?? '' });
    const asked = this.asked = Symbol('asked');
    const drawn = await fetch('/admin/preview', { method: 'POST', body }).then(answer => answer.ok ? answer.json() : null, () => null);
    if (!drawn || asked !== this.asked) return;
    this.counts.textContent = `${fill(words.wordCount, number(drawn.words))} · ${fill(words.minutes, number(drawn.minutes))}`;
    if (!this.preview.hidden) this.show(drawn.page);
  }

  /** The new one takes the place of the old one once it is drawn, at the same height. */
  show(page) {
    const old = this.preview.querySelector('iframe.shown');
    this.preview.querySelector('iframe:not(.shown)')?.remove();
    const frame = this.tools.make('iframe', { title: this.tools.words.preview, sandbox: 'allow-same-origin', tabindex: '0' });
    frame.addEventListener('load', () => {
      const at = old?.contentDocument?.scrollingElement?.scrollTop ?? 0;
      frame.classList.add('shown');
      if (frame.contentDocument?.scrollingElement) frame.contentDocument.scrollingElement.scrollTop = at;
      old?.remove();
      // A link in it is to be read, not followed.
      frame.contentDocument?.addEventListener('click', event => event.target.closest?.('a') && event.preventDefault());
    });
    // The page is the site's own, sanitised as every page is, and in this frame no script runs.
    frame.srcdoc = previews.createHTML(page);
    this.preview.append(frame);
  }
}

const BEFORE = /\n\s*\n$/;
const AFTER = /^\n\s*\n/;

const previews = globalThis.trustedTypes?.createPolicy('atlas-preview', { createHTML: page => page }) ?? { createHTML: page => page };

/** What a link leads to: an entry by its number, an address of the web or of this site; else null. */
export function linkTarget(typed) {
  const number = /#(\d+)$/.exec(typed);
  if (number && (typed.startsWith('#') || /\s#\d+$/.test(typed))) return `entry:${number[1]}`;
  if (/^(https?:\/\/|mailto:|tel:)\S+$/.test(typed) || /^\/(?!\/)\S*$/.test(typed) || /^#\S+$/.test(typed)) return typed;
  if (/^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(typed)) return `https://${typed}`;
  return null;
}
