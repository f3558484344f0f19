import { get, name } from './api.js';
import { clamp, empty, h, panel, pill, table } from './dom.js';
import { bytes, count, milliseconds, plural, since, tone } from './format.js';
import { visible } from './text.js';

const FEW = 12;

const aliasTags = aliases => Object.entries(aliases).map(([alias, version]) => h('span', { class: 'tag' }, `${alias} → ${version}`));

export async function models() {
  const list = await get('models');
  return [h('h1', { class: 'title' }, 'Models'), panel('models', 'Registered', list.length === 0
    ? empty('No model is registered yet.', './slipway push NAME PATH --alias champion')
    : table('Models', [
      { title: 'Name', wrap: true, cell: m => h('a', { class: 'name', href: '#/models/' + name(m.name) }, m.name) },
      { title: 'State', cell: m => [pill(m.state, tone(m.state)), clamp(m.reason, 'error')] },
      { title: 'Newest', num: true, cell: m => String(m.latestVersion) },
      { title: 'Aliases', wrap: true, cell: m => aliasTags(m.aliases) },
      { title: 'Runtime', cell: m => m.versions[0].runtime },
      { title: 'Format', cell: m => m.versions[0].format },
      { title: 'Calls/min', num: true, cell: m => count(m.versions.reduce((sum, v) => sum + (v.usage?.calls ?? 0), 0)) },
      { title: 'Registered', cell: m => since(m.versions[0].createdAt) },
    ], list, { key: m => m.name, cards: true }))];
}

export async function model({ argument }) {
  const [detail, history] = await Promise.all([get('models/' + name(argument)), get(`models/${name(argument)}/history`)]);
  return [
    h('div', { class: 'title', id: 'title' }, h('h1', {}, detail.name), pill(detail.state, tone(detail.state)), aliasTags(detail.aliases)),
    detail.reason && h('p', { id: 'reason', class: 'notice bad' }, visible(detail.reason)),
    panel('versions', 'Versions', table('Versions', [
      { title: 'Version', num: true, cell: v => h('strong', {}, v.version) },
      { title: 'State', cell: v => [pill(v.state, tone(v.state)), clamp(v.reason, 'error')] },
      { title: 'Parity with the lab', cell: v => parity(v.parity) },
      { title: 'Runtime', cell: v => `${v.runtime} (${v.format})` },
      { title: 'Size', num: true, cell: v => bytes(v.size) },
      { title: 'Calls/min', num: true, cell: v => count(v.usage?.calls ?? 0) },
      { title: 'p99', num: true, cell: v => milliseconds(v.usage?.calls ? v.usage.p99Ms : null) },
      { title: 'Registered', wrap: true, cell: v => h('span', { class: 'sub', title: v.digest }, since(v.createdAt), ` by ${v.createdBy}`) },
    ], detail.versions, { key: v => String(v.version), cards: true })),
    h('div', { class: 'columns', id: 'columns' },
      panel('history', 'Alias history', history.length === 0 ? empty('No alias has moved yet.') : table('Alias history', [
        { title: 'When', cell: c => since(c.when) },
        { title: 'Alias', wrap: true, cell: c => c.alias },
        { title: 'Move', cell: c => `${c.from ?? '–'} → ${c.to ?? 'removed'}` },
        { title: 'Who', wrap: true, cell: c => visible(c.who) },
        { title: 'Why', wrap: true, cell: c => visible(c.why ?? '') },
      ], history)),
      signature(detail.versions[0])),
  ].filter(Boolean);
}

function parity(report) {
  if (report.rows === 0) return h('span', { class: 'sub' }, 'no recorded rows');
  if (!report.passed) return [pill('differs', 'bad'), clamp(report.reason, 'error')];
  return `${plural(report.rows, 'row')}, ${report.maxAbsolute === 0 ? 'exact' : 'worst ' + report.maxAbsolute.toExponential(1)}`;
}

function signature(newest) {
  const tensors = (title, list) => [h('h3', {}, title), h('ul', {}, list.map(tensor))];
  const lineage = Object.entries(newest.lineage).filter(([, value]) => value);
  return panel('signature', `Signature of version ${newest.version}`, h('div', { class: 'body' },
    tensors('Inputs', newest.inputs), tensors('Outputs', newest.outputs),
    lineage.length > 0 && [h('h3', {}, 'Lineage'), h('dl', {}, lineage.map(([key, value]) => [h('dt', {}, key), h('dd', {}, visible(value))]))]));
}

function tensor(t) {
  const columns = t.columns.length === 0 ? null : h('div', { class: 'names' }, t.columns.map(c => h('code', { class: 'tag' }, c)));
  return h('li', {}, h('strong', {}, t.name), ' ', h('code', {}, `${t.type}[${t.shape.map(d => d < 0 ? 'any' : d).join(', ')}]`), t.optional && h('span', { class: 'sub' }, ' may be missing'),
    t.columns.length > FEW ? h('details', { id: 'columns-of-' + t.name }, h('summary', {}, plural(t.columns.length, 'column')), columns) : columns);
}
