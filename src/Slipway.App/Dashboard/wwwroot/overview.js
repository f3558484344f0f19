import { name } from './api.js';
import { sparkline } from './charts.js';
import { firing } from './alerts.js';
import { clamp, empty, h, panel, pill, table, tile } from './dom.js';
import { count, milliseconds, number, plural, since, tone } from './format.js';

const titles = { ok: 'All is well', attention: 'Needs attention', failing: 'Something is failing', empty: 'Nothing is deployed yet' };
const marks = { ok: '✓', attention: '!', failing: '✕', empty: '–' };
const REASONS = 6, MANY = 8;

let filter = '';

export function overview({ state, refresh }) {
  const usage = state.useCases.map(u => u.usage).filter(Boolean);
  const active = state.useCases.filter(u => u.state === 'running' || u.state === 'idle').length;
  return [
    health(state),
    h('div', { class: 'tiles', id: 'tiles' },
      tile('Use cases active', String(active), { unit: `of ${state.useCases.length}`, tone: active < state.useCases.length && 'warn' }),
      tile('Predictions, last minute', count(usage.reduce((sum, u) => sum + u.rows, 0))),
      tile('Slowest p99, last minute', milliseconds(usage.some(u => u.calls) ? Math.max(...usage.map(u => u.p99Ms)) : null)),
      tile('Alerts firing', String(state.alerts.length), { tone: state.alerts.length > 0 && 'bad' }),
      tile('Rows in quarantine', count(state.quarantined), { tone: state.quarantined > 0 && 'warn' })),
    useCases(state, refresh),
    state.alerts.length > 0 && firing(state.alerts),
  ].filter(Boolean);
}

function health(state) {
  const more = state.reasons.length - REASONS;
  return h('section', { class: 'health', id: 'health', 'data-health': state.health, role: 'status' },
    h('div', { class: 'lamp', 'aria-hidden': 'true' }, marks[state.health]),
    h('div', {}, h('h1', {}, titles[state.health]),
      state.reasons.length > 0
        ? h('ul', {}, state.reasons.slice(0, REASONS).map(r => h('li', {}, clamp(r))), more > 0 && h('li', {}, `and ${count(more)} more`))
        : h('p', {}, state.health === 'empty' ? 'Push a model, then apply a use case.'
          : `${plural(state.useCases.length, 'use case')}, ${plural(state.models, 'model')}, no alert. Up since ${new Date(state.startedAt).toLocaleString()}.`)));
}

// What needs a person comes first.
const trouble = u => u.state === 'failing' ? 0 : u.firingAlerts > 0 ? 1 : u.state === 'waiting' ? 2 : u.state === 'paused' ? 4 : 3;

function useCases(state, refresh) {
  if (state.useCases.length === 0) {
    return panel('usecases', 'Use cases', state.models === 0
      ? empty('Register a model; then deploy a use case, and it shows up here within two seconds.', './slipway push machine-failure examples/machine-failure/package --alias champion\n./slipway apply examples/machine-failure/use-case.yaml')
      : empty(`${plural(state.models, 'model')} registered, but no use case runs yet.`, './slipway apply examples/machine-failure/use-case.yaml'));
  }
  const many = state.useCases.length > MANY;
  const shown = state.useCases.filter(u => !many || u.name.includes(filter.toLowerCase())).sort((a, b) => trouble(a) - trouble(b));
  const search = many && h('input', {
    type: 'search', placeholder: 'Filter by name', 'aria-label': 'Filter use cases by name', value: filter,
    oninput: event => { filter = event.target.value; refresh(); },
  });
  return panel('usecases', 'Use cases', shown.length === 0 ? empty(`No use case has “${filter}” in its name.`) : table('Use cases', [
    { title: 'Use case', wrap: true, cell: u => [h('a', { class: 'name', href: '#/usecases/' + name(u.name) }, u.name), h('div', { class: 'sub' }, `${u.trigger} · ${u.model}${u.version ? ` → ${u.version}` : ''}`)] },
    { title: 'State', cell: u => [pill(u.state, tone(u.state)), clamp(u.reason, u.state === 'failing' ? 'error reason' : 'sub reason')] },
    { title: 'Latest prediction', cell: u => u.latest ? [h('strong', {}, clamp(outputs(u.latest.prediction))), since(u.latest.time)] : h('span', { class: 'sub' }, 'none yet') },
    { title: 'Drift', cell: u => drift(u.drift) },
    { title: 'Last 5 minutes', wide: true, cell: u => sparkline(u.activity ?? [], `rows of ${u.name} in the last five minutes`) },
    { title: 'Rows/min', num: true, cell: u => count(u.usage?.rows ?? 0) },
    { title: 'p99', num: true, wide: true, cell: u => milliseconds(u.usage?.calls ? u.usage.p99Ms : null) },
    { title: 'Alerts', num: true, cell: u => u.firingAlerts ? pill(u.firingAlerts, 'bad') : '0' },
    { title: 'Quarantine', num: true, cell: u => u.quarantined ? pill(count(u.quarantined), 'warn') : '0' },
  ], shown, { key: u => u.name, cards: true }), search);
}

function outputs(prediction) {
  const all = Object.entries(prediction);
  return all.slice(0, 2).map(([output, value]) => all.length === 1 ? number(value) : `${output} ${number(value)}`).join(', ') + (all.length > 2 ? `, +${all.length - 2}` : '');
}

function drift(summary) {
  if (!summary) return h('span', { class: 'sub' }, '–');
  if (summary.state !== 'drifted') return pill(summary.state, tone(summary.state));
  return [pill(`${summary.drifted} of ${summary.columns} columns`, 'bad'), clamp(`most: ${summary.worst}`, 'sub')];
}
