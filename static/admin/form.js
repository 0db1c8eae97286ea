// What scripts add to a form. Without them it does all of its work; each module is fetched only where
// the form has use for it.

const script = document.getElementById('form-script');
const modules = JSON.parse(script.dataset.modules);

/** The words of the back office, as its language has them. */
export const words = JSON.parse(script.dataset.words);

/** The language of the page, and the browser's own kind of it: some write `3 PM` and some `15`. */
export const lang = document.documentElement.lang;
export const locale = navigator.languages.find(known => known.split('-')[0] === lang) ?? lang;

/** A number as the language of the page writes it. */
export const number = value => value.toLocaleString(lang);

/** Words with one gap, filled. */
export const fill = (text, value) => text.replace('{}', value);

/** A module by its name. */
export const load = name => import(modules[name]);

/** An element with these attributes and children; text is only ever text. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter(child => child != null));
  return element;
}

const tools = { words, lang, locale, fill, number, load, make };
const form = document.querySelector('form.entry');

const wanted = [
  ['pictures', '[data-choose]'],
  ['rows', '[data-rows]'],
  ['relations', '[data-relation]'],
  ['editor', '[data-markdown]'],
  ['hours', '[data-hours]'],
  ['settings', '[data-colour]'],
  ['keep', '.bottom:not([data-plain])'],
];
for (const [name, selector] of wanted) {
  if (form?.querySelector(selector)) {
    load(name).then(module => {
      module.enhance(form, tools);
      // For who has to wait for it.
      form.dataset.enhanced = `${form.dataset.enhanced ?? ''} ${name}`;
    });
  }
}
