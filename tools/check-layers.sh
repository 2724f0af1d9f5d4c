#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# check-layers.sh CORE_LIBRARY SIM_LIBRARY: fails when core calls what a pure
# core must not call, when a layer includes one above it, when a dangerous thing
# is named outside the one file that owns it, when a header that is private to
# its module (tools/private-headers.txt) is included elsewhere, when what tells of a
# run looks into its actors or lanes, or when there is writable global data (a
# process runs many simulations at once).
set -u
core=$1
sim=$2
# Complaints, in a file since pipelines end in subshells.
complaints=$(mktemp)
trap 'rm -f "$complaints"' EXIT

complain() { echo "layers: $1" >>"$complaints"; }

# Reports each line of standard input after a heading; none is fine.
none() {
  lines=$(cat)
  [ -z "$lines" ] || complain "$1
$(echo "$lines" | sed 's/^/    /')"
}

# "member symbol" for each undefined symbol of a library; the fortified variants
# of libc functions count as the functions.
calls() {
  nm -A -u "$1" 2>/dev/null |
    sed -n -e 's/@.*//' -e 's/^[^:]*:\([^:]*\): *[Uw] /\1 /p' |
    sed -E -e 's/ __(.*)_chk$/ \1/' -e 's/ __(isoc[0-9]+_)/ /'
}

# --- what core must not call --------------------------------------------------

threads='pthread_.*|thrd_.*|mtx_.*|cnd_.*|sem_.*|fork|vfork|clone|exec.*|posix_spawn.*|system|g_thread_.*|g_async_queue_.*|g_mutex_.*|g_rec_mutex_.*|g_rw_lock_.*|g_cond_.*|g_once_.*|g_private_.*|g_main_.*|g_idle_.*|g_spawn_.*'
clocks='clock.*|time|times|gettimeofday|localtime.*|gmtime.*|mktime|nanosleep|usleep|sleep|alarm|timer_.*|timerfd_.*|g_get_.*_time|g_usleep|g_timer_.*|g_timeout_.*|g_date_time_new_now.*'
network='socket|socketpair|connect|bind|listen|accept4?|send|sendto|sendmsg|recv|recvfrom|recvmsg|poll|ppoll|select|pselect|epoll_.*|getaddrinfo|gethostby.*'
files='open|openat|open64|openat64|creat|close|read|write|pread.*|pwrite.*|readv|writev|pipe2?|mmap.*|stat|fstat|lstat|unlink|rename|fopen.*|fdopen|freopen.*|fclose|fread|fwrite|fflush|fputs|fputc|fgets|fgetc|getc|getchar|putc|putchar|puts|perror|stdin|stdout|stderr|opendir|readdir|g_file_.*|g_dir_.*|g_fopen|g_open|g_mkdir.*|g_unlink|g_mapped_file_.*|g_io_.*'
output='printf|vprintf|fprintf|vfprintf|dprintf|vdprintf|syslog|g_print|g_printerr|g_printf|g_vprintf|g_fprintf|g_log|g_logv|g_log_.*|g_warn_message|g_set_print.*'
surroundings='getenv|secure_getenv|setenv|putenv|unsetenv|environ|setlocale|exit|_exit|quick_exit|atexit|signal|sigaction|g_getenv|g_setenv|g_get_environ|g_get_user_.*|g_get_home_dir|g_get_host_name'
chance='rand|rand_r|random|srandom|srand|[dlmnej]rand48.*|arc4random.*|getrandom|getentropy|g_rand_.*|g_random_.*|g_uuid_string_random'
forbidden="^[^ ]+ ($threads|$clocks|$network|$files|$output|$surroundings|$chance)\$"

[ -n "$(nm "$core" 2>/dev/null)" ] || complain "cannot read the symbols of $core"
calls "$core" | grep -E "$forbidden" | none "core calls what it must not (object, symbol):"
calls "$core" | grep -E ' igraph_' | none "core calls igraph:"

# --- which files own what -----------------------------------------------------

# owner PATTERN OBJECT…: undefined symbols that only these objects may have.
owner() {
  pattern=$1
  shift
  allowed=$(echo "$*" | sed -e 's/\./\\./g' -e 's/ /|/g')
  { calls "$core" && calls "$sim"; } | grep -E "^[^ ]+ ($pattern)\$" |
    grep -vE "^($allowed) " | none "only $* may call $pattern:"
}

owner 'cJSON_.*' json.o
owner 'g_async_queue_.*' mailbox.o
owner 'pthread_create|thrd_create|g_thread_new|g_thread_try_new|fork|clone' thread.o
owner 'clock_gettime|clock_getres|time|gettimeofday|g_get_monotonic_time|g_get_real_time|g_date_time_new_now.*' clock.o
owner 'socket' listener.o client.o
owner 'socketpair|connect|bind|listen|accept4?' listener.o
owner 'MHD_.*' server.o server_clients.o server_connection.o server_events.o
owner 'curl_.*' client.o
owner 'getrandom' wire_ids.o
owner 'rand|rand_r|random|srandom|[dlmnej]rand48.*|getentropy|g_rand_.*|g_random_.*' none.o
owner 'system|popen|exec.*|posix_spawn.*|g_spawn_.*|g_subprocess_.*' gnuplot.o
owner 'gsl_.*' statistics.o
owner 'xml.*' graphml_xml.o
for source in sim/topology/*.c; do
  set -- "$@" "$(basename "${source%.c}").o"
done
shift 2
[ $# -eq 0 ] || owner 'igraph_.*' "$@"

# includes PATTERN PLACE… -- FILE…: among the files below the places, only these
# may have an include that matches.
includes() {
  pattern=$1
  shift
  where=
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    where="$where $1"
    shift
  done
  shift
  allowed=$(echo "${*:-/}" | sed -e 's/\./\\./g' -e 's/ /|/g')
  # The places are plain folder names.
  # shellcheck disable=SC2086
  grep -rnE --include='*.[ch]' "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]$pattern" $where |
    grep -vE "^($allowed)" | none "include of $pattern not allowed in:"
}

includes '(\.\./)*(sim|tests|tools)/' core --
includes '(\.\./)*(tests|tools)/' sim --
includes '\.\./' core sim tests tools --
includes '([a-z]+/)?cJSON\.h' core sim tests tools -- core/json/json.c:
includes '(igraph/)?igraph' core sim tests tools -- sim/topology/
includes 'microhttpd\.h' core sim tests tools -- sim/http/server
includes 'curl/curl\.h' core sim tests tools -- sim/http/client.c:
includes 'libxml/' core sim tests tools -- sim/import/graphml_xml.c:
includes '(pthread|threads|time|sys/time|unistd|fcntl|glib/gstdio|gio/gio)\.h' core -- core/none:

# --- insides of a simulation ----------------------------------------------------

# What tells of a run (results, traces, searches) sees it through sim/run/view.h,
# in sim/run too: actors and lanes are named by what moves mail and by the
# coordinator only.
inner='engine\.c|engine_live\.c|inject\.c|view\.c|simulation\.|pace\.|wakes\.|engine_rest\.|engine_faults\.|engine_checks\.|mail\.|exchange\.|wheel\.|carrier|lane|runner|dealer\.|letter_sort\.'
grep -rnE --include='*.[ch]' '(->|\.)(actors|lanes|lane_of|inboxes)\>' sim/run |
  grep -vE "^sim/run/($inner)" | none "actors and lanes are no business of what tells of a run:"

# --- headers that are private to a module ----------------------------------------

# Each line of the list: a header, and beginnings of paths that may include it
# besides its own folder and the tests of that.
while read -r header others; do
  case $header in '' | '#'*) continue ;; esac
  [ -f "$header" ] || complain "tools/private-headers.txt: there is no $header"
  module=${header%/*}/
  may=$(echo "$module tests/$module $others" | sed -e 's/ *$//' -e 's/\./\\./g' -e 's/ /|/g')
  grep -rnF --include='*.[ch]' "#include \"$header\"" core sim tests tools |
    grep -vE "^($may)" | none "$header is private to $module, but included in:"
done <tools/private-headers.txt

# --- no writable global data --------------------------------------------------

# One name per line, "object symbol"; local statics have a number behind a dot.
# igraph is not thread-safe, so the process needs one mutex around it; curl is
# and libxml2 are started once per process.
allowed_data='igraph_guard.o guard_state
client.o curl_once
graphml_xml.o xml_started
web_resources.o static_resource'

for library in "$core" "$sim"; do
  objdump -t "$library" 2>/dev/null | awk '
    /file format/ { object = $1; sub(/:$/, "", object); next }
    # Value, flags (seven columns), section, size, name.
    substr($0, 18, 7) ~ /[dfF]/ && substr($0, 18, 7) !~ /O/ { next }
    {
      rest = substr($0, 26); split(rest, part, /[ \t]+/)
      section = part[1]; size = part[2]; name = part[3]
      if (size !~ /[1-9a-f]/ || name ~ /^\./) next
      if (section ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && section !~ /^\.data\.rel\.ro/)
        print object, name
    }' | grep -vxF "$allowed_data" | none "writable global data in $library (object, symbol):"
done

if [ -s "$complaints" ]; then
  cat "$complaints" >&2
  exit 1
fi
echo "layers: as they should be"
