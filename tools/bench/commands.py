# SPDX-License-Identifier: GPL-3.0-or-later
"""What whole commands of gridsim take, from their start to their end: wall time, the
processor's time and memory."""

import dataclasses
import json
import os
import resource
import subprocess
import time
from typing import Tuple

import contestants as who
import figures as fig


@dataclasses.dataclass(frozen=True)
class Command:
    name: str
    arguments: Tuple[str, ...]  # with {scenario} and {out} to be filled in
    cost: float  # roughly, in microseconds a message: for how long is left


def run(runner, workers, *outputs):
    """A run, and what it writes besides: --report and --trace with the endings of their files."""
    arguments = ["run", "--quiet", "--runner", runner, "--workers", str(workers)]
    for option, ending in outputs:
        arguments += [option, "{out}" + ending]
    name = " ".join([f"run, {runner} {workers}"] + [f"{o} {e}" for o, e in outputs])
    return Command(name, (*arguments, "{scenario}"), 3 if outputs else 0.5)


CHECK = Command("check", ("check", "--quiet", "{scenario}"), 0.3)


@dataclasses.dataclass
class Work:
    """An update of a graph of Watts and Strogatz, or a wave of one of Barabási and Albert."""
    part: str
    kind: str
    nodes: int
    commands: Tuple[Command, ...]

    @property
    def subject(self):
        return f"{self.kind}-{self.nodes}"

    @property
    def wave(self):
        return self.kind == "barabasi-albert"

    @property
    def messages(self):
        return (6 * self.nodes - 10 if self.wave else
                (3 * self.nodes + 1) * (2 * self.nodes + 1))

    def expected_s(self, arguments):
        return arguments.rounds * sum(c.cost * self.messages / 1e6 for c in self.commands)

    def scenario(self):
        """A run ends with another status than 0 where it was not so."""
        more = {"m": 2} if self.wave else {"k": 4, "p": 0.1}
        what = {"update_net": "N1"} if self.wave else {"node": "N1", "production": 25}
        return {"topology": {"kind": self.kind, "nodes": self.nodes, **more},
                "energy": [{"node": "*", "production": {"uniform": [0, 10]}}],
                "schedule": [{"at": "1s", **what}],
                "expect": {"converged": True, "messages": {"total": self.messages}}}

    def measure(self, arguments, progress, found):
        """All rounds, one process after the other. Appends to `found`."""
        path = os.path.join(arguments.out, self.subject + ".json")
        with open(path, "w", encoding="ascii") as file:
            json.dump(self.scenario(), file)
        most = {command.name: arguments.rounds for command in self.commands}
        for number in range(1, arguments.rounds + 1):
            for command in self.commands:
                if number <= most[command.name]:
                    progress.show(f"{self.part}, {self.subject}",
                                  f", round {number}, {command.name}")
                    figure = self.once(command, path, arguments, number)
                    found.append(figure)
                    most[command.name] = min(most[command.name],
                                             who.turns(figure.seconds, arguments))
                progress.add(command.cost * self.messages / 1e6)

    def once(self, command, path, arguments, number):
        out = os.path.join(arguments.out, "output")
        words = [os.path.join(arguments.build, "gridsim"),
                 *(word.format(scenario=path, out=out) for word in command.arguments)]
        began = time.monotonic()
        with subprocess.Popen(words, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - began
        for ending in [word[5:] for word in command.arguments if word.startswith("{out}")]:
            os.unlink(out + ending)
        # A process starts with the peak of the one that made it.
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak = used.ru_maxrss * 1024 if used.ru_maxrss > 2 * own else None
        if process.returncode != 0:
            raise who.Failed(f"failed: {' '.join(words)}")
        return fig.Figure(part=self.part, subject=self.subject, network="uniform",
                          nodes=self.nodes, contestant=command.name, group="gridsim",
                          workers=None, round=number, run=1, messages=self.messages,
                          seconds=took, load_s=None, whole_s=took,
                          cpu_s=used.ru_utime + used.ru_stime, bytes=peak, base_bytes=None,
                          stopped="")


def outputs(nodes, cores):
    """What a report and traces cost."""
    commands = []
    for runner in ("pool", "threads"):
        commands += [run(runner, cores), run(runner, cores, ("--report", ".html")),
                     run(runner, cores, ("--trace", ".jsonl")),
                     run(runner, cores, ("--trace", ".json"))]
    return Work("outputs", "watts-strogatz", nodes, tuple(commands))


def large(part, nodes, cores):
    """A wave of many nodes, and reading it alone."""
    counts = sorted({1, cores}) if part == "commands" else [cores]
    return Work(part, "barabasi-albert", nodes,
                (CHECK, *(run("pool", count) for count in counts)))
