import { h, svg } from './dom.js';

export function sparkline(values, label) {
  if (values.length < 2) return h('div', { class: 'sub' }, 'collecting …');
  const top = Math.max(...values, 1e-9) * 1.1, width = 100, height = 40;
  const points = values.map((v, i) => [i * width / (values.length - 1), height - v / top * height]);
  const line = 'M' + points.map(([x, y]) => x.toFixed(2) + ' ' + y.toFixed(2)).join('L');
  return svg('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    svg('path', { class: 'area', d: `${line}L${width} ${height}L0 ${height}Z` }), svg('path', { class: 'line', d: line }));
}

// PSI against its calibrated threshold: the mark is the threshold.
export function meter(value, threshold) {
  const top = Math.max(value, threshold) * 1.25 || 1;
  return h('div', { class: value > threshold ? 'meter over' : 'meter', title: `PSI ${value.toFixed(4)}, threshold ${threshold.toFixed(4)}` },
    h('i', { style: `width:${Math.min(100, value / top * 100)}%` }), h('b', { style: `left:${Math.min(99, threshold / top * 100)}%` }));
}

export function bins(list) {
  const top = Math.max(...list.flatMap(b => [b.reference, b.current]), 1e-9);
  const percent = share => (share * 100).toFixed(1) + ' %';
  return h('div', { class: 'bins' }, list.map(b => h('span', { title: `${b.label}: training ${percent(b.reference)}, now ${percent(b.current)}` },
    h('i', { class: 'ref', style: `height:${b.reference / top * 100}%` }), h('i', { class: 'cur', style: `height:${b.current / top * 100}%` }))));
}
