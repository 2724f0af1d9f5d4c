/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawings of grids: nodes coloured by a number, mostly the time since when they are in sync. */
'use strict';

(() => {
  const { el, svg, format, sequential } = gridsim;
  const SIZE = 320;
  const EDGE = 14;

  /** Smaller nodes where there are many. */
  const radiusFor = (nodes) => Math.max(1.6, Math.min(8, 46 / Math.sqrt(nodes + 4)));
  const at = (share) => Math.round((EDGE + share * (SIZE - 2 * EDGE)) * 10) / 10;

  /** One path for all links: a complete graph has many. */
  function linkPath(nodes, links, radius) {
    const steps = links.map(([a, b]) =>
      `M${at(nodes[a][0])} ${at(nodes[a][1])}L${at(nodes[b][0])} ${at(nodes[b][1])}`);
    const width = Math.max(0.2, Math.min(1.4, 30 / Math.sqrt(links.length + 1), radius / 2));
    const opacity = Math.max(0.06, Math.min(0.55, 12 / Math.sqrt(links.length + 1)));
    return svg('path', { class: 'link', d: steps.join(''), 'stroke-width': width, 'stroke-opacity': opacity });
  }

  /**
   * A figure: {label, nodes: [[x, y]…] in 0…1, links: [[a, b]…], values: a number or null per node,
   * range: [least, most] of the colours, marked: [node…], caption, name(node)?, text(value)?, legend(value)?: as text for the range, scale: show the range below?}.
   * Nodes whose value is null are drawn hollow. Without `values` all have one colour.
   */
  gridsim.drawing = ({
    label, nodes, links, values = null, range = [0, 1], marked = [], caption = null, scale = false,
    name = (node) => `node ${node + 1}`, text = (value) => format.time(value), legend = text,
  }) => {
    const radius = radiusFor(nodes.length);
    const [least, most] = range;
    const share = (value) => (most > least ? (value - least) / (most - least) : 0);
    const dots = nodes.map(([x, y], node) => {
      const value = values ? values[node] : least;
      const never = values && !format.known(value);
      const dot = svg('circle', {
        class: never ? 'never' : 'node', cx: at(x), cy: at(y), r: Math.round(radius * 10) / 10,
        'stroke-width': Math.min(1, radius / 4), fill: never ? null : sequential(share(value)),
      });
      dot.append(svg('title', null, values
        ? `${name(node)}: ${never ? 'not in sync' : text(value)}` : name(node)));
      return dot;
    });
    const rings = marked.filter((node) => nodes[node]).map((node) => svg('circle', {
      class: 'mark', cx: at(nodes[node][0]), cy: at(nodes[node][1]), r: radius + 3.5, 'stroke-width': 2,
    }));
    const picture = svg('svg', {
      class: 'drawing', viewBox: `0 0 ${SIZE} ${SIZE}`, role: 'img',
      'aria-label': `${label}: ${format.plural(nodes.length, 'node')}, ${format.plural(links.length, 'link')}`,
    }, linkPath(nodes, links, radius), dots, rings);
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
