import { h } from './dom.js';

const MOST = 4, READ = 6000;

// A note in the corner: what came of an action. A failure stays until it is dismissed.
export function toast(text, failed = false) {
  const place = document.getElementById('toasts');
  const note = h('div', { class: failed ? 'toast bad' : 'toast', role: failed ? 'alert' : 'status' },
    h('span', {}, text), h('button', { type: 'button', class: 'icon', 'aria-label': 'Dismiss', onclick: () => note.remove() }, '×'));
  place.append(note);
  while (place.children.length > MOST) place.firstChild.remove();
  if (!failed) setTimeout(() => note.remove(), READ);
}

// Runs an action of a button: at most once at a time, and its outcome is said.
export const action = (work, refresh) => async event => {
  const button = event.currentTarget;
  button.disabled = true;
  try {
    const said = await work();
    if (said) toast(said);
  } catch (error) {
    toast(error.message, true);
  }
  button.disabled = false;
  if (document.activeElement === document.body) button.focus();
  await refresh();
};
