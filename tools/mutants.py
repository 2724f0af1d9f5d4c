#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a test notice when a rule of the program is broken?

mutants.py [--check] [--list] [-j JOBS] [NAME…]
reads the changes in tests/mutants/*.txt, makes each of them in a copy of the
tree, builds it and runs the tests nearest to it: one of them should fail. NAME
limits it to some, as `node`, `node/new-sibling` or `wire/*`. --check only looks
whether each text to be changed is found exactly once, and whether the counts in
docs/TESTING.md are those of the tables. Their form is told in
tests/mutants/README.md.

Exit status: 0 all are noticed or explained; 1 one is not, or does not build; 2
a table or an argument is wrong.
"""
import argparse
import concurrent.futures
import contextlib
import fnmatch
import os
import pathlib
import queue
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

TABLES = pathlib.Path("tests/mutants")
COUNTS = pathlib.Path("docs/TESTING.md")
COPIES = pathlib.Path("build/mutants")
COPIED = ("Makefile", "core", "sim", "tests", "tools", "scenarios", "docs", "README.md")
BUILD = "build/release"
PROGRAMS = {"core": f"{BUILD}/test-core", "sim": f"{BUILD}/test-sim", "script": f"{BUILD}/gridsim"}
# What a broken rule may take: time beyond what the tests take otherwise, and address space.
PATIENCE_S = 20
BYTES_MAX = 12 << 30


class Wrong(Exception):
    """A table that cannot be used; says where and why."""


class Mutant:
    def __init__(self, module, name, where):
        self.module, self.name, self.where = module, name, where
        self.rule = self.file = self.same = self.explore = None
        self.tests = []
        self.found, self.instead = [], []

    def __str__(self):
        return f"{self.module}/{self.name}"

    def pattern(self):
        """Text to be changed; white space of any kind is the same, so that format may change."""
        words = " ".join(self.found).split()
        return re.compile(r"\s+".join(map(re.escape, words)))

    def changed(self, text):
        there = list(self.pattern().finditer(text))
        if len(there) != 1:
            raise Wrong(f"{self.where}: {self}: its text is {len(there)} times in {self.file}, "
                        "must be there once: change the table with the code")
        start, end = there[0].span()
        return text[:start] + "\n".join(self.instead).strip() + text[end:]


def read_line(mutant, key, rest, where):
    if key in ("rule", "file", "same", "explore"):
        if getattr(mutant, key) is not None:
            raise Wrong(f"{where}: a second `{key}` of {mutant}")
        setattr(mutant, key, rest)
    elif key == "test":
        kind, _, what = rest.partition(" ")
        if kind not in PROGRAMS or not what:
            raise Wrong(f"{where}: found `test {rest}`; allowed are core or sim with a filter of "
                        "tests, and script with a file")
        if kind == "script" and not pathlib.Path(what).is_file():
            raise Wrong(f"{where}: there is no {what}")
        mutant.tests.append((kind, what))
    else:
        raise Wrong(f"{where}: found `{key}`; allowed are [NAME], rule, file, test, same, explore, "
                    "- and +")


def finished(mutant):
    for key in ("rule", "file", "tests", "found"):
        if not getattr(mutant, key):
            raise Wrong(f"{mutant.where}: {mutant} has no {key.replace('found', '- line')}")
    if not pathlib.Path(mutant.file).is_file():
        raise Wrong(f"{mutant.where}: {mutant}: there is no {mutant.file}")
    return mutant


def read_table(path):
    mutants = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path}:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            name = line.strip()[1:-1]
            if not line.rstrip().endswith("]") or not re.fullmatch(r"[a-z0-9-]+", name):
                raise Wrong(f"{where}: found {line.strip()}; a name is [a-z0-9-]")
            if any(other.name == name for other in mutants):
                raise Wrong(f"{where}: a second {name}")
            mutants.append(Mutant(path.stem, name, where))
        elif not mutants:
            raise Wrong(f"{where}: before the first [NAME]")
        elif line[0] in "-+":
            (mutants[-1].found if line[0] == "-" else mutants[-1].instead).append(line[1:])
        else:
            key, _, rest = line.strip().partition(" ")
            read_line(mutants[-1], key, rest.strip(), where)
    return [finished(mutant) for mutant in mutants]


def read_tables():
    """All mutants, and what is wrong with the tables."""
    mutants, wrong = [], []
    for path in sorted(TABLES.glob("*.txt")):
        try:
            for mutant in read_table(path):
                mutants.append(mutant)
                try:
                    mutant.changed(pathlib.Path(mutant.file).read_text(encoding="utf-8"))
                except Wrong as error:
                    wrong.append(str(error))
        except Wrong as error:
            wrong.append(str(error))
    return mutants, wrong


def check_counts(mutants):
    """What the table of modules in the documentation says that is not so."""
    rows = {"all": [0, 0, 0]}
    for mutant in mutants:
        for row in (rows["all"], rows.setdefault(mutant.module, [0, 0, 0])):
            row[0] += 1
            row[2 if mutant.same else 1] += 1
    told = {}
    for number, line in enumerate(COUNTS.read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in line.strip()[1:-1].split("|")]
        if line.startswith("| ") and len(cells) == 5 and cells[0].strip("-") not in ("", "module"):
            told[cells[0]] = (number, cells[2:])
    for module, (number, cells) in told.items():
        if module not in rows:
            yield f"{COUNTS}:{number}: there is no {TABLES / module}.txt"
        elif cells != [str(count) if count or i == 0 else "" for i, count in enumerate(rows[module])]:
            yield (f"{COUNTS}:{number}: {module} has {', '.join(cell or '0' for cell in cells)}; "
                   f"must be {', '.join(map(str, rows[module]))} (mutants, noticed, explained)")
    for module in rows:
        if module not in told:
            yield f"{COUNTS}: its table of modules has no {module}"


def chosen(mutants, names):
    if not names:
        return mutants
    for name in names:
        if not any(matches(mutant, name) for mutant in mutants):
            raise Wrong(f"no mutant is called {name} (--list tells their names)")
    return [mutant for mutant in mutants if any(matches(mutant, name) for name in names)]


def matches(mutant, name):
    return mutant.module == name or fnmatch.fnmatch(str(mutant), name)


class Copy:
    """A tree to break, and what was built from it before."""

    def __init__(self, number):
        self.at = COPIES / f"{os.getpid()}-{number}"
        self.usual_s = {}

    def make(self):
        shutil.rmtree(self.at, ignore_errors=True)
        self.at.mkdir(parents=True)
        for name in COPIED:
            self.take(pathlib.Path(name))
        if pathlib.Path(BUILD).is_dir():
            self.take(pathlib.Path(BUILD))

    def take(self, path):
        to = self.at / path
        to.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, to, symlinks=True)  # with times: what is built stays so
        else:
            shutil.copy2(path, to)

    def call(self, command, limit_s):
        """Exit status (None: took too long) and output."""
        environment = dict(os.environ, G_DEBUG="fatal-criticals", MAKEFLAGS="",
                           GRIDSIM=str((self.at / BUILD / "gridsim").resolve()))
        for name in ("MAKELEVEL", "VARIANT"):
            environment.pop(name, None)
        process = subprocess.Popen(command, cwd=self.at, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   start_new_session=True, preexec_fn=limit_space)
        try:
            output = process.communicate(timeout=limit_s)[0]
            return process.returncode, output.decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return None, ""

    def build(self, tests):
        programs = sorted({PROGRAMS[kind] for kind, _ in tests})
        return self.call(["make", "-s", "-j1", *programs], None)

    def run(self, test, limit_s):
        kind, what = test
        if kind == "script":
            first = pathlib.Path(what).read_text(encoding="utf-8").splitlines()[0]
            return self.call(["bash" if "bash" in first else "sh", what], limit_s)
        return self.call([PROGRAMS[kind], "-j1", "--filter", what], limit_s)

    def try_unchanged(self, test):
        """Tests that a mutant relies on must be there and pass without it."""
        began = time.monotonic()
        status, output = self.run(test, 600)
        self.usual_s[test] = time.monotonic() - began
        if status != 0:
            raise Wrong(f"{' '.join(test)}: fails although nothing is changed\n{output}")
        if test[0] != "script" and not re.search(r"Tested: [1-9]", output):
            raise Wrong(f"{' '.join(test)}: there are no such tests")

    @contextlib.contextmanager
    def broken(self, mutant):
        """The tree with one rule broken."""
        path = self.at / mutant.file
        text, times = path.read_text(encoding="utf-8"), path.stat()
        path.write_text(mutant.changed(text), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(text, encoding="utf-8")
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
            self.forget(mutant.file)

    def judge(self, mutant):
        """What becomes of a mutant, and by which test."""
        with self.broken(mutant):
            status, output = self.build(mutant.tests)
            if status != 0:
                return "does not build", output
            for test in mutant.tests:
                status, output = self.run(test, PATIENCE_S + 5 * self.usual_s[test])
                if status != 0:
                    return "noticed", how(test, status, output)
            return "not noticed", ""

    def forget(self, file):
        """What was built from the changed file is built again."""
        if file.endswith(".c"):
            (self.at / BUILD / "obj" / file).with_suffix(".o").unlink(missing_ok=True)
        else:
            os.utime(self.at / file)


def how(test, status, output):
    """By which test it was noticed."""
    if status is None:
        return f"{' '.join(test)} took too long"
    failed = re.search(r"^\[FAIL\] (\w+)::(\w+)", output, re.MULTILINE)
    return f"{failed.group(1)}/{failed.group(2)}" if failed else " ".join(test)


def limit_space():
    resource.setrlimit(resource.RLIMIT_AS, (BYTES_MAX, BYTES_MAX))


def verdict(mutant, found):
    """What is said of it, and whether that is as it should be."""
    if found == "noticed":
        return ("NOTICED, though explained", False) if mutant.same else ("noticed", True)
    if found == "not noticed":
        return ("explained", True) if mutant.same else ("NOT NOTICED", False)
    return "DOES NOT BUILD", False


def run_one(copies, mutant):
    copy = copies.get()
    try:
        for test in mutant.tests:
            if test not in copy.usual_s:
                status, output = copy.build([test])
                if status != 0:
                    raise Wrong(f"the tree does not build\n{output}")
                copy.try_unchanged(test)
        return mutant, copy.judge(mutant)
    finally:
        copies.put(copy)


def run(mutants, jobs):
    copies, trees = queue.Queue(), [Copy(number) for number in range(jobs)]
    try:
        for copy in trees:
            copy.make()
            copies.put(copy)
        return run_in(copies, mutants, jobs)
    finally:
        for copy in trees:
            shutil.rmtree(copy.at, ignore_errors=True)


def run_in(copies, mutants, jobs):
    counts, good = {}, True
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for mutant, (found, detail) in pool.map(lambda one: run_one(copies, one), mutants):
            said, right = verdict(mutant, found)
            good &= right
            about = detail if found == "noticed" else mutant.same or mutant.rule
            print(f"{said:<12} {str(mutant):<36} {about}", flush=True)
            if found == "does not build":
                print(detail)
            counts.setdefault(mutant.module, []).append(said)
    print_counts(counts)
    return good


def print_counts(counts):
    print(f"\n{'module':<12} {'mutants':>8} {'noticed':>8} {'explained':>10} {'wrong':>6}")
    rows = [(module, said) for module, said in sorted(counts.items())]
    rows.append(("all", [one for _, said in rows for one in said]))
    for module, said in rows:
        noticed, explained = said.count("noticed"), said.count("explained")
        print(f"{module:<12} {len(said):>8} {noticed:>8} {explained:>10} "
              f"{len(said) - noticed - explained:>6}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only look at the tables")
    parser.add_argument("--list", action="store_true", help="tell what there is")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="copies at work at once (1)")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a module, a mutant or a pattern")
    arguments = parser.parse_args()
    if arguments.jobs < 1:
        parser.error("--jobs must be at least 1")
    os.chdir(pathlib.Path(__file__).resolve().parent.parent)
    mutants, wrong = read_tables()
    try:
        if wrong:
            raise Wrong("\n".join(wrong))
        mutants = chosen(mutants, arguments.names)
        if arguments.list:
            for mutant in mutants:
                print(f"{str(mutant):<36} {mutant.rule}")
            return 0
        if arguments.check:
            wrong = list(check_counts(mutants))
            if wrong:
                raise Wrong("\n".join(wrong))
            print(f"mutants: {len(mutants)} texts are where they should be, and counted right")
            return 0
        return 0 if run(mutants, arguments.jobs) else 1
    except Wrong as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
