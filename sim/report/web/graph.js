/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawings of grids: nodes coloured by a number, mostly the time since when they are in sync. */
'use strict';

(() => {
  const { el, svg, format, sequential } = gridsim;
  const SIZE = 320;
  const EDGE = 14;
  /** Up to so many nodes carry their names. */
  const NAMED_MOST = 60;

  /** Smaller nodes where there are many. */
  function radiusFor(nodes) {
    let radius = Math.min(8, 46 / Math.sqrt(nodes.length + 4));
    /* On a map some are close to each other. */
    for (let one = 1; nodes.length <= NAMED_MOST && one < nodes.length; one++) {
      for (let other = 0; other < one; other++) {
        const apart = Math.hypot(nodes[one][0] - nodes[other][0], nodes[one][1] - nodes[other][1]);
        radius = Math.min(radius, Math.max(2.2, apart * (SIZE - 2 * EDGE) * 0.48));
      }
    }
    return Math.max(1.6, radius);
  }
  const at = (share) => Math.round((EDGE + share * (SIZE - 2 * EDGE)) * 10) / 10;

  /** One path for all links: a complete graph has many. */
  function linkPath(nodes, links, radius, broken) {
    const steps = links.map(([a, b]) =>
      `M${at(nodes[a][0])} ${at(nodes[a][1])}L${at(nodes[b][0])} ${at(nodes[b][1])}`);
    const width = Math.max(0.2, Math.min(1.4, 30 / Math.sqrt(links.length + 1), radius / 2));
    const opacity = Math.max(0.06, Math.min(0.55, 12 / Math.sqrt(links.length + 1)));
    const path = (which, steps, more) => svg('path', { class: which, d: steps.join(''), 'stroke-width': width, 'stroke-opacity': opacity, ...more });
    const apart = new Set(broken);
    return [path('link', steps.filter((_, link) => !apart.has(link))),
      broken.length ? path('link broken', broken.map((link) => steps[link]), { 'stroke-dasharray': `${3 * width} ${3 * width}` }) : null];
  }

  // --- names beside nodes; as sim/report/graph_labels.c does it for pictures of their own ---

  const NAME_WIDTH = 96;
  const LINE = 12.5;
  const GAP = 1.5;
  const SIDES = [[0, -1], [0, 1], [1, 0], [-1, 0], [1, -1], [-1, -1], [1, 1], [-1, 1]];

  /** The box of a name at a side or corner of a node; names stay within the picture where they can. */
  function boxAt([x, y], [right, down], radius, width) {
    const far = right && down ? radius * 0.7 : radius;
    const lift = right && down ? LINE / 3 : 0;
    const left = right > 0 ? x + far + GAP : right < 0 ? x - far - GAP - width : x - width / 2;
    const top = down > 0 ? y + far + GAP - lift : down < 0 ? y - far - GAP - LINE + lift : y - LINE / 2;
    return { left, top, right: left + width, bottom: top + LINE };
  }
  const overlap = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left))
    * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  function crosses(box, [ax, ay], [bx, by]) {
    let [first, last] = [0, 1];
    for (const [step, room] of [[ax - bx, ax - box.left], [bx - ax, box.right - ax], [ay - by, ay - box.top], [by - ay, box.bottom - ay]]) {
      if (step === 0 && room < 0) return false;
      if (step < 0) first = Math.max(first, room / step);
      if (step > 0) last = Math.min(last, room / step);
    }
    return first < last;
  }
  function outside(box) {
    return Math.max(0, -box.left) + Math.max(0, box.right - SIZE) + Math.max(0, -box.top) + Math.max(0, box.bottom - SIZE);
  }

  /** Elements with the names of few nodes, where they cover least of nodes, other names and links. */
  function nameTexts(names, points, links, radius) {
    const font = `${LINE - 1.5}px system-ui, sans-serif`;
    const taken = [];
    return names.map((name, node) => {
      const shown = format.fit(name, NAME_WIDTH, font);
      const width = Math.max(format.widthOf(shown, font), 2);
      let best = null;
      for (const side of SIDES) {
        const box = boxAt(points[node], side, radius, width);
        let bad = 100 * outside(box);
        points.forEach(([x, y], other) => {
          if (other !== node) bad += overlap(box, { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
        });
        taken.forEach((other) => { bad += 2 * overlap(box, other); });
        links.forEach(([a, b]) => { bad += crosses(box, points[a], points[b]) ? 8 : 0; });
        if (!best || bad < best.bad) best = { bad, box };
      }
      taken.push(best.box);
      const { left, right, top } = best.box;
      const x = Math.max(width / 2, Math.min(SIZE - width / 2, (left + right) / 2));
      return svg('text', { class: 'name', x: Math.round(x * 10) / 10, y: Math.round((top + 0.78 * LINE) * 10) / 10 }, shown);
    });
  }

  /**
   * A figure: {label, nodes: [[x, y]…] in 0…1, links: [[a, b]…], values: a number or null per node,
   * range: [least, most] of the colours, marked: [node…], down: [node…], broken: [link…], caption, names: beside the nodes where they are few?, name(node)?, text(value)?, legend(value)?: as text for the range, scale: show the range below?}.
   * Nodes whose value is null are drawn hollow, those that are down with a dashed line, links that are broken dashed. Without `values` all have one colour.
   */
  gridsim.drawing = ({
    label, nodes, links, values = null, range = [0, 1], marked = [], down = [], broken = [], caption = null, scale = false, names = null,
    name = (node) => `node ${node + 1}`, text = (value) => format.time(value), legend = text,
  }) => {
    const radius = radiusFor(nodes);
    const [least, most] = range;
    const share = (value) => (most > least ? (value - least) / (most - least) : 0);
    const absent = new Set(down);
    const dots = nodes.map(([x, y], node) => {
      const value = values ? values[node] : least;
      const never = absent.has(node) || (values && !format.known(value));
      const dot = svg('circle', {
        class: absent.has(node) ? 'never down' : never ? 'never' : 'node', cx: at(x), cy: at(y), r: Math.round(radius * 10) / 10,
        'stroke-width': Math.min(1, radius / 4), fill: never ? null : sequential(share(value)),
      });
      dot.append(svg('title', null, values
        ? `${name(node)}: ${absent.has(node) ? 'down' : never ? 'not in sync' : text(value)}` : name(node)));
      return dot;
    });
    const rings = marked.filter((node) => nodes[node]).map((node) => svg('circle', {
      class: 'mark', cx: at(nodes[node][0]), cy: at(nodes[node][1]), r: radius + 3.5, 'stroke-width': 2,
    }));
    const picture = svg('svg', {
      class: 'drawing', viewBox: `0 0 ${SIZE} ${SIZE}`, role: 'img',
      'aria-label': `${label}: ${format.plural(nodes.length, 'node')}, ${format.plural(links.length, 'link')}`,
    }, linkPath(nodes, links, radius, broken), dots, rings,
    names && nodes.length <= NAMED_MOST ? nameTexts(names, nodes.map(([x, y]) => [at(x), at(y)]), links, radius) : null);
    return el('figure', { class: 'graph' }, el('h3', null, label), picture,
      scale ? gridsim.scale({ label: `Colours of ${label}`, range, text: legend, small: true }) : null,
      caption ? el('figcaption', null, caption) : null);
  };

  let scales = 0;

  /** The colours of a range, with what they stand for at both ends and, unless `small`, in the middle. */
  gridsim.scale = ({ label, range: [least, most], text = (value) => format.time(value), small = false }) => {
    const id = `scale-${++scales}`;
    const stops = Array.from({ length: 11 }, (_, step) =>
      svg('stop', { offset: `${step * 10}%`, 'stop-color': sequential(step / 10) }));
    const width = small ? 272 : 360;
    const top = small ? 2 : 22;
    const word = (x, anchor, value) => svg('text', { x, y: top + 26, 'text-anchor': anchor }, value);
    return svg('svg', {
      class: 'scale', viewBox: `0 0 ${width} ${top + 32}`, role: 'img',
      'aria-label': `${label}: colours from ${text(least)} to ${text(most)}`,
    },
    svg('defs', null, svg('linearGradient', { id }, stops)),
    small ? null : svg('text', { x: 0, y: 13 }, label),
    svg('rect', { x: 0, y: top, width, height: small ? 8 : 11, rx: 2, fill: `url(#${id})` }),
    word(0, 'start', text(least)), small ? null : word(width / 2, 'middle', text((least + most) / 2)),
    word(width, 'end', text(most)));
  };
})();
