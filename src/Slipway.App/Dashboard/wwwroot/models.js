import { get, name } from './api.js';
import { empty, h, panel, table } from './dom.js';
import { ago, bytes, count, milliseconds, tone } from './format.js';

const aliasTags = aliases => Object.entries(aliases).map(([alias, version]) => h('span', { class: 'tag' }, `${alias} → ${version}`));

export function models({ state }) {
  return panel('Models', state.models.length === 0
    ? empty('No model is registered yet.', './slipway push NAME PATH --alias champion')
    : table([
      { title: 'Name', cell: m => h('a', { href: '#/models/' + name(m.name) }, h('strong', {}, m.name)) },
      { title: 'State', cell: m => [h('span', { class: 'pill ' + tone(m.state) }, m.state), m.reason && h('div', { class: 'error' }, m.reason)] },
      { title: 'Newest', num: true, cell: m => m.latestVersion },
      { title: 'Aliases', cell: m => aliasTags(m.aliases) },
      { title: 'Runtime', cell: m => m.versions[0]?.runtime },
      { title: 'Format', cell: m => m.versions[0]?.format },
      { title: 'Registered', cell: m => h('span', { class: 'sub' }, ago(m.versions[0]?.createdAt, state.now)) },
    ], state.models));
}

export async function model({ state, argument }) {
  const [detail, history] = await Promise.all([get('models/' + name(argument)), get(`models/${name(argument)}/history`)]);
  const newest = detail.versions[0];
  const shape = t => h('li', {}, h('strong', {}, t.name), ' ', h('code', {}, `${t.type}[${t.shape.map(d => d < 0 ? 'any' : d).join(', ')}]`), t.optional && ' may be missing',
    t.columns.length > 0 && h('div', { class: 'sub' }, t.columns.join(', ')));
  return [
    h('div', { class: 'title' }, h('h1', {}, detail.name), h('span', { class: 'pill ' + tone(detail.state) }, detail.state), aliasTags(detail.aliases)),
    detail.reason && h('p', { class: 'error' }, detail.reason),
    panel('Versions', table([
      { title: 'Version', num: true, cell: v => h('strong', {}, v.version) },
      { title: 'State', cell: v => [h('span', { class: 'pill ' + tone(v.state) }, v.state), v.reason && h('div', { class: 'error' }, v.reason)] },
      { title: 'Parity', cell: v => v.parity.rows === 0 ? h('span', { class: 'sub' }, 'no recorded rows') : `${count(v.parity.rows)} rows, worst ${v.parity.maxAbsolute === 0 ? 'exact' : v.parity.maxAbsolute.toExponential(1)}` },
      { title: 'Runtime', cell: v => `${v.runtime} (${v.format})` },
      { title: 'Size', num: true, cell: v => bytes(v.size) },
      { title: 'Calls/min', num: true, cell: v => count(v.usage?.calls ?? 0) },
      { title: 'p99', num: true, cell: v => milliseconds(v.usage?.calls ? v.usage.p99Ms : null) },
      { title: 'Registered', cell: v => h('span', { class: 'sub', title: v.digest }, `${ago(v.createdAt, state.now)} by ${v.createdBy}`) },
    ], detail.versions)),
    h('div', { class: 'columns' },
      panel('Alias history', history.length === 0 ? empty('No alias has moved yet.') : table([
        { title: 'When', cell: c => ago(c.when, state.now) },
        { title: 'Alias', cell: c => c.alias },
        { title: 'Move', cell: c => `${c.from ?? '–'} → ${c.to ?? 'removed'}` },
        { title: 'Who', cell: c => c.who },
        { title: 'Why', wrap: true, cell: c => c.why ?? '' },
      ], history)),
      panel('Signature', h('div', { class: 'body' }, h('h2', {}, 'Inputs'), h('ul', {}, newest.inputs.map(shape)), h('h2', {}, 'Outputs'), h('ul', {}, newest.outputs.map(shape)),
        h('h2', {}, 'Lineage'), h('ul', {}, Object.entries(newest.lineage).filter(([, v]) => v).map(([k, v]) => h('li', {}, h('strong', {}, k), ': ', v)))))),
  ].filter(Boolean);
}
