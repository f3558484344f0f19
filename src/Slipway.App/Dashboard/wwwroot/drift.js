import { bins, meter } from './charts.js';
import { empty, h, panel, pill, table } from './dom.js';
import { count, plural, since } from './format.js';

const FIRST = 12;

// The alert of a column that drifted is named after it.
const alertOf = (alerts, column) => alerts.find(a => a.watch === 'drift ' + column);

// Alerts that the drift table does not already show.
export const otherAlerts = (alerts, report) => alerts.filter(a => !report?.columns.some(c => alertOf([a], c.column)));

// How far each column has moved from training, the worst first, and since when its alert fires.
export function drift(report, alerts) {
  if (!report) return panel('drift', 'Drift', empty('No drift monitor, or nothing measured yet.'));
  if (report.columns.length === 0) return panel('drift', 'Drift', empty(report.note ?? 'Nothing measured yet.'));
  const columns = [...report.columns].sort((a, b) => b.psi / b.threshold - a.psi / a.threshold);
  const rest = columns.slice(FIRST);
  const legend = h('span', { class: 'legend' }, h('span', {}, h('i', { class: 'ref' }), 'training'), h('span', {}, h('i', { class: 'cur' }), 'now'));
  return panel('drift', 'Drift', h('div', {},
    h('p', { class: 'body sub' }, `${count(report.current)} rows of the last ${report.window} against ${count(report.reference)} of training. `
      + 'The population stability index (PSI) says how far a column has moved; above its threshold, the mark, it has drifted. '
      + `Thresholds follow from the numbers of rows: chance alone crosses one in ${Number((report.alarm * 100).toPrecision(2))} % of looks. ${report.note ?? ''}`),
    columnTable('Drift per column', columns.slice(0, FIRST), alerts),
    rest.length > 0 && h('details', { id: 'drift-rest' },
      h('summary', {}, `${plural(rest.length, 'more column')}, ${count(rest.filter(c => c.drifted).length)} of them drifted`), columnTable('Drift of the other columns', rest, alerts))), legend);
}

const firingSince = alert => alert && h('div', {}, since(alert.startedAt));

const columnTable = (label, columns, alerts) => table(label, [
  { title: 'Column', wrap: true, cell: c => c.column },
  { title: 'State', cell: c => [c.drifted ? pill('drifted', 'bad') : pill('steady', 'ok'), firingSince(alertOf(alerts, c.column))] },
  { title: 'PSI', num: true, cell: c => [h('strong', {}, c.psi.toFixed(3)), h('span', { class: 'sub' }, ` of ${c.threshold.toFixed(3)}`)] },
  { title: 'Against threshold', cell: c => meter(c.psi, c.threshold) },
  { title: 'Shares', cell: c => bins(c.bins, c.column) },
], columns, { key: c => c.column, cards: true });
