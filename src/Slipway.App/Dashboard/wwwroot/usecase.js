import { get, name, post } from './api.js';
import { firing } from './alerts.js';
import { chart } from './charts.js';
import { clamp, empty, h, panel, pill, table, tile } from './dom.js';
import { drift, otherAlerts } from './drift.js';
import { clock, count, milliseconds, number, plural, since, tone } from './format.js';
import { quarantineRows } from './quarantine.js';
import { visible } from './text.js';
import { action } from './toast.js';

const SHOWN = 8, OUTPUTS = 6, HELD = 10;

export async function useCase({ state, argument, refresh }) {
  const [detail, held] = await Promise.all([get('usecases/' + name(argument)), get(`usecases/${name(argument)}/quarantine?limit=${HELD}`)]);
  const use = detail.status, history = detail.history, paused = use.state === 'paused';
  const alerts = state.alerts.filter(a => a.useCase === use.name), others = otherAlerts(alerts, detail.monitor?.drift);
  return [
    head(use, paused, refresh),
    use.reason && h('p', { id: 'reason', class: use.state === 'failing' ? 'notice bad' : 'notice' }, visible(use.reason)),
    h('div', { class: 'tiles', id: 'tiles' },
      tile('Rows, last minute', count(use.usage?.rows ?? 0), { note: `${count(use.rowsRead)} since the start` }),
      tile('p50, last minute', milliseconds(use.usage?.calls ? use.usage.p50Ms : null), { note: `p99 ${milliseconds(use.usage?.calls ? use.usage.p99Ms : null)}` }),
      tile('Errors, last minute', String(use.usage?.errors ?? 0), { tone: use.usage?.errors > 0 && 'bad' }),
      driftTile(use.drift),
      tile('In quarantine', count(use.quarantined), { tone: use.quarantined > 0 && 'warn' }),
      tile('Samples kept', count(use.samples))),
    others.length > 0 && firing(others, false),
    h('div', { class: 'columns', id: 'columns' },
      h('div', {}, livePredictions(detail.predictions), drift(detail.monitor?.drift, alerts)),
      h('div', {},
        panel('rate', 'Rows a minute', history ? chart(history.rows.map(r => r * 60 / history.sliceSeconds), v => v === null ? '–' : count(Math.round(v)), history.sliceSeconds, 'Rows a minute') : empty('Not running.')),
        panel('latency', 'Latency p99', history ? chart(history.p99Ms, milliseconds, history.sliceSeconds, 'Latency p99') : empty('Not running.')),
        watches(detail.monitor), runs(detail.runs))),
    panel('quarantine', 'Quarantine', held.length === 0 ? empty('No row is in quarantine.') : quarantineRows(use.name, held, use.quarantined, refresh)),
    h('section', { class: 'panel', id: 'file' }, h('details', { id: 'yaml' },
      h('summary', {}, h('h2', {}, 'Use case file'), h('span', { class: 'sub' }, `revision ${use.revision}, applied by ${use.appliedBy} `, since(use.appliedAt))),
      h('div', { class: 'body' }, h('pre', {}, detail.yaml)))),
  ].filter(Boolean);
}

function head(use, paused, refresh) {
  const ask = (verb, said) => action(async () => { await post(`usecases/${name(use.name)}/${verb}`); return said; }, refresh);
  return h('div', { class: 'title', id: 'title' },
    h('h1', {}, use.name), h('span', { id: 'state' }, pill(use.state, tone(use.state))),
    h('span', { class: 'sub' }, `${use.trigger}, model `, h('a', { href: '#/models/' + name(use.model.split(/[@/]/)[0]) }, use.model), use.version ? `, version ${use.version}` : '',
      use.lastRun && [', last run ', since(use.lastRun)]),
    h('span', { class: 'grow' }),
    h('span', { class: 'buttons' },
      use.trigger !== 'on request' && !paused && h('button', { type: 'button', id: 'run', onclick: ask('run', `${use.name} ran.`) }, 'Run now'),
      paused ? h('button', { type: 'button', id: 'pause', class: 'primary', onclick: ask('resume', `${use.name} goes on.`) }, 'Resume')
        : h('button', { type: 'button', id: 'pause', onclick: ask('pause', `${use.name} is paused: no row is taken until it is resumed.`) }, 'Pause')));
}

function driftTile(summary) {
  if (!summary) return tile('Drift', '–', { note: 'no drift monitor' });
  if (summary.state === 'collecting') return tile('Drift', '…', { note: 'collecting rows' });
  return tile('Drift', summary.drifted === 0 ? 'none' : String(summary.drifted), { unit: summary.drifted > 0 && `of ${plural(summary.columns, 'column')}`, tone: summary.drifted > 0 && 'bad', note: summary.worst && `most: ${summary.worst}` });
}

function livePredictions(predictions) {
  const rows = predictions.slice(0, SHOWN);
  if (rows.length === 0) return panel('live', 'Live predictions', empty('No prediction yet.'));
  const keys = Object.keys(rows[0].row), outputs = Object.keys(rows[0].prediction), more = outputs.length - OUTPUTS;
  const times = new Map();
  const id = p => p.time + JSON.stringify(p.row);
  const keyed = rows.toReversed().map(p => {
    times.set(id(p), (times.get(id(p)) ?? 0) + 1);
    return { ...p, key: id(p) + times.get(id(p)) };
  }).toReversed();
  return panel('live', 'Live predictions', table('Live predictions', [
    { title: 'Time', cell: p => clock(p.time) },
    ...keys.map(c => ({ title: c, num: typeof rows[0].row[c] === 'number', cell: p => typeof p.row[c] === 'number' ? number(p.row[c]) : h('span', { class: 'line', title: p.row[c] }, number(p.row[c])) })),
    ...outputs.slice(0, OUTPUTS).map(c => ({ title: c, num: true, cell: p => h('strong', {}, number(p.prediction[c])) })),
  ], keyed, { key: p => p.key, flash: true }), more > 0 && h('span', { class: 'sub' }, `and ${plural(more, 'more output')}`));
}

function watches(monitor) {
  if (!monitor || monitor.watches.length === 0) return panel('watches', 'Watches', empty('No watch is set.'));
  return panel('watches', 'Watches', table('Watches', [
    { title: 'Watch', wrap: true, cell: w => [h('code', {}, w.watch), clamp(w.state === 'held' ? null : w.text, 'sub')] },
    { title: 'State', cell: w => pill(w.state, tone(w.state), w.text) },
  ], monitor.watches));
}

function runs(list) {
  if (list.length === 0) return panel('runs', 'Runs', empty('No run yet.'));
  return panel('runs', 'Runs', table('Runs', [
    { title: 'Started', cell: r => since(r.startedAt) },
    { title: 'State', wrap: true, cell: r => [pill(r.state, tone(r.state)), clamp(r.error, 'error')] },
    { title: 'Took', num: true, cell: r => r.endedAt ? milliseconds(new Date(r.endedAt) - new Date(r.startedAt)) : '–' },
    { title: 'Rows', num: true, cell: r => count(r.rowsRead) },
    { title: 'Bad', num: true, cell: r => r.rowsBad ? pill(count(r.rowsBad), 'warn') : '0' },
  ], list.slice(0, 8), { key: r => String(r.id) }));
}
