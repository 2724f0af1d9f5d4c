#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tools/check-comments.py and tools/check-uses.py find what they are for: in a small
# project of its own, in which all is well at first, and one thing after the other is not.
# Sed, in quotes.
# shellcheck disable=SC2016
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
command -v python3 >/dev/null || {
  skip 'python3 is not installed: no checks of comments and uses'
  tally
  exit
}
mkdir -p "$work/project/core" "$work/project/sim/run" "$work/project/tools" "$work/project/tests"
cd "$work/project" || exit 1

cat >core/node.h <<'END'
/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/** What a node is, and does. */

/** Steps: see gs_node_step. */
typedef struct {
  int id; /**< from 1 */
  /** Its siblings, which are many. */
  int *siblings;
} GsNode;

/**
 * Handles a message, as this one:
 *   Tell UpdateEnergy
 */
int gs_node_step(GsNode *node);
extern const int gs_node_most;
int gs_node_heap_bytes(const GsNode *node);
END
cat >core/node.c <<'END'
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/node.h"

/* Nodes are simple. What they do is in
 * the protocol. */

/* ---- Steps ---- */

const int gs_node_most = 7;

/** Whether there is one: "// not a comment" is a text. */
static int has(const GsNode *node) {
  const char *text = "// not a comment";
  return node->id > 0 && text; /* ids are from 1 */
}

int gs_node_step(GsNode *node) {
  /* A node without an id is none. */
  if (!has(node))
    return 0;
  return gs_node_most; /* more is not known; it may be less. That is fine. */
}

int gs_node_heap_bytes(const GsNode *node) { return node->id; }
END
cat >sim/run/run.c <<'END'
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/node.h"

int main(void) {
  GsNode node = {0};
  return gs_node_step(&node) + gs_node_most;
}
END
echo 'int main(void) { return gs_node_heap_bytes(0); }' >tests/test.c

comments() { timed 60 python3 -B "$here/tools/check-comments.py" core/node.h core/node.c sim/run/run.c; }
uses() { timed 60 python3 -B "$here/tools/check-uses.py"; }
comments
check 'comments as they should be' 0 no_out
uses
check 'uses as they should be' 0 no_out

# found CHECK NAME FILE EXPRESSION COMPLAINT: after sed -e EXPRESSION of the file.
found() {
  cp "$3" "$work/kept"
  sed -i -e "$4" "$3"
  $1
  check "$2" 1 out_has "$5"
  cp "$work/kept" "$3"
}
found comments 'two slashes' core/node.c 's|/\* A node.*|// A node|' 'core/node.c:18: comments are /* */'
found comments 'a reason above a declaration' core/node.c 's|/\*\* Whether|/* Whether|' 'core/node.c:11: above a declaration it is /** */'
found comments 'a declaration in a function' core/node.c 's|/\* A node|/** A node|' 'core/node.c:18: within a function it is /* */'
found comments 'a member' core/node.h 's|/\*\*< from|/* from|' 'core/node.h:8: of a member, behind it, it is /**< */'
found comments 'no member' core/node.c 's|/\* ids|/**< ids|' 'core/node.c:14: behind code it is /* */'
found comments 'by itself in a file' core/node.c 's|/\* Nodes|/** Nodes|' 'core/node.c:4: by itself in a file it is /* */'
found comments 'by itself in a header' core/node.h 's|/\*\* What|/* What|' 'core/node.h:4: by itself in a header it is /** */'
found comments 'a section' core/node.c 's|---- Steps ----|--- steps|' 'core/node.c:7: a section is /* ---- Title ---- */'
found comments 'a section that begins small' core/node.c 's|---- Steps|---- steps|' 'core/node.c:7: a section is'
found comments 'no full stop' core/node.c 's|is none\. |is none |' 'core/node.c:18: has no full stop'
found comments 'begins small' core/node.c 's|/\* A node|/* nodes|' 'core/node.c:18: begins small'
found comments 'a full stop behind code' core/node.c 's|ids are from 1|ids are from 1.|' 'core/node.c:14: behind code it has no full stop'
found comments 'lines without a star' core/node.c 's|^ \* the|   the|' 'core/node.c:4: its lines begin with a star'

found uses 'used by one file' sim/run/run.c 's| + gs_node_most||' 'core/node.h: gs_node_most: only core/node.c uses it: make it static there'
found uses 'used by nobody' core/node.h '$aint gs_node_size(void);' 'core/node.h: gs_node_size: nobody uses it'
echo 'int gs_node_size(void) { return 1; }' >>core/node.c
echo 'int size(void) { return gs_node_size(); }' >>tests/test.c
found uses 'used by tests only' core/node.h '$aint gs_node_size(void);' 'core/node.h: gs_node_size: only tests use it: move it there'
found uses 'used in a comment and a text only' core/node.h '$aint gs_node_size(void); /* gs_node_size */' 'only tests use it'
tally
