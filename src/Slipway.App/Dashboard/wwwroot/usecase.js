import { get, name, post } from './api.js';
import { bins, meter, sparkline } from './charts.js';
import { empty, h, panel, table, tile } from './dom.js';
import { ago, clock, count, milliseconds, number, tone } from './format.js';
import { quarantineTable } from './alerts.js';

export async function useCase({ state, memory, argument, refresh }) {
  const [detail, bad] = await Promise.all([get('usecases/' + name(argument)), get(`usecases/${name(argument)}/quarantine?limit=50`)]);
  const use = detail.status;
  const act = verb => async event => {
    event.target.disabled = true;
    try { await post(`usecases/${name(use.name)}/${verb}`); } catch (error) { alert(error.message); }
    refresh();
  };
  return [
    h('div', { class: 'title' }, h('h1', {}, use.name), h('span', { class: 'pill ' + tone(use.state) }, use.state),
      h('span', { class: 'sub' }, `revision ${use.revision}, ${use.trigger}, model `, h('a', { href: '#/models/' + name(use.model.split(/[@/]/)[0]) }, use.model), use.version ? ` (version ${use.version})` : ''),
      h('span', { class: 'grow' }),
      use.trigger !== 'on-request' && h('button', { type: 'button', onclick: act('run') }, 'Run now'),
      h('button', { type: 'button', onclick: act(use.state === 'paused' ? 'resume' : 'pause') }, use.state === 'paused' ? 'Resume' : 'Pause')),
    use.reason && h('p', { class: use.state === 'failing' ? 'error' : 'sub' }, use.reason),
    h('div', { class: 'tiles' },
      tile('Rows read', count(use.rowsRead)), tile('Acted on', count(use.rowsActed)), tile('In quarantine', count(use.quarantined), '', use.quarantined > 0),
      tile('Samples kept', count(use.samples)),
      tile('Latency p50 / p99', use.usage?.calls ? `${milliseconds(use.usage.p50Ms)} / ${milliseconds(use.usage.p99Ms)}` : '–'),
      tile('Errors, last minute', use.usage?.errors ?? 0, '', use.usage?.errors > 0)),
    h('div', { class: 'columns' },
      h('div', {}, livePredictions(detail, memory), drift(detail.monitor?.drift)),
      h('div', {},
        panel('Rows a minute', h('div', { class: 'body' }, sparkline(memory.rates.get(use.name) ?? [], 'rows a minute'))),
        panel('Latency p99', h('div', { class: 'body' }, sparkline(memory.latencies.get(use.name) ?? [], 'latency p99'))),
        watches(detail.monitor), runs(detail.runs, state.now))),
    panel('Quarantine', bad.length === 0 ? empty('No row is in quarantine.') : quarantineTable(bad, refresh)),
    panel('Use case file', h('div', { class: 'body' }, h('pre', {}, detail.yaml))),
  ].filter(Boolean);
}

function livePredictions(detail, memory) {
  const rows = detail.predictions.slice(0, 12);
  if (rows.length === 0) return panel('Live predictions', empty('No prediction yet.'));
  const key = p => p.time + JSON.stringify(p.row);
  const seen = memory.seen.get(detail.status.name);
  const fresh = p => seen !== undefined && !seen.has(key(p));
  const inputs = Object.keys(rows[0].row).slice(0, 5), outputs = Object.keys(rows[0].prediction);
  const content = table([
    { title: 'Time', cell: p => clock(p.time) },
    ...inputs.map(c => ({ title: c, num: typeof rows[0].row[c] === 'number', cell: p => number(p.row[c]) })),
    ...outputs.map(c => ({ title: c, num: true, cell: p => h('strong', {}, number(p.prediction[c])) })),
  ], rows, { fresh });
  memory.seen.set(detail.status.name, new Set(detail.predictions.map(key)));
  content.id = 'predictions';
  return panel('Live predictions', content);
}

function drift(report) {
  if (!report) return panel('Drift', empty('No drift monitor, or nothing measured yet.'));
  const legend = h('span', { class: 'legend' }, h('span', {}, h('i', { style: 'background:var(--ref)' }), 'training'), h('span', {}, h('i', { style: 'background:var(--cur)' }), 'now'));
  const columns = [...report.columns].sort((a, b) => b.psi / b.threshold - a.psi / a.threshold);
  return panel('Drift',
    columns.length === 0 ? empty(report.note ?? 'Nothing measured yet.') : h('div', { id: 'drift' }, table([
      { title: 'Column', cell: c => c.column },
      { title: 'State', cell: c => h('span', { class: 'pill ' + (c.drifted ? 'bad' : 'ok') }, c.drifted ? 'drifted' : 'steady') },
      { title: 'PSI', num: true, cell: c => c.psi.toFixed(3) },
      { title: 'against threshold', cell: c => meter(c.psi, c.threshold) },
      { title: 'Shares', cell: c => bins(c.bins) },
    ], columns), h('div', { class: 'body sub' }, `${count(report.current)} rows of the last ${report.window} against ${count(report.reference)} training rows. ${report.note ?? ''}`)),
    legend);
}

function watches(monitor) {
  if (!monitor || monitor.watches.length === 0) return panel('Watches', empty('No watch is set.'));
  return panel('Watches', table([
    { title: 'Watch', wrap: true, cell: w => h('code', {}, w.watch) },
    { title: 'State', cell: w => h('span', { class: 'pill ' + tone(w.state), title: w.text }, w.state) },
  ], monitor.watches));
}

function runs(list, now) {
  if (list.length === 0) return panel('Runs', empty('No run yet.'));
  return panel('Runs', table([
    { title: 'Started', cell: r => h('span', { title: r.error }, ago(r.startedAt, now)) },
    { title: 'State', cell: r => h('span', { class: 'pill ' + tone(r.state) }, r.state) },
    { title: 'Rows', num: true, cell: r => count(r.rowsRead) },
    { title: 'Bad', num: true, cell: r => count(r.rowsBad) },
  ], list.slice(0, 8)));
}
