/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Space and time: a row for each node, time to the right, an arrow for each message. */
'use strict';

(() => {
  const { data, el, svg, name, format, table, choice, theme, onTheme } = gridsim;
  const { count, plural, time, exactTime, word } = format;
  const ENVELOPES = ['Tell', 'Ask', 'Response'];
  const TYPES = ['AddSibling', 'UpdateEnergy', 'SyncGrid', 'UpdateNet'];
  const DASHES = [[2, 3], [], [7, 4]];
  const WAVE_COLOURS = 6;
  const NO_WAVE = 6;
  const LISTED_MOST = 500;
  const CHOICES_MOST = 200;
  const EASY_MOST = 400;
  const NEAR = 12;
  /** How far the line of a lost message goes: in pixels, and of the way between the rows. */
  const [LOST_WIDTH, LOST_PART] = [8, 0.35];
  const PRINT_WIDTH = 680;
  const NAME_WIDTH = 120;
  const { faults } = gridsim;
  const [TOP, RIGHT, BOTTOM] = [10 + (faults ? faults.height : 0), 14, 46];
  /** Half of how high a stretch is in which a node is down, paused or slow. */
  const STRETCH = 5;

  const { nodes } = data.spacetime;
  const waves = new Set();
  const all = data.spacetime.messages.map(([from, to, sent, due, env, type, cause, wave, payload, reason]) => {
    if (wave) waves.add(wave);
    return { from, to, sent, due, lost: due === null, env, type, cause, wave, payload, reason, colour: NO_WAVE };
  });
  const stretches = data.spacetime.stretches.map(([node, sort, from, to, fault]) => (
    { node, sort, from, to: to === null ? Infinity : to, fault }));
  const LOST = { chance: 'by chance or by name', cut: 'the link is cut', down: 'its receiver is down, or paused to the end' };

  const nameOf = (node) => (node < 0 ? 'schedule' : nodes[node]);
  const titleOf = (message) => `${ENVELOPES[message.env]} ${TYPES[message.type]}`;
  const describe = (message) => [
    `${word(nameOf(message.from))} → ${word(nameOf(message.to))}`, titleOf(message),
    message.wave ? `wave ${message.wave}` : null, message.payload,
    message.from < 0 ? `told at ${exactTime(message.sent)}`
      : message.lost ? `sent at ${exactTime(message.sent)}, lost: ${LOST[message.reason]}`
        : `sent at ${exactTime(message.sent)}, there after ${time(message.due - message.sent)}`,
  ].filter(Boolean).join(' · ');

  // --- drawing ------------------------------------------------------------------

  /** Rows are those of nodes that messages which are shown go from or to. */
  function rowsOf(shown) {
    const used = new Set(shown.flatMap((message) => [message.from, message.to]).filter((node) => node >= 0));
    return new Map([...used].sort((a, b) => a - b).map((node, row) => [node, row]));
  }

  const ticksOf = (low, high) => {
    const power = 10 ** Math.floor(Math.log10((high - low) / 6));
    const step = [1, 2, 5, 10].map((by) => by * power).find((by) => by >= (high - low) / 6);
    const ticks = [];
    for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) ticks.push(at * step);
    return { ticks, step };
  };

  function arrow(context, [x1, y1], [x2, y2], size) {
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
    const angle = Math.atan2(y2 - y1, x2 - x1);
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(x2, y2);
    context.lineTo(x2 - size * Math.cos(angle - 0.4), y2 - size * Math.sin(angle - 0.4));
    context.lineTo(x2 - size * Math.cos(angle + 0.4), y2 - size * Math.sin(angle + 0.4));
    context.fill();
  }

  /** The line of a message that is lost ends in a cross. */
  function cross(context, [x1, y1], [x2, y2], size) {
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    for (const side of [-1, 1]) {
      context.moveTo(x2 - size / 2, y2 - side * size / 2);
      context.lineTo(x2 + size / 2, y2 + side * size / 2);
    }
    context.stroke();
  }

  /** Where a node is down its line is broken; where it is paused or slow there is a pattern on it. */
  function lifelines(context, view, colours) {
    const half = Math.min(STRETCH, view.gap / 2 - 0.5);
    for (const stretch of stretches) {
      if (!view.rows.has(stretch.node) || stretch.to < view.low || stretch.from > view.high) continue;
      const left = Math.max(view.left, view.x(stretch.from));
      const right = Math.max(left + 2, stretch.to === Infinity ? view.width - RIGHT : Math.min(view.width - RIGHT, view.x(stretch.to)));
      const y = view.y(stretch.node);
      const { colour, pattern } = faults.SORTS[stretch.sort];
      context.fillStyle = colours.page;
      context.fillRect(left, y - half, right - left, 2 * half);
      context.fillStyle = context.strokeStyle = colours.series[colour];
      context.globalAlpha = 0.2;
      context.fillRect(left, y - half, right - left, 2 * half);
      context.globalAlpha = 0.8;
      if (stretch.sort === 'down') context.strokeRect(left, y - half, right - left, 2 * half);
      else faults.fillPattern(context, pattern, left, y - half, right - left, 2 * half);
      context.globalAlpha = 1;
    }
  }

  /** The plot, for rows of faults above it. */
  const plotOf = (view) => ({ x: view.x, left: view.left, right: view.width - RIGHT, top: TOP, bottom: view.height - BOTTOM, low: view.low, high: view.high });

  function axes(context, view, colours) {
    const { left, width, height, low, high, x, y, rows } = view;
    context.font = `12px ${colours.sans}`;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    const every = Math.ceil(16 / view.gap);
    for (const [node, row] of rows) {
      context.strokeStyle = colours.grid;
      context.beginPath();
      context.moveTo(left, y(node));
      context.lineTo(width - RIGHT, y(node));
      context.stroke();
      context.fillStyle = colours.faint;
      if (row % every === 0) context.fillText(view.labels.get(node), left - 8, y(node));
    }
    context.textAlign = 'center';
    context.textBaseline = 'top';
    const { ticks, step } = ticksOf(low / view.unit, high / view.unit);
    const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    let free = -Infinity;
    for (const tick of ticks) {
      const at = x(tick * view.unit);
      const text = tick.toFixed(digits);
      const half = context.measureText(text).width / 2;
      context.strokeStyle = colours.rule;
      context.beginPath();
      context.moveTo(at, height - BOTTOM);
      context.lineTo(at, height - BOTTOM + 5);
      context.stroke();
      if (at - half < free || at + half > width) continue;
      context.fillText(text, at, height - BOTTOM + 8);
      free = at + half + 12;
    }
    context.fillStyle = colours.text;
    context.font = `13px ${colours.sans}`;
    context.fillText(`simulated time (${view.unitName})`, (left + width - RIGHT) / 2, height - 18);
  }

  function viewOf(shown, width) {
    const rows = rowsOf(shown);
    const gap = Math.max(5, Math.min(56, 640 / rows.size));
    const height = Math.round(Math.max(1, rows.size - 1) * gap + TOP + BOTTOM + 40);
    const font = `12px ${theme().sans}`;
    const labels = new Map([...rows.keys()].map((node) => [node, format.fit(nameOf(node), Math.min(NAME_WIDTH, width / 4), font)]));
    const left = 16 + Math.max(faults ? faults.labels - 16 : 0, ...[...labels.values()].map((label) => format.widthOf(label, font)));
    let low = shown.reduce((least, message) => Math.min(least, message.sent), Infinity);
    let high = shown.reduce((most, message) => Math.max(most, message.lost ? message.sent : message.due), -Infinity);
    if (high === low) high = low + 1e-9;
    const room = (high - low) * 0.02;
    [low, high] = [low - room, high + room];
    const [unit, unitName] = format.unitFor((low + high) / 2, format.TIME_UNITS);
    return { rows, labels, gap, height, width, left, low, high, unit, unitName,
      x: (at) => left + ((at - low) / (high - low)) * (width - RIGHT - left),
      y: (node) => TOP + 20 + rows.get(node) * gap };
  }

  /** Messages of the schedule come from just above their node. */
  function endsOf(view, message) {
    if (message.lost) {
      const [x, y] = [view.x(message.sent), view.y(message.from)];
      return [[x, y], [x + LOST_WIDTH, y + (view.y(message.to) - y) * LOST_PART]];
    }
    const to = [view.x(message.due), view.y(message.to)];
    return message.from < 0 ? [[to[0], to[1] - 18], to] : [[view.x(message.sent), view.y(message.from)], to];
  }

  function paint(canvas, view, shown, pointed) {
    const colours = theme();
    const scale = window.devicePixelRatio || 1;
    canvas.width = Math.round(view.width * scale);
    canvas.height = Math.round(view.height * scale);
    canvas.style.width = `${view.width}px`;
    canvas.style.height = `${view.height}px`;
    const context = canvas.getContext('2d');
    context.scale(scale, scale);
    context.clearRect(0, 0, view.width, view.height);
    context.lineWidth = 1;
    if (faults) faults.paint(context, plotOf(view), colours);
    axes(context, view, colours);
    lifelines(context, view, colours);
    const alpha = Math.max(0.25, Math.min(1, 30 / Math.sqrt(shown.length + 1)));
    const size = shown.length > EASY_MOST ? 4 : 7;
    const draw = (message, heavy) => {
      context.globalAlpha = heavy ? 1 : pointed ? alpha * 0.5 : alpha;
      context.lineWidth = heavy ? 3 : 1.2;
      context.strokeStyle = context.fillStyle = heavy ? colours.text : colours.series[message.colour];
      context.setLineDash(DASHES[message.env]);
      (message.lost ? cross : arrow)(context, ...endsOf(view, message), heavy ? 10 : size);
    };
    shown.forEach((message) => draw(message, false));
    if (pointed) draw(pointed, true);
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  /** Distance of a point to a line that ends. */
  function distance([px, py], [[x1, y1], [x2, y2]]) {
    const length = (x2 - x1) ** 2 + (y2 - y1) ** 2;
    const share = length ? Math.min(1, Math.max(0, ((px - x1) * (x2 - x1) + (py - y1) * (y2 - y1)) / length)) : 0;
    return Math.hypot(px - x1 - share * (x2 - x1), py - y1 - share * (y2 - y1));
  }

  function nearest(view, shown, point) {
    let best = null;
    let least = NEAR;
    for (const message of shown) {
      const far = distance(point, endsOf(view, message));
      if (far < least) [best, least] = [message, far];
    }
    return best;
  }

  /** What is pointed at besides messages: a stretch of a node, or a bar above the plot. */
  function faultAt(view, [x, y]) {
    if (!faults) return null;
    const stretch = stretches.find((one) => view.rows.has(one.node) && Math.abs(view.y(one.node) - y) <= STRETCH
      && view.x(one.from) - 3 <= x && (one.to === Infinity || x <= view.x(one.to) + 3));
    if (!stretch) return faults.at(plotOf(view), x, y);
    const fault = faults.listed[stretch.fault];
    return `${word(nodes[stretch.node])} is ${stretch.sort} from ${exactTime(stretch.from)}${stretch.to === Infinity ? ' for good' : ` to ${exactTime(stretch.to)}`}${fault ? ` \u00b7 ${faults.describe(fault)}` : ''}`;
  }

  // --- the figure -----------------------------------------------------------------

  const swatch = (colour, dash) => svg('svg', { width: 28, height: 12, viewBox: '0 0 28 12', 'aria-hidden': 'true' },
    svg('path', { d: 'M0 6H28', fill: 'none', stroke: colour, 'stroke-width': 2, 'stroke-dasharray': dash.join(' ') || null }));

  /** Waves that are shown, in the order in which they began; each gets a colour by its place. */
  function colourWaves(shown) {
    const begun = [...new Set(shown.filter((message) => message.wave).map((message) => message.wave))];
    const place = new Map(begun.map((wave, index) => [wave, index % WAVE_COLOURS]));
    for (const message of shown) message.colour = message.wave ? place.get(message.wave) : NO_WAVE;
    return begun;
  }

  function legendOf(shown, begun) {
    const entry = (...what) => el('li', null, el('span', { class: 'entry' }, what));
    const kinds = ENVELOPES.map((name, env) => shown.some((message) => message.env === env)
      ? entry(swatch('var(--faint)', DASHES[env]), name) : null);
    const named = begun.slice(0, WAVE_COLOURS).map((wave, index) => entry(
      swatch(`var(--series-${index + 1})`, []), `wave ${wave}`));
    const lost = shown.some((message) => message.lost) ? entry(svg('svg', { width: 28, height: 12, viewBox: '0 0 28 12', 'aria-hidden': 'true' },
      svg('path', { d: 'M0 6H20M16 2l8 8M24 2l-8 8', fill: 'none', stroke: 'var(--faint)', 'stroke-width': 1.5 })), 'lost') : null;
    const more = begun.length > WAVE_COLOURS
      ? entry(`and ${count(begun.length - WAVE_COLOURS)} more, in the same colours again`) : null;
    return [...(faults ? faults.legend() : []), ...kinds, lost, ...named, more].filter(Boolean);
  }

  function listOf(shown) {
    const rows = shown.slice(0, LISTED_MOST);
    const at = (label, key) => ({ label, number: true, value: (row) => row[key], text: (row) => exactTime(row[key]) });
    return [shown.length > rows.length ? el('p', { class: 'note' }, `The first ${count(rows.length)} of ${count(shown.length)}.`) : null,
      table({ label: 'Messages', rows, sortable: true, columns: [
        at('sent', 'sent'), { ...at('arrives', 'due'), text: (row) => (row.lost ? `lost: ${LOST[row.reason]}` : exactTime(row.due)) }, { label: 'from', value: (row) => nameOf(row.from), text: (row) => name(nameOf(row.from)) },
        { label: 'to', value: (row) => nameOf(row.to), text: (row) => name(nameOf(row.to)) }, { label: 'message', value: titleOf },
        { label: 'wave', value: (row) => row.wave }, { label: 'what', value: (row) => row.payload, text: (row) => (row.payload ? name(row.payload) : format.NONE) }] })].filter(Boolean);
  }

  /** What can be chosen: messages that a disturbance led to, or those of a wave. */
  function choices(filter, changed) {
    const causes = [...new Set(all.map((message) => message.cause))].slice(0, CHOICES_MOST);
    const label = (cause) => {
      if (cause === data.spacetime.on_their_own) return 'nodes themselves, by their rules of recovery';
      const told = data.disturbances[cause];
      return told ? `${exactTime(told.at_s)}: ${word(told.what, 64)}` : `disturbance ${cause + 1}`;
    };
    const list = [];
    if (causes.length > 1) {
      list.push(choice('Caused by', [['', 'anything'], ...causes.map((cause) => [cause, label(cause)])], filter.cause,
        (value) => { filter.cause = value; changed(); }));
    }
    if (waves.size > 1) {
      list.push(choice('Wave', [['', 'all'], ...[...waves].slice(0, CHOICES_MOST).map((wave) => [wave, wave])], filter.wave,
        (value) => { filter.wave = value; changed(); }));
    }
    return list;
  }

  const countBy = (messages, key) => {
    const counts = new Map();
    for (const message of messages) counts.set(message[key], (counts.get(message[key]) || 0) + 1);
    return [...counts];
  };

  /** At first: what led to most messages that can still be told apart; of too many, one wave. */
  function firstFilter() {
    const filter = { cause: '', wave: '' };
    const causes = countBy(all.filter((message) => message.from >= 0), 'cause');
    if (!causes.length || (causes.length === 1 && all.length <= EASY_MOST)) return filter;
    const easy = causes.filter(([, messages]) => messages <= EASY_MOST).sort((a, b) => b[1] - a[1]);
    const [cause, messages] = easy[0] || causes[0];
    filter.cause = String(cause);
    if (messages <= EASY_MOST) return filter;
    const wave = countBy(all.filter((message) => message.cause === cause && message.wave), 'wave')[0];
    if (wave) [filter.wave] = wave;
    return filter;
  }

  gridsim.spacetime = (parent) => {
    const canvas = el('canvas', { id: 'spacetime-chart', role: 'img' });
    const plot = el('div', { class: 'plot spacetime' }, canvas);
    const names = el('ul', { class: 'legend', 'aria-label': 'Legend' });
    const words = el('p', { class: 'pointed on-screen', role: 'status' });
    const details = el('details');
    const filter = firstFilter();
    const title = 'Messages between nodes';
    const entry = { id: 'spacetime-chart', title, xLabel: '', yLabel: 'node', points: 0, series: [] };
    let shown = [];
    let view = null;
    let pointed = null;
    const redraw = (width) => {
      view = viewOf(shown, Math.max(240, width || plot.clientWidth));
      plot.style.height = `${view.height}px`;
      paint(canvas, view, shown, pointed);
    };
    const idle = () => {
      words.textContent = `${plural(shown.length, 'message')} shown. Point at an arrow, or touch it, to see what it is.`;
    };
    const change = () => {
      shown = all.filter((message) => (filter.cause === '' || String(message.cause) === filter.cause)
        && (filter.wave === '' || message.wave === filter.wave));
      if (!shown.length) {
        filter.wave = '';
        parent.querySelectorAll('select')[1].value = '';
        change();
        return;
      }
      pointed = null;
      const begun = colourWaves(shown);
      redraw();
      idle();
      canvas.setAttribute('aria-label', `Chart: ${title}. ${plural(shown.length, 'arrow')} from sender to receiver over simulated time. They are in the table below.`);
      names.replaceChildren(...legendOf(shown, begun));
      details.replaceChildren(el('summary', null, 'Messages as a table'), ...listOf(shown));
      Object.assign(entry, { xLabel: `simulated time (${view.unitName})`, points: shown.length });
    };
    const point = (event) => {
      const box = canvas.getBoundingClientRect();
      const place = [event.clientX - box.left, event.clientY - box.top];
      const next = nearest(view, shown, place);
      const fault = next ? null : faultAt(view, place);
      canvas.title = fault || '';
      if (next) words.textContent = describe(next);
      else if (fault) words.textContent = fault;
      else idle();
      if (next === pointed) return;
      pointed = next;
      paint(canvas, view, shown, pointed);
    };
    canvas.addEventListener('pointermove', point);
    canvas.addEventListener('pointerdown', point);
    parent.append(el('figure', { 'data-chart': entry.id }, el('h3', null, title),
      el('div', { class: 'controls' }, choices(filter, change)), plot, words, names,
      el('figcaption', null, 'A row for each node, time to the right: an arrow leaves its sender when it is sent and reaches its receiver when it arrives. '
        + 'Colours tell waves apart, dashes the kinds; what the schedule tells comes from above. A line that ends in a cross is a message that is lost.'
        + (faults ? ' Where a node is down its line is broken by a box; where it is paused or slow there is a pattern on it.' : '')), details));
    change();
    window.gridsimCharts.push(entry);
    window.addEventListener('resize', () => redraw());
    onTheme((_, printing) => redraw(printing ? PRINT_WIDTH : 0));
  };
})();
