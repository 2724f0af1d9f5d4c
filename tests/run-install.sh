#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make install and make uninstall, below a folder with a space in its name: the
# installed program runs an installed scenario, the man page is shown without a
# warning, shells load the completions, nothing is left behind. What was built is
# installed as it is. GRIDSIM names the program, build/VARIANT/gridsim.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
variant=$(basename "$(dirname "$gridsim")")
root="$work/a root"
prefix="/opt/grid sim"
at=$root$prefix

# A make of its own, without the flags and the jobs of one that may run this script.
installer() {
  timed 120 env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make VARIANT="$variant" -o gridsim -o all \
    DESTDIR="$root" PREFIX="$prefix" "$@"
}
files() { (cd "$at" && find . -type f -o -type l) | sort; }

installer install
check 'it is installed' 0
page=$at/share/man/man1/gridsim.1
{
  echo ./bin/gridsim
  ! command -v scdoc >/dev/null || echo ./share/man/man1/gridsim.1
  echo ./share/bash-completion/completions/gridsim
  echo ./share/zsh/site-functions/_gridsim
  echo ./share/fish/vendor_completions.d/gridsim.fish
  find scenarios -type f | sed 's|^|./share/gridsim/|'
} | sort >"$work/wanted"
files >"$work/found"
diff "$work/wanted" "$work/found" >"$work/out"
check 'everything is where it belongs, and nothing else' test $? -eq 0
check 'the program may be run' test -x "$at/bin/gridsim"
check 'what is no program may not' test -z "$(find "$at/share" -type f -perm /111)"

# --- the program --------------------------------------------------------------

cd / || exit 1
timed 60 "$at/bin/gridsim" run "$at/share/gridsim/scenarios/readme.json"
check 'the installed program runs an installed scenario' 0 out_has 'all 17 met'
timed 60 "$at/bin/gridsim" check "$at"/share/gridsim/scenarios/*.json
check 'all that are installed are valid' 0 no_err
timed 60 "$at/bin/gridsim" compare "$at/share/gridsim/scenarios/sweeps/latency.json" --repeat 1
check 'an installed sweep finds its scenario' 0 no_err
cd "$here" || exit 1

# --- the man page -------------------------------------------------------------

if [ ! -f "$page" ]; then
  skip 'scdoc is not installed: there is no man page to look at'
else
  rendered=0
  if command -v man >/dev/null; then
    rendered=1
    timed 60 env LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$page"
    check 'man shows the page without a warning' 0 no_err
    check 'with all its sections' test "$(grep -c '^[A-Z]' "$work/out")" -ge 12
    # Examples are whole lines there, to be copied.
    awk '/^# / { inside = $0 == "# EXAMPLES" } /^```/ { literal = !literal; next } inside && literal' \
      docs/gridsim.1.scd | grep -vxF "$(sed 's/^ *//' "$work/out")" >"$work/err"
    check 'with its examples as they can be typed' no_err
    timed 60 env MANPATH="$at/share/man" man -w gridsim
    check 'man finds the page' 0 out_has "$page"
  fi
  if command -v lexgrog >/dev/null; then
    timed 60 lexgrog "$page"
    check 'apropos can list it' 0 out_has 'gridsim - '
  fi
  if command -v groff >/dev/null; then
    rendered=1
    timed 60 groff -K utf8 -ww -man -Tutf8 -z "$page"
    check 'groff has no warning' 0 no_err
  fi
  if command -v mandoc >/dev/null; then
    rendered=1
    timed 60 mandoc -T utf8 "$page"
    check 'mandoc shows the page' 0 no_err
  fi
  [ "$rendered" -eq 1 ] || skip 'neither man, groff nor mandoc is installed: the page is not shown'
fi

# --- completions --------------------------------------------------------------

# shellcheck disable=SC2016 # for bash to expand
timed 60 bash -eu -c '. "$1"; complete -p gridsim' bash "$at/share/bash-completion/completions/gridsim"
check 'bash loads its completion' 0 out_has 'complete -F _gridsim gridsim'
if command -v zsh >/dev/null; then
  # shellcheck disable=SC2016 # for zsh to expand
  timed 60 zsh -f -c 'fpath=("$1" $fpath); autoload -Uz compinit; compinit -u -D
    print -r -- $_comps[gridsim]; autoload +X _gridsim' zsh "$at/share/zsh/site-functions"
  check 'zsh loads its completion' 0 is "$(cat "$work/out" "$work/err")" _gridsim
else
  skip 'zsh is not installed: its completion is not loaded'
fi
if command -v fish >/dev/null; then
  # shellcheck disable=SC2016 # for fish to expand
  timed 60 env HOME="$work" fish --no-config -c 'source $argv[1]; complete -C "gridsim che"' \
    "$at/share/fish/vendor_completions.d/gridsim.fish"
  check 'fish loads its completion' 0 is "$(cut -f 1 "$work/out"; cat "$work/err")" check
else
  skip 'fish is not installed: its completion is not loaded'
fi

# --- uninstall ----------------------------------------------------------------

echo mine >"$at/bin/another"
mkdir -p "$at/share/gridsim/scenarios/sweeps"
echo mine >"$at/share/gridsim/scenarios/mine.json"
installer uninstall
check 'what is not ours stays' 0 is "$(files)" "$(printf './bin/another\n./share/gridsim/scenarios/mine.json')"
check 'and that is said' out_has '/scenarios has files that install did not put there'
rm "$at/bin/another" "$at/share/gridsim/scenarios/mine.json"
installer install
installer uninstall
check 'installed again and uninstalled nothing is left' 0 is "$(files)" ''
check 'nor a folder of ours' test ! -e "$at/share/gridsim"
check 'nothing went elsewhere' is "$(cd "$root" && echo *)" opt

tally
