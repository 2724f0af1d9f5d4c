#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""peers.py BUILD: gridsim beside other runtimes that do the same work.

One update of each graph (docs/PROTOCOL.md): (2E - N + 1)(1 + 2N) messages, all
of which have to be sent and all gridnets right, or it counts for nothing. Each
process does the work once to warm up, which is not counted, and then some
times more. Processes take turns, round after round, so that a slow while of
the machine hits all of them. Prints a table; all figures go to peers.csv, and
a plot to peers.svg where gnuplot is installed.
"""

import argparse
import collections
import csv
import os
import platform
import select
import shutil
import signal
import statistics
import subprocess
import sys
import time

GRAPHS = ("ring-64 star-256 complete-64 lattice-16x16 tree-255 barabasi-albert-512 "
          "watts-strogatz-1000 lattice-45x45").split()
# A process repeats short work until it has sent about as many messages as this.
MESSAGES_PER_PROCESS = 2_000_000
REPEAT_MOST = 50

Contestant = collections.namedtuple("Contestant", "name group command")
Run = collections.namedtuple("Run", "graph contestant round seconds peak_kib stopped")


def contestants(build, cores):
    """Who takes part. A command's {graph}, {file} and {repeat} are filled in later."""
    bench, peers = os.path.join(build, "gridsim-bench"), os.path.join(build, "peers")

    def gridsim(runner, workers):
        return [bench, "--sync", "{graph}", "--runner", runner, "--workers", str(workers),
                "--repeat", "{repeat}"]

    everyone = [Contestant("pool 1", "gridsim", gridsim("pool", 1))]
    if cores > 1:
        everyone.append(Contestant(f"pool {cores}", "gridsim", gridsim("pool", cores)))
    everyone.append(Contestant(f"threads {cores}", "gridsim", gridsim("threads", cores)))
    everyone.append(Contestant("loop", "loop", gridsim("loop", 1)))
    everyone.append(Contestant("bare", "loop", gridsim("bare", 1)))
    for name, program in (("CAF", "caf"), ("SimGrid", "simgrid"), ("Go", "go")):
        everyone.append(Contestant(name, "peer",
                                   [os.path.join(peers, program), "{file}", "{repeat}"]))
    everyone.append(Contestant("Erlang", "peer", ["erl", "-noinput", "-noshell", "-pa", peers,
                                                  "-run", "grid", "main", "{file}", "{repeat}"]))
    there = [c for c in everyone if is_there(c, peers)]
    for c in everyone:
        if c not in there:
            print(f"{c.name} is not installed: left out (make bench-deps)")
    return there


def is_there(contestant, peers):
    if contestant.name == "Erlang" and not os.path.exists(os.path.join(peers, "grid.beam")):
        return False
    return shutil.which(contestant.command[0]) is not None


def peak_kib(pid):
    """Most memory that a process has had so far; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def read_lines(process, limit_s, count):
    """The lines of a process as they come, with its memory; fewer if one takes too long."""
    lines, rest, peak, began = [], b"", 0, time.monotonic()
    while len(lines) < count:
        left = began + limit_s - time.monotonic()
        if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
            return lines, max(peak, peak_kib(process.pid)), True
        data = os.read(process.stdout.fileno(), 65536)
        if not data:
            break
        peak = max(peak, peak_kib(process.pid))
        *whole, rest = (rest + data).split(b"\n")
        if whole:
            lines += whole
            began = time.monotonic()
    return lines, peak, False


def run(contestant, graph, messages, repeat, arguments):
    """One process: seconds of each repetition but the first, peak memory, whether it was stopped."""
    command = [part.format(graph=graph, file=graph_file(arguments.out, graph),
                           repeat=repeat + 1)
               for part in contestant.command]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          start_new_session=True) as process:
        stopped = True
        try:
            lines, peak, stopped = read_lines(process, arguments.limit, repeat + 1)
        finally:
            if stopped:
                os.killpg(process.pid, signal.SIGKILL)
    if not stopped and (process.returncode != 0 or len(lines) != repeat + 1):
        sys.exit(f"peers: failed: {' '.join(command)}")
    seconds = []
    for line in lines:
        sent, taken, verdict = line.split()
        if int(sent) != messages or verdict != b"right":
            sys.exit(f"peers: {contestant.name}, {graph}: {line.decode()}, not {messages} right")
        seconds.append(float(taken))
    return seconds[1:], peak, stopped


def graph_file(out, graph):
    return os.path.join(out, graph + ".edges")


def write_graph(build, out, graph):
    """Writes the edge list and returns the messages of one update."""
    with open(graph_file(out, graph), "wb") as file:
        done = subprocess.run([os.path.join(build, "gridsim-bench"), "--edges", graph],
                              stdout=file, check=False)
    if done.returncode != 0:
        sys.exit(1)
    with open(graph_file(out, graph), encoding="ascii") as file:
        nodes, links = map(int, file.readline().split())
    return (2 * links - nodes + 1) * (1 + 2 * nodes)


def measure_graph(graph, messages, everyone, arguments):
    """All rounds of a graph. Who was stopped once does not start again."""
    runs, out = [], set()
    repeat = max(1, min(REPEAT_MOST, MESSAGES_PER_PROCESS // messages))
    for number in range(arguments.rounds):
        first = number % len(everyone)
        for contestant in everyone[first:] + everyone[:first]:
            if contestant.name in out:
                continue
            if sys.stderr.isatty():
                print(f"\r\033[K{graph}, round {number + 1}: {contestant.name}", end="",
                      file=sys.stderr, flush=True)
            result = run(contestant, graph, messages, repeat, arguments)
            runs.append(Run(graph, contestant, number, *result))
            if runs[-1].stopped:
                out.add(contestant.name)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    return runs


class Summary:
    """What the runs of one graph say."""

    def __init__(self, graph, messages, runs):
        self.graph, self.messages = graph, messages
        self.per_round = collections.defaultdict(dict)  # contestant's name: round: messages/s
        seconds, self.peak, self.group = collections.defaultdict(list), {}, {}
        self.stopped = {r.contestant.name for r in runs if r.stopped}
        for r in runs:
            name = r.contestant.name
            self.group[name] = r.contestant.group
            self.peak[name] = max(self.peak.get(name, 0), r.peak_kib)
            if not r.stopped:
                seconds[name] += r.seconds
                self.per_round[name][r.round] = messages / statistics.median(r.seconds)
        self.rate = {name: messages / statistics.median(values)
                     for name, values in seconds.items() if name not in self.stopped}

    def best(self, group):
        names = [name for name in self.rate if self.group[name] == group]
        return max(names, key=self.rate.get, default=None)

    def ratio(self, name, other):
        """Median of the ratios in each round, or None."""
        if name is None or other is None or other not in self.rate:
            return None
        return statistics.median(rate / self.per_round[other][number]
                                 for number, rate in self.per_round[name].items()
                                 if number in self.per_round[other])


def print_table(headings, rows):
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    for row in [headings, *rows]:
        cells = [cell.ljust(width) if i == 0 else cell.rjust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip())


def shown_ratio(value):
    return "" if value is None else f"{value:.2f}"


def print_summaries(summaries, names, limit_s):
    def rate(summary, name):
        return f">{limit_s:g}s" if name in summary.stopped else f"{summary.rate[name] / 1e6:.2f}"

    print("\nMillions of messages a second (median), and gridsim's best as a ratio to the best "
          "peer\nand to the bare loop (median of the ratios in each round):\n")
    rows = []
    for s in summaries:
        ours, peer = s.best("gridsim"), s.best("peer")
        rows.append([s.graph, f"{s.messages}", *(rate(s, name) for name in names), peer or "",
                     shown_ratio(s.ratio(ours, peer)), shown_ratio(s.ratio(ours, "bare"))])
    print_table(["graph", "messages", *names, "best peer", "ratio", "to bare"], rows)
    print("\nPeak memory of the process, MB:\n")
    print_table(["graph", *names],
                [[s.graph, *(f"{s.peak[name] * 1024 / 1e6:.0f}" for name in names)]
                 for s in summaries])


def write_csv(out, runs, messages):
    path = os.path.join(out, "peers.csv")
    with open(path, "w", newline="", encoding="ascii") as file:
        writer = csv.writer(file)
        writer.writerow(["graph", "contestant", "round", "messages", "seconds", "peak_bytes",
                         "stopped"])
        for r in runs:
            for seconds in r.seconds or [""]:
                writer.writerow([r.graph, r.contestant.name, r.round + 1, messages[r.graph],
                                 seconds, r.peak_kib * 1024, int(r.stopped)])
    return path


def plot(out, summaries, names):
    """A group of bars for each graph. Returns the picture's path, or None."""
    if not shutil.which("gnuplot"):
        return None
    data, picture = os.path.join(out, "peers.dat"), os.path.join(out, "peers.svg")
    with open(data, "w", encoding="ascii") as file:
        print("graph", *(f'"{name}"' for name in names), file=file)
        for s in summaries:
            print(s.graph, *(s.rate[name] / 1e6 if name in s.rate else "NaN" for name in names),
                  file=file)
    script = f"""
      set terminal svg size 1100,480 noenhanced background 'white'
      set output '{picture}'
      set style data histogram
      set style histogram cluster gap 2
      set style fill solid 0.9 noborder
      set logscale y
      set grid ytics
      set key outside right top
      set xtics rotate by -20 scale 0
      set ylabel 'millions of messages a second'
      plot for [column=2:{len(names) + 1}] '{data}' using column:xtic(1) title columnheader(column)
    """
    done = subprocess.run(["gnuplot"], input=script.encode(), check=False)
    return picture if done.returncode == 0 else None


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


def parse_arguments():
    parser = argparse.ArgumentParser(description="Compare gridsim's speed with other runtimes.")
    parser.add_argument("build", help="where gridsim-bench and peers/ are, e.g. build/release")
    parser.add_argument("--graphs", default=",".join(GRAPHS), help="names, with commas between")
    parser.add_argument("--limit", type=float, default=60, help="seconds a repetition may take (60)")
    parser.add_argument("--out", default=os.path.join("build", "bench"),
                        help="where figures and plot go (build/bench)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each takes its turn (5)")
    arguments = parser.parse_args()
    if arguments.rounds < 1 or arguments.limit <= 0:
        parser.error("--rounds and --limit must be positive")
    return arguments


def main():
    arguments = parse_arguments()
    cores = len(os.sched_getaffinity(0))
    os.makedirs(arguments.out, exist_ok=True)
    print_surroundings(cores)
    everyone = contestants(arguments.build, cores)
    names = [c.name for c in everyone]
    runs, messages, summaries = [], {}, []
    for graph in arguments.graphs.split(","):
        messages[graph] = write_graph(arguments.build, arguments.out, graph)
        ours = measure_graph(graph, messages[graph], everyone, arguments)
        runs += ours
        summaries.append(Summary(graph, messages[graph], ours))
        write_csv(arguments.out, runs, messages)
    print_summaries(summaries, names, arguments.limit)
    picture = plot(arguments.out, summaries, names)
    print(f"\nload at the end {os.getloadavg()[0]:.1f}; all figures: "
          f"{write_csv(arguments.out, runs, messages)}"
          + (f", plot: {picture}" if picture else ""))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
