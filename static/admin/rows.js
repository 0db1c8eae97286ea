// Rows of a list that are added, moved and taken away at once, without asking the server.

/** Makes the buttons of every list work in place. */
export function enhance(form, tools) {
  form.addEventListener('click', event => {
    const button = event.target.closest('[data-add], [data-move]');
    if (!button) return;
    event.preventDefault();
    if (button.dataset.add) {
      const name = addRow(form, button.dataset.add, tools);
      rowOf(form, name).querySelector('input, textarea')?.focus();
      return;
    }
    const row = button.closest('[data-row]');
    const list = row.parentElement;
    if (button.dataset.move === 'remove') return remove(list, row, tools);
    const other = button.dataset.move === 'up' ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (button.dataset.move === 'up') other.before(row);
    else other.after(row);
    number(list);
    // The button that was pressed may be of no use at an end.
    (button.disabled ? row.querySelector('[data-move]:not(:disabled)') : button)?.focus();
    changed(list);
  });
}

const listOf = (form, name) => form.querySelector(`[data-rows="${CSS.escape(name)}"]`);
const controls = row => [...row.querySelectorAll('input, textarea')];
const isEmpty = row => controls(row).every(control => !control.value.trim());

function rowOf(form, name) {
  const [, list, row] = /^(.*)\.(\d+)$/.exec(name);
  return listOf(form, list).querySelector(`[data-row="${row}"]`);
}

/** A row that is free, an empty one or one more; the name that its parts begin with. */
export function addRow(form, name, tools) {
  const list = listOf(form, name);
  let row = [...list.children].find(isEmpty);
  if (!row) {
    row = blank(list.lastElementChild, tools);
    list.append(row);
    number(list);
  }
  return `${name}.${row.dataset.row}`;
}

/** A row like this one with nothing in it. */
function blank(like, tools) {
  const row = like.cloneNode(true);
  row.querySelectorAll('img').forEach(image => image.remove());
  row.querySelectorAll('.error').forEach(error => error.remove());
  for (const control of controls(row)) control.value = '';
  const choose = row.querySelector('[data-choose]');
  if (choose) choose.textContent = tools.words.pictureChoose;
  return row;
}

function remove(list, row, tools) {
  if (list.children.length === 1) {
    row.replaceWith(blank(row, tools));
    number(list);
    return changed(list);
  }
  const after = row.nextElementSibling;
  row.remove();
  number(list);
  changed(list);
  if (isEmpty(row)) return;
  list.parentElement.querySelector('.undo')?.remove();
  const undo = tools.make('p', { class: 'notice undo', role: 'status' }, tools.words.rowRemoved,
    tools.make('button', { type: 'button', class: 'plain', onclick: () => {
      undo.remove();
      if (after?.isConnected) after.before(row);
      else list.append(row);
      number(list);
      changed(list);
    } }, tools.words.undo));
  list.after(undo);
}

/** Counts rows as they stand: what is sent follows their order. */
function number(list) {
  const name = list.dataset.rows;
  [...list.children].forEach((row, at) => {
    const from = row.dataset.row;
    row.dataset.row = at;
    const rename = text => text
      .replaceAll(`${name}.${from}`, `${name}.${at}`)
      .replaceAll(` ${name} ${from}`, ` ${name} ${at}`);
    for (const element of row.querySelectorAll('*')) {
      for (const key of ['name', 'value', 'data-picture', 'data-choose', 'data-clear']) {
        // What somebody typed is no name of ours.
        if (key === 'value' && element.localName !== 'button') continue;
        if (element.hasAttribute(key)) element.setAttribute(key, rename(element.getAttribute(key)));
      }
    }
    row.querySelector('[data-move="up"]').disabled = at === 0;
    row.querySelector('[data-move="down"]').disabled = at === list.children.length - 1;
  });
}

const changed = list => list.dispatchEvent(new Event('input', { bubbles: true }));
