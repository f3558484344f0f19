export const count = n => n >= 1e6 ? (n / 1e6).toFixed(1) + ' M' : n >= 1e4 ? (n / 1e3).toFixed(1) + ' k' : String(n ?? 0);

export function number(value) {
  if (value === null || value === undefined) return '–';
  if (typeof value !== 'number') return typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e7) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

export const milliseconds = ms => ms === null || ms === undefined ? '–' : ms < 1 ? (ms * 1000).toFixed(0) + ' µs' : ms < 1000 ? ms.toFixed(ms < 10 ? 1 : 0) + ' ms' : (ms / 1000).toFixed(1) + ' s';

export const bytes = n => n < 1024 ? n + ' B' : n < 1048576 ? (n / 1024).toFixed(0) + ' KiB' : (n / 1048576).toFixed(1) + ' MiB';

export function ago(time, now) {
  if (!time) return '–';
  const seconds = Math.round((now - new Date(time)) / 1000);
  const size = Math.abs(seconds);
  const text = size < 2 ? 'now' : size < 90 ? size + ' s' : size < 5400 ? Math.round(size / 60) + ' min' : size < 129600 ? Math.round(size / 3600) + ' h' : Math.round(size / 86400) + ' d';
  return text === 'now' ? text : seconds < 0 ? 'in ' + text : text + ' ago';
}

export const clock = time => new Date(time).toLocaleTimeString([], { hour12: false });

const states = { running: 'ok', ready: 'ok', idle: 'ok', held: 'ok', succeeded: 'ok', waiting: 'warn', loading: 'warn', draining: 'warn', paused: '', unknown: '', failing: 'bad', failed: 'bad', crossed: 'bad' };
export const tone = state => states[state] ?? '';
