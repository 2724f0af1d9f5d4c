#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tables.py CSV…: what the figures of `make bench` say, as tables in Markdown. Parts may have been
measured one after the other, each with a file of its own."""

import dataclasses
import sys
from typing import List

import figures as fig


@dataclasses.dataclass
class Table:
    title: str
    headings: List[str]
    rows: List[List[str]]
    words: int = 1  # so many columns, from the left, are words and not numbers

    def aligned(self, column, text, width):
        return text.ljust(width) if column < self.words else text.rjust(width)

    def as_text(self):
        widths = [max(map(len, column)) for column in zip(self.headings, *self.rows)]
        lines = ["  ".join(self.aligned(i, cell, width)
                           for i, (cell, width) in enumerate(zip(row, widths))).rstrip()
                 for row in [self.headings, *self.rows]]
        return "\n".join([self.title + ":", "", *lines])

    def as_markdown(self):
        marks = ["---" if i < self.words else "---:" for i in range(len(self.headings))]
        lines = ["| " + " | ".join(row) + " |" for row in [self.headings, marks, *self.rows]]
        return "\n".join([self.title + ":", "", *lines])


def millions(rate):
    return "" if rate is None else f"{rate / 1e6:.2f}"


def ratio(value):
    return "" if value is None else f"{value:.2f}"


def seconds(value):
    return "" if value is None else f"{value:.3g}" if value < 100 else f"{value:.0f}"


def megabytes(value):
    return f"{value / 1e6:.0f}" if value else ""


def rate_or_stop(summary, name):
    return summary.stopped.get(name) or millions(summary.rate.get(name))


def names_of(summaries, *groups):
    """In the order of their first appearance."""
    return list(dict.fromkeys(name for s in summaries for name in s.names
                              if not groups or s.group[name] in groups))


def runner(summary, kind, most=True):
    """The name of a runner of gridsim with the most workers, or the fewest; or None."""
    found = [name for name in summary.names if name.startswith(kind + " ")]
    found.sort(key=lambda name: int(name.split()[-1]))
    return found[-1 if most else 0] if found else None


def most_to_fewest(summary, kind):
    """The rate with the most workers to that with the fewest; nothing where only one was measured."""
    most, fewest = runner(summary, kind), runner(summary, kind, False)
    return ratio(summary.ratio(most, fewest)) if most != fewest else ""


def rates(summaries):
    names = names_of(summaries)
    return Table("Millions of messages a second, median", ["graph", "messages", *names],
                 [[s.subject, str(s.messages), *(rate_or_stop(s, name) for name in names)]
                  for s in summaries])


def against(summary):
    """gridsim's best, the best of the idiomatic rivals and of all, and the ratios to them."""
    ours, rival = summary.best("gridsim"), summary.best("rival")
    anyone = summary.best("rival", "tuned")
    return [ours or "", rival or "", ratio(summary.ratio(ours, rival)), anyone or "",
            ratio(summary.ratio(ours, anyone))]


AGAINST = ["best gridsim", "best idiomatic rival", "ratio", "best of all rivals", "ratio"]


def within(summary):
    """Ratios between gridsim's runners, and to one core's ceiling."""
    one, pool = runner(summary, "pool", False), runner(summary, "pool")
    return [most_to_fewest(summary, "pool"),
            ratio(summary.ratio(one, "bare")),
            ratio(summary.ratio(runner(summary, "threads"), pool))]


WITHIN = ["pool, all cores / pool 1", "pool 1 / bare", "threads / pool"]


def ratios(summaries):
    return Table("Ratios of rates, median of those within each round",
                 ["graph", *AGAINST, *WITHIN],
                 [[s.subject, *against(s), *within(s)] for s in summaries])


def memory(summaries):
    names = names_of(summaries)
    return Table("Peak memory of the process, MB", ["graph", *names],
                 [[s.subject, *(megabytes(s.peak.get(name)) for name in names)]
                  for s in summaries])


def waves(summaries):
    """By the runner with the most workers, besides its rate with one."""
    rows = []
    for s in summaries:
        pool, one = runner(s, "pool"), runner(s, "pool", False)
        grown = s.peak[pool] - (s.base[pool] or 0)
        rows.append([s.subject, str(s.messages), rate_or_stop(s, one), rate_or_stop(s, pool),
                     seconds(s.load_s[pool]), seconds(s.whole_s[pool]), f"{grown / s.nodes:.0f}"])
    return Table("One wave, by the number of nodes (rates in millions of messages a second; the "
                 "rest of the pool of all cores)",
                 ["graph", "messages", "pool 1", "pool, all cores", "seconds to load",
                  "seconds in all", "bytes a node"], rows)


def updates(summaries):
    names = names_of(summaries)
    rows = []
    for s in summaries:
        pool = runner(s, "pool")
        rows.append([s.subject, str(s.messages), *(rate_or_stop(s, name) for name in names),
                     seconds(s.load_s.get(pool)), seconds(s.whole_s.get(pool)),
                     megabytes(s.peak.get(pool))])
    return Table("One update, by the number of nodes (rates in millions of messages a second; the "
                 "rest of the pool of all cores)",
                 ["graph", "messages", *names, "seconds to load", "seconds in all", "peak MB"],
                 rows)


def workers(summaries):
    counts = sorted({int(name.split()[-1]) for name in names_of(summaries)})
    rows = []
    for s in summaries:
        for kind in dict.fromkeys(name.split()[0] for name in s.names):
            names = [f"{kind} {count}" for count in counts]
            rows.append([s.subject, kind, *(rate_or_stop(s, name) for name in names),
                         *(ratio(s.ratio(name, names[0])) for name in names[1:])])
    return Table("One update, by the number of workers (millions of messages a second, then "
                 "ratios)", ["graph", "runner", *map(str, counts),
                             *(f"{count} / {counts[0]}" for count in counts[1:])], rows, 2)


def networks(summaries):
    """How long messages take, and what that costs."""
    names = names_of(summaries)
    return Table("Networks: millions of messages a second, median",
                 ["graph", "network", *names],
                 [[s.subject, s.network, *(rate_or_stop(s, name) for name in names)]
                  for s in summaries], 2)


def network_ratios(summaries):
    uniform = {s.subject: s for s in summaries if s.network == "uniform"}
    runners = names_of(summaries, "gridsim")
    kinds = list(dict.fromkeys(name.split()[0] for name in runners))
    rivals = names_of(summaries, "rival")
    rows = []
    for s in summaries:
        row = [s.subject, s.network]
        row += [ratio(s.ratio(name, name, uniform[s.subject])) for name in runners]
        row += [most_to_fewest(s, kind) for kind in kinds]
        row += [ratio(s.ratio(runner(s, "pool", False), "bare"))]
        row += [ratio(s.ratio(s.best("gridsim"), rival)) for rival in rivals]
        rows.append(row)
    return Table("Networks: ratios of rates, median of those within each round",
                 ["graph", "network", *(f"{name} / uniform" for name in runners),
                  *(f"{kind}, all cores / 1" for kind in kinds), "pool 1 / bare",
                  *(f"best gridsim / {rival}" for rival in rivals)], rows, 2)


def commands(summaries):
    """CPU seconds beside those of the run that writes nothing."""
    rows = []
    for s in summaries:
        plain = None
        for name in s.names:
            plain = name if " --" not in name else plain
            rows.append([s.subject, name, seconds(s.whole_s[name]), seconds(s.cpu_s[name]),
                         ratio(s.cpu_ratio(name, plain)) if name != plain else "",
                         megabytes(s.peak[name]),
                         f"{s.peak[name] / s.nodes:.0f}" if s.peak[name] else ""])
    return Table("Whole commands, from start to end",
                 ["graph", "command", "seconds", "CPU seconds", "CPU / run alone", "peak MB",
                  "bytes a node"], rows, 2)


def large(summary):
    """A grid of its own: a row for each contestant."""
    ours = summary.best("gridsim")
    rows = [[name, rate_or_stop(summary, name), seconds(summary.seconds.get(name)),
             seconds(summary.load_s[name]), seconds(summary.whole_s[name]),
             megabytes(summary.peak[name]), ratio(summary.ratio(ours, name))]
            for name in summary.names]
    return Table(f"One update of {summary.subject}, {summary.nodes} nodes, "
                 f"{summary.messages} messages",
                 ["contestant", "millions of messages a second", "seconds", "seconds to load",
                  "seconds in all", "peak MB", f"{ours or 'gridsim'} to it"], rows)


def besides(figures):
    """Medians of what else was measured."""
    measured = {}
    for f in figures:
        measured.setdefault((f.subject, f.contestant, f.workers), []).append(f)
    rows = []
    for (what, name, count), ours in measured.items():
        messages = fig.median(f.messages for f in ours)
        took, size = (fig.median(getattr(f, column) for f in ours)
                      for column in ("seconds", "bytes"))
        rows.append([what, name, str(count), seconds(took) if took else "",
                     millions(messages / took) if messages else "", f"{size:.0f}" if size else ""])
    return Table("Besides (medians)", ["what", "runner", "workers", "seconds",
                                       "millions of messages a second", "bytes"], rows, 2)


def all_tables(figures):
    rivals = fig.summaries(figures, "rivals")
    tables = [make(rivals) for make in (rates, ratios, memory) if rivals]
    for part, make in (("waves", waves), ("updates", updates), ("workers", workers),
                       ("networks", networks), ("networks", network_ratios)):
        found = fig.summaries(figures, part)
        tables += [make(found)] if found else []
    graphs = fig.summaries(figures, "graph")
    tables += [large(summary) for summary in graphs]
    tables += [ratios(graphs)] if graphs else []
    whole = [s for part in ("outputs", "commands", "huge") for s in fig.summaries(figures, part)]
    tables += [commands(whole)] if whole else []
    rest = [f for f in figures if f.part == "besides"]
    return tables + ([besides(rest)] if rest else [])


def as_markdown(figures):
    return "\n\n".join(table.as_markdown() for table in all_tables(figures)) + "\n"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: tables.py CSV…")
    print(as_markdown([figure for path in sys.argv[1:] for figure in fig.read(path)]), end="")
