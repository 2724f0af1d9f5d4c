#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# setup.sh [--build | --dev | --bench]: installs what building and testing gridsim
# needs on Debian 12 and its relatives, if it is not there yet. --build leaves
# out what only the tests need; --dev adds what `make lint`, `make fuzz` and
# `make digests` need, and what tests that are skipped otherwise look for; --bench
# is --build and what `make bench` and `make profile` need.
set -eu

build='gcc make pkg-config binutils libc6-dev libglib2.0-dev libglib2.0-dev-bin libcjson-dev
  libigraph-dev libxml2-dev librandom123-dev libmicrohttpd-dev libcurl4-openssl-dev libgsl-dev
  libjs-chart.js gnuplot-nox scdoc'
tests='libcriterion-dev curl python3 chromium chromium-driver'
developers='clang clang-14 clang-format libclang-rt-14-dev shellcheck man-db zsh fish
  python3-jsonschema jq'
benchmarks='g++ libcaf-dev libsimgrid-dev erlang-base golang-go python3 linux-perf'

case ${1:-} in
'') wanted="$build $tests" ;;
--build) wanted=$build ;;
--dev) wanted="$build $tests $developers" ;;
--bench) wanted="$build $benchmarks" ;;
*)
  echo 'usage: sh tools/setup.sh [--build | --dev | --bench]' >&2
  exit 2
  ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo 'setup: this is no Debian: install what these packages hold by other means:' >&2
  echo "$wanted" | xargs echo '  ' >&2
  exit 1
fi

missing=
for package in $wanted; do
  case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
  'install ok installed') ;;
  *) missing="$missing $package" ;;
  esac
done
if [ -z "$missing" ]; then
  echo 'setup: everything is installed'
  exit 0
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    as_root=sudo
  else
    echo 'setup: installing needs root, and sudo is not there or asks for a password.' >&2
    echo "setup: as root, run: apt-get install --no-install-recommends$missing" >&2
    exit 1
  fi
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Quiet unless it fails.
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    apt-get -q -y -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 "$@" >"$log" 2>&1 </dev/null || {
    tail -n 20 "$log" >&2
    echo "setup: apt-get $1 failed" >&2
    exit 1
  }
}

echo 'setup: reading the lists of packages'
apt update
echo "setup: installing$missing"
# The names are plain words.
# shellcheck disable=SC2086
apt install --no-install-recommends $missing
echo 'setup: done'
