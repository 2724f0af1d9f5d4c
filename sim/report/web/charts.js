/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts: a figure with a title, the plot, a legend that shows and hides series,
   a caption, and the figures as a table. Chart.js draws axes, lines and bars;
   intervals, bands of theory and boxes are drawn here. Every chart is listed in
   window.gridsimCharts with what is drawn in it. */
'use strict';

(() => {
  const { el, svg, format, theme, look, onTheme } = gridsim;
  const { known } = format;
  const MARKED_MOST = 12;
  const LEGEND_MOST = 40;
  const PRINT_WIDTH = 680;
  const PRINT_HEIGHT = 260;

  window.gridsimCharts = [];
  const alpha = (colour, share) => {
    const [r, g, b] = colour.match(/\w\w/g).map((part) => parseInt(part, 16));
    return `rgba(${r}, ${g}, ${b}, ${share})`;
  };

  // --- axes -------------------------------------------------------------------

  /** The unit that suits the values of an axis: {size, name}; on a log axis the middle decides. */
  function axisUnit({ unit, word, log }, low, high) {
    if (word || (unit !== 's' && unit !== 'B')) return { size: 1, name: format.shorten(unit || '', 20) };
    const typical = log && low > 0 ? Math.sqrt(low * high) : high / 3;
    const [size, name] = format.unitFor(typical, unit === 's' ? format.TIME_UNITS : format.BYTE_UNITS);
    return { size, name };
  }

  /** Ends of an axis that all values fit between. */
  function ends(values, axis) {
    const usable = values.filter((value) => known(value) && (!axis.log || value > 0));
    let low = usable.length ? usable.reduce((a, b) => Math.min(a, b)) : axis.log ? 1 : 0;
    let high = usable.length ? usable.reduce((a, b) => Math.max(a, b)) : 1;
    if (axis.log) return { low: low / 1.2, high: high * 1.2 };
    if (axis.fromZero !== false) low = Math.min(low, 0);
    if (high === low) high = low + 1;
    const room = (high - low) * 0.04;
    const [least, most] = axis.within || [-Infinity, Infinity];
    const inside = (value, bare) => (bare >= least && bare <= most ? Math.min(Math.max(value, least), most) : value);
    return { low: low === 0 || axis.tight ? low : inside(low - room, low), high: axis.tight ? high : inside(high + room, high) };
  }

  /**
   * What is taken off all values of an axis before they are drawn: of large numbers that hardly
   * differ the difference is what can be seen, and beyond 2^53 a drawing cannot hold them.
   */
  function baseOf(axis, values) {
    const drawn = values.filter((value) => value !== null && value !== undefined);
    if (!drawn.length || axis.log || axis.based === false || axis.fromZero !== false || axis.min !== undefined || !drawn.every(format.whole)) return 0n;
    const [first, ...others] = drawn.map(BigInt);
    const low = others.reduce((a, b) => (b < a ? b : a), first);
    const high = others.reduce((a, b) => (b > a ? b : a), first);
    const span = high - low;
    const most = [low, high].map((value) => (value < 0n ? -value : value)).reduce((a, b) => (a > b ? a : b));
    if (most < 1000000000n || span * 10000n > most) return 0n;
    const round = 10n ** BigInt(span.toString().length);
    return (low / round) * round;
  }
  const less = (value, base) => (value === null || value === undefined ? null : base === 0n ? Number(value) : Number(BigInt(value) - base));

  const logTick = (value) => [1, 2, 5].includes(Number((value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toFixed(6)));

  /** 1, 2 and 5 times powers of ten, or only powers where that is too many. */
  function logTicks(low, high, size) {
    const ticks = [];
    for (let power = Math.floor(Math.log10(low / size)) - 1; 10 ** power <= high / size; power++) {
      for (const step of [1, 2, 5]) {
        const value = step * 10 ** power * size;
        if (value >= low && value <= high) ticks.push(value);
      }
    }
    const powers = ticks.filter((value) => Math.abs(Math.log10(value / size) % 1) < 1e-9);
    return ticks.length > 9 && powers.length > 2 ? powers : ticks;
  }

  const TICKS_MOST = 24;

  /** Round steps in the unit that is shown, not in seconds; of whole numbers only whole steps. */
  function evenTicks(min, max, size, whole) {
    const rough = (max - min) / size / 6;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((by) => by * power)
      .find((by) => by >= rough * (1 - 1e-9) && (!whole || (by >= 1 && Number.isInteger(by)))) || (whole ? 1 : 10 * power);
    const first = Math.ceil(min / size / step - 1e-9);
    const ticks = [];
    for (let at = 0; at < TICKS_MOST && (first + at) * step * size <= max + step * size * 1e-9; at++) ticks.push((first + at) * step * size);
    return ticks;
  }

  /** As few digits as tell each tick from the others and none from what it is. */
  function tickTexts(values, size, time) {
    const shown = values.map((value) => value / size);
    const sorted = shown.slice().sort((a, b) => a - b);
    const gap = sorted.slice(1).reduce((least, value, index) => Math.min(least, value - sorted[index] || Infinity), Infinity);
    const large = !time && Math.max(...shown.map(Math.abs)) >= 1e6;
    let texts = [];
    for (let significant = large ? 3 : 6; significant <= 15; significant++) {
      texts = shown.map((value) => (large && Math.abs(value) >= 1e3 ? format.si(value, significant) : format.digits(value, significant)));
      const right = shown.every((value) => Math.abs(Number(value.toPrecision(significant)) - value)
        <= (gap < Infinity ? gap / 1000 : Math.abs(value) / 1e5));
      if (right && new Set(texts).size === new Set(shown).size) break;
    }
    return texts;
  }

  /**
   * Options of Chart.js for an axis {label, unit, word, log, ticks, min, max, fromZero, within, whole};
   * `word`: the unit is only a word, also where it is "s" or "B"; `within`: [least, most] that values
   * can have, such as [0, 1] of a share, beyond which the axis does not go; `whole`: only whole ticks,
   * unless said otherwise where all values are whole.
   * Returns {options, title, base}: `base` is taken off what is drawn.
   */
  function scaleFor(axis, values) {
    const base = baseOf(axis, values);
    const drawn = values.map((value) => less(value, base));
    const { low, high } = ends(drawn, axis);
    const min = axis.min === undefined ? low : axis.min;
    const max = axis.max === undefined ? high : axis.max;
    const { size, name } = axisUnit(axis, min, max);
    const label = base === 0n ? axis.label : `${axis.label} ${base < 0n ? 'plus' : 'less'} ${format.exact(base < 0n ? -base : base)}`;
    const title = name ? `${label} (${name})` : label;
    const time = axis.unit === 's' && !axis.word;
    const whole = axis.whole === undefined ? !time && drawn.filter(known).every(Number.isInteger) : axis.whole;
    const places = axis.ticks ? axis.ticks.filter((value) => value >= min && value <= max)
      : axis.log ? logTicks(min, max, size) : evenTicks(min, max, size, whole && size === 1);
    return {
      title, base,
      options: {
        type: axis.log ? 'logarithmic' : 'linear', min, max,
        title: { display: true, text: title },
        ticks: { callback: (value, index, ticks) => (axis.text ? axis.text(value) : ticks[index].text), maxRotation: 0, autoSkipPadding: 14,
          includeBounds: false },
        afterBuildTicks: (scale) => {
          const texts = tickTexts(places, size, time);
          scale.ticks = places.map((value, index) => ({ value, text: texts[index], major: axis.log && logTick(value) }));
        },
      },
    };
  }

  // --- what Chart.js does not draw ----------------------------------------------

  function line(context, ...points) {
    context.beginPath();
    points.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
  }

  /** A theory of low and high bounds as a band, of one value as a dashed line. */
  function drawTheory(chart, dataset) {
    const { ctx: context, scales: { x, y } } = chart;
    const points = dataset.theory.filter((point) => known(point.low) && known(point.high)
      && (y.type !== 'logarithmic' || point.low > 0));
    if (!points.length) return;
    const place = (key) => points.map((point) => [x.getPixelForValue(point.x), y.getPixelForValue(point[key])]);
    const low = place('low');
    const high = place('high');
    const narrow = points.every((point) => point.low === point.high);
    if (!narrow) {
      context.fillStyle = alpha(dataset.paint, 0.09);
      context.beginPath();
      [...low, ...high.slice().reverse()].forEach(([px, py], i) => (i ? context.lineTo(px, py) : context.moveTo(px, py)));
      context.fill();
    }
    context.strokeStyle = alpha(dataset.paint, narrow ? 0.9 : 0.55);
    context.lineWidth = 1.2;
    context.setLineDash([5, 4]);
    line(context, ...low);
    if (!narrow) line(context, ...high);
    context.setLineDash([]);
  }

  /** Bars of an interval, upright or lying, with ends. */
  function drawIntervals(chart, dataset, meta) {
    const { ctx: context, scales } = chart;
    const lying = chart.options.indexAxis === 'y';
    const scale = lying ? scales.x : scales.y;
    context.strokeStyle = lying ? chart.paints.text : dataset.paint;
    context.lineWidth = 1.4;
    meta.data.forEach((element, index) => {
      const { low, high } = dataset.intervals[index] || {};
      if (!known(low) || !known(high) || (scale.type === 'logarithmic' && low <= 0)) return;
      const a = scale.getPixelForValue(low);
      const b = scale.getPixelForValue(high);
      const end = (at) => (lying ? [[at, element.y - 4], [at, element.y + 4]] : [[element.x - 4, at], [element.x + 4, at]]);
      line(context, ...(lying ? [[a, element.y], [b, element.y]] : [[element.x, a], [element.x, b]]));
      if (Math.abs(a - b) < 3) return;
      line(context, ...end(a));
      line(context, ...end(b));
    });
  }

  /** Whiskers from the 5th to the 95th percentile, the median, the mean, and the samples. */
  function drawBoxes(chart, dataset, meta) {
    const { ctx: context, scales: { x } } = chart;
    const { text, page, series } = chart.paints;
    const px = (value) => x.getPixelForValue(value);
    meta.data.forEach((element, index) => {
      const box = dataset.boxes[index];
      if (!box || !known(box.median)) return;
      const half = Math.min(11, element.height / 2);
      const colour = series[look(box.look || 0).colour];
      context.fillStyle = alpha(colour, 0.45);
      (box.samples || []).forEach((sample, place) => {
        context.beginPath();
        context.arc(px(sample), element.y + ((place * 7) % 13 - 6) * half / 7, 2, 0, 2 * Math.PI);
        context.fill();
      });
      context.strokeStyle = colour;
      context.lineWidth = 1.5;
      line(context, [px(box.p5), element.y], [px(box.p25), element.y]);
      line(context, [px(box.p75), element.y], [px(box.p95), element.y]);
      for (const end of [box.p5, box.p95]) line(context, [px(end), element.y - half / 2], [px(end), element.y + half / 2]);
      context.strokeStyle = text;
      context.lineWidth = 2.5;
      line(context, [px(box.median), element.y - half], [px(box.median), element.y + half]);
      context.fillStyle = page;
      context.lineWidth = 1.5;
      context.beginPath();
      context.arc(px(box.mean), element.y, 3.2, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    });
  }

  /** Dotted upright lines with a word at the top: moments at which something happened. */
  function drawMoments(chart, moments) {
    const { ctx: context, scales: { x }, chartArea: { top, bottom, right } } = chart;
    context.strokeStyle = chart.paints.faint;
    context.fillStyle = chart.paints.faint;
    context.lineWidth = 1;
    context.font = `12px ${chart.paints.sans}`;
    let free = -Infinity;
    for (const { x: value, label } of moments) {
      const at = x.getPixelForValue(value);
      context.setLineDash([2, 3]);
      line(context, [at, top], [at, bottom]);
      context.setLineDash([]);
      const width = label ? context.measureText(label).width : 0;
      if (width && at > free && at + width + 4 < right) {
        context.fillText(label, at + 4, top + 11);
        free = at + width + 10;
      }
    }
  }

  /** Draws with all that lies outside of the axes cut off, but for half a marker. */
  function clipped(chart, draw) {
    const { ctx: context, chartArea: area } = chart;
    context.save();
    context.beginPath();
    context.rect(area.left - 6, area.top - 6, area.right - area.left + 12, area.bottom - area.top + 12);
    context.clip();
    draw();
    context.restore();
  }
  const visible = (chart) => chart.data.datasets.filter((_, index) => chart.isDatasetVisible(index));

  /** The plot and its time, for faults. */
  const axesOf = ({ scales: { x }, chartArea: { left, right, top, bottom } }) => (
    { x: (at) => x.getPixelForValue(at), left, right, top, bottom, low: x.min, high: x.max });

  const marks = {
    id: 'gridsim-marks',
    beforeDatasetsDraw(chart) {
      if (chart.faults && chart.paints) chart.faults.paint(chart.ctx, axesOf(chart), chart.paints);
      if (!chart.showTheory || !chart.paints) return;
      clipped(chart, () => visible(chart).forEach((dataset) => dataset.theory && drawTheory(chart, dataset)));
    },
    afterDatasetsDraw(chart) {
      if (!chart.paints) return;
      clipped(chart, () => {
        chart.data.datasets.forEach((dataset, index) => {
          if (!chart.isDatasetVisible(index)) return;
          if (dataset.intervals) drawIntervals(chart, dataset, chart.getDatasetMeta(index));
          if (dataset.boxes) drawBoxes(chart, dataset, chart.getDatasetMeta(index));
        });
        if (chart.moments) drawMoments(chart, chart.moments);
      });
    },
  };

  // --- from a description to Chart.js -------------------------------------------

  /** A figure of an axis in words. */
  const figure = (value, axis) => (axis.word ? format.measured(value, axis.unit) : format.quantity(value, axis.unit));

  /** Of many points only a few have a marker, in each series others, so that lines stay lines. */
  function markerSizes(series, index) {
    if (series.stepped) return 0;
    const step = Math.ceil(series.points.length / MARKED_MOST);
    return series.points.map((_, place) => (place % step === (index * 2) % step ? 5 : 0));
  }

  /** Lines: series {label, points: [{x, y, low, high}…], theory: [{x, low, high}…], look, bare, stepped,
      fill: as for Chart.js}; `stacked` puts them on each other, where all have the same x. */
  function lines(spec) {
    const points = spec.series.flatMap((series) => series.points);
    const theory = spec.series.flatMap((series) => series.theory || []);
    const x = scaleFor(spec.x, [...points, ...theory].map((point) => point.x));
    const bare = !theory.length && !points.some((point) => known(point.low));
    const y = scaleFor(bare ? spec.y : { ...spec.y, based: false }, [...points.flatMap((point) => [point.y, point.low, point.high]),
      ...theory.flatMap((point) => [point.low, point.high])]);
    return {
      type: 'line', x, y, scales: { x: x.options, y: { ...y.options, stacked: Boolean(spec.stacked) } },
      datasets: spec.series.map((series, index) => {
        const { dash, marker } = look(series.look === undefined ? index : series.look);
        return {
          label: series.label, look: series.look === undefined ? index : series.look,
          data: series.points.map((point) => ({ x: point.x, y: less(known(point.y) || format.whole(point.y) ? point.y : null, y.base) })),
          intervals: series.points, theory: series.theory, borderDash: dash, pointStyle: marker,
          showLine: !series.bare, stepped: series.stepped ? 'before' : false, fill: series.fill || false, borderWidth: 2,
          pointRadius: markerSizes(series, index), pointHoverRadius: 7, pointBorderWidth: 1.2, tension: 0,
        };
      }),
      tooltip: (item) => {
        const point = item.dataset.intervals[item.dataIndex];
        const range = known(point.low) && known(point.high) && point.high > point.low
          ? ` (${figure(point.low, spec.y)} to ${figure(point.high, spec.y)})` : '';
        return `${format.word(item.dataset.label)}: ${figure(point.y, spec.y)}${range}`;
      },
      heading: (items) => (items.length
        ? `${spec.x.label} ${figure(items[0].dataset.intervals[items[0].dataIndex].x, spec.x)}` : ''),
    };
  }

  /** Names of rows take at most a third of the page; the table has them whole. */
  const rowName = (label, colours) => format.fit(label, Math.min(window.innerWidth / 3, 300), `12px ${colours.sans}`);

  /** Lying bars: rows {label, value, low, high, look}; or boxes: rows {label, p5 … p95, mean, samples, look}. */
  function rows(spec) {
    const boxes = spec.kind === 'boxes';
    const x = scaleFor(spec.x, spec.rows.flatMap((row) => (boxes
      ? [row.p5, row.p95, row.mean, ...(row.samples || [])] : [row.value, row.low, row.high])));
    const colours = theme();
    return {
      type: 'bar', x, y: { title: spec.y.label }, lying: true,
      labels: spec.rows.map((row) => rowName(row.label, colours)),
      scales: { x: x.options, y: { type: 'category', title: { display: true, text: spec.y.label },
        ticks: { autoSkip: false }, grid: { display: false } } },
      datasets: [{
        label: spec.x.label, looks: spec.rows.map((row) => row.look || 0), maxBarThickness: 22, borderWidth: 1.5,
        borderSkipped: boxes ? false : 'start',
        data: spec.rows.map((row) => (boxes ? (known(row.p25) ? [row.p25, row.p75] : null) : known(row.value) ? row.value : null)),
        boxes: boxes ? spec.rows : null, intervals: boxes ? null : spec.rows, minBarLength: boxes ? 2 : 0,
      }],
      tooltip: (item) => {
        const row = spec.rows[item.dataIndex];
        const show = (value) => figure(value, spec.x);
        return boxes ? [`median ${show(row.median)}, mean ${show(row.mean)}`,
          `half of the runs: ${show(row.p25)} to ${show(row.p75)}`, `nine in ten: ${show(row.p5)} to ${show(row.p95)}`]
          : show(row.value) + (known(row.low) && known(row.high) ? ` (${show(row.low)} to ${show(row.high)})` : '');
      },
      heading: (items) => (items.length ? format.word(spec.rows[items[0].dataIndex].label) : ''),
    };
  }

  // --- colours --------------------------------------------------------------------

  function paint(chart, colours) {
    chart.paints = colours;
    for (const dataset of chart.data.datasets) {
      if (dataset.looks) {
        const own = dataset.looks.map((number) => colours.series[look(number).colour]);
        dataset.borderColor = own;
        dataset.backgroundColor = own.map((colour) => alpha(colour, dataset.boxes ? 0.18 : 0.55));
      } else {
        dataset.paint = colours.series[look(dataset.look).colour];
        dataset.borderColor = dataset.paint;
        dataset.backgroundColor = dataset.fill ? alpha(dataset.paint, 0.3) : dataset.paint;
        dataset.pointBackgroundColor = dataset.paint;
        dataset.pointBorderColor = ['cross', 'star', 'crossRot'].includes(dataset.pointStyle) ? dataset.paint : colours.page;
        dataset.pointHoverBorderColor = colours.text;
      }
    }
    for (const scale of Object.values(chart.options.scales)) {
      Object.assign(scale.title, { color: colours.text, font: { family: colours.sans, size: 13 } });
      Object.assign(scale.ticks, { color: colours.faint, font: { family: colours.sans, size: 12 } });
      scale.grid = { ...scale.grid, color: colours.grid, borderColor: colours.rule, tickColor: colours.rule };
    }
    Object.assign(chart.options.plugins.tooltip, { backgroundColor: colours.raised, titleColor: colours.text,
      bodyColor: colours.text, borderColor: colours.rule, borderWidth: 1, padding: 10, boxPadding: 5,
      titleFont: { family: colours.sans, size: 13 }, bodyFont: { family: colours.sans, size: 13 } });
  }

  /** The line and marker of a series, as it is drawn in the plot. */
  function swatch(number, { bare, stepped }) {
    const { colour, dash, marker } = look(number);
    const stroke = `var(--series-${colour + 1})`;
    const shape = {
      circle: 'M14 2.6a3.4 3.4 0 1 0 .01 0z', rect: 'M11 3h6v6h-6z', triangle: 'M14 2l4 7h-8z', rectRot: 'M14 1.6l4.4 4.4-4.4 4.4-4.4-4.4z',
      cross: 'M14 2v8M10 6h8', crossRot: 'M11 3l6 6M17 3l-6 6', star: 'M14 2v8M10 6h8M11.2 3.2l5.6 5.6M16.8 3.2l-5.6 5.6',
    }[marker];
    return svg('svg', { width: 28, height: 12, viewBox: '0 0 28 12', 'aria-hidden': 'true' },
      bare ? null : svg('path', { d: 'M0 6H28', stroke, 'stroke-width': 2, 'stroke-dasharray': dash.join(' ') || null }),
      stepped ? null : svg('path', { d: shape, fill: stroke, stroke, 'stroke-width': 1.2 }));
  }

  function legend(chart, spec) {
    const entries = spec.series.map((series, index) => {
      const button = el('button', { type: 'button', 'aria-pressed': 'true', title: 'Show or hide' },
        swatch(series.look === undefined ? index : series.look, series), gridsim.name(series.label, LEGEND_MOST));
      button.addEventListener('click', () => {
        const shown = !chart.isDatasetVisible(index);
        chart.setDatasetVisibility(index, shown);
        button.setAttribute('aria-pressed', String(shown));
        chart.update();
      });
      return el('li', null, button);
    });
    return [...entries, ...(spec.key || []).map((text) => el('li', null, el('span', { class: 'entry faint' }, text)))];
  }

  // --- the figure -----------------------------------------------------------------

  const register = (spec, made) => ({
    id: spec.id, title: spec.title, xLabel: made.x.title, yLabel: made.y.title,
    points: made.datasets.reduce((sum, dataset) => sum + dataset.data.filter((value) => value !== null).length, 0),
    series: spec.series ? spec.series.map(({ label, points }) => ({ label, data: points.map(({ x, y }) => [x, typeof y === 'bigint' ? String(y) : y]) }))
      : spec.rows.map((row) => ({ label: row.label, data: [[spec.kind === 'boxes' ? row.median : row.value, row.label]] })),
  });

  const build = (spec) => (spec.series ? lines(spec) : rows(spec));

  function options(made, faults) {
    if (faults) made.scales.y.afterFit = (scale) => { scale.width = Math.max(scale.width, faults.labels); };
    return {
      responsive: true, maintainAspectRatio: false, animation: false, indexAxis: made.lying ? 'y' : 'x',
      interaction: { mode: made.lying ? 'index' : 'nearest', axis: made.lying ? 'y' : 'xy', intersect: false },
      scales: made.scales, layout: { padding: { top: 8 + (faults ? faults.height : 0), right: 10 } },
      plugins: { legend: { display: false },
        tooltip: { displayColors: false, callbacks: { title: made.heading, label: made.tooltip } } },
    };
  }

  /** What is drawn, for those who cannot see it or want the figures. */
  function fallback(spec) {
    if (spec.table) return gridsim.table({ label: `Figures of ${spec.title}`, sortable: true, ...spec.table });
    if (spec.rows) {
      const column = (label, key) => ({ label, number: true, value: (row) => row[key],
        text: (row) => figure(row[key], spec.x) });
      const keys = spec.kind === 'boxes' ? ['p5', 'p25', 'median', 'p75', 'p95', 'mean'] : ['value', 'low', 'high'];
      return gridsim.table({ label: `Figures of ${spec.title}`, rows: spec.rows, sortable: true,
        columns: [{ label: spec.y.label, head: true, value: (row) => row.label, text: (row) => gridsim.name(row.label) }, ...keys.map((key) => column(key, key))] });
    }
    const flat = spec.series.flatMap(({ label, points }) => points.map((point) => ({ label, ...point })));
    const number = (label, key, axis) => (
      { label, number: true, value: (row) => row[key], text: (row) => figure(row[key], axis) });
    const interval = flat.some((row) => known(row.low));
    return gridsim.table({ label: `Figures of ${spec.title}`, rows: flat, sortable: true, columns: [
      { label: 'series', head: true, value: (row) => row.label, text: (row) => gridsim.name(row.label) }, number(spec.x.label, 'x', spec.x),
      number(spec.y.label, 'y', spec.y), ...(interval ? [number('from', 'low', spec.y), number('to', 'high', spec.y)] : [])] });
  }

  const anything = (spec) => (spec.series
    ? spec.series.some(({ points }) => points.some(({ y }) => known(y) || format.whole(y)))
    : spec.rows.some((row) => known(spec.kind === 'boxes' ? row.median : row.value)));

  /**
   * Adds a figure to `parent`: {id, title, caption, x: axis, y: axis, series or rows, kind,
   * key: further words of the legend, controls: elements, theory: shown at first?, moments, table,
   * faults: of faults.js, where x is the time of the run, nothing: what to say instead where there is nothing to draw}. An axis is {label, unit, log, ticks,
   * text, min, max} and what scaleFor() says; values may be BigInts. Returns {update(spec)} that draws
   * another description in its place.
   */
  gridsim.chart = (parent, first) => {
    const canvas = el('canvas', { id: first.id, role: 'img' });
    const plot = el('div', { class: 'plot' }, canvas);
    const controls = el('div', { class: 'controls' }, first.controls || []);
    const names = el('ul', { class: 'legend', 'aria-label': 'Legend' });
    const caption = el('figcaption');
    const title = el('h3');
    const details = el('details');
    const theory = first.series && first.series.some((series) => (series.theory || []).length);
    const { faults } = first;
    let chart = null;
    let spec = first;
    const drawing = [plot, faults ? faults.pointed(canvas, () => chart && axesOf(chart)) : null, names, caption, details].filter(Boolean);
    if (faults) plot.style.setProperty('--faults', `${faults.height}px`);
    const note = el('p', { class: 'note' });
    const figureElement = el('figure', { 'data-chart': first.id }, title, controls, drawing);
    parent.append(figureElement);
    if (theory) {
      controls.append(gridsim.tick('Show theory', first.theory !== false, (on) => { if (chart) { chart.showTheory = on; chart.update(); } }));
    }
    const list = (entry) => {
      const place = window.gridsimCharts.findIndex((other) => other.id === first.id);
      if (place >= 0) window.gridsimCharts.splice(place, 1, ...(entry ? [entry] : []));
      else if (entry) window.gridsimCharts.push(entry);
    };
    /** Instead of a plot with nothing in it. */
    const say = () => {
      note.textContent = spec.nothing || 'There is nothing to draw here: none of the figures is known.';
      drawing.forEach((part) => part.remove());
      figureElement.append(note);
      list(null);
    };
    const draw = (next) => {
      const shown = chart ? chart.showTheory : first.theory !== false;
      spec = { ...first, ...next };
      if (chart) chart.destroy();
      chart = null;
      title.textContent = spec.title;
      if (!anything(spec)) {
        say();
        return;
      }
      note.remove();
      figureElement.append(...drawing);
      const made = build(spec);
      if (spec.rows) plot.style.height = `${spec.rows.length * (spec.kind === 'boxes' ? 34 : 30) + 84}px`;
      caption.textContent = spec.caption;
      canvas.setAttribute('aria-label',
        `Chart: ${spec.title}. ${made.y.title} against ${made.x.title}. The figures are in the table below.`);
      chart = new Chart(canvas, { type: made.type, data: { labels: made.labels, datasets: made.datasets },
        options: options(made, faults), plugins: [marks] });
      chart.faults = faults;
      chart.showTheory = shown;
      chart.moments = spec.moments;
      paint(chart, theme());
      chart.update();
      names.replaceChildren(...(faults ? faults.legend() : []), ...(spec.series ? legend(chart, spec)
        : (spec.key || [spec.x.label]).map((text) => el('li', null, el('span', { class: 'entry faint' }, text)))));
      details.replaceChildren(el('summary', null, 'Figures as a table'), fallback(spec));
      list(register(spec, made));
    };
    draw(first);
    onTheme((colours, printing) => {
      if (!chart) return;
      paint(chart, colours);
      if (printing) chart.resize(PRINT_WIDTH, spec.rows ? parseFloat(plot.style.height) : PRINT_HEIGHT + (faults ? faults.height : 0));
      else chart.resize();
      chart.update();
    });
    return { update: draw };
  };
})();
