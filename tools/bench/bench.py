#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench.py BUILD: how fast gridsim is, beside others and by size (docs/PERFORMANCE.md).

The work is one update, or one wave, of a graph: so many messages as the closed
form says have to be sent and all gridnets be right, or the benchmark ends with
an error. Each process does the work once to warm up, which is not counted, and
then some times more. Processes take turns, round after round, so that a slow
while of the machine hits all of them. Prints tables; all figures go to
bench.csv, the tables as Markdown to tables.md and plots to rivals.svg and
scaling.svg.
"""

import argparse
import collections
import dataclasses
import os
import platform
import shutil
import subprocess
import sys
import time
from typing import List, Optional

import commands
import contestants as who
import figures as fig
import plots
import tables

PARTS = ("rivals", "waves", "updates", "workers", "networks", "graph", "commands", "besides", "huge")
# Ten million nodes are measured only where they are asked for.
NOT_UNASKED = "huge"
GRAPHS = {"rivals": "ring-64 star-256 complete-64 lattice-16x16 tree-255 barabasi-albert-512 "
                   "watts-strogatz-1000 lattice-45x45",
          "updates": "watts-strogatz-250 watts-strogatz-500 watts-strogatz-1000 "
                     "watts-strogatz-2000",
          "workers": "watts-strogatz-1000 barabasi-albert-512 lattice-45x45",
          "networks": "watts-strogatz-1000 barabasi-albert-512"}
QUICK_GRAPHS = {"rivals": "ring-64 lattice-10x10", "updates": "watts-strogatz-50 watts-strogatz-100",
                "workers": "lattice-10x10", "networks": "watts-strogatz-50"}
# A process repeats short work until it has sent about as many messages as this.
MESSAGES_PER_PROCESS = 1_000_000
REPEAT_MOST = 50
# From so many messages on there is no warming up.
COLD_MESSAGES = 50_000_000
# Slower than this a repetition may take longer than --limit only for its size.
SLOWEST_RATE = 250_000
# Of the memory that is there, what a process may have.
MEMORY_SHARE = 0.8
START_S = 0.3
BESIDES_S, BESIDES_QUICK_S = 60, 2


@dataclasses.dataclass
class Work:
    part: str
    graph: str  # for gridsim-bench
    nodes: int
    messages: int
    everyone: List[who.Contestant]
    file: Optional[str] = None  # the list of edges, for others

    @property
    def cold(self):
        return self.messages > COLD_MESSAGES

    def repeat(self, arguments):
        """So many repetitions count."""
        per_process = MESSAGES_PER_PROCESS // (20 if arguments.quick else 1)
        return max(1, min(REPEAT_MOST, per_process // self.messages))

    def turn_s(self, contestant, arguments):
        """What a turn may take, roughly."""
        once = self.messages * contestant.cost / 1e6
        times = 1 if once > who.SLOW_S else self.repeat(arguments) + (not self.cold)
        return START_S + times * once

    def turns(self, contestant, arguments):
        return who.turns(self.turn_s(contestant, arguments), arguments)

    def expected_s(self, arguments):
        return sum(self.turns(c, arguments) * self.turn_s(c, arguments) for c in self.everyone)

    def measure(self, arguments, progress, found):
        """All rounds, one process after the other. Appends to `found`."""
        measure(self, arguments, progress, found)


class Progress:
    """How much is done and left, on standard error: in place, or a line for each graph."""

    def __init__(self, expected_s):
        self.expected, self.done, self.began = expected_s, 0, time.monotonic()
        self.in_place, self.last = sys.stderr.isatty(), None

    def show(self, what, detail=""):
        if not self.in_place and what == self.last:
            return
        self.last = what
        elapsed, left = time.monotonic() - self.began, max(self.expected - self.done, 0)
        # What was guessed counts until there is enough that was measured.
        left *= (elapsed + 10) / (self.done + 10)
        share = 100 * elapsed / (elapsed + left) if elapsed + left else 100
        text = f"{share:3.0f} %, about {self.minutes(left)} left: {what}"
        if self.in_place:
            print(f"\r\033[K{text}{detail}", end="", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)

    @staticmethod
    def minutes(seconds):
        return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"

    def add(self, expected_s):
        self.done += expected_s

    def end(self):
        if self.in_place:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def graph_of(build, out, graph):
    """Writes the list of edges. Returns its path, nodes and messages of one update."""
    path = os.path.join(out, os.path.basename(graph) + ".edges")
    with open(path, "wb") as file:
        done = subprocess.run([os.path.join(build, "gridsim-bench"), "--edges", graph],
                              stdout=file, check=False)
    if done.returncode != 0:
        raise who.Failed(f"there is no graph {graph}")
    with open(path, encoding="ascii") as file:
        nodes, links = map(int, file.readline().split())
    return path, nodes, (2 * links - nodes + 1) * (1 + 2 * nodes)


def update(arguments, part, graph, everyone):
    file, nodes, messages = graph_of(arguments.build, arguments.out, graph)
    everyone = [c for c in everyone if c.name not in arguments.without]
    return Work(part, graph, nodes, messages, everyone, file)


def wave(arguments, nodes, cores):
    """Each node but the first three brings two links."""
    everyone = [who.gridsim(arguments.build, "pool", count, "wave")
                for count in sorted({1, cores})]
    return Work("waves", f"barabasi-albert-{nodes}", nodes, 6 * nodes - 10, everyone)


def graphs(arguments, part):
    """Those that are asked for, or the part's own."""
    of_part = (QUICK_GRAPHS if arguments.quick else GRAPHS)[part]
    return arguments.graphs.split(",") if arguments.graphs else of_part.split()


def contestants_of(arguments, cores, rivals):
    """Who takes part, by part."""
    build, ours = arguments.build, who.runners(arguments.build, cores)
    bare = who.gridsim(build, "bare", 1)
    everyone = ours + [who.gridsim(build, "loop", 1), bare] + rivals
    workers = [who.gridsim(build, kind, count) for kind in ("pool", "threads")
               for count in ((1, 2) if arguments.quick else (1, 2, 4, 8))]
    return {"rivals": everyone, "updates": ours + [bare], "workers": workers,
            "networks": who.timed(build, cores, rivals), "graph": everyone}


def plan(arguments, cores, rivals):
    """All that is asked for but what is besides."""
    quick, works = arguments.quick, []
    for part, everyone in contestants_of(arguments, cores, rivals).items():
        if part not in arguments.only:
            continue
        if part != "graph":
            works += [update(arguments, part, graph, everyone)
                      for graph in graphs(arguments, part)]
        elif arguments.graph:
            works.append(update(arguments, part, arguments.graph, everyone))
    if "waves" in arguments.only:
        sizes = (1000, 10000) if quick else (1000, 10_000, 100_000, 1_000_000)
        works += [wave(arguments, nodes, cores) for nodes in sizes]
    if "commands" in arguments.only:
        works += [commands.outputs(50 if quick else 300, cores),
                  commands.large("commands", 1000 if quick else 1_000_000, cores)]
    if "huge" in arguments.only:
        works.append(commands.large("huge", 10_000 if quick else 10_000_000, cores))
    return works


def figures_of(work, contestant, number, outcome):
    """The lines of one process. A stopped one has one at least."""
    def figure(**known):
        return fig.Figure(part=work.part, subject=os.path.basename(work.graph),
                          network=contestant.network, nodes=work.nodes,
                          contestant=contestant.name, group=contestant.group,
                          workers=contestant.workers, round=number, messages=work.messages,
                          cpu_s=None, **known)

    only_one = work.cold or len(outcome.repetitions) <= 1
    found = [figure(run=i + only_one, seconds=r.seconds, load_s=r.load_s, whole_s=r.whole_s,
                    bytes=r.peak_bytes, base_bytes=r.base_bytes, stopped="")
             for i, r in enumerate(outcome.repetitions)]
    if outcome.stopped:
        found.append(figure(run=len(found) + only_one, seconds=None, load_s=None, whole_s=None,
                            bytes=outcome.peak_bytes, base_bytes=None, stopped=outcome.stopped))
    return found


def measure(work, arguments, progress, found):
    """All rounds of a work, one process after the other. Appends to `found`."""
    limits = who.Limits(max(arguments.limit, work.messages / SLOWEST_RATE), arguments.memory * 1e9)
    repeat = work.repeat(arguments) + (not work.cold)
    most = collections.defaultdict(lambda: arguments.rounds)
    count = len(work.everyone)
    for number in range(arguments.rounds):
        for contestant in [work.everyone[(number + i) % count] for i in range(count)]:
            name = contestant.name, contestant.network
            if number < most[name]:
                progress.show(f"{work.part}, {os.path.basename(work.graph)}",
                              f", round {number + 1}, {contestant.name}")
                began = time.monotonic()
                outcome = who.run(contestant, work.graph, work.file, work.messages, repeat, limits)
                found += figures_of(work, contestant, number + 1, outcome)
                took = time.monotonic() - began
                most[name] = 0 if outcome.stopped else min(
                    most[name], who.turns(took, arguments))
            if number < work.turns(contestant, arguments):
                progress.add(work.turn_s(contestant, arguments))


def measure_besides(arguments, progress, found):
    """What gridsim-bench measures in one process of its own. Appends to `found`."""
    command = [os.path.join(arguments.build, "gridsim-bench"), "--besides", "--repeat",
               str(min(arguments.rounds, 2))] + (["--quick"] if arguments.quick else [])
    progress.show("besides")
    numbers = collections.Counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            what, runner, workers, messages, seconds, size = line.rstrip("\n").split("\t")
            numbers[what, runner, workers] += 1
            found.append(fig.Figure(part="besides", subject=what, network="uniform", nodes=None,
                                    contestant=runner, group="gridsim", workers=int(workers),
                                    round=numbers[what, runner, workers], run=1,
                                    messages=int(messages) or None,
                                    seconds=float(seconds) or None, load_s=None, whole_s=None,
                                    cpu_s=None, bytes=int(size) or None, base_bytes=None,
                                    stopped=""))
            progress.show("besides", f", {what}")
    if process.returncode != 0:
        raise who.Failed(f"failed: {' '.join(command)}")


def print_surroundings(cores):
    model = platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    print(f"{cores} cores, {model}, Linux {platform.release()}, load {os.getloadavg()[0]:.1f}")
    packages = ["gcc", "libcaf-dev", "libsimgrid-dev", "golang-go", "erlang-base"]
    if shutil.which("dpkg-query"):
        done = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}, ", *packages],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        print(done.stdout.decode().rstrip(", "))


def available_memory():
    with open("/proc/meminfo", encoding="ascii") as info:
        found = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in info}
    return found.get("MemAvailable", found["MemTotal"])


def parse_arguments():
    parser = argparse.ArgumentParser(description="Measure gridsim's speed, beside others and by "
                                                 "size.")
    parser.add_argument("build", help="where gridsim-bench and rivals/ are, e.g. build/release")
    parser.add_argument("--graph", help="a file with a connected graph, to be updated by everyone "
                                        "(BENCH_GRAPH of make)")
    parser.add_argument("--graphs", help="for rivals, updates, workers and networks: names, with "
                                         "commas between")
    parser.add_argument("--limit", type=float, default=60,
                        help="seconds that a repetition may take, unless it has so many messages "
                             f"that this is less than {SLOWEST_RATE} a second (60)")
    parser.add_argument("--memory", type=float, default=MEMORY_SHARE * available_memory() / 1e9,
                        help="GB that a process may have (%(default).0f, of what is free now)")
    parser.add_argument("--only", default=",".join(p for p in PARTS if p != NOT_UNASKED),
                        help=f"parts, with commas between ({', '.join(PARTS)}; all but "
                             f"{NOT_UNASKED}, ten million nodes, which takes 10 GB)")
    parser.add_argument("--out", default=os.path.join("build", "bench"),
                        help="where figures, tables and plots go (build/bench)")
    parser.add_argument("--quick", action="store_true",
                        help="small graphs, one round: does it work at all")
    parser.add_argument("--rounds", type=int, help="how often each takes its turn (5)")
    parser.add_argument("--turns", type=float, default=20,
                        help="seconds that all turns of one contestant on one graph may take: it "
                             "has the fewer, the longer they are, but one at least (20)")
    parser.add_argument("--without", default="",
                        help="who takes no part, with commas between, such as SimGrid,Erlang")
    arguments = parser.parse_args()
    arguments.only = arguments.only.split(",")
    arguments.without = arguments.without.split(",")
    arguments.rounds = arguments.rounds or (1 if arguments.quick else 5)
    if min(arguments.rounds, arguments.limit, arguments.memory, arguments.turns) <= 0:
        parser.error("--rounds, --limit, --memory and --turns must be positive")
    unknown = [part for part in arguments.only if part not in PARTS]
    if unknown:
        parser.error(f"no part is called {unknown[0]}; there are {', '.join(PARTS)}")
    if arguments.only == ["graph"] and not arguments.graph:
        parser.error("--only graph needs --graph")
    return arguments


def measure_all(arguments, cores, found):
    """Appends to `found` as it goes, so that what was measured is there whatever happens."""
    rivals, missing = who.rivals(arguments.build, cores)
    if not {"rivals", "networks", "graph"}.isdisjoint(arguments.only):
        for name in missing:
            print(f"{name} is not installed: left out (make bench-deps)")
    works = plan(arguments, cores, rivals)
    besides = "besides" in arguments.only
    besides_s = besides * (BESIDES_QUICK_S if arguments.quick else BESIDES_S)
    progress = Progress(besides_s + sum(work.expected_s(arguments) for work in works))
    try:
        for work in works:
            work.measure(arguments, progress, found)
        if besides:
            measure_besides(arguments, progress, found)
    finally:
        progress.end()


def main():
    arguments = parse_arguments()
    cores = len(os.sched_getaffinity(0))
    os.makedirs(arguments.out, exist_ok=True)
    print_surroundings(cores)
    found, path = [], os.path.join(arguments.out, "bench.csv")
    try:
        measure_all(arguments, cores, found)
    finally:
        fig.write(path, found)
    for table in tables.all_tables(found):
        print("\n" + table.as_text())
    markdown = os.path.join(arguments.out, "tables.md")
    with open(markdown, "w", encoding="utf-8") as file:
        file.write(tables.as_markdown(found))
    print(f"\nload at the end {os.getloadavg()[0]:.1f}; all figures: {path}, the tables in "
          f"Markdown: {markdown}", *plots.all_plots(arguments.out, found), sep=", ")


if __name__ == "__main__":
    try:
        main()
    except who.Failed as failed:
        sys.exit(f"bench: {failed}")
    except KeyboardInterrupt:
        sys.exit(130)
