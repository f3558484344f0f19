import { name } from './api.js';
import { sparkline } from './charts.js';
import { empty, h, panel, table, tile } from './dom.js';
import { ago, count, milliseconds, tone } from './format.js';

const titles = { ok: 'All is well', attention: 'Needs attention', failing: 'Something is failing', empty: 'Nothing is deployed yet' };
const marks = { ok: '✓', attention: '!', failing: '✕', empty: '–' };

export function overview({ state, memory }) {
  const usage = state.useCases.map(u => u.usage).filter(Boolean);
  return [
    health(state),
    h('div', { class: 'tiles' },
      tile('Use cases running', `${state.useCases.filter(u => u.state === 'running' || u.state === 'idle').length}`, `of ${state.useCases.length}`),
      tile('Predictions, last minute', count(usage.reduce((sum, u) => sum + u.rows, 0))),
      tile('Slowest p99', usage.length ? milliseconds(Math.max(...usage.map(u => u.p99Ms))) : '–'),
      tile('Alerts firing', state.alerts.length, '', state.alerts.length > 0),
      tile('Rows in quarantine', count(state.quarantined), '', state.quarantined > 0)),
    panel('Use cases', state.useCases.length === 0
      ? empty('Deploy one and it shows up here within a second.', './slipway apply examples/machine-failure/use-case.yaml')
      : table([
        { title: 'Name', cell: u => h('a', { href: '#/usecases/' + name(u.name) }, h('strong', {}, u.name)) },
        { title: 'State', cell: u => [h('span', { class: 'pill ' + tone(u.state) }, u.state), u.reason && h('div', { class: 'sub' }, u.reason)] },
        { title: 'Runs', cell: u => h('span', { class: 'sub' }, u.trigger) },
        { title: 'Model', cell: u => h('a', { href: '#/models/' + name(u.model.split(/[@/]/)[0]) }, u.model, u.version ? ` → ${u.version}` : '') },
        { title: 'Rows/min', num: true, cell: u => count(u.usage?.rows ?? 0) },
        { title: 'Last 3 minutes', cell: u => h('div', { style: 'min-width:120px' }, sparkline(memory.rates.get(u.name) ?? [], `rows a minute of ${u.name}`)) },
        { title: 'p99', num: true, cell: u => milliseconds(u.usage?.calls ? u.usage.p99Ms : null) },
        { title: 'Alerts', num: true, cell: u => u.firingAlerts ? h('span', { class: 'pill bad' }, u.firingAlerts) : '0' },
        { title: 'Last run', cell: u => h('span', { class: 'sub' }, ago(u.lastRun, state.now)) },
      ], state.useCases)),
    state.alerts.length > 0 && panel('Firing now', table([
      { title: 'Since', cell: a => ago(a.startedAt, state.now) },
      { title: 'Use case', cell: a => h('a', { href: '#/usecases/' + name(a.useCase) }, a.useCase) },
      { title: 'Watch', cell: a => h('code', {}, a.watch) },
      { title: 'What', wrap: true, cell: a => a.message },
    ], state.alerts)),
  ].filter(Boolean);
}

function health(state) {
  return h('section', { class: 'health ' + state.health, id: 'health', 'data-health': state.health },
    h('div', { class: 'lamp', 'aria-hidden': 'true' }, marks[state.health]),
    h('div', {}, h('h1', {}, titles[state.health]),
      state.reasons.length > 0 ? h('ul', {}, state.reasons.map(r => h('li', {}, r)))
        : h('p', {}, state.health === 'empty' ? 'Push a model, then apply a use case.' : `Up since ${new Date(state.startedAt).toLocaleString()}.`)));
}
