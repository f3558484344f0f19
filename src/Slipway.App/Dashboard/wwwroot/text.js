// Control and direction characters are shown as what they are: text of others cannot pretend to be other text.
const TRICKS = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
export const visible = text => String(text).replace(TRICKS, c => c === '\t' ? '⇥' : c === '\n' ? '⏎' : '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));

export const cut = (text, length) => text.length > length ? text.slice(0, length) + '…' : text;
