/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What went wrong in a run, above every axis of time: a row for each sort of fault,
   with a bar while some of it holds, and a light band down the plot. Rows, patterns and
   words tell sorts apart without colour. gridsim.faults is null where nothing goes wrong. */
'use strict';

(() => {
  const { data, el, svg, format, section, table } = gridsim;
  const { count, plural, exactTime, word } = format;
  const { faults } = data;
  const [ROW, GAP, BAR] = [18, 6, 14];
  /** Room for the words of rows, left of the plot. */
  const LABELS = 62;
  const TEXT_LEAST = 28;
  const NAMED_MOST = 4;
  const BAR_LEAST = 2;
  const REACH = 3;
  /** With more in a row its bands in the plot are all alike: bars tell how many hold. */
  const BANDS_MOST = 60;

  gridsim.faults = null;
  if (!faults) return;

  /** A colour of the series, a pattern, and what it says of so many. */
  const SORTS = {
    down: { colour: 1, pattern: 'full', means: 'nodes that crashed or left' },
    cut: { colour: 3, pattern: 'slanted', means: 'links cut, partitions' },
    paused: { colour: 0, pattern: 'upright', means: 'nodes that handle nothing' },
    weak: { colour: 4, pattern: 'dotted', means: 'slow nodes, degraded links' },
  };

  const ends = (fault) => (fault.until_s === null ? Infinity : fault.until_s);

  /** Stretches of time in which the same number of faults of a sort holds. */
  function stretchesOf(place) {
    const stretches = [];
    faults.levels.forEach((level, index) => {
      const next = faults.levels[index + 1];
      const last = stretches[stretches.length - 1];
      const held = level[place + 1];
      if (last && last.to === level[0] && last.count === held) last.to = next ? next[0] : Infinity;
      else if (held) stretches.push({ from: level[0], to: next ? next[0] : Infinity, count: held });
    });
    return stretches;
  }

  const rows = faults.sorts.map((sort, place) => {
    const stretches = stretchesOf(place);
    const listed = faults.listed.filter((fault) => fault.sort === sort);
    return { sort, ...SORTS[sort], stretches, listed, most: Math.max(0, ...stretches.map((one) => one.count)) };
  }).filter((row) => row.stretches.length || row.listed.length);
  const height = rows.length * ROW + GAP;

  // --- drawing ------------------------------------------------------------------

  /** Fills a box with the pattern of a sort in the colour that is set. */
  function fillPattern(context, pattern, x, y, width, tall) {
    if (pattern === 'full') {
      context.fillRect(x, y, width, tall);
      return;
    }
    context.save();
    context.beginPath();
    context.rect(x, y, width, tall);
    context.clip();
    context.beginPath();
    context.lineWidth = 1.5;
    context.setLineDash([]);
    if (pattern === 'slanted') {
      for (let at = x - tall; at < x + width; at += 5) {
        context.moveTo(at, y + tall);
        context.lineTo(at + tall, y);
      }
    } else if (pattern === 'upright') {
      for (let at = x + 1; at < x + width; at += 4) {
        context.moveTo(at, y);
        context.lineTo(at, y + tall);
      }
    } else {
      for (let down = y + 2; down < y + tall; down += 4) {
        for (let at = x + 1; at < x + width; at += 4) context.rect(at, down - 1, 1, 1);
      }
    }
    context.stroke();
    context.restore();
  }

  const known = (row, stretch) => row.listed.filter((fault) => fault.at_s < stretch.to && ends(fault) > stretch.from);
  /** On a bar: which fault it is, where it is one; otherwise how many. */
  function labelOf(row, stretch) {
    const there = known(row, stretch);
    return stretch.count === 1 && there.length === 1 && !faults.level_s ? there[0].what : stretch.count > 1 ? count(stretch.count) : '';
  }

  /** The beginning of a text, as much as there is room for. */
  function cut(context, text, room) {
    if (context.measureText(text).width <= room) return text;
    const all = Array.from(text);
    let [least, most] = [0, all.length];
    while (least < most) {
      const middle = Math.ceil((least + most) / 2);
      if (context.measureText(`${all.slice(0, middle).join('')}\u2026`).width <= room) least = middle;
      else most = middle - 1;
    }
    return least > 2 ? `${all.slice(0, least).join('').trimEnd()}\u2026` : '';
  }

  /**
   * Rows above the plot, and bands in it. `axes`: {x(seconds), left, right, top, bottom, low, high}
   * of the plot in pixels and of its time; `colours` as theme().
   */
  function paint(context, axes, colours) {
    context.save();
    context.font = `12px ${colours.sans}`;
    context.textBaseline = 'middle';
    rows.forEach((row, index) => {
      const top = axes.top - height + index * ROW;
      const middle = top + BAR / 2;
      const colour = colours.series[row.colour];
      context.globalAlpha = 1;
      context.textAlign = 'right';
      context.fillStyle = colours.faint;
      context.fillText(row.sort, axes.left - 8, middle);
      context.strokeStyle = colours.grid;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(axes.left, middle);
      context.lineTo(axes.right, middle);
      context.stroke();
      context.textAlign = 'left';
      let free = axes.left;
      for (const stretch of row.stretches) {
        if (stretch.to < axes.low || stretch.from > axes.high) continue;
        const left = Math.max(axes.left, axes.x(stretch.from));
        const right = Math.max(left + BAR_LEAST, Math.min(axes.right, stretch.to === Infinity ? axes.right : axes.x(stretch.to)));
        const share = row.most > 1 ? stretch.count / row.most : 1;
        context.fillStyle = context.strokeStyle = colour;
        context.globalAlpha = row.stretches.length > BANDS_MOST ? 0.04 : 0.05 + 0.06 * share;
        context.fillRect(left, axes.top, right - left, axes.bottom - axes.top);
        context.globalAlpha = 0.16 + 0.24 * share;
        context.fillRect(left, top, right - left, BAR);
        context.globalAlpha = 0.55 + 0.45 * share;
        fillPattern(context, row.pattern, left, top + BAR - 3, right - left, 3);
        if (right - left < TEXT_LEAST || left < free) continue;
        context.globalAlpha = 1;
        context.fillStyle = colours.text;
        context.fillText(cut(context, word(labelOf(row, stretch)), right - left - 8), left + 4, top + BAR / 2 - 1);
        free = right;
      }
    });
    context.restore();
  }

  // --- in words -----------------------------------------------------------------

  const lasting = (fault) => (fault.until_s === null ? `from ${exactTime(fault.at_s)} for good` : `from ${exactTime(fault.at_s)} to ${exactTime(fault.until_s)}`);
  const describe = (fault) => `${word(fault.what)}, ${lasting(fault)} (${fault.place})`;

  /** What a point above the plot stands for; null: nothing. `y` is from the top of the plot, upwards. */
  function at(axes, x, y) {
    const row = rows[Math.floor((y - (axes.top - height)) / ROW)];
    if (!row || y > axes.top || x < axes.left - REACH || x > axes.right + REACH) return null;
    const near = (seconds) => axes.x(seconds);
    const stretch = row.stretches.find((one) => near(one.from) - REACH <= x && x <= (one.to === Infinity ? axes.right : Math.max(near(one.to), near(one.from) + BAR_LEAST)) + REACH);
    if (!stretch) return null;
    const there = known(row, stretch);
    const many = stretch.count > 1 || there.length > 1;
    const rest = Math.max(stretch.count, there.length) - Math.min(there.length, NAMED_MOST);
    const head = many || !there.length ? `${row.sort}: ${faults.level_s ? 'up to ' : ''}${plural(stretch.count, 'fault')} at once from ${exactTime(stretch.from)}${stretch.to === Infinity ? '' : ` to ${exactTime(stretch.to)}`}` : null;
    const named = there.slice(0, NAMED_MOST).map(describe);
    return [head, ...named, named.length && rest > 0 ? `and ${count(rest)} more` : null].filter(Boolean).join(' \u00b7 ');
  }

  function swatch(row) {
    const stroke = `var(--series-${row.colour + 1})`;
    const marks = {
      full: 'M2 9.5H26', slanted: 'M2 11l5 -4M8 11l5 -4M14 11l5 -4M20 11l5 -4', upright: 'M3 7v4M7 7v4M11 7v4M15 7v4M19 7v4M23 7v4',
      dotted: 'M3 9h1.5M7 9h1.5M11 9h1.5M15 9h1.5M19 9h1.5M23 9h1.5' }[row.pattern];
    return svg('svg', { width: 28, height: 12, viewBox: '0 0 28 12', 'aria-hidden': 'true' },
      svg('path', { d: 'M2 1h24v10h-24z', fill: stroke, 'fill-opacity': 0.3 }),
      svg('path', { d: marks, fill: 'none', stroke, 'stroke-width': row.pattern === 'full' ? 3 : 1.5 }));
  }

  const legend = () => rows.map((row) => el('li', null, el('span', { class: 'entry' }, swatch(row),
    `${row.sort}: ${row.means}${row.most > 1 ? `, up to ${count(row.most)} faults at once: darker where more hold` : ''}`)));

  /** What may be pointed at, and words for what is. `axesOf()` gives the axes as they are now. */
  function pointed(canvas, axesOf) {
    const status = el('p', { class: 'pointed short on-screen', role: 'status' });
    const idle = 'Bars above the plot are faults. Point at one, or touch it, to see which.';
    const tell = (event) => {
      const box = canvas.getBoundingClientRect();
      const axes = axesOf();
      const text = axes && at(axes, event.clientX - box.left, event.clientY - box.top);
      status.textContent = text || idle;
      canvas.title = text || '';
    };
    status.textContent = idle;
    canvas.addEventListener('pointermove', tell);
    canvas.addEventListener('pointerdown', tell);
    return status;
  }

  // --- the table ------------------------------------------------------------------

  /** How soon all were in sync after the fault was over: as what ended it says, at its moment. */
  function endedOf(fault) {
    return fault.until_s === null ? undefined
      : data.disturbances.find((one) => one.fault === 'ends' && one.at_s === fault.until_s);
  }

  function list() {
    const part = section('faults', 'Faults',
      'What went wrong, for how long, and how soon after its begin and after its end all nodes that were up were in sync. '
      + 'Wrong are the nodes that were out of sync, at most at any moment until then, and the sum of their errors.');
    if (faults.count > faults.listed.length) {
      part.append(el('p', { class: 'note' }, `These are the first ${count(faults.listed.length)} of ${plural(faults.count, 'fault')}; rows of bars above the plots are of all of them.`));
    }
    if (faults.level_s) {
      part.append(el('p', { class: 'note' }, `There are so many that bars show the largest number in each ${exactTime(faults.level_s)}.`));
    }
    if (data.spacetime.stretches_left_out) {
      part.append(el('p', { class: 'note' }, `${plural(data.spacetime.stretches_left_out, 'stretch', 'stretches')} of nodes that are down, paused or slow not shown among the messages one by one.`));
    }
    const rowsOf = faults.listed.map((fault) => ({ ...fault, begun: data.disturbances[fault.disturbance] || {}, over: endedOf(fault) || {} }));
    const after = (one) => (one.converged_after_s === undefined ? null : one.converged_after_s);
    const shown = (one) => (one.converged_after_s === undefined ? format.NONE
      : one.converged_after_s === null ? el('span', { class: 'bad' }, 'not in sync') : exactTime(one.converged_after_s));
    if (data.recovery) {
      part.append(el('p', { class: 'note' }, 'Messages are those that a fault itself led to: what nodes do by their rules of recovery counts with none.'));
    }
    part.append(table({ label: 'Faults', rows: rowsOf, sortable: true, columns: [
      { label: 'at', head: true, number: true, value: (row) => row.at_s, text: (row) => exactTime(row.at_s) },
      { label: 'what', wide: true, value: (row) => row.what },
      { label: 'for', number: true, value: (row) => ends(row) - row.at_s,
        text: (row) => (row.until_s === null ? 'good' : exactTime(Number((row.until_s - row.at_s).toPrecision(12)))) },
      { label: 'nodes wrong', number: true, value: (row) => row.begun.wrong_nodes },
      { label: 'by', number: true, value: (row) => format.number(row.begun.wrong_by),
        text: (row) => format.measured(format.number(row.begun.wrong_by), format.shorten(data.unit || '', 20)) },
      { label: 'messages', number: true, value: (row) => row.begun.messages },
      { label: 'in sync after', number: true, value: (row) => after(row.begun), text: (row) => shown(row.begun) },
      { label: '\u2026 its end', number: true, value: (row) => after(row.over), text: (row) => shown(row.over) },
      { label: 'said at', value: (row) => row.place },
    ] }));
  }

  gridsim.faults = { height, labels: LABELS, rows, paint, at, describe, legend, pointed, list, fillPattern, SORTS, listed: faults.listed };
})();
