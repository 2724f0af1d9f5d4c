#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the modules of the code use each other as docs/ARCHITECTURE.md has it?

check-modules.py
reads the picture of modules and arrows there, in the project in the current folder, and
compares it with the folders of core and sim and with what their files include: each
folder is in the picture, a module includes of those only to which an arrow leads (all of sim
may use all of core), each arrow is used, and no arrows lead in a circle. Tests lie as what
they test.

Exit status: 0 they agree; 1 they do not.
"""
import pathlib
import re
import sys

DOCUMENT = pathlib.Path("docs/ARCHITECTURE.md")
INCLUDE = re.compile(r'^\s*#\s*include\s*"((?:core|sim)/[^"]+)"', re.M)


def picture(text):
    """Modules in their order, each with those that it may use."""
    found = re.search(r"^```text\n((?:[a-z/]+ *(?:→[a-z/ ]*)?\n)+)```$", text, re.M)
    if not found:
        return None
    modules = {}
    for line in found[1].splitlines():
        name, _, uses = line.partition("→")
        modules[name.strip()] = uses.split()
    return modules


def folders():
    return {str(path.parent) for root in ("core", "sim") for path in pathlib.Path(root).rglob("*.[ch]")}


def includes(folder):
    """(file, included folder) of each include of another folder's file."""
    for path in sorted(pathlib.Path(folder).glob("*.[ch]")):
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            other = str(pathlib.Path(name).parent)
            if other != folder:
                yield path, name, other


def misplaced_tests(modules):
    for path in sorted(pathlib.Path("tests").rglob("*.[ch]")):
        module = str(path.parent.relative_to("tests"))
        if module.split("/")[0] in ("core", "sim") and module not in modules and module != "sim":
            yield f"{path}: there is no {module}/ that it could test"


def complaints():
    modules = picture(DOCUMENT.read_text(encoding="utf-8"))
    if not modules:
        yield f"{DOCUMENT} has no picture of modules and arrows"
        return
    have = folders()
    for module in sorted(have - modules.keys()):
        yield f"{module}/ is not in the picture of {DOCUMENT}"
    for module in sorted(modules.keys() - have):
        yield f"{DOCUMENT}: there is no {module}/"
    above = set()
    for module, uses in modules.items():
        for other in uses:
            if other not in above:
                yield f"{DOCUMENT}: {module} → {other} does not lead to a module that stands before it"
        above.add(module)
    used = set()
    for module in sorted(have & modules.keys()):
        for path, name, other in includes(module):
            used.add((module, other))
            if module.startswith("sim/") and other.split("/")[0] == "core":
                continue
            if other not in modules[module]:
                yield f"{path} includes {name}, but there is no arrow {module} → {other}"
    for module, uses in modules.items():
        for other in uses:
            if module in have and other in have and (module, other) not in used:
                yield f"{DOCUMENT}: nothing needs the arrow {module} → {other}"
    yield from misplaced_tests(modules)


def main():
    found = list(complaints())
    for complaint in found:
        print(f"modules: {complaint}", file=sys.stderr)
    if not found:
        print("modules: as the picture has them")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
