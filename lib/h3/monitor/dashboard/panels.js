// SPDX-License-Identifier: MIT
//
// What the program shows in panels of its own: values, tables, graphs. All of it is shown as text,
// whoever chose it.

import { drawn, element } from './charts.js';
import { formatValue } from './format.js';

/** How each state looks: a colour, and a sign for who sees none. */
const STATES = {
  good: ['good', '✓'], succeeded: ['good', '✓'], ready: ['good', '✓'],
  busy: ['busy', '▶'], running: ['busy', '▶'],
  warning: ['warning', '!'], interrupted: ['warning', '!'], cancelled: ['warning', '⊘'],
  bad: ['bad', '✕'], failed: ['bad', '✕'],
  skipped: ['idle', '⤼'], pending: ['idle', '○'], idle: ['idle', '○'],
};

function look(state) {
  if (state === undefined)
    return ['idle', '•'];
  return Object.hasOwn(STATES, state) ? STATES[state] : STATES.idle;
}

export function showState(state, text = state) {
  const [is, mark] = look(state);
  return element('span', { class: `state ${is}` }, element('span', { 'aria-hidden': 'true', text: mark }), String(text));
}

function showCell(cell) {
  if (cell === null || cell === undefined)
    return '–';
  if (typeof cell !== 'object')
    return formatValue(cell);
  const text = formatValue(cell.value ?? cell.text ?? null, cell.unit);
  return cell.state ? showState(cell.state, text) : text;
}

function isNumber(cell) {
  return typeof cell === 'number' || typeof cell?.value === 'number';
}

function showTable({ columns = [], rows = [] }, title) {
  const isN = columns.map((_, i) => rows.length > 0 && rows.every(row => isNumber(row[i])));
  const head = columns.map((name, i) => element('th', { scope: 'col', class: isN[i] ? 'n' : '', text: name }));
  const body = rows.map(row => element('tr', {}, ...columns.map((_, i) => {
    const cell = element('td', { class: isN[i] ? 'n' : '' });
    cell.append(showCell(row[i]));
    return cell;
  })));
  return element('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': title },
    element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...body)));
}

function showValues(values) {
  const list = element('dl', { class: 'values' });
  for (const value of values) {
    const what = element('dd');
    what.append(showCell(value));
    list.append(element('dt', { text: value.name }), what);
  }
  return list;
}

const WIDE = 148, HIGH = 38, ACROSS = 46, DOWN = 12, MOST_NODES = 300;

/** A node stands one column behind the last of those that lead to it. */
function layOut(nodes, edges) {
  const column = new Map(nodes.map(node => [node.id, 0]));
  const known = edges.filter(([from, to]) => column.has(from) && column.has(to));
  for (let i = 0, moved = true; moved && i < nodes.length; i++) {
    moved = false;
    for (const [from, to] of known) {
      if (column.get(to) <= column.get(from) && column.get(from) < nodes.length) {
        column.set(to, column.get(from) + 1);
        moved = true;
      }
    }
  }
  const filled = [];
  const places = new Map();
  for (const node of nodes) {
    const x = column.get(node.id);
    filled[x] = (filled[x] ?? 0) + 1;
    places.set(node.id, { x, y: filled[x] - 1 });
  }
  const rows = Math.max(1, ...filled.filter(n => n));
  for (const place of places.values())
    place.y += (rows - filled[place.x]) / 2;
  return { places, known, columns: filled.length, rows };
}

function nameNode(node) {
  const name = String(node.title ?? node.id);
  return node.state === undefined ? name : `${name}: ${node.state}`;
}

function shorten(text, most = 16) {
  const letters = [...text];
  return letters.length > most ? letters.slice(0, most - 1).join('') + '…' : text;
}

function showNode(node, { x, y }) {
  const [is, mark] = look(node.state);
  const name = String(node.title ?? node.id);
  return drawn('g', { class: `node ${is}`, transform: `translate(${x * (WIDE + ACROSS) + 2} ${y * (HIGH + DOWN) + 2})` },
    drawn('title', { text: nameNode(node) }),
    drawn('rect', { width: WIDE, height: HIGH, rx: 9 }),
    drawn('text', { class: 'mark', x: 12, y: 24, text: mark }),
    drawn('text', { x: 30, y: 24, text: shorten(name) }));
}

function showEdge(from, to) {
  const x1 = from.x * (WIDE + ACROSS) + 2 + WIDE, y1 = from.y * (HIGH + DOWN) + 2 + HIGH / 2;
  const x2 = to.x * (WIDE + ACROSS) + 2, y2 = to.y * (HIGH + DOWN) + 2 + HIGH / 2;
  const bend = Math.max(ACROSS / 2, (x2 - x1) / 2);
  return drawn('path', { class: 'edge', d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` });
}

function showGraph({ title = '', state, nodes = [], edges = [] }) {
  const shown = nodes.slice(0, MOST_NODES);
  const { places, known, columns, rows } = layOut(shown, edges);
  const width = columns * (WIDE + ACROSS) - ACROSS + 4, height = rows * (HIGH + DOWN) - DOWN + 4;
  const label = shown.map(nameNode).join(', ');
  const picture = drawn('svg', { role: 'img', 'aria-label': label, width, height, viewBox: `0 0 ${width} ${height}` },
    ...known.map(([from, to]) => showEdge(places.get(from), places.get(to))),
    ...shown.map(node => showNode(node, places.get(node.id))));
  const head = element('h3', {}, element('span', { text: title }));
  if (state)
    head.append(showState(state));
  if (nodes.length > shown.length)
    head.append(element('small', { text: `${nodes.length - shown.length} more` }));
  return element('div', { class: 'graph' }, head,
    element('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': title || 'Graph' }, picture));
}

/** The panels there are: made once, filled again where what they say has changed. */
export class Panels {
  constructor(where) {
    this.where = where;
    this.bodies = new Map();
  }

  make(list) {
    this.bodies.clear();
    this.where.replaceChildren(...list.map(({ name, title }) => {
      const body = element('div');
      const id = `panel-${name}`;
      const card = element('section', { class: 'card', 'aria-labelledby': id },
        element('h2', { id, text: title }), body);
      this.bodies.set(name, { body, card, title, was: null });
      return card;
    }));
  }

  show(all) {
    for (const [name, panel] of this.bodies) {
      const says = all[name] ?? {};
      const text = JSON.stringify(says);
      if (text === panel.was)
        continue;
      panel.was = text;
      panel.card.classList.toggle('wide', Boolean(says.graphs?.length || says.table?.columns?.length > 3));
      panel.body.replaceChildren(...this.fill(says, panel.title));
    }
  }

  fill(says, title) {
    const made = [];
    if (says.problem)
      made.push(element('p', { class: 'problem', text: says.problem }));
    if (says.text)
      made.push(element('p', { text: says.text }));
    if (says.values?.length)
      made.push(showValues(says.values));
    if (says.table)
      made.push(showTable(says.table, title));
    made.push(...(says.graphs ?? []).map(showGraph));
    if (made.length === 0)
      made.push(element('p', { class: 'empty', text: 'Nothing now.' }));
    return made;
  }
}
