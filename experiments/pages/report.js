// What a reader does with the runs of a page: filter and sort their table, pick some and see their
// curves over each other, point at a dot and see its run. The page says everything without this
// script too; whatever it shows is kept in the page's address, so that a view can be sent to others.
'use strict';
(() => {
const kRowsAtOnce = 40;    // of the table, until all are asked for
const kMostPicked = 32;    // eight colours in four dashes
const kMostChoices = 12;   // a column with more values is filtered by what is typed
const kDashes = ['', '7 3', '2 3', '9 3 2 3'];
const section = document.getElementById('runs');
const table = section.querySelector('table'), body = table.tBodies[0];
const histories = JSON.parse(document.getElementById('curves').textContent);

// Elements, of HTML and of SVG. `on...` are listeners, other values attributes.
const make = (space) => (tag, attributes = {}, ...children) => {
  const element = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};
const html = make('http://www.w3.org/1999/xhtml'), svg = make('http://www.w3.org/2000/svg');

// ---- The runs, as their table says them.
const columns = [...table.tHead.rows[0].cells].map((th, place) => {
  const title = th.textContent;
  const name = title.replace(/ \(.*/, '').replaceAll(' ', '_').toLowerCase();
  return {th, place, title, name, numeric: th.classList.contains('number')};
});
const runs = [...body.rows].map((row, index) => {
  const texts = [...row.cells].map((cell) => cell.textContent);
  const values = texts.map((text, i) => columns[i].numeric ? parseFloat(text) : text);
  return {row, texts, values, all: texts.join(' ').toLowerCase(), history: histories[index]};
});
const column = (name) => columns.find((c) => c.name === name);
// Labels stand before the status, results behind it, then the settings that are no labels, the key.
const labels = columns.slice(0, column('status').place);
const results = columns.slice(column('status').place + 1, column('trees_per_second').place + 1);
const settings = columns.filter((c) => !results.includes(c) && !['status', 'key'].includes(c.name));
const distinct = (c) => [...new Set(runs.map((run) => run.texts[c.place]))]
    .sort((a, b) => c.numeric ? parseFloat(a) - parseFloat(b) : a < b ? -1 : 1);
const varied = settings.filter((c) => distinct(c).length > 1);
const telling = labels.some((c) => varied.includes(c)) ? labels.filter((c) => varied.includes(c)) : labels;
const folders = column('folder') ? distinct(column('folder')) : [];
for (const run of runs) {
  const told = telling.filter((c) => run.texts[c.place] !== '\u2013');
  run.label = told.map((c) => (c.numeric ? c.title + ' ' : '') + run.texts[c.place]).join(' ');
  // Of compared folders two may have the same run.
  const folder = folders.indexOf(run.texts[column('folder')?.place]);
  run.id = (folder > 0 ? folder + 1 + ':' : '') + run.texts[column('key').place];
}

// ---- What is shown, and its place in the address: "#filter=dim>50&is.model=rlstm&runs=KEY,KEY".
const quantities = {dev_accuracy: 'dev accuracy (%)', train_accuracy: 'train accuracy (%)',
  loss: 'training loss', dev_loss: 'dev loss', ratio: 'median gradient ratio'};
const depths = [...new Set(runs.flatMap((run) => Object.keys(run.history.ratios ?? {})))];
if (depths.length === 0) delete quantities.ratio;
const firstX = telling.find((c) => !['folder', 'experiment', 'model', 'seed'].includes(c.name)) ??
    column('model');
const firstY = ['test_accuracy', 'dev_accuracy'].map(column)
    .find((c) => runs.some((run) => !isNaN(run.values[c.place]))) ?? column('dev_accuracy');
const initial = {filter: '', sort: '', runs: '', curve: 'dev_accuracy', x: firstX.name,
  y: firstY.name, depth: depths.includes('10') ? '10' : depths[0] ?? '', theme: 'auto'};
let state, picked, shown, all = false;

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  state = {...initial};
  for (const [name, value] of given) if (name in initial || name.startsWith('is.')) state[name] = value;
  if (!(state.curve in quantities)) state.curve = initial.curve;
  if (!depths.includes(state.depth)) state.depth = initial.depth;
  for (const axis of ['x', 'y']) if (!column(state[axis])) state[axis] = initial[axis];
  const byId = new Map(runs.map((run) => [run.id, run]));
  picked = [...new Set(state.runs.split(',').map((id) => byId.get(id)))].filter(Boolean)
      .slice(0, kMostPicked);
}

function writeAddress() {
  state.runs = picked.map((run) => run.id).join(',');
  const told = Object.entries(state).filter(([name, value]) => value !== (initial[name] ?? ''));
  const address = '#' + new URLSearchParams(told);
  history.replaceState(null, '', told.length > 0 ? address : location.pathname + location.search);
  link.href = address;
}

// ---- Filter and order.
const compare = {'=': (a, b) => a === b, '!=': (a, b) => a !== b, '<': (a, b) => a < b,
  '>': (a, b) => a > b, '<=': (a, b) => a <= b, '>=': (a, b) => a >= b};

// A test of runs for every word: "dim>=50" of a column, any other word of the whole row.
function tests(problems) {
  const found = state.filter.split(/\s+/).filter(Boolean).map((word) => {
    const [, name, sign, value] = /^([^<>=!]+)(<=|>=|!=|=|<|>)(.*)$/.exec(word) ?? [];
    if (!sign) return (run) => run.all.includes(word.toLowerCase());
    const c = column(name.toLowerCase());
    if (!c) problems.push(`nothing is called ${name}`);
    if (!c || value === '') return () => true;
    const than = c.numeric ? parseFloat(value) : value.toLowerCase();
    if (c.numeric && isNaN(than)) problems.push(`${name} is a number`);
    return (run) => compare[sign](c.numeric ? run.values[c.place]
        : run.values[c.place].toLowerCase(), than);
  });
  for (const [name, value] of Object.entries(state)) {
    const c = name.startsWith('is.') && value !== '' && column(name.slice(3));
    if (c) found.push((run) => run.texts[c.place] === value);
  }
  return found;
}

// What has no value stands at the end, whichever way the rest goes.
function order(a, b, c, way) {
  const [x, y] = [a.values[c.place], b.values[c.place]];
  if (c.numeric && (isNaN(x) || isNaN(y))) return isNaN(x) - isNaN(y);
  return way * (x < y ? -1 : x > y ? 1 : 0);
}

function filter() {
  const problems = [];
  const wanted = tests(problems);
  shown = runs.filter((run) => wanted.every((test) => test(run)));
  const by = column(state.sort.replace(/^-/, '')), way = state.sort.startsWith('-') ? -1 : 1;
  if (by) shown.sort((a, b) => order(a, b, by, way));
  for (const c of columns) {
    const direction = way > 0 ? 'ascending' : 'descending';
    c === by ? c.th.setAttribute('aria-sort', direction) : c.th.removeAttribute('aria-sort');
  }
  status.textContent = `${shown.length} of ${runs.length} runs, ${picked.length} picked` +
      problems.map((problem) => `; ${problem}`).join('') + '.';
}

function showTable() {
  const count = all ? shown.length : Math.min(shown.length, kRowsAtOnce);
  for (const run of shown.slice(0, count)) {
    if (run.box) continue;
    run.box = html('input', {type: 'checkbox', 'aria-label': 'Curve of ' + run.label,
      onchange: () => pick(run)});
    run.row.prepend(html('td', {class: 'tick'}, run.box));
  }
  body.replaceChildren(...shown.slice(0, count).map((run) => run.row));
  more.hidden = count === shown.length;
  more.textContent = `Show all ${shown.length} rows`;
}

// Takes away a single one that is picked already.
function pick(...chosen) {
  if (chosen.length === 1 && picked.includes(chosen[0])) {
    picked = picked.filter((run) => run !== chosen[0]);
  } else {
    picked = [...new Set([...picked, ...chosen])].slice(0, kMostPicked);
  }
  update();
}

function markPicked() {
  for (const run of runs) {
    const is = picked.includes(run);
    if (run.box) run.box.checked = is;
    run.dot?.setAttribute('aria-selected', String(is));
  }
}

// ---- Drawings: 860 by 380 points, numbers of both axes, and places of values in between.
const kWidth = 860, kHeight = 380, kLeft = 70, kRight = 20, kTop = 14, kBottom = 52;
const short = (x) => String(parseFloat(x.toPrecision(3)));

function scale(values, from, to, logarithmic) {
  const f = logarithmic ? Math.log10 : (x) => x;
  let low = Math.min(...values.map(f)), high = Math.max(...values.map(f));
  if (!(low < high)) [low, high] = [low - 0.5, high + 0.5];
  const step = [1, 2, 5, 10].map((s) => s * 10 ** Math.floor(Math.log10((high - low) / 4)))
      .find((s) => (high - low) / s <= 6);
  const whole = logarithmic ? Math.max(1, Math.round(step)) : step;
  const ticks = [];
  for (let t = Math.ceil(low / whole - 1e-9); t * whole <= high + 1e-9 * whole; ++t) {
    ticks.push(logarithmic ? 10 ** (t * whole) : t * whole);
  }
  const at = (x) => from + (to - from) * (f(x) - low) / (high - low);
  return {at, ticks: ticks.map((t) => [at(t), short(t)])};
}

// The scale of a column of numbers, with all of its values as ticks if they are few.
function scaleOf(c, values, from, to) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const found = scale(values, from, to, low > 0 && high > 20 * low);
  const few = [...new Set(values)].sort((a, b) => a - b);
  if (few.length <= kMostChoices) found.ticks = few.map((x) => [found.at(x), short(x)]);
  return found;
}

// Values that are no numbers stand side by side.
function places(texts, from, to) {
  const slot = (to - from) / texts.length;
  const at = (text) => from + slot * (texts.indexOf(text) + 0.5);
  return {at, ticks: texts.slice(0, 40).map((text) => [at(text), text])};
}

function axes(x, y, xTitle, yTitle) {
  const bottom = kHeight - kBottom, right = kWidth - kRight;
  const every = Math.ceil(x.ticks.length * Math.max(...x.ticks.map((t) => t[1].length)) / 90);
  const texts = [
    ...x.ticks.filter((t, i) => i % every === 0).map(([at, text]) =>
      svg('text', {x: at, y: bottom + 18, 'text-anchor': 'middle'}, text)),
    ...y.ticks.map(([at, text]) => svg('text', {x: kLeft - 8, y: at + 4, 'text-anchor': 'end'}, text)),
    svg('text', {x: (kLeft + right) / 2, y: kHeight - 8, 'text-anchor': 'middle'}, xTitle),
    svg('text', {transform: `translate(16 ${(kTop + bottom) / 2}) rotate(-90)`,
      'text-anchor': 'middle'}, yTitle)];
  const lines = y.ticks.map(([at]) => svg('path', {class: 'grid', d: `M${kLeft} ${at}H${right}`}));
  const frame = svg('path', {class: 'frame', d: `M${kLeft} ${kTop}V${bottom}H${right}`});
  return svg('g', {'aria-hidden': 'true'}, ...lines, frame, ...texts);
}

const colour = (i) => `var(--series-${i % 8 + 1})`;
const vertical = (values, logarithmic) => scale(values, kHeight - kBottom - 6, kTop + 6, logarithmic);

// A point an epoch, or every few epochs of a long run: [epoch, value].
function points(run) {
  const found = state.curve === 'ratio' ? run.history.ratios?.[state.depth]
      : run.history[state.curve];
  return (found ?? []).map((value, i) => [1 + i * run.history.every, value])
      .filter(([, value]) => value !== null && (state.curve !== 'ratio' || value > 0));
}

function curveTitle() {
  return quantities[state.curve] + (state.curve === 'ratio' ? ` at depth ${state.depth}` : '');
}

function showCurves() {
  depthChoice.parentElement.hidden = state.curve !== 'ratio';
  const drawn = picked.map((run, i) => ({run, i, points: points(run)}));
  const every = drawn.flatMap((d) => d.points);
  legend.replaceChildren(...drawn.map(({run, i, points}) => html('li', {},
    html('button', {type: 'button', 'aria-label': 'Take away ' + run.label, onclick: () => pick(run)},
      '\u00d7'),
    svg('svg', {viewBox: '0 0 30 10', class: 'swatch', 'aria-hidden': 'true'}, svg('path',
      {d: 'M0 5H30', stroke: colour(i), 'stroke-dasharray': kDashes[i / 8 | 0]})),
    run.label + (points.length > 0 ? '' : ' (not measured)'))));
  curveNumbers.hidden = every.length === 0;
  if (curveNumbers.open) showNumbers();
  if (every.length === 0) {
    curvePlace.replaceChildren(html('p', {class: 'faint'}, picked.length > 0
      ? 'None of the picked runs has this.' : 'Tick runs in the table, or click dots, to see their curves.'));
    return;
  }
  const x = scale([...every.map((p) => p[0]), 1], kLeft, kWidth - kRight);
  const y = vertical(every.map((p) => p[1]), state.curve === 'ratio');
  const lines = drawn.map(({run, i, points}) => svg('path', {class: 'curve', stroke: colour(i),
    'stroke-dasharray': kDashes[i / 8 | 0],
    d: points.map(([e, v], j) => `${j ? 'L' : 'M'}${x.at(e).toFixed(1)} ${y.at(v).toFixed(1)}`).join('')},
    svg('title', {}, run.label)));
  curvePlace.replaceChildren(svg('svg', {viewBox: `0 0 ${kWidth} ${kHeight}`, role: 'img',
    'aria-label': `${curveTitle()} by epoch of ${picked.length} runs; their numbers are in the table below`},
    axes(x, y, 'epoch', curveTitle()), ...lines));
}

function showNumbers() {
  const found = picked.map((run) => new Map(points(run)));
  const epochs = [...new Set(found.flatMap((f) => [...f.keys()]))].sort((a, b) => a - b);
  const head = ['epoch', ...picked.map((run) => run.label)];
  curveNumbers.lastElementChild.replaceChildren(html('table', {},
    html('caption', {}, curveTitle()),
    html('thead', {}, html('tr', {}, ...head.map((text) => html('th', {scope: 'col'}, text)))),
    html('tbody', {}, ...epochs.map((e) => html('tr', {}, html('th', {scope: 'row'}, String(e)),
      ...found.map((f) => html('td', {class: 'number'}, String(f.get(e) ?? '\u2013'))))))));
}

// ---- Dots: every run of the table, a result against a setting.
// In the colours of the figures: rnn has the first, rlstm the second.
const models = ['rnn', 'rlstm', ...distinct(column('model'))];
const shade = (model) => colour([...new Set(models)].indexOf(model));
let current = null;  // the dot that is pointed at

function showDots() {
  const cx = column(state.x), cy = column(state.y);
  const dots = shown.filter((run) => !isNaN(run.values[cy.place]) &&
      !(cx.numeric && isNaN(run.values[cx.place])));
  dotsPlace.replaceChildren();
  modelNames.replaceChildren(...distinct(column('model')).map((model) => html('li', {}, svg('svg',
    {viewBox: '0 0 10 10', class: 'swatch dot', 'aria-hidden': 'true'},
    svg('circle', {cx: 5, cy: 5, r: 4, fill: shade(model)})), model)));
  say(null);
  if (dots.length === 0) return;
  const x = cx.numeric
      ? scaleOf(cx, dots.map((run) => run.values[cx.place]), kLeft + 30, kWidth - kRight - 30)
      : places(distinct(cx).filter((text) => dots.some((run) => run.texts[cx.place] === text)),
        kLeft, kWidth - kRight);
  const y = vertical(dots.map((run) => run.values[cy.place]), false);
  // Runs of one place stand a little aside of each other, by multiples of the golden ratio.
  const gaps = x.ticks.slice(1).map(([at], i) => at - x.ticks[i][0]);
  const room = Math.max(8, Math.min(60, 0.6 * Math.min(...gaps)));
  const aside = (i) => room * ((i * 0.6180339887) % 1 - 0.5);
  dots.sort((a, b) => order(a, b, cx, 1) || order(a, b, cy, 1));
  dots.forEach((run, i) => {
    run.dot = svg('circle', {cx: (x.at(run.values[cx.place]) + aside(i)).toFixed(1), r: 5,
      cy: y.at(run.values[cy.place]).toFixed(1), role: 'option', id: 'dot' + i,
      fill: shade(run.texts[column('model').place]),
      'aria-label': `${run.label}, ${cy.title} ${run.texts[cy.place]}`,
      onpointerenter: () => say(run), onclick: () => pick(run)});
  });
  const list = svg('g', {role: 'listbox', tabindex: 0, 'aria-multiselectable': 'true',
    'aria-label': `${cy.title} by ${cx.title}: arrows go from run to run, Enter picks one`,
    onkeydown: (event) => {
      const at = dots.indexOf(current), last = dots.length - 1;
      const to = {ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0,
        End: last, Enter: at, ' ': at}[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const run = dots[Math.max(0, Math.min(last, to))];
      if (to !== at || at < 0) return say(run);
      pick(run);
    }}, ...dots.map((run) => run.dot));
  dotsPlace.replaceChildren(svg('svg', {viewBox: `0 0 ${kWidth} ${kHeight}`},
    axes(x, y, cx.title, cy.title), list));
}

// Tells of a dot below the drawing, and marks it.
function say(run) {
  current?.dot.classList.remove('current');
  current = run;
  told.textContent = run === null ? 'Point at a dot to see its run; click it to see its curve.'
      : run.label + ': ' + results.filter((c) => !isNaN(run.values[c.place]))
        .map((c) => `${c.title} ${run.texts[c.place]}`).join(', ');
  if (run === null) return;
  run.dot.classList.add('current');
  run.dot.parentElement?.setAttribute('aria-activedescendant', run.dot.id);
}

// ---- Controls.
const controls = {};  // by the name of what they set
function labelled(text, control) { return html('label', {}, text + ' ', control); }
function choice(name, choices) {
  return controls[name] = html('select', {name, onchange: (event) => set(name, event.target.value)},
    ...choices.map(([value, text]) => html('option', {value}, text)));
}
function set(name, value) { state[name] = value; update(); }
const named = (list) => list.map((c) => [c.name, c.title]);
const action = (text, does) => html('button', {type: 'button', onclick: does}, text);
const note = (id) => html('p', {id, class: 'faint'});

controls.filter = html('input', {type: 'search', spellcheck: 'false', size: 36, 'aria-describedby':
  'filter-help', oninput: (event) => set('filter', event.target.value)});
const choosers = varied.filter((c) => distinct(c).length <= kMostChoices).map((c) =>
  labelled(c.title, choice('is.' + c.name,
    [['', 'all'], ...distinct(c).map((text) => [text, text])])));
const link = html('a', {href: '#'}, 'Link to this view');
const status = html('p', {role: 'status'}), told = html('p', {class: 'told', 'aria-live': 'polite'});
const more = action('', () => { all = true; update(); });
const depthChoice = choice('depth', depths.map((depth) => [depth, depth]));
const legend = html('ul', {class: 'legend'}), modelNames = html('ul', {class: 'legend'});
const curvePlace = html('div'), dotsPlace = html('div');
const curveNumbers = html('details', {ontoggle: () => { if (curveNumbers.open) showNumbers(); }},
  html('summary', {}, 'The numbers of these curves'), html('div', {class: 'wide', tabindex: 0}));
const help = note('filter-help');
help.append('Words of a row, or a column and a value: ', html('code', {},
  `model=${distinct(column('model'))[0]} test_accuracy>=50`), '. Columns: ', columns.map((c) => c.name).join(', '), '.');

section.querySelector('.explorer').append(
  html('form', {class: 'controls', onsubmit: (event) => event.preventDefault()},
    labelled('Filter', controls.filter), ...choosers,
    labelled('Colours', choice('theme', ['auto', 'light', 'dark'].map((t) => [t, t])))), help, status,
  html('h3', {}, 'Runs as dots'),
  html('div', {class: 'controls'}, labelled('Across', choice('x', named(settings))),
    labelled('Up', choice('y', named(results)))), modelNames, dotsPlace, told,
  html('h3', {}, 'Curves of the picked runs'),
  html('div', {class: 'controls'}, labelled('Curve', choice('curve', Object.entries(quantities))),
    labelled('Depth', depthChoice), action('Pick the first runs of the table', () => pick(...shown)),
    action('Pick none', () => { picked = []; update(); }), link),
  legend, curvePlace, curveNumbers, html('h3', {}, 'Table of the runs'));
section.querySelector('.wide:has(> table)')?.after(more);
table.tHead.rows[0].prepend(html('th', {scope: 'col', class: 'tick'}, 'curve'));
for (const c of columns) {
  c.th.replaceChildren(html('button', {type: 'button', class: 'sort', name: c.name,
    onclick: () => set('sort', state.sort === c.name ? '-' + c.name : c.name)}, c.title));
}

// Draws again only what shows something else than before.
const drawn = {};
function once(name, what, draw) {
  const key = JSON.stringify(what);
  if (drawn[name] === key) return;
  drawn[name] = key;
  draw();
}
const ids = (list) => list.map((run) => run.id);

function update() {
  filter();
  once('table', [ids(shown), all], showTable);
  markPicked();
  once('curves', [ids(picked), state.curve, state.depth], showCurves);
  writeAddress();
  document.documentElement.dataset.theme = state.theme;
  // The table is there at once; many dots take a moment longer.
  requestAnimationFrame(() => setTimeout(() => {
    once('dots', [ids(shown), state.x, state.y], showDots);
    markPicked();
  }));
}
function open() {
  readAddress();
  for (const [name, control] of Object.entries(controls)) control.value = state[name] ?? '';
  update();
}
// A page of runs that go on loads itself again, unless its reader is at it.
if (document.querySelector('[data-going-on]')) {
  let busy = 0;
  for (const event of ['keydown', 'pointerdown', 'pointermove', 'scroll']) {
    addEventListener(event, () => { busy = Date.now(); }, {passive: true, capture: true});
  }
  setInterval(() => { if (Date.now() - busy > 3000) location.reload(); }, 5000);
}
addEventListener('beforeprint', () => { all = true; update(); });  // paper has no button for more
addEventListener('hashchange', () => { if (location.hash.includes('=')) open(); });
open();
})();
