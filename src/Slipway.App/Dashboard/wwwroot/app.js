import { get } from './api.js';
import { h, empty } from './dom.js';
import { overview } from './overview.js';
import { useCase } from './usecase.js';
import { models, model } from './models.js';
import { alerts, quarantine } from './alerts.js';

const PERIOD = 2000;
const pages = [
  [/^$/, overview],
  [/^usecases\/([^/]+)$/, useCase],
  [/^models$/, models],
  [/^models\/([^/]+)$/, model],
  [/^alerts$/, alerts],
  [/^quarantine$/, quarantine],
];

// What the pages remember between polls: histories for sparklines, rows already shown.
const memory = { rates: new Map(), latencies: new Map(), seen: new Map() };
let turn = 0, timer;

async function refresh() {
  clearTimeout(timer);
  const mine = ++turn;
  const path = location.hash.replace(/^#\//, '');
  const [pattern, page] = pages.find(([p]) => p.test(path)) ?? pages[0];
  const link = document.getElementById('link');
  try {
    const state = await get('overview');
    state.now = new Date(state.now);
    remember(state);
    const content = await page({ state, memory, refresh, argument: decodeURIComponent(path.match(pattern)?.[1] ?? '') });
    if (mine !== turn) return;
    show(content, path);
    link.textContent = `${state.server} · ${state.version}`;
    link.className = 'link';
    navigation(state, path);
    document.title = (state.health === 'failing' ? '● ' : state.health === 'attention' ? '○ ' : '') + 'Slipway';
  } catch (error) {
    if (mine !== turn) return;
    link.textContent = 'connection lost, trying again';
    link.className = 'link lost';
    if (!document.getElementById('page').hasChildNodes()) show(empty(error.message), path);
  }
  timer = setTimeout(refresh, PERIOD);
}

function remember(state) {
  for (const use of state.useCases) {
    push(memory.rates, use.name, (use.usage?.rows ?? 0));
    push(memory.latencies, use.name, use.usage?.p99Ms ?? 0);
  }
}

function push(map, key, value) {
  const list = map.get(key) ?? [];
  list.push(value);
  if (list.length > 90) list.shift();
  map.set(key, list);
}

let shown;
function show(content, path) {
  const page = document.getElementById('page');
  const open = new Set([...page.querySelectorAll('details[open]')].map(d => d.id));
  page.replaceChildren(...[content].flat());
  for (const details of page.querySelectorAll('details')) if (open.has(details.id)) details.open = true;
  if (shown !== path) { window.scrollTo(0, 0); if (shown !== undefined) page.focus({ preventScroll: true }); }
  shown = path;
}

function navigation(state, path) {
  const current = prefix => (prefix === '' ? path === '' || path.startsWith('usecases') : path.startsWith(prefix)) ? 'page' : null;
  document.getElementById('nav').replaceChildren(
    h('a', { href: '#/', 'aria-current': current('') }, 'Use cases'),
    h('a', { href: '#/models', 'aria-current': current('models') }, 'Models'),
    h('a', { href: '#/alerts', 'aria-current': current('alerts') }, 'Alerts', state.alerts.length > 0 && h('span', { class: 'count' }, state.alerts.length)),
    h('a', { href: '#/quarantine', 'aria-current': current('quarantine') }, 'Quarantine', state.quarantined > 0 && h('span', { class: 'count' }, state.quarantined)));
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem('theme', theme);
}
setTheme(localStorage.getItem('theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
document.getElementById('theme').addEventListener('click', () => setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'));
addEventListener('hashchange', refresh);
document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : refresh());
refresh();
