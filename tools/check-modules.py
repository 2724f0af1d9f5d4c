#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the rooms of the code use each other as docs/ARCHITECTURE.md has it?

check-rooms.py
reads the picture of rooms and arrows there, in the project in the current folder, and
compares it with the folders of core and sim and with what their files include: each
folder is in the picture, a room includes of those only to which an arrow leads (all of sim
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
    """Rooms in their order, each with those that it may use."""
    found = re.search(r"^```text\n((?:[a-z/]+ *(?:→[a-z/ ]*)?\n)+)```$", text, re.M)
    if not found:
        return None
    rooms = {}
    for line in found[1].splitlines():
        name, _, uses = line.partition("→")
        rooms[name.strip()] = uses.split()
    return rooms


def folders():
    return {str(path.parent) for root in ("core", "sim") for path in pathlib.Path(root).rglob("*.[ch]")}


def includes(folder):
    """(file, included folder) of each include of another folder's file."""
    for path in sorted(pathlib.Path(folder).glob("*.[ch]")):
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            other = str(pathlib.Path(name).parent)
            if other != folder:
                yield path, name, other


def misplaced_tests(rooms):
    for path in sorted(pathlib.Path("tests").rglob("*.[ch]")):
        room = str(path.parent.relative_to("tests"))
        if room.split("/")[0] in ("core", "sim") and room not in rooms and room != "sim":
            yield f"{path}: there is no {room}/ that it could test"


def complaints():
    rooms = picture(DOCUMENT.read_text(encoding="utf-8"))
    if not rooms:
        yield f"{DOCUMENT} has no picture of rooms and arrows"
        return
    have = folders()
    for room in sorted(have - rooms.keys()):
        yield f"{room}/ is not in the picture of {DOCUMENT}"
    for room in sorted(rooms.keys() - have):
        yield f"{DOCUMENT}: there is no {room}/"
    above = set()
    for room, uses in rooms.items():
        for other in uses:
            if other not in above:
                yield f"{DOCUMENT}: {room} → {other} does not lead to a room that stands before it"
        above.add(room)
    used = set()
    for room in sorted(have & rooms.keys()):
        for path, name, other in includes(room):
            used.add((room, other))
            if room.startswith("sim/") and other.split("/")[0] == "core":
                continue
            if other not in rooms[room]:
                yield f"{path} includes {name}, but there is no arrow {room} → {other}"
    for room, uses in rooms.items():
        for other in uses:
            if room in have and other in have and (room, other) not in used:
                yield f"{DOCUMENT}: nothing needs the arrow {room} → {other}"
    yield from misplaced_tests(rooms)


def main():
    found = list(complaints())
    for complaint in found:
        print(f"rooms: {complaint}", file=sys.stderr)
    if not found:
        print("rooms: as the picture has them")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
