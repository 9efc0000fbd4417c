// SPDX-License-Identifier: MIT
//
// Elements, and what is drawn: little lines beside numbers, charts over time. Nothing here knows
// what the numbers are.

const SVG = 'http://www.w3.org/2000/svg';

/** An element; text is always text, whatever is in it. */
export function element(name, fields = {}, ...children) {
  const made = document.createElement(name);
  fill(made, fields);
  made.append(...children);
  return made;
}

export function drawn(name, fields = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  fill(made, fields);
  made.append(...children);
  return made;
}

function fill(made, fields) {
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'text')
      made.textContent = value;
    else
      made.setAttribute(name, value);
  }
}

/** Sets a text only where it is another one, so that nobody is told of what stays. */
export function say(where, text) {
  if (where.textContent !== text)
    where.textContent = text;
}

/** A bound above value that reads well, and how far its lines are apart. */
function niceBound(value) {
  if (!(value > 0))
    return { bound: 1, step: 0.5 };
  const ten = 10 ** Math.floor(Math.log10(value));
  const step = [0.25, 0.5, 1, 2, 2.5, 5].map(n => n * ten).find(n => value <= 4 * n) ?? 5 * ten;
  return { bound: Math.ceil(value / step - 1e-9) * step, step };
}

/** Powers of ten around all of values. */
function decades(values) {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9), high = Math.ceil(Math.log10(Math.max(...values)) - 1e-9);
  if (values.length === 0 || !Number.isFinite(low))
    return { low: -2, high: 1 };
  return { low, high: Math.max(high, low + 1) };
}

/** A line without axes; null leaves a gap. The last of values is at its right end. */
export class Spark {
  constructor(className = '') {
    this.line = drawn('path', { class: 'line' });
    this.area = drawn('path', { class: 'area' });
    this.root = drawn('svg', { class: `spark ${className}`, viewBox: '0 0 100 30',
      preserveAspectRatio: 'none', 'aria-hidden': 'true' }, this.area, this.line);
  }

  show(values, length) {
    const most = Math.max(1e-9, ...values.filter(v => v !== null));
    const first = length - values.length;
    let line = '', area = '', start = null, x = 0;
    const end = () => { if (start !== null) area += `L${x} 30L${start} 30Z`; start = null; };
    values.forEach((value, i) => {
      if (value === null)
        return end();
      x = ((first + i) / (length - 1) * 100).toFixed(1);
      const y = (28 - value / most * 25).toFixed(1);
      line += `${start === null ? 'M' : 'L'}${x} ${y}`;
      area += start === null ? `M${x} 30L${x} ${y}` : `L${x} ${y}`;
      start ??= x;
    });
    end();
    this.line.setAttribute('d', line);
    this.area.setAttribute('d', area);
  }
}

const TOP = 8, BOTTOM = 20, LEFT = 50, RIGHT = 6, HEIGHT = 210;
let charts = 0;

/**
 * A chart of the last seconds. A series is {name, key, is: its class, hatch}; a point is {at, and
 * a number or null for each key}. Stacked series are areas above each other; others are lines, in
 * powers of ten, so that what is slow does not hide what is quick.
 */
export class TimeChart {
  constructor(where, { series, stacked, format, length, label }) {
    Object.assign(this, { series, stacked, format, length, points: [], width: 600, hover: null });
    this.id = `chart${charts++}`;
    this.root = drawn('svg', { class: 'chart', role: 'img', 'aria-label': label });
    this.legend = element('div', { class: 'legend' });
    this.values = series.map(one => this.addToLegend(one));
    this.when = element('span', { class: 'when' });
    this.legend.append(this.when);
    where.append(this.root, this.legend);
    new ResizeObserver(() => {
      const width = Math.round(where.clientWidth);
      if (width > 0 && width !== this.width) {
        this.width = width;
        this.draw();
      }
    }).observe(where);
    this.root.addEventListener('pointermove', event => this.point(event));
    this.root.addEventListener('pointerleave', () => { this.hover = null; this.draw(); });
  }

  addToLegend(one) {
    const value = element('b');
    const key = this.stacked
      ? [drawn('rect', { class: one.is, width: 18, height: 12, rx: 3, stroke: 'none' }), ...this.hatch(one, 18, 12)]
      : [drawn('path', { class: `line ${one.is}`, d: 'M0 6H18', 'stroke-width': 2.4 })];
    this.legend.append(element('span', {}, drawn('svg', { viewBox: '0 0 18 12', 'aria-hidden': 'true' }, ...key),
      one.name + ' ', value));
    return value;
  }

  hatch(one, width, height) {
    if (!one.hatch)
      return [];
    return [drawn('rect', { width, height, rx: 3, fill: `url(#${this.id}-${one.hatch})` })];
  }

  show(points) {
    this.points = points.slice(-this.length);
    this.draw();
  }

  point(event) {
    const box = this.root.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * this.width;
    const i = Math.round((x - LEFT) / this.step()) - (this.length - this.points.length);
    this.hover = i >= 0 && i < this.points.length ? this.points[i].at : null;
    this.draw();
  }

  step() {
    return (this.width - LEFT - RIGHT) / (this.length - 1);
  }

  x(i) {
    return LEFT + (this.length - this.points.length + i) * this.step();
  }

  y(value) {
    const { bound, low, high } = this.scale;
    const share = this.stacked ? value / bound : (Math.log10(value) - low) / (high - low);
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(Math.max(share, 0), 1));
  }

  measure() {
    const keys = this.series.map(({ key }) => key);
    if (this.stacked)
      return niceBound(Math.max(0, ...this.points.map(point => keys.reduce((sum, key) => sum + (point[key] ?? 0), 0))));
    return decades(this.points.flatMap(point => keys.map(key => point[key])).filter(value => value > 0));
  }

  draw() {
    this.scale = this.measure();
    this.root.setAttribute('viewBox', `0 0 ${this.width} ${HEIGHT}`);
    this.root.replaceChildren(this.patterns(), ...this.axes(),
      ...(this.stacked ? this.areas() : this.lines()), ...this.cursor());
    this.tell();
  }

  patterns() {
    const slanted = drawn('pattern', { id: `${this.id}-slanted`, width: 7, height: 7, patternUnits: 'userSpaceOnUse' },
      drawn('path', { class: 'hatch', d: 'M-1 8L8 -1M-1 1L1 -1M6 8L8 6' }));
    const crossed = drawn('pattern', { id: `${this.id}-crossed`, width: 7, height: 7, patternUnits: 'userSpaceOnUse' },
      drawn('path', { class: 'hatch', d: 'M-1 -1L8 8M-1 8L8 -1' }));
    return drawn('defs', {}, slanted, crossed);
  }

  ticks() {
    const { bound, step, low, high } = this.scale;
    const ticks = [];
    if (this.stacked)
      for (let value = 0; value <= bound * 1.001; value += step)
        ticks.push(value);
    else
      for (let power = low; power <= high; power++)
        ticks.push(10 ** power);
    return ticks;
  }

  axes() {
    const made = [];
    for (const value of this.ticks()) {
      const y = this.y(value);
      made.push(drawn('line', { class: 'grid', x1: LEFT, x2: this.width - RIGHT, y1: y, y2: y }));
      made.push(drawn('text', { x: LEFT - 8, y: y + 4, 'text-anchor': 'end', text: this.format(value) }));
    }
    const span = this.length - 1;
    for (const [share, anchor] of [[0, 'start'], [0.5, 'middle'], [1, 'end']]) {
      const ago = Math.round(span * (1 - share));
      made.push(drawn('text', { x: LEFT + (this.width - LEFT - RIGHT) * share, y: HEIGHT - 4, 'text-anchor': anchor,
        text: ago === 0 ? 'now' : `${ago} s ago` }));
    }
    return made;
  }

  areas() {
    const below = this.points.map(() => 0);
    const made = [];
    if (this.points.length < 2)
      return made;
    for (const one of this.series) {
      let up = '', down = '';
      this.points.forEach((point, i) => {
        const x = this.x(i).toFixed(1);
        down = `L${x} ${this.y(below[i]).toFixed(1)}${down}`;
        below[i] += point[one.key] ?? 0;
        up += `${i ? 'L' : 'M'}${x} ${this.y(below[i]).toFixed(1)}`;
      });
      if (!this.points.some(point => point[one.key] > 0))
        continue;
      made.push(drawn('path', { class: one.is, d: `${up}${down}Z`, stroke: 'none' }));
      if (one.hatch)
        made.push(drawn('path', { d: `${up}${down}Z`, fill: `url(#${this.id}-${one.hatch})` }));
    }
    return made;
  }

  lines() {
    return this.series.map(one => {
      let d = '', isOn = false;
      this.points.forEach((point, i) => {
        const value = point[one.key];
        if (value > 0)
          d += `${isOn ? 'L' : 'M'}${this.x(i).toFixed(1)} ${this.y(value).toFixed(1)}`;
        isOn = value > 0;
      });
      return drawn('path', { class: `line ${one.is}`, d });
    });
  }

  cursor() {
    const i = this.points.findIndex(point => point.at === this.hover);
    if (this.hover === null || i < 0)
      return [];
    return [drawn('line', { class: 'cursor', x1: this.x(i), x2: this.x(i), y1: TOP, y2: HEIGHT - BOTTOM })];
  }

  tell() {
    const last = this.points.at(-1);
    const shown = this.points.find(point => point.at === this.hover) ?? last;
    this.series.forEach(({ key }, i) => say(this.values[i], this.format(shown?.[key] ?? null)));
    say(this.when, shown && shown !== last ? `${Math.round((last.at - shown.at) / 1000)} s ago` : '');
  }
}
