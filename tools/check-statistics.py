#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-statistics.py RUNS CELLS [GROWTH [EFFECTS]]: works out anew, with nothing but
Python's standard library, what `gridsim compare --out` says of many runs, and
fails where a figure differs by more than 1e-9 of it.

RUNS has one row per run: the axes' columns, `repetition`, `seed`, `status`
(rows that are not `ok` do not count), then a column per metric (an empty field
is left out; theory.*, graph.* and `digest` are none). CELLS has one row per combination of the axes: their columns,
`runs` (those that are ok), perhaps `looks` (K: intervals are of 1 - 0.05/K), then
for each metric M the columns M.mean, M.sd, M.ci_low, … GROWTH has the axes but `nodes`, `metric`, `points`, `exponent`,
`low`, `high`: the cells' means of the metric over nodes, fitted by a power.
EFFECTS has the axes ("*": over all values) and effect.axis, .value, .against,
.metric, .settings, .pairs, .difference, .low, .high, .ratio, .ratio_low and
.ratio_high: runs of the same repetition against each other. Cells with `drawn`
"no" have one run that stands for every repetition.

Exit status: 0 all agree; 1 some figure differs or is missing; 2 wrong usage.
"""

import csv
import functools
import math
import statistics
import sys

CONFIDENCE = 0.95
RELATIVE = 1e-9
# Where figures nearly cancel each other (a bound of an interval near 0), what
# is lost is a part of the largest value.
OF_LARGEST = 1e-14
COMPLAINTS_SHOWN = 20
FIGURES = ["mean", "sd", "ci_low", "ci_high", "min", "p5", "p25", "median", "p75", "p95", "max"]


def beta_fraction(x, a, b):
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or tiny)
    fraction = d
    for m in range(1, 100000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for part in (even, odd):
            d = 1 / ((1 + part * d) or tiny)
            c = (1 + part / c) or tiny
            fraction *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return fraction


def half_step(a):
    """The gamma function of a + 1/2 by that of a; lgamma loses digits where a is large."""
    if a < 200:
        return math.exp(math.lgamma(a + 0.5) - math.lgamma(a))
    return math.sqrt(a) * (1 - 1 / (8 * a) + 1 / (128 * a**2) + 5 / (1024 * a**3) - 21 / (32768 * a**4))


def t_tail(t, degrees):
    """How often Student's t is above t > 0."""
    a, b = degrees / 2, 0.5
    x, y = degrees / (degrees + t * t), t * t / (degrees + t * t)
    front = half_step(a) / math.sqrt(math.pi) * math.exp(a * math.log1p(-y)) * math.sqrt(y)
    if x < (a + 1) / (a + b + 2):
        return front * beta_fraction(x, a, b) / a / 2
    return (1 - front * beta_fraction(y, b, a) / b) / 2


@functools.lru_cache(maxsize=None)
def t_quantile(degrees, looks=1):
    """What Student's t exceeds with half of the rest of CONFIDENCE shared by looks, by bisection."""
    low, high = 0.0, 100000.0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if t_tail(middle, degrees) > (1 - CONFIDENCE) / looks / 2:
            low = middle
        else:
            high = middle


def summary(values, looks=1):
    """The figures of a list of values, by name; None where there is none."""
    if not values:
        return dict.fromkeys(FIGURES)
    n, mean = len(values), math.fsum(values) / len(values)
    figures = {"mean": mean, "sd": None, "ci_low": None, "ci_high": None}
    figures["min"], figures["max"] = min(values), max(values)
    twentieths = values * 19
    if n > 1:
        figures["sd"] = statistics.stdev(values)
        half = t_quantile(n - 1, looks) * figures["sd"] / math.sqrt(n)
        figures["ci_low"], figures["ci_high"] = mean - half, mean + half
        twentieths = statistics.quantiles(values, n=20, method="inclusive")
    for name, at in (("p5", 1), ("p25", 5), ("median", 10), ("p75", 15), ("p95", 19)):
        figures[name] = twentieths[at - 1]
    return figures


def growth(points):
    """Exponent and its interval of y ~ n^exponent for points (n, y)."""
    x = [math.log(n) for n, _ in points]
    y = [math.log(value) for _, value in points]
    count, mean_x, mean_y = len(points), math.fsum(x) / len(x), math.fsum(y) / len(y)
    square = math.fsum((a - mean_x) ** 2 for a in x)
    slope = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / square
    if count < 3:
        return slope, None, None
    rest = math.fsum((b - mean_y - slope * (a - mean_x)) ** 2 for a, b in zip(x, y))
    half = t_quantile(count - 2) * math.sqrt(rest / (count - 2) / square)
    return slope, slope - half, slope + half


class Checker:
    """Counts what agrees and keeps complaints about what does not."""

    def __init__(self):
        self.checked = 0
        self.complaints = []

    def complain(self, text):
        self.complaints.append(text)

    def number(self, text, where):
        """A finite number, or None for an empty field."""
        if text is None or text == "":
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            return value
        self.complain(f"{where}: {text!r} is no finite number")
        return None

    def compare(self, text, expected, least, where):
        """Complains unless the field says what is expected, within `least` at any rate."""
        self.checked += 1
        complaints = len(self.complaints)
        found = self.number(text, where)
        if len(self.complaints) > complaints:
            return
        if found is None or expected is None:
            if found is not expected:
                self.complain(f"{where}: found {text or 'nothing'}, expected {expected}")
            return
        if abs(found - expected) > max(RELATIVE * abs(expected), least):
            self.complain(f"{where}: found {found!r}, expected {expected!r}")


def read_table(path):
    """Columns and rows (by column) of a file."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, restkey="", strict=True))
    with open(path, newline="", encoding="utf-8") as file:
        columns = next(csv.reader(file), [])
    if len(set(columns)) != len(columns):
        raise ValueError(f"{path}: a column is there twice")
    for number, row in enumerate(rows, 2):
        if "" in row or None in row.values():
            raise ValueError(f"{path}: row {number} has more or fewer fields than the first")
    return columns, rows


def need(path, columns, needed):
    missing = [name for name in needed if name not in columns]
    if missing:
        raise ValueError(f"{path}: no column {', '.join(missing)}")


def read_runs(checker, path):
    """The axes, the metrics, and per cell the number of its runs and their values by metric."""
    columns, rows = read_table(path)
    need(path, columns, ["repetition", "seed", "status"])
    axes = columns[: columns.index("repetition")]
    rest = columns[columns.index("status") + 1 :]
    metrics = [name for name in rest if "." not in name and name not in ("digest", "in_table")]
    cells = {}
    for number, row in enumerate(rows, 2):
        if row.get("in_table") == "no":
            continue
        cell = cells.setdefault(tuple(row[axis] for axis in axes), {"runs": 0})
        if row["status"] not in ("ok", "failed"):
            checker.complain(f"{path}: row {number}: status {row['status']!r} is not ok or failed")
        if row["status"] != "ok":
            continue
        cell["runs"] += 1
        for metric in metrics:
            value = checker.number(row[metric], f"{path}: row {number}: {metric}")
            if value is not None:
                cell.setdefault(("values", metric), []).append(value)
                cell.setdefault(("pairs", metric), {})[int(row["repetition"])] = value
    return axes, metrics, cells


def check_cells(checker, path, axes, metrics, cells):
    columns, rows = read_table(path)
    need(path, columns, axes + ["runs"] + [f"{m}.{figure}" for m in metrics for figure in FIGURES])
    seen = set()
    for row in rows:
        key = tuple(row[axis] for axis in axes)
        where = f"{path}: {', '.join(key) or 'the cell'}"
        if key not in cells and row["runs"] == "0":
            continue  # one that cannot be
        if key in seen or key not in cells:
            checker.complain(f"{where}: {'is there twice' if key in seen else 'has no runs'}")
            continue
        seen.add(key)
        checker.compare(row["runs"], cells[key]["runs"], 0, f"{where}: runs")
        for metric in metrics:
            values = cells[key].get(("values", metric), [])
            least = OF_LARGEST * max(map(abs, values), default=0)
            for figure, expected in summary(values, int(row.get("looks") or 1)).items():
                name = f"{metric}.{figure}"
                checker.compare(row[name], expected, least, f"{where}: {name}")
    for key in cells.keys() - seen:
        checker.complain(f"{path}: {', '.join(key)}: is missing")


def check_growth(checker, path, axes, metrics, cells):
    columns, rows = read_table(path)
    groups = [axis for axis in axes if axis != "nodes"]
    if "nodes" not in axes and rows:
        raise ValueError(f"{path}: there is no axis nodes")
    need(path, columns, groups + ["metric", "points", "exponent", "low", "high"])
    seen = set()
    for row in rows:
        key, metric = tuple(row[axis] for axis in groups), row["metric"]
        where = f"{path}: {', '.join(key + (metric,))}"
        if (key, metric) in seen or metric not in metrics:
            checker.complain(f"{where}: {'unknown metric' if metric not in metrics else 'twice'}")
            continue
        seen.add((key, metric))
        points = []
        for cell, content in cells.items():
            named = dict(zip(axes, cell))
            values = content.get(("values", metric))
            if values and tuple(named[axis] for axis in groups) == key:
                points.append((float(named["nodes"]), math.fsum(values) / len(values)))
        if len({n for n, _ in points}) < 2 or min(min(point) for point in points) <= 0:
            checker.complain(f"{where}: there are no points that a power could be fitted to")
            continue
        checker.compare(row["points"], len(points), 0, f"{where}: points")
        for name, expected in zip(("exponent", "low", "high"), growth(points)):
            checker.compare(row[name], expected, 1e-12, f"{where}: {name}")


class Constant(dict):
    """The values of a cell in which nothing is drawn: the first for every repetition."""

    def __contains__(self, key):
        return len(self) > 0

    def __getitem__(self, key):
        return self.get(0)


def settings_of(axes, cells, row):
    """Pairs of cells that an effect compares: those with the value, and with what it is against."""
    axis = axes.index(row["effect.axis"])
    fixed = [i for i, name in enumerate(axes) if i != axis and row[name] != "*"]
    pairs = []
    for cell in cells:
        if cell[axis] != row["effect.value"] or any(cell[i] != row[axes[i]] for i in fixed):
            continue
        base = cell[:axis] + (row["effect.against"],) + cell[axis + 1 :]
        if base in cells:
            pairs.append((cells[base], cells[cell]))
    return pairs


def effect_of(pairs, metric, looks):
    """Settings, pairs, and the figures of the differences and of the logarithms of ratios."""
    found = []
    for base, other in pairs:
        a, b = base.get(("pairs", metric), {}), other.get(("pairs", metric), {})
        constant = isinstance(a, Constant) and isinstance(b, Constant)
        keys = {0} if constant else set(b if isinstance(a, Constant) else a)
        shared = {key for key in keys if key in a and key in b}
        if shared:
            found.append((a, b, None if constant else shared))
    keys = [shared for _, _, shared in found if shared is not None]
    repetitions = set.intersection(*keys) if keys else {0}
    positive = all(a[r] > 0 and b[r] > 0 for a, b, shared in found for r in shared or {0})
    sums = [math.fsum(b[r] - a[r] for a, b, _ in found) / len(found) for r in sorted(repetitions)]
    logs = [math.fsum(math.log(b[r] / a[r]) for a, b, _ in found) / len(found)
            for r in sorted(repetitions)] if positive else []
    largest = max((abs(value) for a, b, _ in found for value in (*a.values(), *b.values())), default=0)
    return len(found), summary(sums, looks), summary(logs, looks), len(sums), largest


def check_effects(checker, path, axes, cells, rows_of_cells):
    columns, rows = read_table(path)
    figures = ["settings", "pairs", "difference", "low", "high", "ratio", "ratio_low", "ratio_high"]
    need(path, columns, axes + [f"effect.{name}" for name in ["axis", "value", "against", "metric"] + figures])
    looks = max((int(row.get("looks") or 1) for row in rows_of_cells), default=1)
    for row in rows_of_cells:
        cell = cells.get(tuple(row[axis] for axis in axes))
        if cell and row.get("drawn") == "no":
            for key in [key for key in cell if key[0] == "pairs"]:
                cell[key] = Constant(cell[key])
    for row in rows:
        where = f"{path}: {row['effect.axis']} {row['effect.value']}, {', '.join(row[axis] for axis in axes)}"
        settings, differences, logs, pairs, largest = effect_of(
            settings_of(axes, cells, row), row["effect.metric"], looks)
        checker.compare(row["effect.settings"], settings, 0, f"{where}: settings")
        checker.compare(row["effect.pairs"], pairs, 0, f"{where}: pairs")
        for name, key in (("difference", "mean"), ("low", "ci_low"), ("high", "ci_high")):
            checker.compare(row[f"effect.{name}"], differences[key], 1e-10 * largest, f"{where}: {name}")
        for name, key in (("ratio", "mean"), ("ratio_low", "ci_low"), ("ratio_high", "ci_high")):
            expected = None if logs[key] is None else math.exp(logs[key])
            checker.compare(row[f"effect.{name}"], expected, 1e-10, f"{where}: {name}")


def main(arguments):
    if len(arguments) not in (2, 3, 4):
        print("usage: check-statistics.py RUNS CELLS [GROWTH [EFFECTS]]", file=sys.stderr)
        return 2
    checker = Checker()
    try:
        axes, metrics, cells = read_runs(checker, arguments[0])
        check_cells(checker, arguments[1], axes, metrics, cells)
        if len(arguments) > 2:
            check_growth(checker, arguments[2], axes, metrics, cells)
        if len(arguments) > 3:
            check_effects(checker, arguments[3], axes, cells, read_table(arguments[1])[1])
    except (OSError, UnicodeDecodeError, ValueError, csv.Error) as error:
        print(f"check-statistics: {error}", file=sys.stderr)
        return 2 if isinstance(error, OSError) else 1
    for complaint in checker.complaints[:COMPLAINTS_SHOWN]:
        print(f"check-statistics: {complaint}", file=sys.stderr)
    if len(checker.complaints) > COMPLAINTS_SHOWN:
        print(f"check-statistics: … {len(checker.complaints)} in all", file=sys.stderr)
    print(f"{checker.checked} figures checked, {len(checker.complaints)} complaints")
    return 1 if checker.complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
