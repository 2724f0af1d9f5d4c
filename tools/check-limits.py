#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does docs/SECURITY.md say of limits what the code does?

check-limits.py
compares the tables of limits in the project in the current folder with its code:
each limit is there, in the file that is named, with that value; each test that is
named is there; and each limit of the code on what comes from outside, a macro
with MAX in its name, is in a table or below, with the reason why it is not.

Exit status: 0 they agree; 1 they do not.
"""
import pathlib
import re
import sys

DOCUMENT = pathlib.Path("docs/SECURITY.md")
MODULES = ("core", "core/json", "core/wire", "sim/base", "sim/forecast", "sim/http", "sim/import", "sim/scenario", "sim/serve", "sim/study", "sim/topology")

# Macros with MAX in their names that limit nothing that comes from outside: why not.
EXCEPTIONS = {
    "another name for a limit in the table": (
        "core/wire/wire.c VALUES_MAX",
        "sim/scenario/read_schedule.c MESSAGES_MAX",
    ),
    "how much of a text a message shows": (
        "core/json/json.c POINTER_BYTES_MAX",
        "core/json/json_place.c MESSAGE_BYTES_MAX",
        "core/json/json_scan.c WORD_BYTES_MAX",
        "core/wire/wire.c SHOWN_BYTES_MAX",
        "sim/base/quote.c QUOTED_CHARACTERS_MAX",
        "sim/import/graphml_xml.c PROBLEM_BYTES_MAX",
        "sim/import/import.c SHOWN_BYTES_MAX",
    ),
    "digits of a number that the program writes": ("core/decimal.h GS_DECIMAL_DIGITS_MAX",),
    "up to where numbers are exact": ("core/limits.h GS_JSON_EXACT_MAX",),
    "what fits a field of our own": (
        "sim/import/matrix_market.c SIZE_MAX_READ",
        "sim/topology/places.h GS_LATITUDE_MAX",
        "sim/topology/places.h GS_LONGITUDE_MAX",
        "sim/topology/places.h GS_PLANE_MAX",
        "core/message.h GS_CAUSE_MAX",
        "core/wave.h GS_WAVE_AGE_MAX",
        "core/message.h GS_HOPS_MAX",
        "core/pool.h GS_POOL_CLASS_MAX",
    ),
    "what is worked out and drawn, and what is spared above it": (
        "sim/study/drawing.c DRAWINGS_MAX",
        "sim/study/outcome.h GS_OUTCOME_SAMPLES_MAX",
        "sim/study/study.h GS_STUDY_TRIED_NODES_MAX",
        "sim/study/study_plots.c SERIES_MAX",
        "sim/study/study_table.c LABEL_WIDTH_MAX",
        "sim/study/study_warnings.h GS_STUDY_WARNINGS_MAX",
        "sim/forecast/theory.h GS_THEORY_WORK_MAX",
        "sim/topology/facts.c CLUSTER_SMALL_MAX",
        "sim/topology/facts.h GS_FACTS_DISTANCES_MAX",
        "sim/topology/layout.c CURVE_MAX",
        "sim/topology/layout.c LEVELS_MAX",
        "sim/topology/layout.h GS_LAYOUT_FORCES_LINKS_MAX",
        "sim/topology/layout.h GS_LAYOUT_FORCES_MAX",
        "sim/topology/layout_levels.c ROUNDS_MAX",
        "sim/topology/layout_tree.h GS_LAYOUT_TREE_MAX",
        "sim/topology/layout.h GS_LAYOUT_SPRINGS_MAX",
        "sim/topology/link_set.c DENSE_MAX",
        "sim/topology/spectrum.c ROUNDS_MAX",
        "sim/topology/spectrum.h GS_SPECTRUM_DENSE_MAX",
        "sim/topology/spectrum.h GS_SPECTRUM_LINKS_MAX",
        "sim/topology/spectrum.h GS_SPECTRUM_NODES_MAX",
    ),
    "how much is looked at in one go": (
        "core/json/nearest_word.c WORD_BYTES_MAX",
        "sim/base/system_room.c FILE_BYTES_MAX",
        "sim/http/listener.c DRAINED_PIECES_MAX",
        "sim/import/dot_scan.c NAME_LOOKED_AT_MAX",
        "sim/import/dot_sets.c UNTIDY_MAX",
        "sim/import/dot_text.h GS_DOT_LABEL_BYTES_MAX",
        "sim/import/dot_values.c POSITION_BYTES_MAX",
        "sim/import/dot_values.h GS_DOT_SHARED_MAX",
        "sim/import/entity.c ENTITY_BYTES_MAX",
        "sim/import/form.c LOOKED_AT_MAX",
        "sim/import/matpower_code.c LEFT_BYTES_MAX",
        "sim/import/matpower_code.c NOT_USED_MAX",
        "sim/import/matpower_code.c NUMBERS_MAX",
        "sim/import/table_header.c WORD_MAX",
        "sim/import/table_list.c MATRIX_MAX",
        "sim/http/server.c SWEEP_MAX_S",
        "sim/http/server_room.c LOOK_MAX",
        "sim/serve/foreign.c LOOKED_AT_MAX",
        "sim/scenario/recognise.c LOOKED_AT_MAX",
        "sim/study/study.c AHEAD_MAX",
    ),
    "the form of names that we give": (
        "sim/scenario/scenario_text.c MADE_BYTES_MAX",
        "sim/study/store.c NAME_BYTES_MAX",
        "sim/study/sweep_write.c ENDING_BYTES_MAX",
        "sim/study/sweep_write.c STEM_BYTES_MAX",
    ),
    "only for who starts the program": ("sim/serve/exposures.c PORT_MAX",),
    "a default that serve replaces by its own": ("sim/http/limits.h GS_HTTP_CLIENT_PEERS_MAX",),
}

UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
# What a number of seconds is in the unit that a macro's name ends in, also before _MAX.
SECONDS = (("MS", 1000), ("NS", 10**9), ("S", 1))

complaints = []


def complain(where, what):
    complaints.append(f"{where}: {what}")


def read_macros():
    """(file, name) → the text of the macro's value; and name → such keys."""
    macros, by_name = {}, {}
    for folder in ("core", "sim"):
        for path in sorted(pathlib.Path(folder).rglob("*.[ch]")):
            text = path.read_text()
            for found in re.finditer(r"^#define ([A-Z][A-Z0-9_]*)[ \t]+(.+)$", text, re.M):
                key = (path.as_posix(), found[1])
                macros[key] = found[2].split("/*")[0].strip()
                by_name.setdefault(found[1], []).append(key)
    return macros, by_name


def value_of(key, macros, by_name):
    """A macro of whole numbers, shifts, sums and other such macros; None: it is none."""
    text = re.sub(r"\((u?int\d+_t|gsize|size_t|guint\d*|gint64|double)\)", "", macros[key])
    text = re.sub(r"\bU?INT64_C\((\d+)\)", r"\1", text)
    text = re.sub(r"\b(\d+)[uUlL]+\b", r"\1", text)
    for name in set(re.findall(r"[A-Za-z_]\w*", text)):
        keys = [k for k in by_name.get(name, []) if k[0] == key[0]] or by_name.get(name, [])
        value = value_of(keys[0], macros, by_name) if keys and keys[0] != key else None
        if value is None:
            return None
        text = re.sub(rf"\b{name}\b", str(value), text)
    if not re.fullmatch(r"[\d\s()+*<>.-]+", text):
        return None
    return eval(text)  # nothing but digits and signs


def written_value(text, name):
    """What a cell says: 64 MiB, 2^53 − 1, 4,096, 15 s; None: it is no value."""
    found = re.fullmatch(r"([\d,]+)(?:\^(\d+))?(?: − ([\d,]+))?(?: (KiB|MiB|GiB|s))?", text)
    if not found:
        return None
    number = int(found[1].replace(",", "")) ** int(found[2] or 1)
    number -= int((found[3] or "0").replace(",", ""))
    if found[4] == "s":
        words = name.split("_")
        return next((number * per for unit, per in SECONDS if unit in words), None)
    return number * UNITS.get(found[4], 1)


def rows():
    """Line number and cells of each row of a table whose first heading is "limit"."""
    inside = False
    for number, line in enumerate(DOCUMENT.read_text().splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == "limit":
            inside = True
        elif inside and not set(line) <= set("|- "):
            yield number, cells


def check_tests(where, cell, tests):
    names = re.findall(r"`([^`]+)`", cell)
    if not names and not cell.startswith("none: "):
        complain(where, "no test is named, nor why there is none")
    for name in names:
        if name.endswith(".sh"):
            if not pathlib.Path(name).is_file():
                complain(where, f"there is no file {name}")
        elif name not in tests:
            complain(where, f"there is no test {name}")


def read_tests():
    found = set()
    for path in pathlib.Path("tests").rglob("*.c"):
        for suite, test in re.findall(r"^Test\((\w+),\s*(\w+)", path.read_text(), re.M):
            found.add(f"{suite}/{test}")
    return found


def check_row(where, cells, macros, by_name, tests):
    """The key of the limit that the row is about, if it is one."""
    if len(cells) != 6:
        complain(where, f"{len(cells)} cells; must be 6")
        return None
    name, file = cells[0].strip("`"), cells[4].strip("`")
    key = (file, name)
    if key not in macros:
        complain(where, f"{file} has no {name}")
        return None
    real, said = value_of(key, macros, by_name), written_value(cells[1], name)
    if real is None:
        complain(where, f"the value of {name} cannot be read: {macros[key]}")
    elif said != real:
        complain(where, f"{name} is {real} and not {cells[1]}")
    check_tests(where, cells[5], tests)
    return key


def main():
    macros, by_name = read_macros()
    tests = read_tests()
    named = {}
    for number, line in enumerate(DOCUMENT.read_text().splitlines(), 1):
        for name in re.findall(r"`([a-z_]+/[a-z0-9_]+)`", line):
            if not line.startswith("|") and name not in tests | {"suite/test"}:
                complain(f"{DOCUMENT}:{number}", f"there is no test {name}")
    for number, cells in rows():
        where = f"{DOCUMENT}:{number}"
        key = check_row(where, cells, macros, by_name, tests)
        if key in named:
            complain(where, f"{key[1]} is in line {named[key]}, too")
        if key:
            named[key] = number
    spared = {tuple(entry.split()) for entries in EXCEPTIONS.values() for entry in entries}
    for key in sorted(spared):
        if key in named or key not in macros:
            complain("tools/check-limits.py", f"{key[1]} of {key[0]} is no exception any more")
    for key in sorted(macros):
        is_limit = key[0].startswith(tuple(module + "/" for module in MODULES)) and "MAX" in key[1].split("_")
        if is_limit and key not in named and key not in spared:
            complain(key[0], f"{key[1]} is not in {DOCUMENT}, nor an exception of tools/check-limits.py")
    for line in complaints:
        print(line, file=sys.stderr)
    if not named:
        print(f"{DOCUMENT}: there is no table of limits", file=sys.stderr)
    if not complaints and named:
        print(f"limits: {len(named)} in {DOCUMENT}, as the code has them")
    return 1 if complaints or not named else 0


if __name__ == "__main__":
    sys.exit(main())
