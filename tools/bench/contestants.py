# SPDX-License-Identifier: GPL-3.0-or-later
"""Who takes part in the benchmark, and one process of theirs."""

import dataclasses
import os
import select
import shutil
import signal
import subprocess
import time
from typing import List, Optional, Tuple

# Where a first repetition takes longer, it counts and is the only one.
SLOW_S = 5
# How often a process that says nothing is looked at.
LOOK_S = 0.2


@dataclasses.dataclass(frozen=True)
class Contestant:
    name: str
    group: str  # gridsim, loop, rival (as its users write programs), tuned (by hand for this work)
    workers: Optional[int]
    command: Tuple[str, ...]  # with {graph}, {file} (a list of edges), {repeat} to be filled in
    cost: float  # roughly, in microseconds a message: for how long is left
    network: str = "uniform"  # how long messages take: that of the work


NETWORKS = ("uniform", "jitter", "latencies", "both")


def gridsim(build, runner, workers, work="sync", network="uniform"):
    """One of gridsim's runners, or the loops that its nodes are compared with."""
    group = "gridsim" if runner in ("pool", "threads") else "loop"
    command = (os.path.join(build, "gridsim-bench"), "--" + work, "{graph}", "--network", network,
               "--runner", runner, "--workers", str(workers), "--repeat", "{repeat}")
    cost = 0.1 if network == "uniform" else 0.3
    return Contestant(f"{runner} {workers}" if group == "gridsim" else runner, group, workers,
                      command, cost if runner == "bare" else 2 * cost, network)


def runners(build, cores):
    """gridsim as it is run: on one core and on all."""
    everyone = [gridsim(build, "pool", 1)]
    if cores > 1:
        everyone.append(gridsim(build, "pool", cores))
    return everyone + [gridsim(build, "threads", cores)]


def timed(build, cores, everyone):
    """Those who can give each message its own latency, with each network in turn, so that one
    is measured beside the other. SimGrid takes part if it does in `everyone`; what it does where
    the network is uniform is measured beside all rivals."""
    counts = sorted({1, cores})
    found = [gridsim(build, kind, count, network=network) for kind in ("pool", "threads")
             for count in counts for network in NETWORKS]
    found += [gridsim(build, "bare", 1, network=network) for network in NETWORKS]
    return found + [dataclasses.replace(rival, command=(*rival.command, network), cost=cost,
                                        network=network)
                    for rival in everyone if rival.name == "SimGrid"
                    for network, cost in zip(NETWORKS[1:], (2, 2, 2))]


def rivals(build, cores):
    """Other runtimes: those that are there, and the names of those that are not."""
    programs = os.path.join(build, "rivals")

    def program(name, file, cost, group="rival", arguments=()):
        return Contestant(name, group, cores, (os.path.join(programs, file), *arguments,
                                               "{file}", "{repeat}"), cost)

    everyone = [program("CAF", "caf", 0.3),
                dataclasses.replace(program("SimGrid", "simgrid", 1.4), workers=1),
                Contestant("Erlang", "rival", cores,
                           ("erl", "-noinput", "-noshell", "-pa", programs, "-run", "grid", "main",
                            "{file}", "{repeat}"), 0.8),
                program("Go", "go", 0.1, arguments=("channel",)),
                program("Go batch", "go", 0.1, "tuned", ("batch",))]
    there = [c for c in everyone if shutil.which(c.command[0]) and
             (c.name != "Erlang" or os.path.exists(os.path.join(programs, "grid.beam")))]
    return there, [c.name for c in everyone if c not in there]


def turns(turn_s, arguments):
    """So many turns has who takes so long over each: one at least."""
    return max(1, min(arguments.rounds, int(arguments.turns / turn_s)))


class Failed(Exception):
    """A contestant that did not do the work: nothing was measured."""


@dataclasses.dataclass
class Repetition:
    seconds: float
    load_s: Optional[float]
    whole_s: Optional[float]
    peak_bytes: int
    base_bytes: Optional[int]


@dataclasses.dataclass
class Outcome:
    repetitions: List[Repetition]
    peak_bytes: int
    stopped: str


@dataclasses.dataclass(frozen=True)
class Limits:
    seconds: float  # of a repetition
    bytes: float  # of a process


def memory(pid):
    """Bytes that a process has, and the most that it had; zeros when it is gone."""
    found = {}
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            for line in status:
                if line.startswith(("VmHWM:", "VmRSS:")):
                    found[line[:5]] = int(line.split()[1]) * 1024
    except OSError:
        pass
    return found.get("VmRSS", 0), found.get("VmHWM", 0)


class Process:
    """One that prints a line for each repetition."""

    def __init__(self, command, messages, limits):
        self.command, self.messages, self.limits = command, messages, limits
        self.began = time.monotonic()
        self.popen = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      start_new_session=True)
        self.repetitions, self.rest, self.peak = [], b"", 0

    def read(self, count):
        """Reads so many lines. Returns why it should be stopped, or ""."""
        last = self.began
        while len(self.repetitions) < count:
            ready = select.select([self.popen.stdout], [], [], LOOK_S)[0]
            now, (resident, peak) = time.monotonic(), memory(self.popen.pid)
            self.peak = max(self.peak, peak)
            if resident > self.limits.bytes:
                return f">{self.limits.bytes / 1e9:.3g}GB"
            if not ready:
                if now - last > self.limits.seconds:
                    return f">{self.limits.seconds:.0f}s"
                continue
            data = os.read(self.popen.stdout.fileno(), 65536)
            if not data:
                break
            *lines, self.rest = (self.rest + data).split(b"\n")
            for line in lines:
                self.take(line.decode(errors="replace"), now)
                last = now
            if count > 1 and len(self.repetitions) == 1 and self.repetitions[0].seconds > SLOW_S:
                break
        return ""

    def take(self, line, now):
        """Messages, seconds, "right"; from gridsim loading and memory too."""
        words = line.split()
        if len(words) not in (3, 6) or words[2] != "right" or words[0] != str(self.messages):
            raise Failed(f"{' '.join(self.command)}: {line}, not {self.messages} right")
        load_s, peak, base = ((float(words[3]), int(words[4]), int(words[5])) if len(words) == 6
                              else (None, self.peak, None))
        whole_s = None if self.repetitions else now - self.began
        self.peak = max(self.peak, peak)
        self.repetitions.append(Repetition(float(words[1]), load_s, whole_s, self.peak, base))

    def end(self, count, stopped):
        """Waits for it, or ends it where it has no more to say that is wanted."""
        slow = len(self.repetitions) == 1 < count and self.repetitions[0].seconds > SLOW_S
        if stopped or slow:
            self.kill()
            return
        self.popen.stdout.close()
        if self.popen.wait() != 0 or len(self.repetitions) != count:
            raise Failed(f"failed: {' '.join(self.command)}")

    def kill(self):
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        self.popen.stdout.close()


def run(contestant, graph, file, messages, repeat, limits):
    """Starts a contestant's program, which is to do the work `repeat` times."""
    command = [word.format(graph=graph, file=file, repeat=repeat) for word in contestant.command]
    process = Process(command, messages, limits)
    try:
        stopped = process.read(repeat)
        process.end(repeat, stopped)
    except BaseException:
        process.kill()
        raise
    return Outcome(process.repetitions, process.peak, stopped)
