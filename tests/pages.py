#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Report pages in a real browser: do they show what is in the document, to everyone, anywhere?

pages.py CHROMIUM CHROMEDRIVER NAME PAGE.html DOCUMENT.json [NAME PAGE DOCUMENT]…
checks pages of `gridsim compare`; other pages have `-` for a document. First of all it checks
that the checks find what is wrong with a bad page. The last line is "N passed, N failed".
"""
import json
import math
import pathlib
import re
import sys
import tempfile

from browser import Browser

WIDTHS = (390, 1600)
PAPER_WIDTH = 688  # of A4 within the margins
FONT_LEAST = 12
CONTRAST_LEAST = 4.5
UNIT = {"s": r"\((ns|µs|ms|s)\)$", "B": r"\((B|KiB|MiB|GiB|TiB)\)$"}

# Each text that can be seen: its size as it is shown and its contrast to what is behind it.
TEXTS = """
const channel = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const colour = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  const words = walker.currentNode.textContent.trim();
  if (!words || element.closest('script, style, noscript, title, option') || !element.getClientRects().length) continue;
  const style = getComputedStyle(element);
  const scale = element.getScreenCTM ? element.getScreenCTM().a : 1;
  let behind = element;
  while (behind && (colour(getComputedStyle(behind).backgroundColor)[3] === 0)) behind = behind.parentElement;
  const back = light(behind ? colour(getComputedStyle(behind).backgroundColor) : [255, 255, 255]);
  const front = light(colour(element.getScreenCTM ? style.fill : style.color));
  found.push([Array.from(words).slice(0, 40).join(''), parseFloat(style.fontSize) * scale,
    (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05)]);
}
return found;
"""

# Charts in the page, whether anything but one colour is in them, and the fonts of their axes.
CANVASES = """
return [...document.querySelectorAll('canvas')].map((canvas) => {
  const pixels = canvas.width && canvas.height
    ? new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer) : [];
  const scales = window.Chart ? Object.values((Chart.getChart(canvas) || {options: {scales: {}}}).options.scales) : [];
  return {id: canvas.id, colours: new Set(pixels).size, label: canvas.getAttribute('aria-label'),
    table: !!(canvas.closest('figure') && canvas.closest('figure').querySelector('details table')),
    legend: !!(canvas.closest('figure') && canvas.closest('figure').querySelector('.legend li')),
    caption: !!(canvas.closest('figure') && (canvas.closest('figure').querySelector('figcaption') || {}).textContent),
    fonts: scales.flatMap((scale) => [scale.ticks.font.size, scale.title.font.size])};
});
"""


def messages(browser):
    return [f"console says {entry['level']}: {entry['message']}" for entry in browser.logs("browser")
            if entry["level"] in ("SEVERE", "WARNING")]


def requests(browser, page):
    """What the page asked for other than itself."""
    asked = []
    for entry in browser.logs("performance"):
        event = json.loads(entry["message"])["message"]
        if event["method"] == "Network.requestWillBeSent":
            asked.append(event["params"]["request"]["url"])
    own = page.resolve().as_uri()
    foreign = [url for url in asked if url != own and not url.startswith("data:")]
    return [f"asks for {url[:80]}" for url in foreign] + ([] if own in asked else ["was not loaded"])


def widths(browser):
    bad = []
    for width in WIDTHS:
        browser.size(width)
        needs, has = browser.settled("return [document.documentElement.scrollWidth, window.innerWidth]")
        if needs > has or has != width:
            bad.append(f"is {needs} px wide in a window of {has} px")
        for text, size, _ in browser.run(TEXTS):
            if size < FONT_LEAST - 0.01:
                bad.append(f"has text of {size:g} px at {width} px: {text}")
    return bad


def colours(browser):
    bad = []
    grounds = []
    for scheme in ("dark", "light"):
        browser.scheme(scheme)
        bad += [f"has contrast {contrast:.2f} in the {scheme}: {text}" for text, _, contrast in browser.run(TEXTS)
                if contrast < CONTRAST_LEAST]
        grounds.append(browser.run("return getComputedStyle(document.documentElement).backgroundColor"))
    return bad + ([] if grounds[0] != grounds[1] else [f"is {grounds[0]} by day and by night"])


def charts(browser):
    """Every chart in the page is listed, drawn, labelled, explained, and there as a table."""
    listed = browser.run("return window.gridsimCharts || []")
    drawn = browser.run(CANVASES)
    bad = []
    if sorted(chart["id"] for chart in listed) != sorted(canvas["id"] for canvas in drawn):
        bad.append(f"lists charts {[c['id'] for c in listed]}, has {[c['id'] for c in drawn]}")
    for canvas in drawn:
        bad += [f"has a chart {canvas['id']} without {what}" for what, there in
                (("a drawing", canvas["colours"] > 5), ("a description", canvas["label"]), ("a table", canvas["table"]),
                 ("a legend", canvas["legend"]), ("a caption", canvas["caption"])) if not there]
        bad += [f"has text of {size} px in {canvas['id']}" for size in canvas["fonts"] if size < FONT_LEAST]
    for chart in listed:
        if not (chart["points"] and chart["title"] and chart["xLabel"] and chart["yLabel"]):
            bad.append(f"has a chart without points, title or labels: {chart['id']}")
        for label in (chart["xLabel"], chart["yLabel"]):
            if re.search(r"(?<!node-)\btime\b", label) and not re.search(UNIT["s"], label):
                bad.append(f"does not say the unit of {label}")
    return bad


def printed(browser):
    pdf = browser.pdf()
    pages = len(re.findall(rb"/Type */Page\b", pdf))
    bad = [] if pages and len(pdf) > 5000 else [f"prints {pages} pages, {len(pdf)} bytes"]
    browser.scheme("dark", media="print")
    browser.size(PAPER_WIDTH)
    ground, parts = browser.run("""
      window.dispatchEvent(new Event('beforeprint'));
      const state = [getComputedStyle(document.documentElement).getPropertyValue('--page'),
        [...document.querySelectorAll('canvas, table, svg, pre')].map((part) =>
          [part.id || part.tagName, part.getBoundingClientRect().right])];
      window.dispatchEvent(new Event('afterprint'));
      return state;""")
    # Browsers make everything smaller for a wide table, down to half of its size.
    bad += [f"prints {name} up to {right:g} px of {PAPER_WIDTH}" for name, right in parts
            if right > PAPER_WIDTH * (2 if name == "TABLE" else 1) + 1]
    if ground.strip() != "#ffffff":
        bad.append(f"prints on {ground}")
    browser.scheme("light")
    browser.size(WIDTHS[1])
    if browser.run("return document.documentElement.classList.contains('print')"):
        bad.append("stays as printed")
    return bad


def close(a, b):
    return a is None and b is None or a is not None and b is not None and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def figures(browser, document):
    """Charts and the table hold the figures of the document."""
    listed = {chart["id"]: chart for chart in browser.run("return window.gridsimCharts || []")}
    cells = [cell for cell in document["cells"] if cell["metrics"]]
    bad = []
    note = browser.run("""return [...document.querySelectorAll('[aria-labelledby=convergence] .note:not([hidden])')]
      .map((note) => note.innerText).join()""")
    partly = re.search(r"Charts show (\d+) of (\d+) series", note)
    if partly and int(partly[1]) != len(listed["convergence-chart"]["series"]):
        bad.append(f"says: {note}")
    drawn = [("convergence-chart", "convergence"), ("messages-chart", "messages")]
    failed = ("lost", "doubled", "retried", "suspected")
    if any((cell["metrics"].get(key) or {"max": 0})["max"] for cell in cells for key in failed):
        drawn += [("in-sync-share-chart", "in_sync_share"), ("mean-error-chart", "mean_error"), ("lost-chart", "lost")]
    for chart, key in drawn:
        means = [(cell["metrics"][key] or {"mean": None})["mean"] for cell in cells]
        wanted = [mean for mean in means if mean is not None]
        series = listed.get(chart, {"series": []})["series"]
        # Lines have [x, y]; bars have [value, name].
        got = [x if isinstance(y, str) else y for one in series for x, y in one["data"]]
        if not set(got) <= set(wanted):
            bad.append(f"draws figures in {chart} that the document does not have")
        if not partly and sorted(got) != sorted(wanted):
            bad.append(f"draws {len(got)} of {len(wanted)} points in {chart}")
    for series in listed.get("in-sync-chart", {"series": []})["series"]:
        shares = [y / 100 for _, y in series["data"]]
        known = [cell["in_sync"]["share"] for cell in cells if cell["in_sync"]]
        if not any(len(one) == len(shares) and all(map(close, one, shares)) for one in known):
            bad.append(f"draws shares of {series['label']} that the document does not have")
    rows = browser.run("return [...document.querySelectorAll('[aria-label=Results] tbody tr')].map((row) => row.textContent)")
    if len(rows) != len(document["cells"]):
        bad.append(f"has {len(rows)} rows for {len(document['cells'])} cells")
    ended = browser.run("""const at = [...document.querySelectorAll('[aria-label=Results] thead th')]
      .findIndex((th) => th.textContent.includes('runs in sync'));
      return [...document.querySelectorAll('[aria-label=Results] tbody tr')].map((row) => row.children[at].textContent)""")
    meant = [f"{cell['converged']:,} of {cell['runs']:,}" + (f", {cell['failed']} not made" if cell.get("failed") else "")
             if cell["runs"] else "\u2013" for cell in document["cells"]]
    if sorted(ended) != sorted(meant):
        bad.append(f"has {set(ended) - set(meant)} in sync, not {set(meant) - set(ended)}")
    best = sum(cell["best"] for cell in cells)
    if browser.run("return document.querySelectorAll('[aria-label=Results] tr.best').length") != best:
        bad.append("does not mark the best")
    words = browser.run("return document.body.innerText")
    problems = [cell["problem"] for cell in document["cells"] if cell["problem"]]
    for text in [document["name"], document["command"], *document["summary"], *problems[:5]]:
        if " ".join(text.split()) not in " ".join(words.split()):
            bad.append(f"does not say: {text}")
    drawings = browser.run("""return [...document.querySelectorAll('svg.drawing')]
      .map((svg) => svg.querySelectorAll('circle:not(.mark)').length)""")
    if drawings != [len(drawing["nodes"]) for drawing in document["drawings"]]:
        bad.append(f"draws graphs of {drawings} nodes")
    return bad


def faults_shown(browser, document):
    """Faults are rows of bars above each axis of time, a table, and words where one points at a bar."""
    faults = document["faults"]
    marked = browser.run("return [...document.querySelectorAll('figure')].filter((one) => /Bars above the plot are faults/.test(one.textContent)).length")
    if not faults:
        return ["marks faults where there are none"] if marked or browser.run("return document.querySelectorAll('[aria-label=Faults]').length") else []
    bad = []
    of_time = browser.run("return window.gridsimCharts.filter((chart) => chart.id !== 'spacetime-chart' && /simulated time/.test(chart.xLabel)).length")
    if marked != of_time:
        bad.append(f"marks faults in {marked} of {of_time} charts over time")
    rows = browser.run("""return [...document.querySelectorAll('[aria-label=Faults] tbody tr')]
      .map((row) => [row.cells[1].textContent, row.lastElementChild.textContent])""")
    wanted = [[fault["what"], fault["place"]] for fault in faults["listed"]]
    if rows != wanted:
        bad.append(f"lists {len(rows)} faults, not the {len(wanted)} of the document")
    words = " ".join(browser.run("return document.body.innerText").split())
    if faults["count"] > len(faults["listed"]) and f"the first {len(faults['listed'])} of {faults['count']:,} faults" not in words:
        bad.append("does not say that faults are left out")
    sorts = {fault["sort"] for fault in faults["listed"]}
    for chart in browser.run("""return [...document.querySelectorAll('figure')].filter((one) => /Bars above the plot/.test(one.textContent))
      .map((one) => [one.dataset.chart, one.querySelector('.legend').textContent])"""):
        bad += [f"has no legend of {sort} in {chart[0]}" for sort in sorts if f"{sort}: " not in chart[1]]
    return bad + pointed_faults(browser, document)


def pointed_faults(browser, document):
    """Each bar of a listed fault that is wide enough tells what it is, and where the scenario says so."""
    return browser.run("""
      const bad = [];
      const canvas = document.getElementById('out-of-sync-chart');
      if (!canvas) return bad;
      const chart = Chart.getChart(canvas);
      const status = canvas.closest('figure').querySelector('[role=status]');
      const box = canvas.getBoundingClientRect();
      const {left, right, top} = chart.chartArea;
      const told = new Set();
      for (let y = 5; y < top; y += 9) for (let x = left; x <= right; x += 5) {
        canvas.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + x, clientY: box.top + y}));
        if (canvas.title) told.add(canvas.title);
        if (canvas.title && status.textContent !== canvas.title) bad.push('tells other things than its title');
      }
      const all = [...told].join(' | ');
      const faults = gridsim.data.faults;
      if (faults.count <= 12) for (const fault of faults.listed) {
        const place = chart.scales.x.getPixelForValue(fault.at_s);
        if (place < right && !(all.includes(fault.what.slice(0, 20)) && all.includes(`(${fault.place})`))) bad.push(`does not tell of ${fault.what}`);
      } else if (!/at once/.test(all)) bad.push('does not tell how many faults there are at once');
      return [...new Set(bad)];""")


def errors_shown(browser, document):
    """Errors over time are those of the document; the worst of them is that of the run."""
    listed = {chart["id"]: chart for chart in browser.run("return window.gridsimCharts")}
    if "error-chart" not in listed:
        wrong = document["first_s"] is not None and int(document["worst_error"])
        return ["has no chart of errors"] if wrong else []
    worst, mean = ([int(y) if isinstance(y, str) else y for _, y in series["data"] if y is not None] for series in listed["error-chart"]["series"])
    bad = []
    if max(worst) != int(document["worst_error"]):
        bad.append(f"draws {max(worst)} for the worst error of {document['worst_error']}")
    if max(mean) > max(worst):
        bad.append("draws a mean error above the worst one")
    if "share-chart" in listed and not all(0 <= y <= 100 for _, y in listed["share-chart"]["series"][0]["data"] if y is not None):
        bad.append("draws shares beyond 100 %")
    return bad


def hops_text(what):
    return f"{'at least ' if what.get('hops_at_least') else ''}{what['hops']:,}"


def run_figures(browser):
    """The page of a run shows the figures of the document that is in it, and tells of arrows."""
    document = json.loads(browser.run("return document.getElementById('data').textContent"))
    listed = {chart["id"]: chart for chart in browser.run("return window.gridsimCharts")}
    bad = []
    if "rates-chart" in listed:
        drawn = sum(y for series in listed["rates-chart"]["series"] for _, y in series["data"])
        if drawn != document["messages"]["total"]:
            bad.append(f"draws {drawn} of {document['messages']['total']} messages")
    if document["first_s"] is None:
        if "out-of-sync-chart" in listed or "gridnet-chart" in listed:
            bad.append("draws what did not happen")
        if "Nothing happened" not in browser.run("return document.body.innerText"):
            bad.append("does not say that nothing happened")
    else:
        last = [series["data"][-1][1] for series in listed["out-of-sync-chart"]["series"]]
        if last != [document["out_of_sync"]]:
            bad.append(f"ends with {last} nodes out of sync")
    bad += energies(browser, document) + faults_shown(browser, document) + errors_shown(browser, document)
    drawings = browser.run("return [...document.querySelectorAll('svg.drawing')].map((svg) => svg.querySelectorAll('circle').length)")
    if drawings != [document["node_count"]]:
        bad.append(f"draws {drawings} nodes")
    bad += names_beside_nodes(browser, document) + broken_shown(browser, document)
    words = " ".join(browser.run("return document.body.innerText").split())
    if "[object" in words or "undefined" in words:
        bad.append("says what is no text")
    if document["places_are"] and f"Places are {document['places_are']}." not in words:
        bad.append("does not say where places are from")
    if "nodes" not in document and "nodes are too many to be listed here" not in words:
        bad.append("does not say that nodes are not listed")
    rows = browser.run("return document.querySelectorAll('[aria-label=Disturbances] tbody tr').length")
    if rows != len(document["disturbances"]):
        bad.append(f"lists {rows} disturbances")
    bad += [f"does not say: {hops}" for hops in {hops_text(what) for what in (document, *document["disturbances"])}
            if hops not in words]
    lacking = document["again"]["left_out"] if document["again"] else [document["again_missing"]]
    bad += [f"does not say: {text}" for text in (document["name"], document["command"], document["digest"], *lacking)
            if " ".join(text.split()) not in words]
    return bad + (arrows(browser) if document["spacetime"]["messages"] else [])


def broken_shown(browser, document):
    """Who was down at the end and which links did not work is drawn dashed and told; whom no
    disturbance led to send what, too."""
    down, broken = (document.get(key, []) for key in ("down_nodes", "broken_links"))
    shown = browser.run("""return [document.querySelectorAll('svg.drawing .down').length,
      (document.querySelector('svg.drawing .broken')?.getAttribute('d').match(/M/g) || []).length,
      [...document.querySelectorAll('[aria-label=Nodes] tbody tr')].filter((row) => [...row.cells].some((cell) => cell.textContent === 'down')).length,
      [...document.querySelectorAll('option')].map((option) => option.textContent)]""")
    listed = len(down) if "nodes" in document else 0
    bad = [] if shown[:3] == [len(down), len(broken), listed] else [
        f"shows {shown[:3]} nodes down, links broken and rows of nodes down, not {[len(down), len(broken), listed]}"]
    if document["down"] != len(down):
        bad.append(f"draws {len(down)} nodes down of {document['down']}")
    kept = max(len(document["disturbances"]), 1)
    bad += [f"has {text} to choose" for text in shown[3]
            if (number := re.fullmatch(r"disturbance (\d+)", text)) and int(number[1]) > kept + document["disturbances_left_out"]]
    causes = {message[6] for message in document["spacetime"]["messages"]}
    if len(causes) > 1 and document["spacetime"]["on_their_own"] in causes and not any("by their rules" in text for text in shown[3]):
        bad.append("does not offer what nodes sent on their own")
    return bad


def names_beside_nodes(browser, document):
    """Where there are few nodes each has its name, within the picture and not on another name."""
    boxes = browser.run("""return [...document.querySelectorAll('svg.drawing .name')].map((text) => {
      const {x, y, width, height} = text.getBBox();
      return {left: x, right: x + width, top: y + height * 0.2, bottom: y + height * 0.8, text: text.textContent};
    })""")
    if len(boxes) != (document["node_count"] if document["node_count"] <= 60 else 0):
        return [f"has {len(boxes)} names of nodes in the picture"]
    bad = [f"has the name {box['text']} outside of the picture" for box in boxes
           if box["left"] < -1 or box["right"] > 321 or box["top"] < -1 or box["bottom"] > 321]
    if len(boxes) <= 20:
        bad += [f"has the name {one['text']} on {other['text']}" for at, one in enumerate(boxes) for other in boxes[:at]
                if one["left"] < other["right"] and other["left"] < one["right"]
                and one["top"] < other["bottom"] and other["top"] < one["bottom"]]
    return bad


def energies(browser, document):
    """Energies are shown to the last digit, in tables and where one points at."""
    as_shown = lambda value: "\u2013" if value is None else f"{int(value):,}".replace("-", "\u2212")
    bad = []
    rows = browser.run("""return [...document.querySelectorAll('[aria-label=Nodes] tbody tr')]
      .map((row) => [...row.cells].slice(2, 6).map((cell) => cell.textContent.split('\\u00a0')[0]))""")
    wanted = [[as_shown(node[key]) for key in ("production", "consumption", "gridnet", "true_net")] for node in document.get("nodes") or []]
    bad += [f"shows {row} for {right}" for row, right in zip(rows, wanted) if row != right]
    if len(rows) != len(wanted):
        bad.append(f"lists {len(rows)} nodes")
    if document["first_s"] is None or not document["steps"] or len(document["steps"]) > 12:
        return bad
    told = browser.run("""
      const chart = Chart.getChart('gridnet-chart');
      const tell = chart.options.plugins.tooltip.callbacks.label;
      return chart.data.datasets.slice(-arguments[0]).map((dataset) =>
        tell({dataset, dataIndex: dataset.data.length - 1}));""", len(document["steps"]))
    for node, text in zip(document["steps"], told):
        if node["gridnet"][-1][1] is not None and as_shown(node["gridnet"][-1][1]) not in text:
            bad.append(f"tells {text} for {node['gridnet'][-1][1]}")
    return bad


def ticks(browser):
    """Ticks of an axis differ from each other and are what they say; counts are whole, shares at most 100 %."""
    return browser.run("""
      const bad = [];
      for (const canvas of document.querySelectorAll('canvas')) {
        const chart = window.Chart && Chart.getChart(canvas);
        for (const scale of chart ? Object.values(chart.scales) : []) {
          if (scale.type === 'category') continue;
          const texts = scale.ticks.map((tick) => tick.label).filter(Boolean);
          if (new Set(texts).size !== texts.length) bad.push(`has ticks ${texts.join(' | ')} in ${canvas.id}`);
          if (!texts.length) bad.push(`has no ticks in ${canvas.id}`);
          if (/out-of-sync|rates/.test(canvas.id) && scale.axis === 'y' && !scale.ticks.every((tick) => Number.isInteger(tick.value))) {
            bad.push(`counts in ${texts.join(' | ')} in ${canvas.id}`);
          }
          if (/in-sync/.test(canvas.id) && scale.axis === 'y' && !scale.ticks.every((tick) => tick.value >= 0 && tick.value <= 100)) {
            bad.push(`has shares of ${texts.join(' | ')} in ${canvas.id}`);
          }
        }
      }
      return bad;""")


def arrows(browser):
    """Pointing tells of messages, and choices choose."""
    return browser.run("""
      const bad = [];
      const canvas = document.getElementById('spacetime-chart');
      const entry = () => window.gridsimCharts.find((chart) => chart.id === canvas.id);
      const figure = canvas.closest('figure');
      const box = canvas.getBoundingClientRect();
      let told = false;
      for (let x = 0; x < box.width && !told; x += 8) for (let y = 0; y < box.height && !told; y += 8) {
        canvas.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + x, clientY: box.top + y}));
        told = figure.querySelector('[role=status]').textContent.includes('→');
      }
      if (!told) bad.push('does not tell of any arrow');
      for (const select of figure.querySelectorAll('select')) {
        select.value = '';
        select.dispatchEvent(new Event('change'));
      }
      const kept = JSON.parse(document.getElementById('data').textContent).spacetime.messages.length;
      if (entry().points !== kept) bad.push(`shows ${entry().points} of ${kept} messages`);
      const rows = figure.querySelectorAll('details tbody tr').length;
      if (rows !== Math.min(kept, 500)) bad.push(`lists ${rows} of ${kept} messages`);
      return bad;
    """)


def handled(browser):
    """Headings sort, the legend hides, choices choose."""
    return browser.run("""
      const bad = [];
      const table = document.querySelector('[aria-label=Results] table');
      const column = [...table.tHead.rows[0].cells].findIndex((cell) => /messages/.test(cell.textContent));
      const button = table.tHead.rows[0].cells[column].querySelector('button');
      const figures = () => [...table.tBodies[0].rows].map((row) => row.cells[column].textContent)
        .filter((text) => /\\d/.test(text)).map((text) => Number(text.replace(/,/g, '')));
      const sorted = (list, sign) => list.every((value, i) => i === 0 || sign * (value - list[i - 1]) >= 0);
      if (button) {
        button.click();
        if (!sorted(figures(), 1)) bad.push('does not sort upwards');
        button.click();
        if (!sorted(figures(), -1)) bad.push('does not sort downwards');
      }
      const legend = document.querySelector('.legend button');
      if (legend) {
        const chart = Chart.getChart(legend.closest('figure').querySelector('canvas'));
        legend.click();
        if (chart.isDatasetVisible(0)) bad.push('does not hide a series');
        legend.click();
        if (!chart.isDatasetVisible(0)) bad.push('does not show a series again');
      }
      for (const select of document.querySelectorAll('[data-chart=in-sync-chart] select, #drawn select')) {
        const before = JSON.stringify(window.gridsimCharts.find((chart) => chart.id === 'in-sync-chart'));
        select.selectedIndex = select.selectedIndex ? 0 : 1;
        select.dispatchEvent(new Event('change'));
        if (JSON.stringify(window.gridsimCharts.find((chart) => chart.id === 'in-sync-chart')) === before) bad.push('does not choose');
      }
      return bad;
    """)


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, complaints):
        self.passed += not complaints
        self.failed += bool(complaints)
        print(f"{'FAILED' if complaints else 'ok'}: {what}")
        for complaint in complaints[:8]:
            print(f"  it {complaint}")


def check_page(browser, tally, name, page, document):
    browser.scheme("light")
    browser.size(WIDTHS[1])
    browser.open(page)
    tally.check(f"{name}: charts are whole", charts(browser))
    if document:
        tally.check(f"{name}: figures are those of the document", figures(browser, document))
    else:
        tally.check(f"{name}: figures are those of the run", run_figures(browser))
    tally.check(f"{name}: ticks tell values apart", ticks(browser))
    tally.check(f"{name}: fits {WIDTHS[0]} px and {WIDTHS[1]} px, no small print", widths(browser))
    tally.check(f"{name}: by day and by night", colours(browser))
    tally.check(f"{name}: on paper", printed(browser))
    if document:
        tally.check(f"{name}: tables, legends and choices work", handled(browser))
    tally.check(f"{name}: no word on the console", messages(browser))
    tally.check(f"{name}: asks for nothing", requests(browser, page))


BAD_PAGE = """<!DOCTYPE html><title>bad</title><body style="background: white; color: #aaa">
<p style="font-size: 9px">small</p><div style="width: 3000px">wide</div>
<figure><canvas id="bare"></canvas></figure>
<img src="http://127.0.0.1:9/picture.png"><script>
document.documentElement.classList.add('print');
window.gridsimCharts = [{id: 'other', title: 'x', xLabel: 'time', yLabel: 'y', points: 0}];
throw new Error('broken');</script>"""


def check_checks(browser, tally, folder):
    """A page with one of everything that is wrong."""
    page = pathlib.Path(folder, "bad.html")
    page.write_text(BAD_PAGE, encoding="utf-8")
    browser.size(WIDTHS[1])
    browser.open(page)
    found = [charts(browser), widths(browser), colours(browser), printed(browser), messages(browser), requests(browser, page)]
    for what, complaints, wanted in (
            ("charts", found[0], ["lists charts", "without a drawing", "without a table", "without points", "the unit of time"]),
            ("widths", found[1], ["px wide in a window of 390", "text of 9 px"]), ("colours", found[2], ["contrast", "by day and by night"]),
            ("paper", found[3], ["stays as printed", "prints on"]), ("console", found[4], ["broken"]), ("requests", found[5], ["picture.png"])):
        missed = [f"misses: {word}" for word in wanted if not any(word in complaint for complaint in complaints)]
        tally.check(f"checks of {what} find what is wrong", missed)


def main(chromium, chromedriver, *pages):
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, Browser(chromium, chromedriver) as browser:
        check_checks(browser, tally, folder)
        for name, page, document in zip(pages[::3], pages[1::3], pages[2::3]):
            known = None if document == "-" else json.loads(pathlib.Path(document).read_text(encoding="utf-8"))
            check_page(browser, tally, name, pathlib.Path(page), known)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return tally.failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
