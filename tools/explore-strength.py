#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon does `gridsim explore` find that a rule of the node is broken?

explore-strength.py [--for SECONDS] [NAME…]
breaks the rules of tests/mutants/*.txt that have a line `explore`, one at a
time, in a copy of the tree, builds gridsim and lets it search with the options
of that line. NAME tries others, as `recovery` or `node/new-sibling`. First
comes the program as it is, in which nothing should be found. Prints a table in
Markdown.

Exit status: 0 each was found in time, and nothing in the program as it is; 1
not so; 2 an argument or a table is wrong, or a program does not build.
"""
import argparse
import json
import os
import pathlib
import shlex
import shutil
import sys
import time

import mutants as tables
from mutants import Wrong

SEARCH_S = 60
# Beyond the time it was given: for the run that it is in, and for making a failure small.
PATIENCE_S = 120
HEAD = ("rule that was broken", "s", "seed", "check", "nodes", "entries", "messages")


def search(copy, mutant, search_s):
    """Exit status (None: took too long), what explore says in JSON, and seconds."""
    options = shlex.split(mutant.explore or "") if mutant else []
    began = time.monotonic()
    status, output = copy.call(
        [f"{tables.BUILD}/gridsim", "explore", "--for", f"{search_s}s", "--json", *options],
        search_s + PATIENCE_S)
    took_s = time.monotonic() - began
    start = output.find("{")
    try:
        return status, json.loads(output[start:]) if start >= 0 else {}, took_s
    except ValueError:
        return status, {}, took_s


def row(rule, status, told, took_s, search_s):
    """Cells of the table, and whether something was found in time."""
    if status == 1 and told.get("found"):
        one = told["found"][0]
        cells = (one["seed"], one["check"], one["nodes"], one["entries"], one["named_messages"])
    elif status == 0:
        return (rule, "-", "-", f"nothing in {told['runs']} runs", "-", "-", "-"), False
    elif status is None:
        return (rule, "-", "-", "did not end", "-", "-", "-"), False
    else:
        cells = ("-", f"ended with status {status}", "-", "-", "-")
    return (rule, f"{took_s:.1f}", *cells), took_s <= search_s


def say(cells):
    print("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |", flush=True)


def try_all(copy, chosen, search_s):
    say(HEAD)
    say(["---"] + ["---:" if i != 2 else "---" for i in range(len(HEAD) - 1)])
    good = True
    for mutant in [None, *chosen]:
        if mutant is None:
            status, output = build(copy)
            cells, found = row("none", *search(copy, None, search_s), search_s)
            found = cells[1] == "-"
        else:
            with copy.broken(mutant):
                status, output = build(copy)
                cells, found = row(mutant.rule, *search(copy, mutant, search_s), search_s)
                print(f"{mutant}: {'found' if found else 'NOT FOUND'}", file=sys.stderr, flush=True)
        if status != 0:
            raise Wrong(f"{mutant or 'the tree'} does not build\n{output}")
        say(cells)
        good &= found
    return good


def build(copy):
    return copy.call(["make", "-s", "-j2", f"{tables.BUILD}/gridsim"], None)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--for", dest="search_s", type=int, default=SEARCH_S, metavar="SECONDS",
                        help=f"time for each search ({SEARCH_S})")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a module, a mutant or a pattern")
    arguments = parser.parse_args()
    os.chdir(pathlib.Path(__file__).resolve().parent.parent)
    copy = tables.Copy("explore")
    try:
        mutants, wrong = tables.read_tables()
        if wrong:
            raise Wrong("\n".join(wrong))
        marked = [mutant for mutant in mutants if mutant.explore is not None]
        chosen = tables.chosen(mutants, arguments.names) if arguments.names else marked
        copy.make()
        return 0 if try_all(copy, chosen, arguments.search_s) else 1
    except Wrong as error:
        print(f"explore-strength: {error}", file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(copy.at, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
