/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all pages share: the document, elements, numbers and names as people read
   them, sections, tables, colours. charts.js and graph.js add to it. Text of the
   document goes into the page as text only, never as markup, and cannot turn
   around what stands beside it. */
'use strict';

const gridsim = (() => {
  // --- text of others -----------------------------------------------------------

  /** What is not to be seen, or would change how other text is read, as text: "\u202e". */
  const UNSEEN = /[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0001}-\u{e007f}]/gu;
  const escaped = (text) => text.replace(UNSEEN, (c) => (c > '\uffff' ? `\\u{${c.codePointAt(0).toString(16)}}` : `\\u${c.codePointAt(0).toString(16).padStart(4, '0')}`));
  const data = JSON.parse(document.getElementById('data').textContent,
    (key, value) => (typeof value === 'string' ? escaped(value) : value));

  const ISOLATE = ['\u2068', '\u2069'];
  /** On one line, and without marks piled up on each other. */
  const oneLine = (text) => text.replace(/[\t\n\v\f\r\u2028\u2029]/g, '\u23ce').replace(/(\p{M}{3})\p{M}+/gu, '$1');
  /** What people take for characters. */
  const characters = (text) => (Intl.Segmenter
    ? Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text), (one) => one.segment) : Array.from(text));
  /** At most so many characters: the beginning and the end, since names mostly differ at one of them. */
  function shorten(text, most) {
    if (text.length <= most) return text;
    const all = characters(text);
    const head = Math.ceil((most - 1) / 2);
    return all.length <= most ? text : all.slice(0, head).join('') + '\u2026' + all.slice(all.length - (most - 1 - head)).join('');
  }
  const NAME_MOST = 200;
  /** A name within other text where there can be no elements: it does not turn that around. */
  const word = (text, most = NAME_MOST) => ISOLATE.join(shorten(oneLine(String(text)), most));

  // --- elements ---------------------------------------------------------------

  const SVG = 'http://www.w3.org/2000/svg';

  /** Sets attributes and appends children: elements, text, or lists of them; null is nothing. */
  function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) {
        element.setAttribute(name, value === true ? '' : String(value));
      }
    }
    for (const child of children.flat(3)) {
      if (child !== null && child !== undefined && child !== '') {
        element.append(child instanceof Node ? child : String(child));
      }
    }
    return element;
  }

  /** el('p', {class: 'note'}, 'text', el('b', null, 'bold')). */
  const el = (tag, attributes, ...children) =>
    fill(document.createElement(tag), attributes, children);
  /** The same for the elements of SVG. */
  const svg = (tag, attributes, ...children) =>
    fill(document.createElementNS(SVG, tag), attributes, children);

  /** A name as an element that does not turn around what is beside it; a long one is whole in its title. */
  function name(text, most = NAME_MOST) {
    const shown = shorten(oneLine(String(text)), most);
    return el('bdi', { title: shown === text ? null : text }, shown);
  }

  let ruler = null;
  /** Pixels that text takes in a canvas with that font. */
  function widthOf(text, font) {
    ruler = ruler || document.createElement('canvas').getContext('2d');
    ruler.font = font;
    return ruler.measureText(text).width;
  }
  /** As a word, shortened so that it takes no more than that. */
  function fit(text, width, font) {
    const line = oneLine(String(text));
    let most = 200;
    let shown = shorten(line, most);
    for (let has = widthOf(shown, font); most > 3 && has > width; has = widthOf(shown, font)) {
      most = Math.max(3, Math.min(most - 1, Math.floor((Math.min(most, shown.length) * width) / has)));
      shown = shorten(line, most);
    }
    return ISOLATE.join(shown);
  }

  // --- numbers ----------------------------------------------------------------

  const MINUS = '\u2212';
  const NONE = '\u2013';
  const known = (value) => typeof value === 'number' && Number.isFinite(value);

  /** To so many significant digits, without trailing zeros, thousands separated. */
  function digits(value, significant) {
    if (!known(value)) return NONE;
    if (value === 0) return '0';
    const rounded = Number(value.toPrecision(significant));
    const size = Math.floor(Math.log10(Math.abs(rounded)));
    const decimals = Math.min(Math.max(significant - 1 - size, 0), 20);
    let [whole, fraction = ''] = Math.abs(rounded).toFixed(decimals).split('.');
    fraction = fraction.replace(/0+$/, '');
    whole = whole.replace(/\B(?=(\d{3})+$)/g, ',');
    return (rounded < 0 ? MINUS : '') + whole + (fraction ? '.' + fraction : '');
  }

  /** Whole numbers, also those that a document has as text since they are beyond 2^53. */
  const WHOLE = /^-?\d+$/;
  const whole = (value) => typeof value === 'bigint' || Number.isInteger(value) || (typeof value === 'string' && WHOLE.test(value));
  /** Of a document: what JavaScript can have exactly, a number or a BigInt; null stays null. */
  const number = (value) => (typeof value === 'string' && WHOLE.test(value) && !Number.isSafeInteger(Number(value)) ? BigInt(value)
    : value === null || value === undefined ? null : Number(value));

  /** To the last digit: "1,152,921,504,606,846,977"; what is no whole number to 15 digits. */
  function exact(value) {
    if (!whole(value)) return digits(value, 15);
    const text = BigInt(value).toString();
    return text.replace('-', MINUS).replace(/\B(?=(\d{3})+$)/g, ',');
  }

  /** 6005001: "6,005,001"; means of counts keep up to four digits: "61.25". */
  const count = (value) =>
    whole(value) ? exact(value) : !known(value) ? NONE : digits(value, Math.max(4, Math.ceil(Math.log10(Math.abs(value) + 1))));

  const TIME_UNITS = [[1, 's'], [1e-3, 'ms'], [1e-6, 'µs'], [1e-9, 'ns']];
  const BYTE_UNITS = [[2 ** 40, 'TiB'], [2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB'], [1, 'B']];
  const SI_UNITS = [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k'], [1, '']];

  /** The largest unit that is not larger than the value. */
  const unitFor = (value, units) =>
    units.find(([size]) => Math.abs(value) >= size * (1 - 1e-12)) || units[units.length - 1];
  function scaled(value, units, significant) {
    if (!known(value)) return NONE;
    if (value === 0) return units === SI_UNITS ? '0' : '0\u00a0' + (units === TIME_UNITS ? 's' : 'B');
    const [size, name] = unitFor(value, units);
    return digits(value / size, significant) + (name ? '\u00a0' + name : '');
  }

  /** Seconds: "90.71 ms". */
  const time = (seconds, significant = 4) => scaled(seconds, TIME_UNITS, significant);
  /** A moment to the nanosecond, as far as a number holds it: "1.000000001 s". */
  const exactTime = (seconds) => time(seconds, 15);
  /** Bytes: "11.8 MiB". */
  const bytes = (value, significant = 3) => scaled(value, BYTE_UNITS, significant);
  /** "12.3 k", "4.56 M"; for ticks and other narrow places. */
  const si = (value, significant = 3) => scaled(value, SI_UNITS, significant).replace('\u00a0', '\u202f');

  /** A number with a unit that is only a word, such as an energy: whole ones to the last digit. */
  const measured = (value, unit) => {
    if (!whole(value) && !known(value)) return NONE;
    return (whole(value) ? exact(value) : digits(value, 4)) + (unit ? '\u00a0' + unit : '');
  };
  /** By unit: "s" is a time, "B" bytes, "" a count, anything else a number with that unit. */
  function quantity(value, unit) {
    if (unit === 's') return time(value);
    if (unit === 'B') return bytes(value);
    return unit ? measured(value, unit) : count(value);
  }
  /** "3 nodes", "1 node". */
  const plural = (value, noun) => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

  const format = { NONE, known, whole, number, digits, exact, count, time, exactTime, bytes, si, measured, quantity, plural, unitFor,
    shorten, word, fit, widthOf, TIME_UNITS, BYTE_UNITS };

  // --- the page ---------------------------------------------------------------

  const contents = el('ol');
  let main = null;

  /**
   * The heading: `kind` above the name ("Comparison"), `name`, and `about`.
   * Returns the header, to which more may be added before the list of contents.
   */
  function heading({ kind, name: title, about }) {
    const header = el('header', null,
      el('p', { class: 'eyebrow' }, kind),
      el('h1', { dir: 'auto', class: title.length > 80 ? 'long' : null }, title),
      about ? el('p', { class: 'about', dir: 'auto' }, about) : null,
      el('nav', { class: 'contents', 'aria-label': 'Contents' }, contents));
    main = el('main', null, header);
    document.body.append(main);
    return header;
  }

  /** A section with a heading, listed in the contents; paragraphs follow the heading. */
  function section(id, title, ...paragraphs) {
    const part = el('section', { 'aria-labelledby': id }, el('h2', { id }, title),
      paragraphs.map((text) => el('p', null, text)));
    contents.append(el('li', null, el('a', { href: '#' + id }, title)));
    main.append(part);
    return part;
  }

  /** Pairs of label and value side by side. */
  const facts = (pairs) => el('dl', { class: 'facts' },
    pairs.map(([label, value]) => [el('dt', null, label), el('dd', null, value)]));

  /** A choice: options are [value, text]; `changed` is called with the value. */
  function choice(label, options, selected, changed) {
    const select = el('select', null, options.map(([value, text]) =>
      el('option', { value, selected: String(value) === String(selected) }, text)));
    select.addEventListener('change', () => changed(select.value));
    return el('label', null, label, select);
  }
  /** A box to tick. */
  function tick(label, ticked, changed) {
    const box = el('input', { type: 'checkbox', checked: ticked });
    box.addEventListener('change', () => changed(box.checked));
    return el('label', null, box, label);
  }

  // --- tables -----------------------------------------------------------------

  /** Orders numbers by size, text as people do; what is not known comes last both ways. */
  function compare(a, b, down) {
    const missing = (value) => value === null || value === undefined || Number.isNaN(value);
    if (missing(a) || missing(b)) return missing(a) - missing(b);
    const numbers = [a, b].every((value) => typeof value === 'number' || typeof value === 'bigint');
    const order = numbers ? (a > b) - (a < b)
      : String(a).localeCompare(String(b), 'en', { numeric: true });
    return down ? -order : order;
  }

  /** Lets the heading of each column sort the rows. */
  function makeSortable(head, body, columns, lines) {
    columns.forEach((column, index) => {
      const cell = head.cells[index];
      const button = el('button', { type: 'button', title: 'Sort by this column' }, column.label);
      // Browsers leave buttons out where a heading is repeated on the next sheet.
      cell.replaceChildren(button, el('span', { class: 'on-paper', 'aria-hidden': 'true' }, column.label));
      button.addEventListener('click', () => {
        const down = cell.getAttribute('aria-sort') === 'ascending';
        for (const other of head.cells) other.removeAttribute('aria-sort');
        cell.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const sorted = lines.slice().sort((a, b) =>
          compare(column.value(a.row), column.value(b.row), down) || a.place - b.place);
        body.append(...sorted.map((line) => line.element));
      });
    });
  }

  /**
   * A table in a box of its own that scrolls sideways where it is too wide.
   * `columns`: {label, value(row), text(row)?, number?, wide?, head?, hint?}; `text` gives text or
   * elements and is what is shown, `value` what is sorted by; `head` marks the column that names
   * the row. `rowClass(row)` may give a row a class.
   */
  function table({ label, columns, rows, sortable = false, rowClass = () => null, caption = null }) {
    const kind = (column) => [column.number && 'number', column.wide && 'wide'].filter(Boolean).join(' ') || null;
    const shown = (column, row) => {
      if (column.text) return column.text(row);
      const value = column.value(row);
      return value === null || value === undefined ? NONE : typeof value === 'number' || typeof value === 'bigint' ? count(value) : value;
    };
    const head = el('tr', null, columns.map((column) =>
      el('th', { scope: 'col', class: kind(column), title: column.hint }, column.label)));
    const lines = rows.map((row, place) => ({
      row, place,
      element: el('tr', { class: rowClass(row) }, columns.map((column) =>
        el(column.head ? 'th' : 'td', { scope: column.head ? 'row' : null, class: kind(column) },
          shown(column, row)))),
    }));
    const body = el('tbody', null, lines.map((line) => line.element));
    if (sortable && rows.length > 1) makeSortable(head, body, columns, lines);
    return el('div', {
      class: rows.length > 25 ? 'scroll tall' : 'scroll', tabindex: 0, role: 'region', 'aria-label': label,
    }, el('table', null, caption ? el('caption', null, caption) : null, el('thead', null, head), body));
  }

  // --- colours ----------------------------------------------------------------

  const SERIES_COLOURS = 7;
  const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
  const MARKERS = ['circle', 'rect', 'triangle', 'rectRot', 'cross', 'star', 'crossRot'];

  /** Colours of the page as they are now. */
  function theme() {
    const style = getComputedStyle(document.documentElement);
    const get = (name) => style.getPropertyValue('--' + name).trim();
    return {
      text: get('text'), faint: get('faint'), rule: get('rule'), grid: get('grid'), page: get('page'),
      raised: get('raised'), accent: get('accent'), good: get('good'), bad: get('bad'), sans: get('sans'),
      series: Array.from({ length: SERIES_COLOURS }, (_, index) => get(`series-${index + 1}`)),
    };
  }

  /** How the series of a number looks: no two of the first 28 are the same, in colour or without. */
  const look = (index) => ({
    colour: index % SERIES_COLOURS,
    dash: DASHES[Math.floor(index / SERIES_COLOURS) % DASHES.length],
    marker: MARKERS[(index + Math.floor(index / SERIES_COLOURS)) % MARKERS.length],
  });

  const themed = [];
  let printing = false;
  const retheme = () => themed.forEach((listener) => listener(theme(), printing));
  /** Calls `listener(theme, printing)` whenever colours change, also before and after printing. */
  const onTheme = (listener) => themed.push(listener);

  function print(on) {
    if (printing === on) return;
    printing = on;
    document.documentElement.classList.toggle('print', on);
    retheme();
  }
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', retheme);
  window.addEventListener('beforeprint', () => print(true));
  window.addEventListener('afterprint', () => print(false));

  // --- graphs of numbers ------------------------------------------------------

  /** Dark violet to yellow, for 0 to 1: lightness rises evenly, so that it reads without colour. */
  const SEQUENCE = [[68, 1, 84], [65, 68, 135], [42, 120, 142], [34, 168, 132], [122, 209, 81], [253, 231, 37]];
  function sequential(share) {
    const at = Math.min(Math.max(share, 0), 1) * (SEQUENCE.length - 1);
    const step = Math.min(Math.floor(at), SEQUENCE.length - 2);
    const mix = SEQUENCE[step].map((from, i) => Math.round(from + (SEQUENCE[step + 1][i] - from) * (at - step)));
    return `rgb(${mix.join(', ')})`;
  }

  return {
    data, el, svg, name, format, heading, section, facts, choice, tick, table, theme, look, onTheme, sequential,
  };
})();
