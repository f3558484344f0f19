import { h, svg } from './dom.js';

const WIDTH = 100, HEIGHT = 40, SLOTS = 60;

// The line of the last slices, the newest at the right edge; null leaves a gap.
function line(values, top, label) {
  const x = i => (SLOTS - values.length + i) * WIDTH / (SLOTS - 1), y = v => HEIGHT - v / top * HEIGHT;
  const stretches = [];
  values.forEach((v, i) => {
    if (v === null) return;
    if (i === 0 || values[i - 1] === null) stretches.push([]);
    stretches.at(-1).push([x(i).toFixed(2), y(v).toFixed(2)]);
  });
  const path = points => 'M' + points.map(p => p.join(' ')).join('L') + (points.length === 1 ? 'h.01' : '');
  return svg('svg', { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    svg('path', { class: 'area', d: stretches.map(p => `${path(p)}L${p.at(-1)[0]} ${HEIGHT}L${p[0][0]} ${HEIGHT}Z`).join('') }),
    svg('path', { class: 'line', d: stretches.map(path).join('') }));
}

const highest = values => Math.max(0, ...values.filter(v => v !== null));

export function sparkline(values, label) {
  return h('div', { class: 'mini' }, line(values, highest(values) * 1.05 || 1, label));
}

// A chart with its axis: what is now, what was highest, over which time.
export function chart(values, format, seconds, what) {
  const top = niceAbove(highest(values)), now = values.at(-1) ?? null, minutes = Math.round(SLOTS * seconds / 60);
  const text = `${what}: now ${format(now)}, highest ${format(highest(values))} in ${minutes} minutes`;
  return h('div', { class: 'chart' },
    h('div', { class: 'figures' }, h('strong', {}, format(now)), h('span', { class: 'sub' }, `highest ${format(highest(values))}`)),
    h('div', { class: 'plot' }, h('span', { class: 'axis top' }, format(top)), h('span', { class: 'axis zero' }, '0'), line(values, top, text)),
    h('div', { class: 'figures axis' }, h('span', {}, `${minutes} min ago`), h('span', {}, 'now')));
}

function niceAbove(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find(step => step * power >= value) * power;
}

// PSI against its calibrated threshold: the mark is the threshold.
export function meter(value, threshold) {
  const top = Math.max(value, threshold) * 1.25 || 1;
  const text = `PSI ${value.toFixed(3)}, threshold ${threshold.toFixed(3)}`;
  return h('div', { class: value > threshold ? 'meter over' : 'meter', title: text, role: 'img', 'aria-label': text },
    h('i', { style: `width: ${Math.min(100, value / top * 100)}%` }), h('b', { style: `left: ${Math.min(99, threshold / top * 100)}%` }));
}

export function bins(list, column) {
  const top = Math.max(...list.flatMap(b => [b.reference, b.current]), 1e-9);
  const percent = share => (share * 100).toFixed(1) + ' %';
  return h('div', { class: 'bins', role: 'img', 'aria-label': `shares of ${column} in training and now` },
    list.map(b => h('span', { title: `${b.label}: training ${percent(b.reference)}, now ${percent(b.current)}` },
      h('i', { class: 'ref', style: `height: ${b.reference / top * 100}%` }), h('i', { class: 'cur', style: `height: ${b.current / top * 100}%` }))));
}
