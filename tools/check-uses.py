#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-uses.py: fails when core/ or sim/ in the current folder declare in a header what
only tests use, what only the file uses that defines it, or what nobody uses. What only
tests use belongs below tests/; what one file uses is static."""

import glob
import re
import sys

# What tests look at to judge what the program does, and nothing else can show.
FOR_TESTS = {
    "gs_node_heap_bytes": "what memory_need says of a node is compared with it",
    "gs_sync_monitor_islands": "islands as the monitor joined them are compared with a search",
}

NO_CODE = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:\\.|[^\'\\\n])+\'|/\*.*?\*/|//[^\n]*', re.S)
NAME = re.compile(r"\bgs_\w+")
# At the left margin things are declared and defined; what is used is indented, or in a macro.
DECLARED = re.compile(r"^(?!static|typedef|#|G_DEFINE|GS_)[A-Za-z_][^;{}=\n]*?\b(gs_\w+)(?=\(|\[|;| =)")


def names_of(path):
    """(declared, used): how often each name is at the left margin, and elsewhere."""
    with open(path, encoding="utf-8") as file:
        text = NO_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), file.read())
    declared, used = {}, {}
    for line in text.split("\n"):
        here = DECLARED.match(line)
        for name in NAME.findall(line):
            into = declared if here and name == here[1] else used
            into[name] = into.get(name, 0) + 1
    return declared, used


def sources(*folders):
    return sorted(path for folder in folders for path in glob.glob(f"{folder}/**/*.[ch]", recursive=True))


def main():
    files = {path: names_of(path) for path in sources("core", "sim", "tools")}
    tests = set()
    for path in sources("tests"):
        tests.update(*names_of(path))
    headers = {}
    for path, (declared, _) in files.items():
        if path.endswith(".h") and not path.startswith("tools/"):
            headers.update({name: path for name in declared})
    good = True
    for name, header in sorted(headers.items(), key=lambda item: (item[1], item[0])):
        using = {path for path, (_, used) in files.items() if name in used}
        defining = {path for path, (declared, _) in files.items() if name in declared and path != header}
        if using - defining:
            if name in FOR_TESTS:
                print(f"tools/check-uses.py: {name} is used by more than tests: take it off the list")
                good = False
            continue
        if using:
            problem = None if name in tests else f"only {using.pop()} uses it: make it static there"
        elif name in FOR_TESTS and name in tests:
            problem = None
        else:
            problem = "only tests use it: move it there" if name in tests else "nobody uses it"
        if problem:
            print(f"{header}: {name}: {problem}")
            good = False
    return good


sys.exit(0 if main() else 1)
