import { h } from './dom.js';
import { cut, visible } from './text.js';

export const count = n => n >= 1e6 ? (n / 1e6).toFixed(1) + ' M' : n >= 1e4 ? (n / 1e3).toFixed(1) + ' k' : String(n ?? 0);

export const plural = (n, one, many = one + 's') => `${count(n)} ${n === 1 ? one : many}`;

export function number(value) {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return cut(`[${value.slice(0, 9).map(number).join(', ')}${value.length > 9 ? ', …' : ''}]`, 80);
  if (typeof value !== 'number') return cut(visible(typeof value === 'object' ? JSON.stringify(value) : value), 80);
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e7) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

export const milliseconds = ms => ms === null || ms === undefined ? '–' : ms === 0 ? '0' : ms < 1 ? (ms * 1000).toFixed(0) + ' µs' : ms < 1000 ? ms.toFixed(ms < 10 ? 1 : 0) + ' ms' : (ms / 1000).toFixed(1) + ' s';

export const bytes = n => n < 1024 ? n + ' B' : n < 1048576 ? (n / 1024).toFixed(0) + ' KiB' : (n / 1048576).toFixed(1) + ' MiB';

export const clock = time => new Date(time).toLocaleTimeString([], { hour12: false });

// Relative times follow the server's clock, and tick between polls.
let offset = 0;
export const setClock = now => { offset = new Date(now) - Date.now(); };

export function ago(time) {
  const seconds = Math.round((Date.now() + offset - new Date(time)) / 1000);
  const size = Math.abs(seconds);
  const text = size < 90 ? size + ' s' : size < 5400 ? Math.round(size / 60) + ' min' : size < 129600 ? Math.round(size / 3600) + ' h' : Math.round(size / 86400) + ' d';
  return size < 2 ? 'now' : seconds < 0 ? 'in ' + text : text + ' ago';
}

export const since = time => time ? h('time', { class: 'sub', datetime: time, title: new Date(time).toLocaleString() }, ago(time)) : '–';

export function tick() {
  for (const element of document.querySelectorAll('time')) {
    const text = ago(element.dateTime);
    if (element.textContent !== text) element.firstChild.data = text;
  }
}

const states = {
  running: 'ok', ready: 'ok', idle: 'ok', held: 'ok', succeeded: 'ok', steady: 'ok', waiting: 'warn', loading: 'warn', verifying: 'warn', warming: 'warn', draining: 'warn',
  failing: 'bad', failed: 'bad', crossed: 'bad', drifted: 'bad',
};
export const tone = state => states[state] ?? '';
