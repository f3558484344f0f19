import { get, name } from './api.js';
import { empty, h, panel, pill, table } from './dom.js';
import { since } from './format.js';
import { visible } from './text.js';

const useCase = { title: 'Use case', wrap: true, cell: a => h('a', { href: '#/usecases/' + name(a.useCase) }, a.useCase) };
const watch = { title: 'Watch', wrap: true, cell: a => h('code', {}, a.watch) };
const message = { title: 'What', wrap: true, cell: a => visible(a.message) };
const key = a => String(a.id);

export const firing = (list, withUseCase = true) => panel('firing', 'Firing now',
  table('Alerts firing now', [{ title: 'Since', cell: a => since(a.startedAt) }, withUseCase && useCase, watch, message].filter(Boolean), list, { key, cards: true }));

export async function alerts() {
  const list = await get('alerts?limit=200');
  return [h('h1', { class: 'title' }, 'Alerts'), panel('alerts', 'Firing and past', list.length === 0
    ? empty('No alert has fired. A use case says under “monitor” what it watches.')
    : table('Alerts', [
      { title: 'State', cell: a => a.endedAt ? pill('over') : pill('firing', 'bad') },
      { title: 'Since', cell: a => since(a.startedAt) },
      { title: 'Ended', cell: a => since(a.endedAt) },
      useCase, watch, message,
    ], list, { key, cards: true }))];
}
