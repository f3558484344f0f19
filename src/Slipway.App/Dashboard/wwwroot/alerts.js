import { get, name, post } from './api.js';
import { empty, h, panel, table } from './dom.js';
import { ago, clock } from './format.js';

export async function alerts({ state }) {
  const list = await get('alerts?limit=200');
  return panel('Alerts', list.length === 0 ? empty('No alert has fired.') : table([
    { title: 'State', cell: a => h('span', { class: 'pill ' + (a.endedAt ? '' : 'bad') }, a.endedAt ? 'over' : 'firing') },
    { title: 'Since', cell: a => h('span', { title: a.startedAt }, ago(a.startedAt, state.now)) },
    { title: 'Ended', cell: a => a.endedAt ? ago(a.endedAt, state.now) : '' },
    { title: 'Use case', cell: a => h('a', { href: '#/usecases/' + name(a.useCase) }, a.useCase) },
    { title: 'Watch', cell: a => h('code', {}, a.watch) },
    { title: 'What', wrap: true, cell: a => a.message },
  ], list));
}

export async function quarantine({ state, refresh }) {
  const held = state.useCases.filter(u => u.quarantined > 0);
  if (held.length === 0) return panel('Quarantine', empty('No row is in quarantine. Rows that cannot be read, prepared or scored are kept here with their reason.'));
  return Promise.all(held.map(async u => panel(
    h('a', { href: '#/usecases/' + name(u.name) }, u.name), quarantineTable(await get(`usecases/${name(u.name)}/quarantine?limit=200`), refresh))));
}

export function quarantineTable(rows, refresh) {
  const useCase = rows[0].useCase, ids = rows.map(r => r.id);
  const act = verb => async event => {
    if (verb === 'drop' && !confirm(`Drop ${ids.length} rows for good?`)) return;
    event.target.disabled = true;
    try {
      const answer = await post(`usecases/${name(useCase)}/quarantine/${verb}`, { ids });
      if (verb === 'replay' && answer.stillBad > 0) alert(`${answer.accepted} accepted, ${answer.stillBad} still bad: their new reasons are in the list.`);
    } catch (error) { alert(error.message); }
    refresh();
  };
  return h('div', {},
    table([
      { title: 'When', cell: r => h('span', { title: r.time }, clock(r.time)) },
      { title: 'Stage', cell: r => h('code', {}, r.stage) },
      { title: 'Reason', wrap: true, cell: r => r.reason },
      { title: 'Row', wrap: true, cell: r => h('code', {}, r.raw.length > 200 ? r.raw.slice(0, 200) + '…' : r.raw) },
    ], rows),
    h('div', { class: 'body', style: 'padding:12px 18px;display:flex;gap:8px' },
      h('button', { type: 'button', onclick: act('replay') }, `Replay ${ids.length}`), h('button', { type: 'button', onclick: act('drop') }, 'Drop')));
}
