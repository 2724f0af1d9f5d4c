/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a comparison: what came out of many runs of many grids. */
'use strict';

(() => {
  const { data, el, format, section, table, chart, choice } = gridsim;
  const { known, quantity, count, digits } = format;
  const DRAWN_MOST = 24;
  const REFUSED_MOST = 12;
  const EFFECTS_MOST = 400;
  /** More bands of theory than that are shown on demand only. */
  const BANDS_MOST = 6;

  const metric = Object.fromEntries(data.metrics.map((one) => [one.key, one]));
  const done = data.cells.filter((cell) => !cell.problem && cell.metrics);
  const refused = data.cells.filter((cell) => cell.problem);

  // --- which axis is drawn along, and which tell series apart -----------------------

  const varying = data.axes.filter((axis) => axis.values.length > 1);
  const numeric = (axis) => axis.values.every(known);
  /** Nodes where there are several sizes, else the axis of numbers with most values, or none. */
  const along = varying.find((axis) => axis.path === 'nodes' && numeric(axis))
    || varying.filter(numeric).sort((a, b) => b.values.length - a.values.length)[0] || null;
  const apart = varying.filter((axis) => axis !== along);
  /** Axes that are neither may still say what is compared. */
  const naming = apart.length ? apart : data.axes.filter((axis) => axis !== along).slice(0, 1);

  const DURATIONS = /latency|jitter|delay|time|pace/;
  const unitOf = (axis) => (DURATIONS.test(axis.path) ? 's' : '');
  const word = (axis, value) => (known(value) ? quantity(value, unitOf(axis)) : String(value));
  const named = (axes, cell) => axes.map((axis) => (axis.path === 'topology' || axis.path === 'scenario' || !known(cell.values[axis.path])
    ? word(axis, cell.values[axis.path]) : `${axis.label} ${word(axis, cell.values[axis.path])}`)).join(' · ');
  const nameOf = (cell) => named(naming, cell) || data.name;

  /** What one line shows: cells that differ along the axis only. */
  const groups = new Map();
  for (const cell of done) {
    const name = nameOf(cell);
    if (!groups.has(name)) groups.set(name, { name, cells: [] });
    groups.get(name).cells.push(cell);
  }
  const all = [...groups.values()];
  const groupWord = naming.map((axis) => axis.label).join(', ') || 'comparison';

  // --- what is drawn of many series --------------------------------------------------

  /** Value that an axis must have to be drawn, by its path; any where it is not in here. */
  const only = new Map();
  const fits = (group) => [...only].every(([path, value]) => group.cells[0].values[path] === value);
  // Of too many series, those with the first values of the last axes.
  for (const axis of apart.slice(1).reverse()) {
    if (all.filter(fits).length > DRAWN_MOST) only.set(axis.path, axis.values[0]);
  }
  let drawn = [];
  let look = new Map();
  const charts = [];

  function redraw() {
    drawn = all.filter(fits).slice(0, DRAWN_MOST);
    look = new Map(drawn.map((group, index) => [group.name, index]));
    charts.forEach((update) => update());
  }
  redraw();
  const lookOf = (cell) => look.get(nameOf(cell));
  /** What is the same for all that is drawn goes into the title, the rest into the names. */
  const shortName = (cell) => named(naming.filter((axis) => !only.has(axis.path)), cell) || nameOf(cell);
  const held = () => (only.size && drawn.length ? ` (${named(apart.filter((axis) => only.has(axis.path)), drawn[0].cells[0])})` : '');
  const drawnCells = (usable) => drawn.flatMap((group) => group.cells).filter(usable);

  /** A note where not everything is drawn, and choices of what is. */
  function limited(part) {
    const note = el('p', { class: 'note' });
    const tell = () => {
      note.hidden = all.length === drawn.length;
      note.textContent = `Charts show ${count(drawn.length)} of ${count(all.length)} series. The table of results has all.`;
    };
    tell();
    charts.push(tell);
    const choices = apart.length < 2 ? [] : apart.map((axis) => choice(axis.label,
      [['all', 'all'], ...axis.values.map((value, index) => [index, word(axis, value)])],
      only.has(axis.path) ? axis.values.indexOf(only.get(axis.path)) : 'all', (index) => {
        if (index === 'all') only.delete(axis.path);
        else only.set(axis.path, axis.values[index]);
        redraw();
      }));
    part.append(note, el('p', { class: 'faint on-screen' }, 'Names below a chart hide and show what they name; pointing at a chart tells its figures.'));
    if (choices.length) part.append(el('div', { class: 'controls', id: 'drawn' }, el('span', { class: 'faint' }, 'All charts show'), choices));
  }

  // --- sections ----------------------------------------------------------------------

  function summary() {
    const header = gridsim.heading({ kind: `gridsim ${data.version} \u00b7 comparison`, name: data.name, about: data.about });
    document.title = data.name;
    const part = section('summary', 'Summary');
    if (data.summary.length) part.append(el('ul', null, data.summary.map((sentence) => el('li', null, sentence))));
    const values = (axis) => `${axis.label}: ${axis.values.map((value) => word(axis, value)).join(', ')}`;
    const runs = data.cells.reduce((sum, cell) => sum + cell.runs, 0);
    part.append(gridsim.facts([
      ['compared', varying.length ? varying.map((axis) => el('div', null, values(axis))) : 'one cell'],
      ['each run', data.baseline],
      ['runs', `${format.plural(runs, 'run')} in ${format.plural(data.cells.length, 'cell')}`
        + (refused.length ? `, of which ${refused.length} cannot exist` : '')],
      ...((data.warnings || []).length ? [['warnings', el('ul', null, data.warnings.map((warning) =>
        el('li', null, `${warning.place}: ${warning.text}`
          + (warning.cells.length < data.cells.length ? ` (in ${format.plural(warning.cells.length, 'cell')} of ${data.cells.length})` : ''))))]] : []),
    ]));
    return header;
  }

  const range = (figure, unit) => (known(figure.ci_low) && known(figure.ci_high) && figure.ci_high > figure.ci_low
    ? `${quantity(figure.ci_low, unit)} to ${quantity(figure.ci_high, unit)}` : format.NONE);
  const figureOf = (cell, key) => (cell.metrics && cell.metrics[key]) || {};

  function resultColumns() {
    const axisColumns = (varying.length ? varying : data.axes).map((axis, index) => ({
      label: axis.label, head: index === 0, number: numeric(axis), value: (cell) => cell.values[axis.path],
      text: (cell) => [word(axis, cell.values[axis.path]), index === 0 && cell.best ? el('span', { class: 'tag' }, 'best') : null],
    }));
    const mean = (key, label, hint) => ({
      label, hint, number: true, value: (cell) => figureOf(cell, key).mean,
      text: (cell) => quantity(figureOf(cell, key).mean, metric[key].unit === 'B' ? 'B' : metric[key].unit === 's' ? 's' : ''),
    });
    const time = (label, key) => ({
      label, number: true, value: (cell) => figureOf(cell, 'convergence')[key],
      text: (cell) => quantity(figureOf(cell, 'convergence')[key], 's'),
    });
    const yes = (value) => {
      if (value === null || value === undefined) return format.NONE;
      return el('span', { class: value ? 'good' : 'bad' }, value ? 'yes' : 'no');
    };
    const inSyncOf = (cell) => el('span', { class: cell.converged < cell.runs ? 'bad' : null },
      `${count(cell.converged)} of ${count(cell.runs)}${cell.failed ? `, ${count(cell.failed)} not made` : ''}`);
    const sure = (label, key, hint) => ({
      label, hint, value: (cell) => (cell.theory ? String(cell.theory[key]) : null),
      text: (cell) => yes(cell.theory && cell.theory[key]),
    });
    return [
      ...axisColumns,
      {
        label: 'runs in sync', number: true, hint: 'Runs that ended with every node in sync, of those done; also where nothing changed, so that there is no convergence',
        value: (cell) => (cell.runs ? cell.converged : null),
        text: (cell) => (cell.runs ? inSyncOf(cell) : format.NONE),
      },
      mean('convergence', 'convergence, mean'),
      {
        label: '95 % interval', number: true, value: (cell) => figureOf(cell, 'convergence').ci_low,
        text: (cell) => range(figureOf(cell, 'convergence'), 's'),
      },
      time('median', 'median'), time('95th percentile', 'p95'),
      mean('messages', 'messages'),
      sure('as closed form', 'messages_equal', 'Every run sent exactly as many messages as the closed form says'),
      {
        label: 'within bounds', value: (cell) => (cell.theory ? String(cell.theory.within) : null),
        hint: 'Every run converged within the bounds of its own graph; where latencies differ or are drawn, or messages may fail, there is a lower bound only',
        text: (cell) => (cell.theory && cell.theory.bounds === 'lower' && cell.theory.within !== null
          ? [yes(cell.theory.within), ' (lower only)'] : yes(cell.theory && cell.theory.within)),
      },
      ...[['hops', 'hops'], ['wire_bytes', 'bytes on the wire'], ['largest_mailbox', 'largest mailbox'],
        ['out_of_sync', 'out of sync (node·s)']]
        .filter(([key]) => metric[key]).map(([key, label]) => mean(key, label)),
    ];
  }

  function results() {
    const part = section('results', 'Results',
      'One row for each cell. Click a heading to sort by it. Figures are means over the runs of a cell.');
    const leader = data.axes.find((axis) => axis.path === 'topology') || data.axes[0];
    if (done.some((cell) => cell.best)) {
      const least = (metric[data.sort] || metric.convergence).label;
      part.append(el('p', null, `\u201cBest\u201d marks the ${(metric[data.sort] || metric.convergence).better === 'high' ? 'highest' : 'lowest'} ${least} among cells that differ in ${leader.label} only.`));
    }
    part.append(table({ label: 'Results', columns: resultColumns(), rows: data.cells, sortable: true,
      rowClass: (cell) => (cell.best ? 'best' : null) }));
    if (!refused.length) return;
    const lines = refused.map((cell) => el('li', null, el('strong', null, cell.label), ': ', cell.problem));
    part.append(el('p', null, 'These cells cannot exist, so that they were not run:'), el('ul', null, lines.slice(0, REFUSED_MOST)));
    if (lines.length > REFUSED_MOST) {
      part.append(el('details', null, el('summary', null, `${lines.length - REFUSED_MOST} more`),
        el('ul', null, lines.slice(REFUSED_MOST))));
    }
  }

  const alongName = along && (along.path === 'nodes' ? 'number of nodes' : along.label);
  const alongAt = (value) => (along.path === 'nodes' ? `, ${format.plural(value, 'node')}` : `, ${along.label} ${word(along, value)}`);

  /** The axis that is drawn along, for a chart of these figures. */
  function alongAxis() {
    const log = along.values.every((value) => value > 0) && Math.max(...along.values) / Math.min(...along.values) >= 4;
    return { label: alongName, unit: unitOf(along), log, fromZero: false,
      ticks: along.values.length <= 8 ? along.values : null };
  }

  /** A metric along the axis, a line for each group; or a bar for each cell where there is no axis. */
  function against(part, { id, title, key, caption, theory = null, bare = false, linear = false }) {
    const { label, better } = metric[key];
    const unit = metric[key].unit === 'share' ? '' : metric[key].unit;
    const figures = done.map((cell) => figureOf(cell, key)).filter((figure) => known(figure.mean));
    if (!figures.length) {
      part.append(el('p', { class: 'note' }, 'No cell has a figure to draw.'));
      return;
    }
    const log = !linear && figures.every((figure) => figure.mean > 0);
    const interval = figures.some((figure) => known(figure.ci_low));
    const point = (cell) => ({ low: figureOf(cell, key).ci_low, high: figureOf(cell, key).ci_high });
    const bars = () => ({ id, title: title + held(), kind: 'bars', x: { label, unit }, y: { label: groupWord },
      caption: `${better === 'high' ? 'Longer' : 'Shorter'} is better.${interval ? ' The thin bar on each is the 95 % interval of the mean.' : ''}`,
      key: ['bar: mean', interval && 'thin bar: 95 % interval'].filter(Boolean),
      rows: drawnCells(() => true).map((cell) => (
        { label: shortName(cell), look: lookOf(cell), value: figureOf(cell, key).mean, ...point(cell) })) });
    const line = (group) => {
      const cells = group.cells.filter((cell) => known(figureOf(cell, key).mean))
        .sort((a, b) => a.values[along.path] - b.values[along.path]);
      const expected = !theory ? [] : cells.filter((cell) => cell.theory).map((cell) => ({ x: cell.values[along.path], ...theory(cell.theory) }))
        .filter((bounds) => known(bounds.low) && known(bounds.high));
      return { label: shortName(group.cells[0]), look: look.get(group.name), theory: expected,
        bare: bare && expected.length === cells.length,
        points: cells.map((cell) => ({ x: cell.values[along.path], y: figureOf(cell, key).mean, ...point(cell) })) };
    };
    const lines = () => ({ id, title: title + held(), caption: caption(log && alongAxis().log), x: alongAxis(), y: { label, unit, log },
      series: drawn.map(line), theory: theory !== null && (bare || drawn.length <= BANDS_MOST),
      key: [interval && 'upright bar: 95 % interval',
        theory && (bare ? 'dashed: closed form' : 'dashed band, where shown: bounds')].filter(Boolean) });
    const spec = along ? lines : bars;
    const made = chart(part, spec());
    charts.push(() => made.update(spec()));
  }

  const slope = (log) => (log ? 'Both scales are logarithmic, so that a power of the size is a straight line, the steeper the faster it grows. ' : '');

  function convergence() {
    const part = section('convergence', 'Convergence time',
      'From the moment something changes until every node knows the right sum.');
    limited(part);
    against(part, { id: 'convergence-chart', title: along ? `Convergence time by ${alongName}` : 'Convergence time', key: 'convergence',
      theory: (one) => ({ low: one.convergence_low, high: one.convergence_high }),
      caption: (log) => `Lower is better. ${slope(log)}Markers are means over the runs, upright bars their 95 % intervals (mostly smaller than the marker). `
        + '\u201cShow theory\u201d draws the bounds that follow from each graph alone, as a band between dashed lines.' });
  }

  function messages() {
    const part = section('messages', 'Messages', 'All messages that the change leads to, until the grid is at rest again.');
    against(part, { id: 'messages-chart', title: along ? `Messages by ${alongName}` : 'Messages', key: 'messages', bare: true,
      theory: (one) => ({ low: one.messages, high: one.messages }),
      caption: (log) => `Lower is better. ${slope(log)}Markers are measured, dashed lines are the closed form (2E \u2212 N + 1)(1 + 2N) for N nodes and E links: a marker on its line agrees with it.` });
  }

  /** How often nodes were right, by how much wrong, and what was lost, where anything failed. */
  function failures() {
    const failed = ['lost', 'doubled', 'retried', 'suspected'];
    if (!done.some((cell) => failed.some((key) => figureOf(cell, key).max > 0))) return;
    const part = section('failures', 'Right and wrong',
      'Part of the time of all nodes that were up in which they had the right sum, how wrong they were on average over that time, and what was lost.');
    for (const [key, title] of [['in_sync_share', 'Share of node-time in sync'], ['mean_error', 'Mean error'], ['lost', 'Lost messages']]) {
      if (!metric[key]) continue;
      against(part, { id: `${key.replace(/_/g, '-')}-chart`, title: along ? `${title} by ${alongName}` : title, key, linear: true,
        caption: () => `${metric[key].better === 'high' ? 'Higher' : 'Lower'} is better. Markers are means over the runs, upright bars their 95 % intervals.` });
    }
  }

  /** Values of the axis that have cells for which `usable` holds, and the largest that most groups share. */
  function sizes(usable) {
    const cells = done.filter(usable);
    const values = along.values.filter((value) => cells.some((cell) => cell.values[along.path] === value));
    const groupsAt = (value) => new Set(cells.filter((cell) => cell.values[along.path] === value).map(nameOf)).size;
    const most = Math.max(0, ...values.map(groupsAt));
    return { values, first: values.filter((value) => groupsAt(value) === most).pop() };
  }

  /** A chart of the cells at one value of the axis, with a choice of the value. */
  function atSize(part, usable, draw) {
    if (!done.some(usable)) {
      part.append(el('p', { class: 'note' }, 'No cell has figures to draw.'));
      return;
    }
    const { values, first } = along ? sizes(usable) : { values: [], first: null };
    let size = first;
    const spec = () => draw(drawnCells((cell) => usable(cell) && (!along || cell.values[along.path] === size)),
      (along ? alongAt(size) : '') + held());
    const made = chart(part, { ...spec(), controls: values.length > 1
      ? [choice(along.label, values.map((value) => [value, word(along, value)]), first, (value) => {
        size = Number(value);
        made.update(spec());
      })] : [] });
    charts.push(() => made.update(spec()));
  }

  function inSync() {
    const part = section('in-sync', 'Nodes in sync over time', 'The share of nodes whose sum is right, counted from the change, as a mean over the runs that have a convergence time.');
    // Where no node was ever out of sync, or no run came into it, there is no course to draw.
    atSize(part, (cell) => cell.in_sync && cell.in_sync.t && cell.in_sync.t[cell.in_sync.t.length - 1] > 0, (cells, at) => ({
      id: 'in-sync-chart', title: `Share of nodes in sync${at}`,
      caption: 'The earlier a line reaches 100 %, the better. A line that is flat for long and then rises has nodes that all learn of the change at about the same time.',
      x: { label: 'time since the change', unit: 's' },
      y: { label: 'nodes in sync (%)', unit: '', min: 0, max: 102, ticks: [0, 20, 40, 60, 80, 100] },
      series: cells.map((cell) => ({ label: shortName(cell), look: lookOf(cell), bare: false,
        points: cell.in_sync.t.map((t, index) => ({ x: t, y: cell.in_sync.share[index] * 100 })) })),
    }));
  }

  function spread() {
    const part = section('spread', 'Spread of the runs', 'How far the convergence times of single runs lie apart.');
    atSize(part, (cell) => known(figureOf(cell, 'convergence').median), (cells, at) => {
      const low = Math.min(...cells.map((cell) => cell.metrics.convergence.p5), Infinity);
      const high = Math.max(...cells.map((cell) => cell.metrics.convergence.p95));
      return { id: 'spread-chart', title: `Convergence times${at}`, kind: 'boxes',
        x: { label: 'convergence time', unit: 's', log: low > 0 && high / low > 30 }, y: { label: groupWord },
        rows: cells.map((cell) => ({ label: shortName(cell), look: lookOf(cell), samples: cell.samples, ...cell.metrics.convergence })),
        key: ['box: middle half', 'heavy line: median', 'ring: mean', 'whiskers: 5th to 95th percentile', 'dots: single runs'],
        caption: 'Half of the runs lie in the box, nine in ten between the ends of the whiskers. Short boxes: the time hardly depends on chance.' };
    });
  }

  function growth() {
    const rows = data.growth.filter((one) => metric[one.metric]);
    if (!rows.length) return;
    const part = section('growth', 'Growth',
      'Exponent b of the power law a·Nᵇ that fits the means over all sizes N best: with b = 1 twice as many nodes take twice as much, with b = 2 four times.');
    const number = (label, key, hint) => ({ label, hint, number: true, value: (row) => row[key], text: (row) => digits(row[key], 3) });
    part.append(table({ label: 'Growth', sortable: true, rows, columns: [
      { label: groupWord, head: true, value: (row) => row.label }, { label: 'of', value: (row) => metric[row.metric].label },
      number('sizes', 'points'), number('exponent', 'exponent'),
      { label: '95 % interval', number: true, value: (row) => row.low,
        text: (row) => (known(row.low) && known(row.high) ? `${digits(row.low, 3)} to ${digits(row.high, 3)}` : format.NONE) },
      number('closed form', 'theory', 'Fitted in the same way to the closed form over the same sizes'),
      number('for large N', 'limit', 'What the exponent of the closed form tends to')] }));
    part.append(el('p', { class: 'faint' }, 'The closed form is fitted over the same sizes, so that both are alike when the measured counts are right; \u201cfor large N\u201d is what it tends to.'));
  }

  function graphs() {
    const cells = done.filter((cell) => cell.graph);
    if (!cells.length) return;
    const part = section('graphs', 'Graphs', 'What the graphs are like, as means over the runs, and which of it goes with convergence time.');
    const fact = (label, key, hint) => (
      { label, hint, number: true, value: (cell) => cell.graph[key], text: (cell) => digits(cell.graph[key], 4) });
    part.append(table({ label: 'Graphs', sortable: true, rows: cells, columns: [
      { label: 'cell', head: true, value: (cell) => cell.label }, fact('nodes', 'nodes'), fact('links', 'links'),
      fact('islands', 'components', 'Parts that are not connected with each other'),
      fact('diameter', 'largest_island_diameter', 'Hops between the two nodes farthest apart, in the largest island'), fact('radius', 'largest_island_radius', 'Hops from the most central node to the farthest, in the largest island'),
      fact('mean distance', 'mean_distance', 'Hops between two nodes of the same island'), fact('least degree', 'degree_min'), fact('mean degree', 'degree_mean'),
      fact('largest degree', 'degree_max'), fact('clustering', 'clustering', 'How often two siblings of a node are siblings'),
      fact('algebraic connectivity', 'algebraic_connectivity', 'Second smallest eigenvalue of the Laplacian: how hard the graph is to cut')] }));
    const usable = data.correlations.filter((one) => known(one.rho));
    if (!usable.length) return;
    const settings = [...new Set(usable.map((one) => one.setting || ''))];
    const rowsOf = (setting) => usable.filter((one) => (one.setting || '') === setting)
      .map((one) => ({ label: one.label, value: one.rho, low: null, high: null, look: 0 }));
    const spec = (setting) => ({ id: 'correlation-chart', title: 'What goes with convergence time', kind: 'bars',
      x: { label: 'rank correlation', unit: '', min: -1, max: 1, ticks: [-1, -0.5, 0, 0.5, 1] },
      y: { label: 'fact of the graph' }, rows: rowsOf(setting),
      key: [`bar: Spearman\u2019s rank correlation over the cells${setting ? ` with ${setting}` : ''}`],
      caption: '+1: the more of it, the slower, without exception; \u22121: the faster; 0: no connection. This tells what goes together, not what causes what.' });
    const made = chart(part, { ...spec(settings[0]), controls: settings.length > 1
      ? [choice('setting', settings.map((setting, index) => [index, setting]), 0, (index) => made.update(spec(settings[Number(index)])))] : [] });
  }

  /** What each value of an axis changes against its first: over all settings, and in each. */
  function effects() {
    if (!data.effects || !data.effects.length) return;
    const part = section('effects', 'Effects',
      'What each value of an axis changes against its first value, all else being equal. Runs of the same seed make pairs, so that what chance does to both is in no difference.');
    const overall = data.effects.filter((one) => one.setting === null);
    const single = data.effects.filter((one) => one.setting !== null);
    const unitOfEffect = (one) => metric[one.metric].unit;
    const signed = (value, unit) => (known(value) ? (value < 0 ? '\u2212' : value > 0 ? '+' : '') + quantity(Math.abs(value), unit) : format.NONE);
    const interval = (one) => (known(one.low) && one.high > one.low
      ? `${signed(one.low, unitOfEffect(one))} to ${signed(one.high, unitOfEffect(one))}` : format.NONE);
    const axisOf = (one) => data.axes.find((axis) => axis.path === one.axis);
    const columns = (where) => [
      { label: 'value', head: true, value: (one) => `${one.axis} ${one.value}`,
        text: (one) => `${axisOf(one).label} ${word(axisOf(one), one.value)} against ${word(axisOf(one), one.against)}` },
      where ? { label: 'setting', value: (one) => Object.values(one.setting).join(', '),
        text: (one) => Object.entries(one.setting).map(([path, value]) => `${path} ${value}`).join(', ') }
        : { label: 'settings', number: true, hint: 'Of the other axes; the difference is the mean over them', value: (one) => one.settings, text: (one) => count(one.settings) },
      { label: 'pairs', number: true, value: (one) => one.pairs,
        text: (one) => (one.pairs === one.pairs_there ? count(one.pairs) : `${count(one.pairs)} of ${count(one.pairs_there)}`) },
      { label: 'figure', value: (one) => metric[one.metric].label },
      { label: 'difference', number: true, value: (one) => one.difference, text: (one) => signed(one.difference, unitOfEffect(one)) },
      { label: '95 % interval', number: true, value: (one) => one.low, text: interval },
      { label: 'times', number: true, hint: 'Geometric mean of the ratios', value: (one) => one.ratio, text: (one) => digits(one.ratio, 3) },
    ];
    part.append(table({ label: 'Effects', columns: columns(false), rows: overall, sortable: true }));
    if (!single.length || single.length === overall.length) return;
    if (single.length > EFFECTS_MOST) {
      part.append(el('p', { class: 'note' }, `The ${count(single.length)} effects in single settings are in effects.csv and results.json.`));
      return;
    }
    part.append(el('details', null, el('summary', null, `${count(single.length)} effects in single settings`),
      table({ label: 'Effects in single settings', columns: columns(true), rows: single, sortable: true })));
  }

  function drawings() {
    const shown = data.drawings.filter((one) => one.nodes.length).map((one) => {
      const times = (one.in_sync_since || []).filter(known);
      return { ...one, last: Math.max(0, ...times), never: one.nodes.length - times.length, timed: times.length > 0,
        range: times.length ? [Math.min(...times), Math.max(...times)] : [0, 0] };
    });
    if (!shown.length) return;
    const timed = shown.filter((one) => one.timed);
    const common = [Math.min(...timed.map((one) => one.range[0])), Math.max(...timed.map((one) => one.range[1]))];
    const part = section('drawings', 'When each node came into sync',
      'One run of each. The ringed node changed. Colours tell since when a node has had the right sum for good, counted from the change: dark nodes were first, yellow ones last; hollow ones never had it.');
    const gallery = el('div', { class: 'gallery' });
    const draw = (one, range) => gridsim.drawing({ label: one.label, nodes: one.nodes, links: one.links, values: one.in_sync_since,
      range, marked: one.disturbed, scale: one.timed,
      caption: `${format.plural(one.nodes.length, 'node')}, ${format.plural(one.links.length, 'link')}; `
        + (one.never ? `${count(one.never)} not in sync at the end` : `all in sync after ${format.time(one.last)}`) });
    const show = (together) => gallery.replaceChildren(...shown.map((one) => draw(one, together ? common : one.range)));
    show(false);
    if (timed.length > 1) {
      part.append(el('div', { class: 'controls' },
        gridsim.tick('The same colours for the same time in all drawings', false, show)));
    }
    part.append(gallery);
  }

  function reproduce() {
    const part = section('reproduce', 'Reproduce');
    const { first, repeat, most } = data.seeds;
    part.append(el('p', null, `With gridsim ${data.version} (${data.commit}) this command, with --out DIR, makes the same page, byte by byte:`), el('pre', null, data.command),
      ...(data.again ? data.again.left_out : []).map((text) => el('p', null, text)),
      gridsim.facts([
        ['seeds', most > 1 ? `${count(first)} to ${count(first + most - 1)}: repetition r of each cell has seed ${count(first)} + r, r from 0 on` : count(first)],
        ['repetitions', (data.precision ? `${count(repeat)} at least, then twice as many and so on, until the half-width of the interval is at most ${digits(data.precision * 100, 3)} % of the mean, ${count(most)} at most` : count(repeat))
          + (data.cells.some((cell) => cell.drawn === false && cell.runs) ? `; ${count(data.seeds.without_chance)} where nothing is drawn from the seed, since all runs are then the same` : '')],
      ]),
      el('h3', null, 'What the figures mean'),
      el('dl', { class: 'words' }, [
        ['in sync', 'A node whose gridnet is the sum of the nets of all nodes that it is connected to. A grid is in sync when all nodes are.'],
        ['convergence time', 'Simulated time from the change until the grid is in sync for good. A run that ends out of sync, or in which nothing changes, has none and is not in the mean. The column \u201cruns in sync\u201d counts the runs that ended in sync, also those in which nothing changed.'],
        ['messages', 'All messages between nodes that the change leads to: one update takes (2E \u2212 N + 1)(1 + 2N) on N nodes and E links.'],
        ['hops', 'The longest chain of messages, each sent since the one before arrived, until the grid is in sync.'],
        ['bounds', 'What the distances in the graph and the latencies of its links leave possible: no message is faster than its links, and none waits. Where messages take different times an Ask may come first by a detour, so that there is a lower bound only.'],
        ['nodes out of sync × time', 'The number of nodes that are out of sync, added up over time: half of it is as good as half of the nodes, or half of the time.'],
        ['largest mailbox', 'Most messages that waited for one node at one time.'],
      ].map(([term, text]) => [el('dt', null, term), el('dd', null, text)])),
      el('h3', null, 'How the intervals are made'),
      el('p', null, 'Runs of a cell differ by their seeds only and are independent of each other. The interval is the mean '
        + '± t · s/√n, with the standard deviation s of n runs and Student\u2019s t for n − 1 degrees of freedom at 95 %: '
        + 'made anew again and again, about 95 of 100 such intervals hold the true mean. '
        + (data.looks > 1 ? `Here a cell may have ended at any of ${count(data.looks)} looks at its interval, so that each is one of ${digits(100 - 5 / data.looks, 4)} %: at least 95 of 100 hold the true mean, whichever look ended it. ` : '')
        + 'With fewer than two runs there is none; where all n runs are equal it has no width, which means that no run differed, and with 95 % that no more than 3/n would. Percentiles are interpolated linearly between the runs in order of '
        + 'size. Exponents come from a straight line of least squares through the logarithms.'));
  }

  summary();
  results();
  convergence();
  messages();
  failures();
  inSync();
  spread();
  effects();
  growth();
  graphs();
  drawings();
  reproduce();
})();
