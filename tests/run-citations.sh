#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tools/check-citations.sh finds what leads nowhere: in a small project of its own, in
# which everything is there at first, and one thing after the other is not.
# Backticks are of Markdown.
# shellcheck disable=SC2016
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
checker=$here/tools/check-citations.sh
mkdir -p "$work/project/docs" "$work/project/core" "$work/project/tools"
cd "$work/project" || exit 1

cat >README.md <<'END'
# Project

See [the protocol](docs/PROTOCOL.md#what-it-costs-it-all) and [here](#project); `make test`.

| a | b |
| --- | --- |
| `x \| y` | 2 |

| folder | what |
| --- | --- |
| `core/` | `node` and `no*`; `node.c`, `core/` |

```sh
make all && make test
gridsim run --seed 7 docs/PROTOCOL.md
```
END
printf '# The protocol\n\n## What it costs: `it` all\n\n## Wave\n' >docs/PROTOCOL.md
printf 'all: test\ntest:\n' >Makefile
cat >core/node.c <<'END'
/* See node.h and docs/PROTOCOL.md, Wave; docs/PROTOCOL.md, What
 * it costs: `it` all. The text is in core/*.h, and not in gs_here(). */
char *gs_here(void) { return "/* no comment, so no.c is no name"; }
END
: >core/node.h

same_as_it_was() {
  timed 60 sh "$checker" "$gridsim"
  check "$1" 0 no_err
}
same_as_it_was 'everything that is cited is there'

# found NAME FILE EXPRESSION COMPLAINT [GRIDSIM]: after sed -e EXPRESSION of the file.
found() {
  cp "$2" "$work/kept"
  sed -i -e "$3" "$2"
  timed 60 sh "$checker" "${5:-}"
  check "$1" 1 err_has "$4"
  cp "$work/kept" "$2"
}
found 'a file in a comment' core/node.c 's/node\.h/nodes.h/' 'core/node.c:1: there is no file called nodes.h'
found 'a path in a comment' core/node.c 's|core/\*\.h|core/*.hpp.h|' 'core/node.c:2: there is no file core/*.hpp.h'
found 'a path in a string' core/node.c '$a char *s = "docs/NOTHING.md";' 'core/node.c:4: there is no file docs/NOTHING.md'
found 'a file in a document' README.md 's/^See/See old.sh,/' 'README.md:3: there is no file called old.sh'
found 'a heading' core/node.c 's/Wave/Waves/' 'core/node.c:1: docs/PROTOCOL.md has no heading that begins "Waves;'
found 'a heading over two lines' core/node.c 's/it costs/it cost/' 'has no heading that begins "What it cost: '
found 'a name of the code' core/node.c 's/See/See gs_gone() and/' 'core/node.c:1: nothing in the code is called gs_gone'
found 'the number of a section' core/node.c 's/, Wave/ section 3/' 'cite a heading, not the number'
found 'a renamed heading' docs/PROTOCOL.md 's/Wave/Echo/' 'has no heading that begins "Wave'
found 'an anchor' README.md 's/#project/#projects/' 'README.md:3: README.md has no heading for #projects'
found 'an anchor elsewhere' docs/PROTOCOL.md 's/costs/is/' 'has no heading for #what-it-costs-it-all'
found 'a written file in a folder of ours' README.md 's|^See|See docs/study.json,|' 'there is no file docs/study.json'
cp README.md "$work/kept"
sed -i 's|^See|See results/study.json,|' README.md
same_as_it_was 'a written file elsewhere is no citation'
cp "$work/kept" README.md
found 'a link' README.md 's|(docs/PRO|(PRO|' 'README.md:3: the link to PROTOCOL.md#what-it-costs-it-all leads nowhere'
found 'a target' README.md 's/`make test`/`make tests`/' 'README.md:3: there is no target tests'
found 'a target in a command' README.md 's/&& make test/\&\& make check/' 'README.md:14: there is no target check'
found 'an option' README.md 's/--seed/--sede/' 'README.md:15: no --help has the option --sede' "$gridsim"
found 'a row that is too short' README.md 's/ | 2 |/ 2 |/' 'README.md:7: a row of 1 cells in a table of 2'
found 'a file of a folder' README.md 's/`node`/`nodes`/' 'README.md:11: there is no nodes in core/'
found 'files of a folder' README.md 's/`no\*`/`na*`/' 'README.md:11: there is no na* in core/'
found 'a file of a folder with its ending' README.md 's/`node\.c`/`node.h`, `node.py`/' 'README.md:11: there is no node.py in core/'
same_as_it_was 'nothing else was changed'

tally
