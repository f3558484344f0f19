// Brings what is shown in line with what was built anew, keeping every element that is still wanted: focus, selection,
// scroll positions, open <details> and ticked boxes survive the poll. Elements with a key or an id are found again wherever they moved.
const HANDLERS = ['onclick', 'onkeydown', 'oninput', 'onchange'];

export function patch(live, wanted) {
  const keys = new Set(wanted.map(keyOf).filter(Boolean));
  const known = new Map();
  for (const child of [...live.childNodes]) {
    const key = keyOf(child);
    if (key && !keys.has(key)) child.remove();
    else if (key) known.set(key, child);
  }
  const flash = live.dataset?.flash !== undefined && known.size > 0;
  let at = live.firstChild;
  for (const node of wanted) {
    const key = keyOf(node);
    const match = key ? known.get(key) : at && !keyOf(at) && at.nodeName === node.nodeName ? at : undefined;
    if (match && match.nodeName === node.nodeName) {
      if (match === at) at = at.nextSibling;
      else live.insertBefore(match, at);
      update(match, node);
    } else {
      if (flash) node.classList.add('fresh');
      live.insertBefore(node, at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

const keyOf = node => node.dataset?.key || node.id;

function update(live, fresh) {
  if (live.nodeType === Node.TEXT_NODE) {
    if (live.data !== fresh.data) live.data = fresh.data;
    return;
  }
  const ours = name => name === 'style' || name === 'open' && live.nodeName === 'DETAILS';
  for (const { name } of [...live.attributes]) if (!ours(name) && !fresh.hasAttribute(name)) live.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (!ours(name) && live.getAttribute(name) !== value) live.setAttribute(name, value);
  if (live.style.cssText !== fresh.style.cssText) live.style.cssText = fresh.style.cssText;
  for (const handler of HANDLERS) if (live[handler] !== fresh[handler]) live[handler] = fresh[handler];
  patch(live, [...fresh.childNodes]);
}
