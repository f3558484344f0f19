import { visible } from './text.js';

// Elements are built, never parsed from text: nothing a model or a row says can become markup.
// Handlers are properties, not listeners, so that patch.js can hand them on.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element[name] = value;
    else if (name === 'style') element.style.cssText = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(c => c !== undefined && c !== null && c !== false && c !== ''));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter(Boolean));
  return element;
}

export const panel = (id, title, body, ...tools) =>
  h('section', { class: 'panel', id, 'aria-labelledby': id + '-title' },
    h('header', {}, h('h2', { id: id + '-title' }, title), h('span', { class: 'grow' }), tools), body);

export const empty = (text, code) => h('div', { class: 'empty' }, text, code && h('div', {}, h('pre', {}, code)));

export const tile = (label, value, { unit, note, tone } = {}) =>
  h('div', { class: tone ? 'tile ' + tone : 'tile', 'data-key': label }, h('div', { class: 'label' }, label),
    h('div', { class: 'value' }, value, unit && h('small', {}, ' ' + unit)), note && h('div', { class: 'sub' }, note));

export const pill = (text, tone, title) => h('span', { class: tone ? 'pill ' + tone : 'pill', title }, text);

// Long text of others takes two lines; its whole is in the tooltip.
export const clamp = (text, tone) => text && h('div', { class: tone ? 'clamp ' + tone : 'clamp', title: text }, visible(text));

// columns: [{ title, num, wrap, wide, cell(row) }], a wide one only where there is room; options.key(row) lets a row keep its element between polls,
// options.flash marks rows that were not there before, options.cards stacks the cells of a row on narrow screens.
export function table(label, columns, rows, { key, flash, cards } = {}) {
  return h('div', { class: 'scroll', role: 'region', 'aria-label': label }, h('table', { class: cards && 'cards' },
    h('thead', {}, h('tr', {}, columns.map(c => h('th', { class: classes(c), scope: 'col' }, c.title)))),
    h('tbody', { 'data-flash': flash }, rows.map((row, i) => h('tr', { 'data-key': key?.(row, i) },
      columns.map(c => h('td', { class: classes(c), 'data-label': c.title }, c.cell(row))))))));
}

const classes = column => ['num', 'wrap', 'wide'].filter(name => column[name]).join(' ') || null;
