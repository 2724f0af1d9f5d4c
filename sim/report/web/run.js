/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of one run: what happened in a grid. spacetime.js draws its messages. */
'use strict';

(() => {
  const { data, el, name, format, section, table, chart } = gridsim;
  const { count, time, exactTime, plural, number, word } = format;
  const TRUTHS_MOST = 4;
  const SERIES_MOST = 12;

  const unit = format.shorten(data.unit || '', 20);
  const energy = (value) => format.measured(number(value), unit);
  const nameColumn = (label) => ({ label, head: true, value: (row) => row.name, text: (row) => name(row.name) });
  /** Bytes as one reads them; the exact number is in the title. */
  const wire = (value) => el('span', { title: plural(number(value), 'byte') }, format.bytes(Number(value)));
  const yes = (good, text) => el('span', { class: good ? 'good' : 'bad' }, text);

  /** From a little before the first thing that happened until a little after the last. */
  const happened = data.first_s !== null;
  const { faults } = gridsim;
  /** Faults within the time that was simulated are shown, whatever they led to. */
  const marked = faults ? faults.listed.flatMap((fault) => [fault.at_s, fault.until_s]).filter((at) => at !== null && at <= data.now_s) : [];
  const first = Math.min(data.first_s, ...marked);
  const last = Math.max(data.last_s, ...marked);
  const length = happened ? Math.max(last - first, 1e-6) : 1;
  const from = happened ? Math.max(0, first - length * 0.04) : 0;
  const to = happened ? last + length * 0.02 : 1;
  const timeAxis = { label: 'simulated time', unit: 's', fromZero: false, min: from, max: to, tight: true };
  const told = data.disturbances.filter((one) => !one.fault);
  const moments = told.length <= SERIES_MOST ? told.map((one) => ({ x: one.at_s, label: '' })) : [];
  const momentsKey = moments.length ? ['dotted: something was told to the grid'] : [];

  /** Values that hold from their moment on, within the time that is shown. */
  function steps(pairs) {
    const points = pairs.map(([x, y]) => ({ x: Math.max(x, from), y: number(y) }));
    const last = points[points.length - 1];
    if (last && last.x < to) points.push({ x: to, y: last.y });
    return points;
  }

  // --- sections ---------------------------------------------------------------

  function outcome() {
    if (data.interrupted) return yes(false, `stopped at ${exactTime(data.now_s)}`);
    if (!data.converged) return yes(false, `${count(data.out_of_sync)} of ${plural(data.node_count, 'node')} out of sync at the end`);
    if (data.converged_at_s === 0) return yes(true, 'in sync all the time');
    return yes(true, `in sync since ${exactTime(data.converged_at_s)}`);
  }

  /** Who was last in sync; what it waited for has a table of its own. */
  function lastNode(last) {
    if (!last.node) return last.text;
    const changes = { energy: 'new energy', sibling: 'new sibling' };
    const own = last.told.disturbance === last.disturbance;
    const by = changes[last.change] ? ` with its ${changes[last.change]}${own ? '' : ', which made all gridnets right,'}` : '';
    const waited = last.chain_length ? `${plural(last.chain_length, 'message')}, listed below the disturbances` : 'no message';
    const begin = last.told.on_its_own ? `what ${word(last.told.node)} did on its own at ${exactTime(last.told.at_s)}`
      : `${last.told.what === null ? 'a disturbance that is not listed' : word(last.told.what)}, told at ${exactTime(last.told.at_s)}`;
    const origin = own ? '' : `; this began with ${begin}`;
    return `${word(last.node)}${by} at ${exactTime(last.at_s)}, ${exactTime(last.after_s)} after ${word(last.what)}; it waited for ${waited}${origin}`;
  }

  function expectations() {
    if (!data.expectations) return 'none stated';
    if (data.interrupted) return 'not judged: the run was stopped';
    if (!data.unmet.length) return yes(true, data.expectations === 1 ? 'met' : `all ${count(data.expectations)} met`);
    return [yes(false, 'not all met:'), el('ul', null, data.unmet.map((line) => el('li', null, line)))];
  }

  const LOST_BY = { chance: 'by chance or by name', cut: 'on links that were cut', down: 'to nodes that were down, or paused to the end' };

  function summary() {
    document.title = data.name;
    gridsim.heading({ kind: `gridsim ${data.version} \u00b7 run`, name: data.name, about: data.about });
    const part = section('summary', 'Summary');
    const { messages, dropped, network_faults: network } = data;
    const drops = Object.entries(dropped).filter(([, times]) => times);
    part.append(gridsim.facts([
      data.set ? ['changed by --set', data.set] : null,
      ['grid', `${plural(data.node_count, 'node')}, ${plural(data.link_count, 'link')}`
        + (data.islands > 1 ? `, ${count(data.islands)} islands` : '')],
      ['made of', data.topology], ['network', data.network], ['pace', data.pace],
      ['protocol', `${data.protocol}, sync ${data.sync}`],
      data.recovery_why ? ['recovery', data.recovery_why] : null,
      ['outcome', outcome()],
      faults ? ['faults', `${plural(data.faults.count, 'fault')}: ${faults.rows.map((row) => row.sort).join(', ')}`] : null,
      faults ? ['correct', `${format.digits(data.in_sync_share * 100, 5)} % of the time of all nodes that were up`] : null,
      faults && data.worst_error ? ['wrong by', `${energy(Number(data.mean_error.toPrecision(5)))} on average, at most ${energy(data.worst_error)}: ${word(data.worst_error_node)} at ${exactTime(data.worst_error_at_s)}`] : null,
      faults && data.longest_wrong_s ? ['wrong for', `at most ${exactTime(data.longest_wrong_s)} without a break: ${word(data.longest_wrong_node)} from ${exactTime(data.longest_wrong_from_s)} on`] : null,
      data.down ? ['down', `${plural(data.down, 'node')} at the end`] : null,
      data.last_in_sync && data.last_in_sync.text ? ['last node', lastNode(data.last_in_sync)] : null,
      ['ended', data.quiescent ? `nothing was left to happen after ${exactTime(data.quiescent_at_s)}`
        : `at ${exactTime(data.now_s)}, with ${plural(data.open_waves, 'wave')} open`],
      ['messages', `${count(messages.total)}: ${count(messages.Tell)} Tell, ${count(messages.Ask)} Ask, ${count(messages.Response)} Response`],
      ['by type', ['AddSibling', 'SyncGrid', 'UpdateNet'].map((type) => `${count(messages[type])} ${type}`).join(', ')],
      drops.length ? ['dropped', drops.map(([reason, times]) => `${count(times)} ${reason}`).join(', ')] : null,
      network.lost ? ['lost', `${count(network.lost)} of the messages: `
        + Object.entries(network.lost_by).filter(([, times]) => times)
          .map(([why, times]) => `${count(times)} ${LOST_BY[why]}`).join(', ')] : null,
      network.undelivered ? ['undelivered', `${plural(network.undelivered, 'message')} whose last try failed, as senders are told`] : null,
      network.retried ? ['retried', plural(network.retried, 'time')] : null,
      network.doubled ? ['doubled', `${plural(network.doubled, 'message')} arrived twice`] : null,
      network.named_sent < network.named
        ? ['named', `${count(network.named - network.named_sent)} of ${plural(network.named, 'message')} in "network.messages" never sent`] : null,
      data.told_lost ? ['in vain', `told ${plural(data.told_lost, 'time')}: the node was down, or paused to the end`] : null,
      data.recovery_messages ? ['on their own', `nodes sent ${count(data.recovery_messages)} of the messages by their rules of recovery`] : null,
      data.suspected ? ['suspected', `siblings, ${plural(data.suspected, 'time')}, ${count(data.suspected_rightly)} of them rightly and ${count(data.suspected_wrongly)} wrongly; trusted again ${count(data.trusted_again)}`] : null,
      data.waves_limited ? ['limited', `${plural(data.waves_limited, 'wave')} of nodes' own ended without a result`] : null,
      data.superseded ? ['superseded', `${plural(data.superseded, 'wave')} came back too late to be used`] : null,
      ['on the wire', [wire(data.wire_bytes), ', if every message were a JSON body over HTTP']],
      ['longest chain', `${data.hops_at_least ? 'at least ' : ''}${plural(data.hops, 'message')} that ended in a change of a gridnet`],
      ['largest mailbox', plural(data.largest_mailbox, 'message')],
      (data.warnings || []).length ? ['warnings', el('ul', null,
        data.warnings.map((warning) => el('li', null, `${warning.place}: ${warning.text}`)))] : null,
      ['expectations', expectations()],
    ].filter(Boolean)));
  }

  function disturbances() {
    const rows = data.disturbances;
    if (!rows.length) return;
    const part = section('disturbances', 'Disturbances',
      'What was told to the grid, all the messages that this led to, and how long it took until every node was in sync again.');
    part.append(table({ label: 'Disturbances', rows, sortable: true, columns: [
      { label: 'at', head: true, number: true, value: (row) => row.at_s, text: (row) => exactTime(row.at_s) },
      { label: 'what', wide: true, value: (row) => row.what },
      { label: 'messages', number: true, value: (row) => row.messages },
      { label: 'on the wire', number: true, value: (row) => number(row.wire_bytes), text: (row) => wire(row.wire_bytes) },
      { label: 'hops', number: true, value: (row) => row.hops,
        text: (row) => `${row.hops_at_least ? 'at least ' : ''}${count(row.hops)}` },
      { label: 'in sync after', number: true, value: (row) => row.converged_after_s,
        text: (row) => (row.converged_after_s === null ? yes(false, 'not in sync') : exactTime(row.converged_after_s)) },
      ...(faults ? [{ label: 'nodes wrong', number: true, value: (row) => row.wrong_nodes },
        { label: 'by', number: true, value: (row) => number(row.wrong_by), text: (row) => energy(row.wrong_by) }] : []),
    ] }));
    if (data.disturbances_left_out) {
      part.append(el('p', { class: 'note' }, `${plural(data.disturbances_left_out, 'more disturbance')} not listed.`));
    }
    chain(part);
  }

  /** What the node that was last in sync waited for, message by message. */
  function chain(part) {
    const last = data.last_in_sync;
    const rows = last && last.chain ? last.chain : [];
    if (!rows.length) return;
    const left = last.chain_left_out ? `, ${count(last.chain_left_out)} in the middle left out` : '';
    part.append(el('details', null,
      el('summary', null, `What the last node waited for: ${plural(last.chain_length, 'message')}${left}`),
      table({ label: 'What the last node waited for', rows, columns: [
        { label: 'hop', number: true, value: (row) => row.hop },
        { label: 'from', head: true, value: (row) => row.from, text: (row) => name(row.from) },
        { label: 'to', value: (row) => row.to, text: (row) => name(row.to) },
        { label: 'message', value: (row) => `${row.env} ${row.type}` },
        { label: 'sent', number: true, value: (row) => row.sent_s, text: (row) => exactTime(row.sent_s) },
        { label: 'handled', number: true, value: (row) => row.handled_s, text: (row) => exactTime(row.handled_s) },
      ] })));
  }

  const isDown = (node) => node.island === undefined;

  function drawing(part) {
    if (!data.places) {
      part.append(el('p', { class: 'note' }, `The grid is not drawn, as it has more than ${count(data.drawn_nodes_most)} nodes or ${count(data.drawn_links_most)} links. `
        + 'A picture of it as a file of its own comes from ', el('code', null, 'gridsim topology SCENARIO --output grid.svg'), '.'));
      return;
    }
    const { down_nodes: down = [], broken_links: broken = [] } = data;
    const listed = (node) => `gridnet ${energy(data.nodes[node].gridnet)}${isDown(data.nodes[node]) ? '' : `, true net ${energy(data.nodes[node].true_net)}`}`;
    const names = data.nodes ? data.nodes.map((node) => node.name) : data.drawn_names;
    const values = data.nodes ? data.nodes.map((node) => node.took_s) : data.drawn_took_s;
    const known = values.filter(format.known);
    const range = known.length ? [Math.min(...known), Math.max(...known)] : [0, 0];
    const wrong = values.filter((value, node) => !format.known(value) && !down.includes(node)).length;
    part.append(el('div', { class: 'large' }, gridsim.drawing({
      label: 'The grid at the end', nodes: data.places, links: data.links, values, range, down, broken,
      scale: known.length > 0 && range[1] > range[0],
      names,
      name: (node) => word(names[node]) + (data.nodes ? `: ${listed(node)}` : ''),
      text: (value) => (value ? `right ${time(value)} after the last change` : 'right at once'),
      legend: (value) => time(value),
      caption: 'Colours tell how long after the last change of what is right a node had the right gridnet for good: dark nodes were first, yellow ones last'
        + (wrong ? `; ${wrong === 1 ? 'the hollow one has' : `the ${count(wrong)} hollow ones have`} it not` : '')
        + (down.length ? `; ${down.length === 1 ? 'the dashed one is' : `the ${count(down.length)} dashed ones are`} down.` : '.')
        + (broken.length ? ` ${broken.length === 1 ? 'The dashed link does' : `The ${count(broken.length)} dashed links do`} not carry messages in both directions.` : '')
        + (data.places_are ? ` Places are ${data.places_are}.` : '') + ' Point at a node for its name and figures.' })));
  }

  function grid() {
    const part = section('grid', 'The grid');
    drawing(part);
    if (!data.nodes) {
      part.append(el('p', { class: 'note' }, `Its ${count(data.node_count)} nodes are too many to be listed here; `,
        el('code', null, 'gridsim run --json'), ' lists them all.'));
      return;
    }
    const net = (label, key) => ({ label, number: true, value: (row) => number(row[key]), text: (row) => energy(row[key]) });
    const nodes = table({ label: 'Nodes', rows: data.nodes, sortable: true, columns: [
      nameColumn('node'), { label: 'id', number: true, value: (row) => number(row.id), text: (row) => String(number(row.id)) },
      net('production', 'production'), net('consumption', 'consumption'), net('gridnet', 'gridnet'),
      { ...net('true net', 'true_net'), text: (row) => (isDown(row) ? format.NONE : energy(row.true_net)) },
      { label: 'in sync since', number: true, value: (row) => row.since_s,
        text: (row) => (isDown(row) ? yes(false, 'down') : row.since_s === null ? yes(false, 'not in sync') : exactTime(row.since_s)) },
      { label: 'siblings', number: true, value: (row) => row.siblings },
      ...(data.islands > 1 ? [{ label: 'island', number: true, value: (row) => (row.island === undefined ? null : row.island + 1) }] : []),
    ] });
    const many = data.nodes.length > 25;
    part.append(many ? el('details', null, el('summary', null, `All ${count(data.nodes.length)} nodes as a table`), nodes) : nodes);
  }

  /** Nodes whose true net went the same way share a line; islands that came together do so at last. */
  function truths() {
    const groups = new Map();
    for (const node of data.steps) {
      const key = JSON.stringify(node.true_net);
      if (!groups.has(key)) groups.set(key, { names: [], pairs: node.true_net });
      groups.get(key).names.push(node.name);
    }
    const all = [...groups.values()];
    return all.slice(0, TRUTHS_MOST).map((group, index) => ({
      label: all.length === 1 ? 'true net' : `true net of ${group.names.slice(0, 3).join(', ')}${group.names.length > 3 ? ', …' : ''}`,
      look: 6 + 7 * (index + 1), stepped: true, points: steps(group.pairs) }));
  }

  const Y_ENERGY = { label: 'gridnet', unit, word: true, fromZero: false };

  function lines(part) {
    const nodes = data.steps.map((node, index) => ({
      label: node.name, look: index % 6 + 7 * Math.floor(index / 6), stepped: true, points: steps(node.gridnet) }));
    chart(part, { id: 'gridnet-chart', title: 'Gridnet of each node', x: timeAxis, faults, y: Y_ENERGY, moments, key: momentsKey,
      series: [...truths(), ...nodes], table: stepsTable(),
      caption: 'Each line is what a node takes for the sum of the grid. \u201cTrue net\u201d is what the sum is; where a line leaves it the node is out of sync. Lines that are the same lie on each other: names below hide and show them.' });
  }

  function stepsTable() {
    const rows = data.steps.flatMap((node) => node.gridnet.map(([at, value]) => ({ name: node.name, at, value: number(value) })))
      .sort((a, b) => a.at - b.at);
    return { rows, columns: [nameColumn('node'),
      { label: 'from', number: true, value: (row) => row.at, text: (row) => exactTime(row.at) },
      { label: 'gridnet', number: true, value: (row) => row.value, text: (row) => energy(row.value) }] };
  }

  function bands(part) {
    const column = (index) => steps(data.bands.map((band) => [band[0], band[index]]));
    const one = (label, index, look, more) => ({ label, look, stepped: true, points: column(index), ...more });
    const islands = data.bands.some((band) => band[7] !== band[8]);
    chart(part, { id: 'gridnet-chart', title: 'Gridnets of all nodes', x: timeAxis, faults, y: Y_ENERGY, moments, key: momentsKey,
      series: [one(islands ? 'least true net' : 'true net', 7, 6), ...(islands ? [one('largest true net', 8, 13)] : []),
        one('upper quartile', 5, 0, { fill: '+1' }), one('lower quartile', 3, 0), one('median', 4, 1),
        one('largest', 6, 9), one('least', 2, 11)],
      caption: `Half of the nodes lie in the shaded band, all between \u201cleast\u201d and \u201clargest\u201d${data.sampled < data.node_count ? `; figures are of ${count(data.sampled)} nodes, evenly chosen` : ''}. `
        + 'Where all lines lie on the true net the grid is in sync.' });
  }

  /** Where nothing happened there is nothing to draw over time. */
  function nothing() {
    const state = data.out_of_sync ? `${count(data.out_of_sync)} of ${plural(data.node_count, 'node')} ${data.out_of_sync === 1 ? 'was' : 'were'} out of sync`
      : data.node_count === 1 ? 'the node was in sync' : 'all nodes were in sync';
    section('gridnets', 'Gridnets over time', `Nothing happened in this run: no message, no change; ${state} all the time.`);
  }

  function gridnets() {
    const part = section('gridnets', 'Gridnets over time');
    if (data.steps && data.steps.length <= SERIES_MOST) lines(part);
    else bands(part);
    chart(part, { id: 'out-of-sync-chart', title: 'Nodes out of sync', x: timeAxis, faults,
      y: { label: 'nodes out of sync', unit: '', within: [0, data.node_count] }, moments, key: momentsKey,
      series: [{ label: 'nodes out of sync', look: 1, stepped: true, fill: 'origin', points: steps(data.bands.map((band) => [band[0], band[1]])) }],
      caption: `Of ${plural(data.node_count, 'node')}. At 0 the grid is in sync.` });
    errors(part);
  }

  /** Values of stretches of time, each up to the next. */
  const errorsOf = (index) => steps(data.errors.map((one) => [one[0], one[index]]));

  function errors(part) {
    const { worst_error: worst, worst_error_node: node, worst_error_at_s: at } = data;
    chart(part, { id: 'error-chart', title: 'Error of gridnets', x: timeAxis, faults, moments, key: momentsKey,
      y: { label: 'difference from the true net', unit, word: true },
      series: [{ label: 'worst of all nodes', look: 1, stepped: true, points: errorsOf(3) },
        { label: 'mean of all nodes', look: 0, stepped: true, fill: 'origin', points: errorsOf(2) }],
      nothing: 'No gridnet was wrong at any time.',
      caption: 'How far gridnets of nodes that were up lay from their true nets. The mean is that over each step, and the worst the largest in it'
        + (data.sampled < data.node_count ? `; of nodes that stay as they are, ${count(data.sampled)} are looked at, evenly chosen` : '')
        + `. In the whole run it was ${energy(worst)}${node ? `, of ${word(node)} at ${exactTime(at)}` : ''}.` });
    if (!faults) return;
    chart(part, { id: 'share-chart', title: 'Share of nodes in sync', x: timeAxis, faults, moments, key: momentsKey,
      y: { label: 'in sync, of the nodes that were up', unit: '%', word: true, within: [0, 100], min: 0, max: 100 },
      series: [{ label: 'share in sync', look: 2, stepped: true, fill: 'origin', points: errorsOf(1).map(({ x, y }) => ({ x, y: y === null ? null : y * 100 })) }],
      caption: `Each step is the mean over its time. Over the whole run it is ${format.digits(data.in_sync_share * 100, 5)} %.` });
  }

  function rates() {
    const { bins, kinds, width_s: width } = data.rates;
    if (!bins.length) return;
    const part = section('messages', 'Messages over time');
    // All series have the same moments, with zeros where bins without messages are left out.
    const places = [];
    bins.forEach((bin, index) => {
      if (!index && bin > 0) places.push({ bin: bin - 1, index: -1 });
      places.push({ bin, index });
      if (bins[index + 1] !== bin + 1) places.push({ bin: bin + 1, index: -1 });
      if (bins[index + 1] > bin + 2) places.push({ bin: bins[index + 1] - 1, index: -1 });
    });
    const series = kinds.map((kind, look) => ({ label: kind.label, look, stepped: true, fill: look ? '-1' : 'origin',
      points: places.map(({ bin, index }) => ({ x: Math.max(bin * width, from), y: index < 0 ? 0 : kind.counts[index] })) }));
    const top = Math.max(...bins.map((_, index) => kinds.reduce((sum, kind) => sum + kind.counts[index], 0)));
    chart(part, { id: 'rates-chart', title: `Messages sent in each ${exactTime(width)}, by kind`, stacked: true,
      x: { ...timeAxis, max: Math.max(to, (bins[bins.length - 1] + 1) * width) },
      y: { label: `messages in ${exactTime(width)}`, unit: '', min: 0, max: Math.max(top * 1.05, 1) },
      series, moments, key: momentsKey, faults,
      caption: `Kinds are stacked: the upper edge is all of them. Each step counts the messages that were sent in ${exactTime(width)} of simulated time.`,
      table: { rows: bins.map((bin, index) => ({ at: bin * width, index })), columns: [
        { label: 'from', head: true, number: true, value: (row) => row.at, text: (row) => exactTime(row.at) },
        ...kinds.map((kind) => ({ label: kind.label, number: true, value: (row) => kind.counts[row.index] }))] } });
  }

  function messages() {
    const part = section('spacetime', 'Messages one by one');
    if (!data.spacetime.messages.length) {
      part.append(el('p', { class: 'note' }, 'There were none.'));
      return;
    }
    if (data.spacetime.left_out) {
      part.append(el('p', { class: 'note' }, `These are the first ${count(data.spacetime.messages.length)}; ${plural(data.spacetime.left_out, 'later message')} ${data.spacetime.left_out === 1 ? 'is' : 'are'} left out.`));
    }
    gridsim.spacetime(part);
  }

  function reproduce() {
    const part = section('reproduce', 'Reproduce');
    const made = data.interrupted ? 'the same run, of which this is the beginning' : 'the same run, and the same page, byte by byte';
    const lacking = data.again ? data.again.left_out : [data.again_missing];
    part.append(el('p', null, `With gridsim ${data.version} (${data.commit}) this command makes ${made}:`), el('pre', null, data.command),
      ...(lacking.length ? [el('p', { class: 'note' }, 'gridsim verify cannot do it again from this page alone: ', lacking.join('; '), '.')] : []),
      gridsim.facts([['seed', String(data.seed)], ['ends at', data.until || 'when nothing is left to happen'], ['digest', el('code', null, data.digest)]]),
      el('p', null, 'The digest covers all that each node handled, in its order, and how it ended: the same for any number of workers and on any machine.'));
  }

  summary();
  disturbances();
  if (faults) faults.list();
  grid();
  if (happened) gridnets();
  else nothing();
  rates();
  messages();
  reproduce();
})();
