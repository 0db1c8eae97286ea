// Colours are picked as well as typed, and the home page shows what is typed after a moment.

const PAUSE = 400;
const COLOUR = /^#[0-9a-f]{6}$/i;

export function enhance(form, tools) {
  for (const input of form.querySelectorAll('[data-colour]')) pick(input, tools);
  const frames = document.querySelectorAll('[data-sample]');
  if (!frames.length) return;
  let waiting;
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => show(form, frames), PAUSE);
  });
}

/** A picker beside a field, which stays the one that is sent: empty means as shipped. */
function pick(input, tools) {
  const value = () => [input.value.trim(), input.placeholder].find(colour => COLOUR.test(colour));
  const picker = tools.make('input', { type: 'color', tabindex: '-1', 'aria-hidden': 'true' });
  const follow = () => { picker.value = value(); };
  follow();
  input.addEventListener('input', follow);
  picker.addEventListener('input', () => {
    input.value = picker.value;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  const both = tools.make('span', { class: 'colour' });
  input.replaceWith(both);
  both.append(input, picker);
}

async function show(form, frames) {
  const look = [...new FormData(form)].filter(([name]) => name.startsWith('look.'));
  for (const frame of frames) {
    const query = new URLSearchParams([['scheme', frame.dataset.sample], ...look]);
    const address = `/admin/settings/sample?${query}`;
    if (frame.getAttribute('src') !== address) frame.src = address;
  }
  const answer = await fetch(`/admin/settings/sample.json?${new URLSearchParams(look)}`);
  if (!answer.ok) return;
  for (const [name, contrasts] of Object.entries(await answer.json())) {
    const rows = document.querySelectorAll(`[data-contrasts="${name}"] li`);
    contrasts.forEach(({ ratio, said, poor }, at) => {
      const [first, second] = rows[at].querySelectorAll('span');
      first.textContent = ratio;
      second.textContent = said;
      rows[at].classList.toggle('error', poor);
    });
  }
}
