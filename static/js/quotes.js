// Words of a text, found again where it was rendered anew: by themselves, by what stands around them, and by where
// they stood. White space counts as one space, as what is pasted has other line ends than what is selected.
const AROUND = 40;

const textOf = (root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  while (walker.nextNode()) {
    nodes.push({ node: walker.currentNode, from: text.length });
    text += walker.currentNode.data;
  }
  return { text, nodes };
};

// The text with single spaces, and for each of its signs the place in the text as it is.
const squeezed = (text) => {
  const at = [];
  let short = "";
  let space = true;
  for (let place = 0; place < text.length; place += 1) {
    const isSpace = /\s/.test(text[place]);
    if (isSpace && space) continue;
    short += isSpace ? " " : text[place];
    at.push(place);
    space = isSpace;
  }
  return { short, at };
};

const words = (text) => text.replace(/\s+/g, " ").trim();
const tail = (one, other) => {
  let count = 0;
  while (count < one.length && count < other.length && one.at(-1 - count) === other.at(-1 - count)) count += 1;
  return count;
};
const head = (one, other) => {
  let count = 0;
  while (count < one.length && count < other.length && one[count] === other[count]) count += 1;
  return count;
};

const rangeOf = (nodes, from, to) => {
  const find = (place) => nodes.findLast((one) => one.from <= place) ?? nodes[0];
  const range = new Range();
  const first = find(from);
  const last = find(to - 1);
  range.setStart(first.node, from - first.from);
  range.setEnd(last.node, to - last.from);
  return range;
};

// The range of a quotation in an element; null where its words are not there any more.
export const find = (root, { quote, before = "", after = "", start = 0 }) => {
  const wanted = words(quote);
  const { text, nodes } = textOf(root);
  const { short, at } = squeezed(text);
  const [left, right] = [before.replace(/\s+/g, " "), after.replace(/\s+/g, " ")];
  let best = null;
  for (let place = wanted ? short.indexOf(wanted) : -1; place >= 0; place = short.indexOf(wanted, place + 1)) {
    const fits = tail(short.slice(0, place), left) + head(short.slice(place + wanted.length), right);
    const far = Math.abs(at[place] - start);
    if (!best || fits > best.fits || (fits === best.fits && far < best.far)) best = { place, fits, far };
  }
  return best && rangeOf(nodes, at[best.place], at[best.place + wanted.length - 1] + 1);
};

// What is selected within an element, as a comment keeps it; null where that is nothing.
export const selected = (root) => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!root.contains(range.commonAncestorContainer)) return null;
  const { text, nodes } = textOf(root);
  const place = (node, offset) => {
    const lead = new Range();
    lead.setStart(root, 0);
    lead.setEnd(node, offset);
    return lead.toString().length;
  };
  const from = place(range.startContainer, range.startOffset);
  const to = place(range.endContainer, range.endOffset);
  const quote = text.slice(from, to);
  if (!nodes.length || !quote.trim()) return null;
  return { quote, start: from, before: text.slice(Math.max(0, from - AROUND), from), after: text.slice(to, to + AROUND) };
};

// Marks ranges under a name; where a browser has no highlights, by elements around the words.
export const paint = (name, ranges) => {
  if (globalThis.Highlight && CSS.highlights) return void CSS.highlights.set(name, new Highlight(...ranges));
  for (const old of document.querySelectorAll(`mark[data-painted="${name}"]`)) old.replaceWith(...old.childNodes);
  for (const range of ranges) for (const part of parts(range)) wrap(name, part);
};

const parts = (range) => {
  const root = range.commonAncestorContainer;
  if (root.nodeType === Node.TEXT_NODE) return [range];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!range.intersectsNode(node) || !node.data.trim()) continue;
    const part = new Range();
    part.setStart(node, node === range.startContainer ? range.startOffset : 0);
    part.setEnd(node, node === range.endContainer ? range.endOffset : node.data.length);
    if (!part.collapsed) found.push(part);
  }
  return found;
};

const wrap = (name, part) => {
  const mark = Object.assign(document.createElement("mark"), { className: "commented" });
  mark.dataset.painted = name;
  part.surroundContents(mark);
};
