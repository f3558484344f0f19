// Elements are built, never parsed from text: nothing a model or a row says can become markup.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') element.style.cssText = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(c => c !== undefined && c !== null && c !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const panel = (title, body, ...tools) =>
  h('section', { class: 'panel' }, h('header', {}, h('h2', {}, title), h('span', { class: 'grow' }), tools), body);

export const empty = (text, code) => h('div', { class: 'empty' }, text, code && h('div', {}, h('pre', {}, code)));

export const tile = (label, value, unit, bad) =>
  h('div', { class: bad ? 'tile bad' : 'tile' }, h('div', { class: 'label' }, label), h('div', { class: 'value' }, value, unit && h('small', {}, ' ' + unit)));

// columns: [{ title, num, cell(row) }]; key(row) marks rows not seen before.
export function table(columns, rows, options = {}) {
  return h('div', { class: 'scroll' }, h('table', {},
    h('thead', {}, h('tr', {}, columns.map(c => h('th', { class: c.num && 'num', scope: 'col' }, c.title)))),
    h('tbody', {}, rows.map(row => h('tr', { class: options.fresh?.(row) && 'fresh' },
      columns.map(c => h('td', { class: [c.num && 'num', c.wrap && 'wrap'].filter(Boolean).join(' ') || null }, c.cell(row))))))));
}
