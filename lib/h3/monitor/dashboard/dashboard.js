// SPDX-License-Identifier: MIT
//
// The page: hears the numbers once a second, keeps the last two minutes of them, shows them.

import { element, say, Spark, TimeChart } from './charts.js';
import { formatBytes, formatCount, formatRate, formatShare, formatSpan, formatTime, formatValue } from './format.js';
import { Panels } from './panels.js';

const LENGTH = 121, ROUTE_LENGTH = 61;
const byId = id => document.getElementById(id);

let about = { counters: {}, server: {} };
let last = null;
let points = [];
let isPaused = false;
const routes = new Map();
const tiles = new Map();
const panels = new Panels(byId('panels'));

const requestChart = new TimeChart(byId('requests'), {
  stacked: true, format: formatRate, length: LENGTH, label: 'Requests a second by class of status, over two minutes',
  series: [
    { name: '2xx', key: 's2', is: 'k2' }, { name: '3xx', key: 's3', is: 'k3' },
    { name: '4xx', key: 's4', is: 'k4', hatch: 'slanted' }, { name: '5xx', key: 's5', is: 'k5', hatch: 'crossed' },
    { name: 'no answer', key: 's0', is: 'k1' }, { name: 'not measured', key: 'rest', is: 'k0' },
  ],
});
const latencyChart = new TimeChart(byId('latency'), {
  stacked: false, format: formatTime, length: LENGTH, label: 'Latency of all requests, over two minutes',
  series: [
    { name: 'p50', key: 'p50', is: 'q50' }, { name: 'p95', key: 'p95', is: 'q95' },
    { name: 'p99', key: 'p99', is: 'q99' },
  ],
});

/* What only grows, a second; where the server has begun anew there is no telling. */
function rateOf(now, name) {
  if (last === null || now.counters[name] < last.counters[name])
    return 0;
  return (now.counters[name] - last.counters[name]) * 1000 / Math.max(now.at - last.at, 1);
}

function keepPoint(now) {
  const { traffic, counters, memory } = now;
  const [s0, s1, s2, s3, s4, s5] = traffic.statuses;
  const measured = s0 + s1 + s2 + s3 + s4 + s5;
  const all = Math.max(rateOf(now, 'requests'), measured);
  const { p50, p95, p99 } = traffic;
  points.push({ at: now.at, all, s0: s0 + s1, s2, s3, s4, s5, rest: all - measured, p50, p95, p99,
    errors: measured > 0 ? (s5 + s0) / measured : 0, connections: counters.connections, memory: memory.resident });
  points = points.slice(-LENGTH);
}

function keepRoutes({ traffic }) {
  const seen = new Set();
  for (const route of traffic.routes) {
    const key = `${route.method} ${route.route}`;
    const row = routes.get(key) ?? makeRow(route);
    routes.set(key, row);
    seen.add(key);
    row.rates = [...row.rates, route.rate].slice(-ROUTE_LENGTH);
    row.times = [...row.times, route.p95].slice(-ROUTE_LENGTH);
    row.now = route;
  }
  for (const [key, row] of routes) {
    if (!seen.has(key)) {
      row.root.remove();
      routes.delete(key);
    }
  }
}

function showTile(name, title, value, note, series) {
  let tile = tiles.get(name);
  if (tile === undefined) {
    tile = { big: element('p', { class: 'big' }), note: element('p', { class: 'note' }), spark: new Spark() };
    byId('tiles').append(element('div', { class: 'tile', id: `tile-${name}` }, element('h2', { text: title }),
      tile.big, tile.note, tile.spark.root));
    tiles.set(name, tile);
  }
  say(tile.big, value);
  say(tile.note, note);
  tile.spark.show(series, LENGTH);
}

function showTiles(now) {
  const point = points.at(-1);
  const { traffic, memory, counters } = now;
  const of = key => points.map(one => one[key]);
  showTile('requests', 'Requests a second', formatRate(point.all),
    `${formatBytes(traffic.bytes_out)}/s out, ${formatBytes(traffic.bytes_in)}/s in`, of('all'));
  showTile('latency', 'Latency, p95', formatTime(point.p95), `p99 ${formatTime(point.p99)}`, of('p95'));
  showTile('errors', 'Errors', formatShare(point.errors),
    `${formatRate(point.s5)} 5xx/s, ${formatRate(point.s4)} 4xx/s`, of('errors'));
  showTile('connections', 'Connections', formatCount(counters.connections),
    `${formatRate(rateOf(now, 'connections_accepted'))} new/s`, of('connections'));
  showTile('memory', 'Memory', formatBytes(memory.resident),
    memory.budget > 0 ? `${memory.health}, of ${formatBytes(memory.budget)}` : `${formatBytes(memory.allocated)} in the library`,
    of('memory'));
}

const CELLS = [['rate', 'A second', 'n'], ['drawnRates', '', 'draw'], ['p50', 'p50', 'n'], ['p95', 'p95', 'n'],
  ['p99', 'p99', 'n'], ['drawnTimes', '', 'draw'], ['statuses', 'Statuses', 'mixes'], ['total', 'All', 'n']];

function makeRow({ method, route }) {
  const row = { rates: [], times: [], cells: {}, rate: new Spark('fast'), time: new Spark('slow') };
  const name = element('td', { class: 'route', role: 'rowheader' }, element('span', { class: 'method', text: method }),
    route === '' ? 'no route' : route === 'other' ? 'other routes' : route);
  row.root = element('tr', { role: 'row' }, name);
  for (const [key, label, is] of CELLS) {
    row.cells[key] = element('td', { class: is, role: 'cell', ...(label ? { 'data-label': label } : {}) });
    row.root.append(row.cells[key]);
  }
  row.mix = element('div', { class: 'mix' });
  row.cells.statuses.append(row.mix);
  row.cells.drawnRates.append(row.rate.root);
  row.cells.drawnTimes.append(row.time.root);
  return row;
}

function showMix(mix, statuses) {
  const sum = statuses.reduce((a, b) => a + b, 0);
  const parts = [2, 3, 4, 5, 1, 0].filter(i => statuses[i] > 0).map(i =>
    element('span', { class: `s${i}`, text: `${i === 0 ? 'none' : `${i}xx`} ${formatShare(statuses[i] / sum)}` }));
  const text = parts.map(part => part.textContent).join();
  if (mix.dataset.was === text)
    return;
  mix.dataset.was = text;
  mix.replaceChildren(...(parts.length ? parts : ['–']));
}

function showRoutes({ traffic }) {
  const body = byId('routes');
  traffic.routes.forEach(({ method, route }, i) => {
    const row = routes.get(`${method} ${route}`);
    const { now, cells } = row;
    say(cells.rate, formatRate(now.rate));
    for (const key of ['p50', 'p95', 'p99'])
      say(cells[key], formatTime(now[key]));
    say(cells.total, formatCount(now.total));
    showMix(row.mix, now.statuses);
    row.rate.show(row.rates, ROUTE_LENGTH);
    row.time.show(row.times, ROUTE_LENGTH);
    if (body.children[i] !== row.root)
      body.insertBefore(row.root, body.children[i] ?? null);
  });
  byId('no-routes').hidden = traffic.routes.length > 0;
  say(byId('routes-note'), traffic.routes_left_out > 0 ? `the busiest; ${formatCount(traffic.routes_left_out)} more`
    : 'over the last ten seconds');
}

function showValues(where, values) {
  values = values.filter(([, value]) => value !== undefined);
  if (where.children.length !== values.length * 2)
    where.replaceChildren(...values.flatMap(([name]) => [element('dt', { text: name }), element('dd')]));
  values.forEach(([name, value], i) => {
    say(where.children[i * 2], name);
    say(where.children[i * 2 + 1], value);
  });
}

function showConnections(now) {
  const { counters, server } = now;
  showValues(byId('connections'), [
    ['Open', formatCount(counters.connections)],
    ['Accepted a second', formatRate(rateOf(now, 'connections_accepted'))],
    ['Refused for a bound', formatCount(counters.connections_refused)],
    ['Closed to make room', formatCount(counters.connections_made_room)],
    ['WebSockets', formatCount(counters.websockets)],
    ['Event streams', formatCount(counters.event_streams)],
    ['To other servers', formatCount(counters.client_connections)],
    ['On the pool of threads', formatCount(counters.jobs)],
  ]);
  showWorkers(server.workers ?? []);
}

function showWorkers(workers) {
  const where = byId('workers');
  const most = Math.max(1, ...workers);
  if (where.children.length !== workers.length)
    where.replaceChildren(...workers.map((_, i) => element('li', {}, element('span', { text: `${i + 1}` }),
      element('div', { class: 'bar', 'aria-hidden': 'true' }, element('i')), element('span'))));
  workers.forEach((n, i) => {
    const [, bar, number] = where.children[i].children;
    bar.firstChild.style.width = `${n / most * 100}%`;
    say(number, formatCount(n));
  });
}

const meters = new Map();

function showMeter(where, name, title, share, note, is = 'good') {
  let meter = meters.get(name);
  if (meter === undefined) {
    meter = { value: element('b'), bar: element('i'), note: element('small'), title: element('span') };
    where.append(element('div', { class: 'meter' }, element('p', {}, meter.title, meter.value),
      element('div', { class: 'bar', 'aria-hidden': 'true' }, meter.bar), meter.note));
    meters.set(name, meter);
  }
  say(meter.title, title);
  say(meter.value, formatShare(share));
  say(meter.note, note);
  meter.bar.style.width = `${Math.min(share ?? 0, 1) * 100}%`;
  meter.bar.className = is;
}

function shareOf(part, rest) {
  return part + rest > 0 ? part / (part + rest) : null;
}

function showReuse({ counters, server }) {
  const where = byId('reuse');
  const cache = server.route_cache ?? { hits: counters.route_cache_hits, misses: counters.route_cache_misses };
  const { events_acquired: acquired, events_reused: reused } = counters;
  showMeter(where, 'pool', 'Events taken from the pool', acquired > 0 ? reused / acquired : null,
    `${formatCount(counters.events)} under way, ${formatCount(counters.events_pooled)} at rest`);
  showMeter(where, 'routes', 'Routes found in the cache', shareOf(cache.hits, cache.misses),
    cache.capacity > 0 ? `${formatCount(cache.entries)} of ${formatCount(cache.capacity)} remembered, for routes with a regex`
      : 'no route has a regex: none is needed');
  showMeter(where, 'store', 'Keys found in memory stores', shareOf(counters.store_hits, counters.store_misses),
    `${formatCount(counters.store_entries)} keys, ${formatBytes(counters.store_bytes)}`);
}

const HEALTH = { good: 'good', pressed: 'warning', critical: 'bad' };

function showMemory({ memory }) {
  const is = HEALTH[memory.health] ?? 'bad';
  if (memory.budget > 0)
    showMeter(byId('budget'), 'budget', `Budget: ${memory.health}`, memory.resident / memory.budget,
      `${formatBytes(memory.resident)} of ${formatBytes(memory.budget)}`, is);
  byId('budget').hidden = !(memory.budget > 0);
  showValues(byId('memory'), [
    ['Health', memory.health],
    ['Budget', memory.budget > 0 ? formatBytes(memory.budget) : 'none'],
    ['Resident', formatBytes(memory.resident)],
    ['From malloc', formatBytes(memory.heap)],
    ['Held by the library', formatBytes(memory.allocated)],
    ['… at most', formatBytes(memory.peak)],
  ]);
  if (byId('kinds-details').open)
    showKinds(memory.kinds);
}

function showKinds(kinds) {
  const body = byId('kinds');
  const names = Object.keys(kinds);
  if (body.children.length !== names.length)
    body.replaceChildren(...names.map(name => element('tr', {}, element('td', { title: about.counters[name] ?? '', text: name }),
      ...[1, 2, 3].map(() => element('td', { class: 'n' })))));
  names.forEach((name, i) => {
    const [, now, peak, bytes] = body.children[i].children;
    say(now, formatCount(kinds[name].now));
    say(peak, formatCount(kinds[name].peak));
    say(bytes, kinds[name].bytes === undefined ? '–' : formatBytes(kinds[name].bytes));
  });
}

const READINESS = { starting: 'Starting', draining: 'Draining: no new connections', shedding: 'Refusing requests' };

function showReadiness({ server }) {
  const text = READINESS[server.readiness] ?? '';
  say(byId('readiness'), server.reason ? `${text}: ${server.reason}` : text);
  byId('readiness').hidden = text === '';
}

function showAbout() {
  say(byId('program'), about.program);
  say(byId('where'), (about.server.addresses ?? []).join(', '));
  byId('limits').replaceChildren(...(about.server.limits ?? []).map(({ name, value, what, changed }) =>
    element('tr', {}, element('td', { text: name }),
      element('td', { class: changed ? 'n changed' : 'n', text: formatCount(value) + (changed ? ' (set)' : '') }),
      element('td', { text: what }))));
  panels.make(about.panels ?? []);
}

function show() {
  if (last === null || isPaused)
    return;
  showReadiness(last);
  showTiles(last);
  requestChart.show(points);
  latencyChart.show(points);
  showRoutes(last);
  showConnections(last);
  showReuse(last);
  showMemory(last);
  panels.show(last.panels);
  const workers = last.server.workers?.length;
  say(byId('foot'), `Up ${formatSpan(last.uptime)}` + (workers ? ` · ${formatValue(workers)} workers on ${formatValue(about.processors)} processors` : '')
    + ` · ${formatCount(last.counters.requests)} requests answered · ${formatCount(last.viewers)} watching`);
  document.title = `${formatRate(points.at(-1).all)}/s · ${about.program}`;
}

function setState(text, is) {
  say(byId('state'), text);
  byId('state').className = `pill ${is}`;
}

function begin() {
  const source = new EventSource('events');
  source.addEventListener('about', event => {
    about = JSON.parse(event.data);
    showAbout();
  });
  source.addEventListener('numbers', event => {
    const now = JSON.parse(event.data);
    if (last !== null && now.uptime < last.uptime) {
      points = [];
      last = null;
    }
    keepPoint(now);
    keepRoutes(now);
    last = now;
    setState(isPaused ? 'Paused' : 'Live', isPaused ? '' : 'good');
    show();
  });
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED) {
      setState('Connecting again', 'bad');
      return;
    }
    setState('Not connected', 'bad');
    setTimeout(begin, 5000);
  });
}

byId('pause').addEventListener('click', () => {
  isPaused = !isPaused;
  byId('pause').setAttribute('aria-pressed', String(isPaused));
  say(byId('pause'), isPaused ? 'Go on' : 'Pause');
  setState(isPaused ? 'Paused' : 'Live', isPaused ? '' : 'good');
  show();
});
byId('kinds-details').addEventListener('toggle', show);
begin();
