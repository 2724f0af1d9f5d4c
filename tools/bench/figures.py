# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of the benchmark, one for each repetition, and their file."""

import collections
import csv
import dataclasses
import statistics
from typing import Optional


@dataclasses.dataclass(frozen=True)
class Figure:
    """A repetition; None stands for what is not known or does not apply."""
    part: str  # rivals, waves, updates, workers, networks, graph, outputs, commands, huge, besides
    subject: str  # the graph, or what else was measured
    network: str  # uniform, jitter, latencies, both: how long messages take
    nodes: Optional[int]
    contestant: str
    group: str  # gridsim, loop, rival, tuned
    workers: Optional[int]
    round: int  # from 1
    run: int  # from 1 within a process; 0 warmed it up and does not count
    messages: Optional[int]
    seconds: Optional[float]  # from the first message until nothing is left to do
    load_s: Optional[float]  # of reading or making the graph
    whole_s: Optional[float]  # from the start of the process to the end of its first repetition
    cpu_s: Optional[float]  # of a whole command: what it took of all processors
    bytes: Optional[int]  # the most memory of the process so far, or what is measured
    base_bytes: Optional[int]  # of it, what was there before the graph
    stopped: str  # why it was stopped before its end, such as >60s, or ""


TYPES = {"nodes": int, "workers": int, "round": int, "run": int, "messages": int, "seconds": float,
         "load_s": float, "whole_s": float, "cpu_s": float, "bytes": int, "base_bytes": int}
COLUMNS = [field.name for field in dataclasses.fields(Figure)]


def write(path, figures):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for figure in figures:
            writer.writerow("" if value is None else value
                            for value in dataclasses.astuple(figure))


def read(path):
    def value(name, text):
        if name not in TYPES:
            return text
        return TYPES[name](text) if text else None

    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            raise ValueError(f"{path} has other columns than {','.join(COLUMNS)}")
        return [Figure(**{name: value(name, text) for name, text in row.items()})
                for row in reader]


def median(values):
    """Of those that are known; None if none is."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def median_ratio(mine, others):
    """Of those of the same round."""
    return median(value / others[number] for number, value in mine.items() if number in others)


class Summary:
    """What the figures of one subject say about each contestant, by name."""

    def __init__(self, figures):
        first = figures[0]
        self.subject, self.network, self.nodes = first.subject, first.network, first.nodes
        self.messages = next((f.messages for f in figures if f.messages), None)
        self.names = list(dict.fromkeys(f.contestant for f in figures))
        self.group = {f.contestant: f.group for f in figures}
        self.stopped = {f.contestant: f.stopped for f in figures if f.stopped}
        by_name = collections.defaultdict(list)
        for figure in figures:
            by_name[figure.contestant].append(figure)
        self.seconds, self.rate, self.round_rate = {}, {}, {}
        for name, ours in by_name.items():
            if name not in self.stopped:
                self._add_rates(name, [f for f in ours if f.run > 0])
        self.load_s, self.whole_s, self.cpu_s = (
            {name: median(getattr(f, column) for f in ours) for name, ours in by_name.items()}
            for column in ("load_s", "whole_s", "cpu_s"))
        self.round_cpu_s = {name: {f.round: f.cpu_s for f in ours if f.cpu_s}
                            for name, ours in by_name.items()}
        self.peak = {name: max(f.bytes or 0 for f in ours) for name, ours in by_name.items()}
        self.base = {name: median(f.base_bytes for f in ours) for name, ours in by_name.items()}

    def _add_rates(self, name, counted):
        rounds = collections.defaultdict(list)
        for figure in counted:
            rounds[figure.round].append(figure.seconds)
        self.seconds[name] = statistics.median(f.seconds for f in counted)
        self.rate[name] = self.messages / self.seconds[name]
        self.round_rate[name] = {number: self.messages / statistics.median(seconds)
                                 for number, seconds in rounds.items()}

    def best(self, *groups):
        """The fastest contestant of some groups, or None."""
        return max((name for name in self.rate if self.group[name] in groups),
                   key=self.rate.get, default=None)

    def ratio(self, name, other, elsewhere=None):
        """The median of the ratios of their rates within each round, or None. The other one's
        are those of `elsewhere`, where that is given: of the same rounds with another network."""
        return median_ratio(self.round_rate.get(name, {}),
                            (elsewhere or self).round_rate.get(other, {}))

    def cpu_ratio(self, name, other):
        """The same of the time of the processor that they took."""
        return median_ratio(self.round_cpu_s.get(name, {}), self.round_cpu_s.get(other, {}))


def summaries(figures, part):
    """One for each subject and network of a part, in the order they were measured."""
    by_subject = collections.defaultdict(list)
    for figure in figures:
        if figure.part == part:
            by_subject[figure.subject, figure.network].append(figure)
    return [Summary(ours) for ours in by_subject.values()]
