import { get, name, post } from './api.js';
import { empty, h, panel, table } from './dom.js';
import { count, plural, since } from './format.js';
import { cut, visible } from './text.js';
import { action } from './toast.js';

const ROWS = 200, LENGTH = 240;

export async function quarantine({ state, refresh }) {
  const held = state.useCases.filter(u => u.quarantined > 0);
  const title = h('h1', { class: 'title' }, 'Quarantine');
  if (held.length === 0) {
    return [title, panel('quarantine', 'Rows', empty('No row is in quarantine. Rows that cannot be read, prepared or scored are kept here with their reason.'))];
  }
  const lists = await Promise.all(held.map(u => get(`usecases/${name(u.name)}/quarantine?limit=${ROWS}`)));
  return [title, ...held.map((u, i) => lists[i].length > 0 && panel('held-' + u.name, h('a', { href: '#/usecases/' + name(u.name) }, u.name),
    quarantineRows(u.name, lists[i], u.quarantined, refresh))).filter(Boolean)];
}

// Which rows are ticked, and the drop that waits for its confirmation. Both outlive the poll.
const ticked = new Set();
const asked = new Map();

export function quarantineRows(useCase, rows, total, refresh) {
  const chosen = rows.filter(r => ticked.has(r.id)).map(r => r.id);
  const ids = chosen.length > 0 ? chosen : rows.map(r => r.id);
  const send = (verb, which) => post(`usecases/${name(useCase)}/quarantine/${verb}`, { ids: which });
  const tick = id => event => { event.target.checked ? ticked.add(id) : ticked.delete(id); refresh(); };
  return h('div', {},
    table(`Rows of ${useCase} in quarantine`, [
      { title: '', cell: r => h('input', { type: 'checkbox', checked: ticked.has(r.id), 'aria-label': `Choose row ${r.id}`, onchange: tick(r.id) }) },
      { title: 'When', cell: r => since(r.time) },
      { title: 'Where', wrap: true, cell: r => h('code', { class: 'line', title: r.position }, visible(r.stage)) },
      { title: 'Reason', wrap: true, cell: r => cut(visible(r.reason), LENGTH) },
      { title: 'Row', wrap: true, cell: r => h('code', { title: r.raw }, cut(visible(r.raw), LENGTH)) },
    ], rows, { key: r => String(r.id), cards: true }),
    asked.has(useCase) ? confirmation(useCase, send, refresh) : h('div', { class: 'body buttons', 'data-key': 'actions' },
      h('button', { type: 'button', onclick: action(async () => replayed(await send('replay', ids)), refresh) }, `Replay ${count(ids.length)}`),
      h('button', { type: 'button', class: 'drop', onclick: event => turn(event, () => asked.set(useCase, ids), '.safe', refresh) }, `Drop ${count(ids.length)} …`),
      h('span', { class: 'sub' }, chosen.length > 0 ? 'the ticked rows' : total > rows.length ? ['the rows shown, of ', h('a', { href: '#/quarantine' }, plural(total, 'row'))] : 'all rows; tick some to choose')));
}

const replayed = answer => answer.stillBad === 0
  ? `${plural(answer.accepted, 'row')} went through.`
  : `${plural(answer.accepted, 'row')} went through, ${count(answer.stillBad)} still ${answer.stillBad === 1 ? 'is' : 'are'} bad: the list says why.`;

// Turns the buttons into the question or back, and keeps the focus where the person is.
async function turn(event, change, target, refresh) {
  const section = event.currentTarget.closest('section');
  change();
  await refresh();
  section.querySelector(`.buttons ${target}`)?.focus();
}

// Asks about exactly the rows that were shown when Drop was pressed.
function confirmation(useCase, send, refresh) {
  const ids = asked.get(useCase);
  const done = () => asked.delete(useCase), keep = event => turn(event, done, '.drop', refresh);
  return h('div', { class: 'body buttons confirm', 'data-key': 'confirm', role: 'group', 'aria-label': 'Confirm', onkeydown: event => { if (event.key === 'Escape') keep(event); } },
    h('strong', {}, `Drop ${plural(ids.length, 'row')} for good?`),
    h('button', { type: 'button', class: 'safe', onclick: keep }, 'Keep'),
    h('button', { type: 'button', class: 'danger', onclick: action(async () => { done(); return `${plural((await send('drop', ids)).dropped, 'row')} dropped.`; }, refresh) }, 'Drop'));
}
