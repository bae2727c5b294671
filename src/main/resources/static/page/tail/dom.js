// Elements from text. The content of a message is never parsed as markup: it is inserted as text nodes only.

const MOST_MARKS = 500;

export function element(name, className, ...content) {
  const node = document.createElement(name);
  if (className) {
    node.className = className;
  }
  node.append(...content);
  return node;
}

export function button(text, onClick, className = 'quiet') {
  const node = element('button', className, text);
  node.type = 'button';
  node.addEventListener('click', onClick);
  return node;
}

/** The text as strings, and as `<mark>` elements where the global pattern matches. */
export function marked(text, pattern) {
  if (!pattern) {
    return [text];
  }
  const parts = [];
  let end = 0;
  pattern.lastIndex = 0;
  for (let match; parts.length < 2 * MOST_MARKS && (match = pattern.exec(text)); end = pattern.lastIndex) {
    parts.push(text.slice(end, match.index), element('mark', '', match[0]));
  }
  parts.push(text.slice(end));
  return parts;
}
