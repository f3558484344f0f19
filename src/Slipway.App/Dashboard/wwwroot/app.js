import { get, Refused } from './api.js';
import { alerts } from './alerts.js';
import { empty, h, panel } from './dom.js';
import { clock, count, setClock, tick } from './format.js';
import { model, models } from './models.js';
import { overview } from './overview.js';
import { patch } from './patch.js';
import { quarantine } from './quarantine.js';
import { useCase } from './usecase.js';

const PERIOD = 2000, HIDDEN_PERIOD = 15000;
const pages = [
  [/^$/, overview],
  [/^usecases\/([^/]+)$/, useCase],
  [/^models$/, models],
  [/^models\/([^/]+)$/, model],
  [/^alerts$/, alerts],
  [/^quarantine$/, quarantine],
];
const byId = id => document.getElementById(id);

let turn = 0, timer, shown, lastGood;

async function refresh() {
  clearTimeout(timer);
  const mine = ++turn;
  const path = location.hash.replace(/^#\/?/, '');
  try {
    const state = await get('overview');
    if (mine !== turn) return;
    setClock(state.now);
    surroundings(state, path);
    const content = await build(state, path);
    if (mine !== turn) return;
    show([content].flat(), path);
    lastGood = new Date();
    byId('banner').hidden = true;
  } catch (error) {
    if (mine !== turn) return;
    lost(error, path);
  }
  timer = setTimeout(refresh, document.hidden ? HIDDEN_PERIOD : PERIOD);
}

// A page that the server refuses says so in its place; only the loss of the server itself is everybody's matter.
async function build(state, path) {
  const [pattern, page] = pages.find(([p]) => p.test(path)) ?? [];
  if (!page) return absent(`There is no page “${path}”.`);
  try {
    return await page({ state, refresh, argument: decode(path.match(pattern)[1] ?? '') });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return absent(error.message);
  }
}

const absent = text => panel('absent', 'Nothing to show', h('div', {}, empty(text), h('p', { class: 'empty' }, h('a', { href: '#/' }, 'Back to the use cases'))));

function decode(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

function lost(error, path) {
  const banner = byId('banner');
  const text = error instanceof Refused ? `The server answers, but not with its state: ${error.message}`
    : `The connection to the server is lost${lastGood ? `; this page is as of ${clock(lastGood)}` : ''}. Trying again …`;
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = false;
  icon('failing', '✕ ');
  if (shown === undefined) show([empty('Nothing was received yet.')], path);
}

function show(content, path) {
  const page = byId('page');
  if (shown === path) return patch(page, content);
  page.replaceChildren(...content);
  if (shown !== undefined) {
    window.scrollTo(0, 0);
    page.focus({ preventScroll: true });
  }
  shown = path;
}

function surroundings(state, path) {
  const marks = { failing: '● ', attention: '○ ' };
  icon(state.health, marks[state.health] ?? '');
  byId('server').textContent = `${location.host} · ${state.version}`;
  const current = prefix => (prefix === '' ? path === '' || path.startsWith('usecases') : path.startsWith(prefix)) ? 'page' : null;
  const badge = (n, tone, what) => n > 0 && h('span', { class: 'count ' + tone, 'aria-label': `${n} ${what}` }, count(n));
  patch(byId('nav'), [
    h('a', { href: '#/', 'aria-current': current('') }, 'Use cases'),
    h('a', { href: '#/models', 'aria-current': current('models') }, 'Models'),
    h('a', { href: '#/alerts', 'aria-current': current('alerts') }, 'Alerts', badge(state.alerts.length, 'bad', 'firing')),
    h('a', { href: '#/quarantine', 'aria-current': current('quarantine') }, 'Quarantine', badge(state.quarantined, 'warn', 'rows')),
  ]);
}

// A tab in the background tells by its icon and its title.
function icon(health, mark) {
  const href = health === 'failing' || health === 'attention' ? `icon-${health}.svg` : 'icon.svg';
  if (byId('icon').getAttribute('href') !== href) byId('icon').setAttribute('href', href);
  const page = shown ? decode(shown).replace(/^usecases\/|^models\//, '') + ' · ' : '';
  if (document.title !== mark + page + 'Slipway') document.title = mark + page + 'Slipway';
}

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  try { localStorage.setItem('theme', root.dataset.theme); } catch { /* it lasts as long as the page */ }
}

byId('theme').onclick = switchTheme;
byId('skip').onclick = () => byId('page').focus();
addEventListener('hashchange', refresh);
document.addEventListener('visibilitychange', () => document.hidden || refresh());
setInterval(tick, 1000);
refresh();
