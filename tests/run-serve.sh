#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run-serve.sh: gridsim serve and gridsim node from end to end, with curl: the
# documented walkthrough in four ways, what is refused, tokens, pages, and how
# serving ends. GRIDSIM names the binary (default ./gridsim). The last line is
# "N passed, N failed".
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
# shellcheck source=tests/serving.sh
. "$(dirname "$0")/serving.sh"
scenario=$here/scenarios/readme-serve.json

# --- ports --------------------------------------------------------------------

# Two of these scripts may run at once, and what one has chosen is free until its server listens.
choose_ports
chosen="${port[1]} ${port[4]}"
choose_ports
same 'ports: they may be chosen again' "$chosen" "${port[1]} ${port[4]}"
# shellcheck disable=SC2016
same 'ports: another script gets others' 'not these' \
  "$(bash -c '. tests/ports.sh; claim "$@" && echo these || echo not these' ports "${port[1]}" "${port[4]}")"

# --- the walkthrough ----------------------------------------------------------

# The commands as documented, each in a file of its own, with our ports.
write_steps() {
  sed -e "s/:8081/:${port[1]}/" -e "s/:8082/:${port[2]}/" -e "s/:8083/:${port[3]}/" \
    -e "s/:8084/:${port[4]}/" <<'STEPS' |
curl --location --request GET 'http://127.0.0.1:8081/messaging' \
--header 'Content-Type: application/json' \
--data-raw '{
"envType": "Tell",
"msgType": "UpdateEnergy",
"msg": {
"production": 0,
"consumption": 10
}
}'
curl --location --request GET 'http://127.0.0.1:8082/messaging' \
--header 'Content-Type: application/json' \
--data-raw '{
"envType": "Tell",
"msgType": "UpdateEnergy",
"msg": {
"production": 20,
"consumption": 5
}
}'
curl --location --request GET 'http://127.0.0.1:8081/messaging' \
--header 'Content-Type: application/json' \
--header 'Accept: application/json' \
--data-raw '{
"envType": "Tell",
"msgType": "AddSibling",
"msg": {
"siblingName": "B",
"siblingAddress": "127.0.0.1:8082",
"siblingId": "2"
}
}'
curl --location --request GET 'http://127.0.0.1:8082/messaging' \
--header 'Content-Type: application/json' \
--header 'Accept: application/json' \
--data-raw '{
"envType": "Tell",
"msgType": "AddSibling",
"msg": {
"siblingName": "D",
"siblingAddress": "127.0.0.1:8084",
"siblingId": "4"
}
}'
curl --location --request GET 'http://127.0.0.1:8083/messaging' \
--header 'Content-Type: application/json' \
--header 'Accept: application/json' \
--data-raw '{
"envType": "Tell",
"msgType": "AddSibling",
"msg": {
"siblingName": "D",
"siblingAddress": "127.0.0.1:8084",
"siblingId": "4"
}
}'
curl --location --request GET 'http://127.0.0.1:8083/messaging' \
--header 'Content-Type: application/json' \
--header 'Accept: application/json' \
--data-raw '{
"envType": "Tell",
"msgType": "AddSibling",
"msg": {
"siblingName": "A",
"siblingAddress": "127.0.0.1:8081",
"siblingId": "1"
}
}'
curl --location --request GET 'http://127.0.0.1:8084/messaging' \
--header 'Content-Type: application/json' \
--data-raw '{
"envType": "Tell",
"msgType": "UpdateEnergy",
"msg": {
"production": 5,
"consumption": 10
}
}'
STEPS
    awk -v to="$work/step" '/^curl/ { n++ } { print >(to n) }'
}

# What each step costs, and how the nodes stand after it: as their state lines have it.
costs=("" 0 0 7 16 29 47 45)
what=("" 'A is told its energy' 'B is told its energy' 'A adds B' 'B adds D' 'C adds D'
  'C adds A, which closes the ring' 'D is told its energy')
stand_after() {
  local a='(0, -10)' b='(20, -5)' c='(0, 0)' d='(0, 0)'
  case $1 in
  1) b='(0, 0)'; sib=("" "" "" "" ""); net=("" -10 0 0 0) ;;
  2) sib=("" "" "" "" ""); net=("" -10 15 0 0) ;;
  3) sib=("" "'B'" "'A'" "" ""); net=("" 5 5 0 0) ;;
  4) sib=("" "'B'" "'A', 'D'" "" "'B'"); net=("" 5 5 0 5) ;;
  5) sib=("" "'B'" "'A', 'D'" "'D'" "'B', 'C'"); net=("" 5 5 5 5) ;;
  *) sib=("" "'B', 'C'" "'A', 'D'" "'D', 'A'" "'B', 'C'"); net=("" 5 5 5 5) ;;
  esac
  [ "$1" -lt 7 ] || { d='(5, -10)' && net=("" 0 0 0 0); }
  energy=("" "$a" "$b" "$c" "$d")
  local names=("" A B C D)
  for i in 1 2 3 4; do
    echo "id=$i address=127.0.0.1:${port[i]} name=${names[i]} energy=${energy[i]}" \
      "siblings=[${sib[i]}] gridnet=${net[i]}"
  done
}

# The same from /state in $work/now; sets `sent`, and `busy` while something is under way.
look() {
  curl_q "http://127.0.0.1:${port[1]}/state" "http://127.0.0.1:${port[2]}/state" \
    "http://127.0.0.1:${port[3]}/state" "http://127.0.0.1:${port[4]}/state" 2>&1 |
    awk -v counts="$work/counts" '
      function value(line) { sub(/^[^:]*: "?/, "", line); sub(/"?,?$/, "", line); return line }
      function number(line, key) { sub(".*\"" key "\": ", "", line); return line + 0 }
      /^{/ { siblings = "" }
      /^  "/ { key = $1; gsub(/[":]/, "", key); of[key] = value($0) }
      /^    "sent"/ { sent += number($0, "total") }
      /^  "mailbox"/ { busy += number($0, "waiting") }
      /^    {"id"/ {
        name = $0; sub(/.*"name": "/, "", name); sub(/".*/, "", name)
        siblings = siblings (siblings == "" ? "" : ", ") "\x27" name "\x27"
      }
      /^}/ {
        busy += of["open_waves"]
        printf "id=%s address=%s name=%s energy=(%d, %d) siblings=[%s] gridnet=%s\n", of["id"],
          of["address"], of["name"], of["production"], -of["consumption"], siblings, of["gridnet"]
      }
      END { print sent + 0, busy + 0 >counts }' >"$work/now"
  read -r sent busy <"$work/counts"
}

settled() {
  look
  [ "$busy" -eq 0 ] && [ "$sent" -ge "$1" ] && cmp -s "$work/stand" "$work/now"
}

printed() {
  for i in 1 2 3 4; do
    grep '^\[Node\]' "$work/node$i.out" | tail -n 1
  done | sed 's/^\[Node\] //' | cmp -s - "$work/stand"
}

# walk WAY SECONDS [LINES]: each step may take so long; LINES: the printed lines count too.
walk() {
  local way=$1 seconds=$2 lines=${3:-} before=0
  write_steps
  for step in 1 2 3 4 5 6 7; do
    stand_after "$step" >"$work/stand"
    same "$way: ${what[step]}: accepted" 200 "$(timeout 15 sh "$work/step$step" 2>&1)"
    soon "$seconds" settled $((before + costs[step]))
    same "$way: ${what[step]}: how they stand" "$(cat "$work/stand")" "$(cat "$work/now")"
    same "$way: ${what[step]}: messages" "${costs[step]}" $((sent - before))
    before=$sent
    if [ "$lines" ]; then
      check "$way: ${what[step]}: the state lines say so" soon 5 printed
    fi
  done
  sleep 0.1
  look
  same "$way: nothing more is sent afterwards" "$before 0" "$sent $busy"
}

# The table at the end: "NAME accepted handled lost left" by line, and that nothing is missing.
table() {
  awk '/^  node  *address/ { on = 1; next } on && NF == 8 { print $1, $3, $4, $5, $6 }' "$1" | tr -d ,
}
adds_up() { table "$1" | awk '{ n++ } $2 != $3 + $4 + $5 { bad = 1 } END { exit bad || !n }'; }

# Where the four nodes are to be; nothing where the scenario says the same.
exposed() {
  exposures=()
  [ "${port[1]}" = 8081 ] || exposures=(--expose "A=127.0.0.1:${port[1]}" --expose "B=127.0.0.1:${port[2]}"
    --expose "C=127.0.0.1:${port[3]}" --expose "D=127.0.0.1:${port[4]}")
}

walk_served() {
  local way=$1
  shift
  choose_ports
  exposed
  if ! start_at "${port[1]}" served serve "$@" ${exposures[@]+"${exposures[@]}"} "$scenario"; then
    bad "$way: it starts" "$work/served.err"
    return
  fi
  walk "$way" 5
  stop "$pid" TERM
  same "$way: SIGTERM ends it, in sync" 0 "$status"
  same "$way: nothing on standard error" '' "$(cat "$work/served.err")"
  check "$way: nothing accepted is missing" adds_up "$work/served.out"
}

# walk_nodes WAY SECONDS PACE [LINES]
walk_nodes() {
  local way=$1 seconds=$2 pace=$3 lines=${4:-} names=("" A B C D) node=()
  choose_ports
  for i in 1 2 3 4; do
    if ! start_at "${port[i]}" "node$i" node -s 127.0.0.1 -p "${port[i]}" -n "${names[i]}" -i "$i" \
      -t "t$i" --pace "$pace"; then
      bad "$way: node $i starts" "$work/node$i.err"
      return
    fi
    node[i]=$pid
  done
  walk "$way" "$seconds" "$lines"
  for i in 1 2 3 4; do kill -TERM "${node[i]}"; done
  for i in 1 2 3 4; do
    ended "${node[i]}"
    same "$way: SIGTERM ends node $i" 0 "$status"
  done
  cat "$work"/node?.out >"$work/out"
  cat "$work"/node?.err >"$work/err"
  same "$way: only the last words on standard error" 4 \
    "$(grep -c "^gridsim: node [A-D]: ended by SIGTERM; .* 0 lost, 0 left; .* 0 not\$" "$work/err")"
  same "$way: and nothing else" 4 "$(wc -l <"$work/err")"
  same "$way: what was sent and received was printed" '144 151' \
    "$(grep -c '^SENDING: {.*}$' "$work/out") $(grep -c '^RECEIVING: {.*}$' "$work/out")"
  check "$way: without colour, as this is no terminal" lacks "$work/out" $'\033'
}

walk_served served
check 'served: all in memory' lacks "$work/served.out" 'sent out'
walk_served wire --wire
check 'wire: all over HTTP' has "$work/served.out" '144 messages: 144 delivered, 0 not'
same 'wire: and all was handled' 151 \
  "$(table "$work/served.out" | awk '{ sum += $3 } END { print sum }')"
walk_nodes nodes 8 none lines
walk_nodes paced 15 20ms

# --- what cannot be served ----------------------------------------------------

choose_ports
first=127.0.0.1:${port[1]}
bare=$work/bare.json
printf '{"nodes": [{"name": "A"}, {"name": "B"}, {"name": "C"}, {"name": "D"}]}' >"$bare"
start_at "${port[1]}" served serve --expose-all "$first" "$bare"
server=$pid

# refused NAME TEXT ARGUMENT…: ends with status 2 and says so.
refused() {
  local name=$1 text=$2
  shift 2
  run "$@"
  if is "$status" 2 && has "$work/err" "$text" && [ ! -s "$work/out" ]; then ok "$name"; else
    bad "$name" "$work/out" "$work/err"
  fi
}

refused 'a port that is in use' "$first" serve --expose-all "$first" "$bare"
refused 'a port that is in use, for a node' "$first" \
  node -s 127.0.0.1 -p "${port[1]}" -n A -i 1 --pace none
free=127.0.0.1:$((port[4] + 1))
refused 'an address given twice' "$free" \
  serve --expose "A=$free" --expose "B=$free" "$scenario"
refused 'an address that others can reach' '--listen-any' \
  serve --expose A=0.0.0.0:0 "$scenario"
refused 'such an address, for a node' '--listen-any' node -s 0.0.0.0 -p 0 -n A -i 1
refused 'a name of this machine that is none' "--allow-host: 'a:80'" \
  serve --allow-host a:80 --expose A "$bare"
refused 'no node that is exposed' '--expose' serve "$here/scenarios/ring.json"
refused 'a node that there is not' "'Z'" serve --expose "Z=$free" "$scenario"
# With more open files, more of it works before it fails; it must not stay behind and answer nobody.
stuck=0
for files in 7 8 9 10 11 12 13 14; do
  (ulimit -n "$files" && exec timeout -k 2 0.3 "$gridsim" serve --expose A --expose B "$bare") \
    >"$work/out" 2>"$work/err"
  [ $? -eq 137 ] && stuck=$files
done
check 'too few open files, as many as there may be: it ends' is "$stuck" 0
refused 'a token that there is not' 'token' serve --require-token "$scenario"
run serve --listen-any --expose A=0.0.0.0:0 --until 1s "$bare"
same 'an address that others can reach, when it is allowed' 0 "$status"
check 'with a warning that siblings cannot call it' has "$work/err" 'warning: siblings are told'
run serve --expose A=127.0.0.1:0 --until 300ms "$bare"
same 'it ends by itself when the time is over' '0 ' "$status $(cat "$work/err")"
printf '{"nodes": [{"name": "A"}], "schedule": [{"at": "300ms", "node": "A", "production": 7}]}' \
  >"$work/last.json"
run serve --expose A=127.0.0.1:0 --until 300ms "$work/last.json"
check 'what the schedule says for the last moment is told' \
  grep -q '300 ms *A: production 7' "$work/out"
run serve --json --expose A=127.0.0.1:0 --until 300ms "$bare"
check 'as JSON, with what went over HTTP' \
  grep -q '"name": "A", "address": "127.0.0.1:[1-9][0-9]*", "accepted": 0, "handled": 0' "$work/out"
check 'and nothing else on standard output' is '{ }' \
  "$(head -n 1 "$work/out") $(tail -n 1 "$work/out")"

# --- what nodes do about faults -----------------------------------------------

# rules NAME WANTED SCENARIO OPTION…: the rules of recovery that hold, and why, as JSON has them.
rules() {
  local name=$1 wanted=$2 file=$3
  shift 3
  run serve --json --expose A=127.0.0.1:0 --until 1ms "$@" "$file"
  same "rules: $name" "$wanted" "$(python3 -c '
import json, sys
document = json.load(sys.stdin)
recovery = document["recovery"]
print(recovery["rules"] if recovery else "none", "-", document["recovery_reason"])' <"$work/out")"
}

nodes='"nodes": [{"name": "A"}, {"name": "B"}]'
printf '{%s, "recovery": {"limit": "2s", "resync": "9s"}}' "$nodes" >"$work/own.json"
printf '{%s, "recovery": "none"}' "$nodes" >"$work/never.json"
rules 'the standard ones where nothing is said' 'limit auto, resync 1min - served' "$bare"
rules 'none' 'none - set' "$bare" --recovery none
rules 'single ones' 'limit 300ms, resync 2s - set' "$bare" --limit 300ms --resync 2s
rules 'those of the scenario' 'limit 2s, resync 9s - set' "$work/own.json"
rules '… with another of them' 'limit 2s, resync never - set' "$work/own.json" --resync never
rules '… or the standard ones instead' 'limit auto, resync 1min - set' "$work/own.json" --recovery standard
rules '… and none of it' 'none - set' "$work/never.json"
rules '… unless there are to be some' 'limit 1s, resync 1min - set' "$work/never.json" \
  --recovery standard --limit 1s
rules '… also by --set' 'none - set' "$work/own.json" --set recovery=none
for command in "serve --expose A $bare" 'node -p 0 -n A -i 1'; do
  # shellcheck disable=SC2086
  set -- $command
  refused "$1: rules that there are not" '--recovery: "non" is not allowed' "$@" --recovery non
  refused "$1: rules of none" '--resync is of no use with --recovery none' "$@" --recovery none --resync 1s
  refused "$1: a limit that is too short" '--limit: must be auto or at least 1ms, not 1us' "$@" --limit 1us
  refused "$1: a period that is none" 'or give never' "$@" --resync often
done
refused 'rules of none, as the scenario has it' 'give --recovery standard, too' \
  serve --expose A --limit 1s "$work/never.json"

# --- requests -----------------------------------------------------------------

# tell STATUS TEXT CURL-ARGUMENT…: asks the node A; the answer's body has the text.
tell() {
  local wanted=$1 text=$2
  shift 2
  status=$(curl_q -o "$work/out" -w '%{http_code}' "$@" 2>"$work/err")
  [ "$status" = "$wanted" ] && if [ "$text" ]; then has "$work/out" "$text"; else [ ! -s "$work/out" ]; fi
}
messaging=http://$first/messaging
told='{"envType": "Tell", "msgType": "UpdateEnergy", "msg": {"production": %s, "consumption": %s}}'
# shellcheck disable=SC2059
energy() { printf "$told" "$1" "$2"; }
# stands PRODUCTION CONSUMPTION: what /state of A says.
stands() {
  curl_q "http://$first/state" >"$work/out" 2>"$work/err"
  has "$work/out" "\"production\": $1," && has "$work/out" "\"consumption\": $2,"
}
json='Content-Type: application/json'

check 'consecutive ports: the last node is at the last one' \
  tell 200 '"name": "D"' "http://127.0.0.1:${port[4]}/state"
check 'energies as numbers' tell 200 '' -X GET -H "$json" -d "$(energy 3 4)" "$messaging"
check 'are taken' soon 5 stands 3 4
check 'energies as strings of numbers' \
  tell 200 '' -X GET -H "$json" -d "$(energy '"30"' '"40"')" "$messaging"
check 'are taken too' soon 5 stands 30 40
check 'POST' tell 200 '' -X POST -H "$json" -d "$(energy 5 6)" "$messaging"
check 'does the same' soon 5 stands 5 6
check 'a body of no type' tell 200 '' -X GET -H 'Content-Type:' -d "$(energy 7 8)" "$messaging"
check 'is taken as well' soon 5 stands 7 8
check 'and so is the type that curl gives it' tell 200 '' -X GET -d "$(energy 9 10)" "$messaging"
check 'with what it says' soon 5 stands 9 10
check 'one energy alone' tell 200 '' -X GET \
  -d '{"envType": "Tell", "msgType": "UpdateEnergy", "msg": {"consumption": "1"}}' "$messaging"
check 'leaves the other as it was' soon 5 stands 9 1
check 'no body' tell 400 '"title": "400 Bad Request"' "$messaging"
check 'a body that is no JSON' tell 400 '"description": ' -X GET -d '{"envType' "$messaging"
check 'a word that is none' tell 400 '/msgType' -X GET \
  -d '{"envType": "Tell", "msgType": "UpdateEnergie", "msg": {}}' "$messaging"
check 'another method' tell 405 '"title": "405 Method Not Allowed"' -X DELETE "$messaging"
check 'another path' tell 404 '"title": "404 Not Found"' "http://$first/message"
check 'a sibling that may not be called' tell 403 '--allow-peer' -X GET -d '{"envType": "Tell",
  "msgType": "AddSibling", "msg": {"siblingId": 9, "siblingName": "X",
  "siblingAddress": "192.0.2.1:80"}}' "$messaging"

check '/health' tell 200 '"status": "ok"' "http://$first/health"
check '/metrics' tell 200 '# TYPE ' "http://$first/metrics"
same '/metrics is what Prometheus reads' 'text/plain; version=0.0.4; charset=utf-8' \
  "$(curl_q -o /dev/null -w '%{content_type}' "http://$first/metrics")"
curl_q -N "http://$first/events" >"$work/events" 2>"$work/err" &
reader=$!
pids+=("$reader")
check '/events begins with the state' soon 5 has "$work/events" 'event: state'
tell 200 '' -X GET -d "$(energy 77 1)" "$messaging"
check '/events says what was received' soon 5 has "$work/events" 'event: received'
check '/events says how the node stands then' soon 5 has "$work/events" '"production": 77,'
stop "$server" TERM
same 'SIGTERM while somebody reads events' 0 "$status"
check 'ends the events too' soon 5 gone "$reader"
check 'nothing accepted is missing after all this' adds_up "$work/served.out"
same 'and the refused ones are not accepted' '7 1' \
  "$(awk '$1 == "A" && NF == 8 { print $3, $8 }' "$work/served.out")"

says_its_port() {
  grep -q "^ *[0-9.]* s  \[Node\] .*address=127\.0\.0\.1:[1-9][0-9]* name=$1 " "$work/ports.out"
}
start ports serve --expose B --expose C=127.0.0.1:0 --watch 50ms "$bare"
check 'state lines name the port that was free' soon 5 says_its_port B
check 'of each node that is exposed' soon 5 says_its_port C
check 'and of no other' soon 5 has "$work/ports.out" ' address=sim:1 name=A '
stop "$pid" TERM
same 'SIGTERM ends these' 0 "$status"
start_at "${free#*:}" named serve --expose "A=$free" --allow-host grid.test "$bare"
check 'a page of another site changes nothing' tell 403 'Origin' -H 'Origin: http://evil.example' \
  -H 'Content-Type: text/plain' -d "$(energy 31337 0)" "http://$free/messaging"
check 'a name that was made to lead here is told nothing' tell 421 '--allow-host' \
  -H 'Host: evil.example' "http://$free/state"
check 'one that is allowed is' tell 200 '"production": 0,' -H 'Host: grid.test' "http://$free/state"
stop "$pid" TERM
start ports node -p 0 -n A -i 1
check 'and so do those of a node' soon 5 grep -q '^\[Node\] id=1 address=127\.0\.0\.1:[1-9]' \
  "$work/ports.out"
stop "$pid" TERM

# Two nodes that are linked while they are served speak with the default latency.
printf '{"nodes": [{"name": "A", "id": 1}, {"name": "B", "id": 2}, {"name": "C", "id": 3}],
  "links": [{"between": ["A", "B"], "latency": "40ms"}, {"between": ["B", "C"], "latency": "40ms"}],
  "network": {"latency": "10us"}}' >"$work/fast.json"
start_at "${port[1]}" fast serve --expose-all "127.0.0.1:${port[1]}" "$work/fast.json"
for i in 1 2 3 4 5 6 7 8; do
  tell 200 '' -X GET -d "$(energy "$i" 0)" "$messaging" || break
done
check 'a link that is faster than all others' tell 200 '' -X GET -d '{"envType": "Tell",
  "msgType": "AddSibling", "msg": {"siblingId": 3, "siblingName": "C",
  "siblingAddress": "127.0.0.1:'"${port[3]}"'"}}' "$messaging"
for i in 1 2 3 4 5 6 7 8 9; do
  tell 200 '' -X GET -d "$(energy "$i" 0)" "$messaging" || break
done
linked() { tell 200 '"gridnet": 9,' "http://127.0.0.1:${port[3]}/state" && has "$work/out" '"A"'; }
check 'is made and used' soon 5 linked
stop "$pid" TERM
same 'and all goes on until the end' 0 "$status"

# --- tokens -------------------------------------------------------------------

start_at "${port[1]}" guarded node -s 127.0.0.1 -p "${port[1]}" -n A -i 1 -t secret \
  --require-token --pace none --color always
check 'a token is required' tell 401 'Authorization: Bearer' -X GET -d "$(energy 1 2)" "$messaging"
check 'a wrong one does not do' \
  tell 401 '"title"' -X GET -H 'Authorization: Bearer secreT' -d "$(energy 1 2)" "$messaging"
check 'nor does it for the state' tell 401 '"title"' "http://$first/state"
check 'the right one does' \
  tell 200 '' -X GET -H 'Authorization: Bearer secret' -d "$(energy 1 2)" "$messaging"
check 'health needs none' tell 200 'ok' "http://$first/health"
check 'colour when it is asked for' soon 5 has "$work/guarded.out" $'\033[34mRECEIVING: {'
stop "$pid" TERM
same 'SIGTERM ends it' 0 "$status"
same 'its last line says how it stood' '[Node] id=1 name=A energy=(1, -2) siblings=[] gridnet=-1' \
  "$(tail -n 1 "$work/guarded.out" | sed 's/address=[^ ]* //')"
check 'and its last word what became of all it was told' has "$work/guarded.err" \
  'node A: ended by SIGTERM; accepted 1 messages: 1 handled, 0 lost, 0 left; to others 0 delivered'
printf 'from-a-file\nnot this\n' >"$work/token"
start_at "${port[1]}" filed node -s 127.0.0.1 -p "${port[1]}" -n A -i 1 --require-token \
  --token-file "$work/token" --pace none
check 'a token may come from a file' \
  tell 200 '"name": "A"' -H 'Authorization: Bearer from-a-file' "http://$first/state"
check 'and is needed then' tell 401 'token' -H 'Authorization: Bearer secret' "http://$first/state"
check 'a sibling whose name turns text around' tell 200 '' -X GET \
  -H 'Authorization: Bearer from-a-file' -d '{"envType": "Tell", "msgType": "AddSibling",
  "msg": {"siblingId": 9, "siblingName": "X\u202e", "siblingAddress": "127.0.0.1:'"${port[2]}"'"}}' \
  "$messaging"
check 'does not turn what a terminal shows' \
  soon 5 has "$work/filed.out" '"siblingName": "X\u202e", '
check 'in no line' lacks "$work/filed.out" $'\342\200\256'
stop "$pid" HUP
same 'SIGHUP ends like SIGTERM' 0 "$status"
check 'and says so' has "$work/filed.err" 'ended by SIGHUP;'
GRIDSIM_TOKEN=hidden start_at "${port[1]}" told serve --expose "A=$first" --require-token "$bare"
check 'or from the environment' \
  tell 200 '"name": "A"' -H 'Authorization: Bearer hidden' "http://$first/state"
stop "$pid" TERM
refused 'a pace that is no word and no duration' \
  '--pace: "zz" is not allowed; give original, none or a duration, such as 1.5s' \
  node -s 127.0.0.1 -p 0 -n A -i 1 -t t --pace zz
refused 'a pace that is a duration of no length' '--pace: "1x" has an unknown unit' \
  node -s 127.0.0.1 -p 0 -n A -i 1 -t t --pace 1x
refused 'a token that no header can carry' 'visible ASCII' \
  serve --token-file <(printf 'a b\n') --require-token --expose A "$bare"
refused 'two tokens' '--token-file' node -p 0 -n A -i 1 -t a --token-file "$work/token"

# --- ids ----------------------------------------------------------------------

add() {
  printf '{"envType": "%s", "msgType": "AddSibling", "msg": {"siblingId": %s, "siblingName": "%s",
"siblingAddress": "%s"}}' "$@"
}
has_sibling() { tell 200 "\"name\": \"$1\", \"foreign\": true" "http://$first/state"; }
start_at "${port[1]}" id-a node -s 127.0.0.1 -p "${port[1]}" -n A -i 1 --pace none
pid_a=$pid
start_at "${port[2]}" id-b node -s 127.0.0.1 -p "${port[2]}" -n B -i 2 --pace none
pid_b=$pid
start_at "${port[3]}" id-c node -s 127.0.0.1 -p "${port[3]}" -n C -i 2 --pace none
pid_c=$pid
check 'a node takes a sibling' tell 200 '' -X GET -d "$(add Tell 2 B "127.0.0.1:${port[2]}")" \
  "$messaging"
check 'that then is one' soon 5 has_sibling B
c=$(add Tell 2 C "127.0.0.1:${port[3]}")
check 'another with the same id may have moved' \
  tell 503 'is being asked' -X GET -d "$c" "$messaging"
check 'and is refused when the first answers' soon 5 \
  tell 409 "siblingId 2 is the id of B at 127.0.0.1:${port[2]}" -X GET -d "$c" "$messaging"
check 'which is said' has "$work/id-a.err" 'warning: node A refused a sibling: siblingId 2 is'
check 'and counted' tell 200 'gridsim_refused_id_total{node="A"} ' "http://$first/metrics"
stop "$pid_b" TERM
check 'when the first is gone it is taken' soon 10 tell 200 '' -X GET -d "$c" "$messaging"
check 'and found where it says' soon 10 has_sibling C
stop "$pid_c" TERM
nobody=127.0.0.1:${port[4]} d=$(add Tell 4 D "127.0.0.1:${port[4]}")
check 'who is not there may be named' tell 200 '' -X GET -d "$d" "$messaging"
check 'and is said not to be' soon 10 has "$work/id-a.err" "told to add D at $nobody and could not: "
check 'which /state shows' tell 200 "$nobody\", \"told\": 1, \"failed\": 1, " "http://$first/state"
check 'and /metrics counts' tell 200 'gridsim_asks_failed_total{node="A"} 1' "http://$first/metrics"
# More names of nobody than a process has places for.
seq 4200 | awk -v url="$messaging" -v body="$(add Tell NR FNR 127.9.Y.Z:9 | tr -d '\n')" '{
  told = body; gsub(/F?NR/, 100 + NR, told); sub(/Y\.Z/, int(NR / 250) "." NR % 250, told)
  gsub(/"/, "\\\"", told)
  printf "%surl = %s\ndata = \"%s\"\noutput = /dev/null\nwrite-out = \"%%{http_code}\\n\"\n",
    (NR > 1) ? "next\n" : "", url, told }' >"$work/names"
same 'of very many names of nobody each has an answer' 4200 \
  "$(curl -q -s -K "$work/names" | grep -cx '200\|503')"
start_at "${port[4]}" id-d node -s 127.0.0.1 -p "${port[4]}" -n D -i 4 --pace none
check 'and a neighbour is taken all the same' soon 20 tell 200 '' -X GET -d "$d" "$messaging"
check 'and becomes a sibling' soon 20 has_sibling D
for pid in "$pid" "$pid_a"; do stop "$pid" TERM; done

# --- the end ------------------------------------------------------------------

took_some() { curl_q "http://127.0.0.1:${port[1]}/state" | grep -q '"accepted": [0-9][0-9]'; }
refused_some() { curl_q "http://127.0.0.1:${port[1]}/state" | grep -q '"refused_full": [1-9]'; }

# burst NAME ENOUGH NODE STATUS ARGUMENT…: messages to a node for as long as it lives; it is told
# to end while they come, once ENOUGH is true.
burst() {
  local name=$1 enough=$2 at=$3 wanted=$4
  shift 4
  choose_ports
  start_at "${port[1]}" burst serve --expose "$at=127.0.0.1:${port[1]}" "$@"
  local server=$pid
  curl_q --fail-early -X GET -d "$(energy 3 1)" -o /dev/null -w '%{http_code}\n' \
    "http://127.0.0.1:${port[1]}/messaging?[1-99999]" >"$work/codes" 2>/dev/null &
  local sender=$!
  pids+=("$sender")
  soon 8 "$enough"
  stop "$server" TERM
  soon 5 gone "$sender"
  # What curl was told, and what the report says of it.
  seen=$(grep -c '^200$' "$work/codes")
  read -r _ accepted handled _ left < <(table "$work/burst.out")
  same "$name: SIGTERM ends it" "$wanted" "$status"
  same "$name: all that was accepted is in the report" "$seen" "$accepted"
  check "$name: and became something" adds_up "$work/burst.out"
}

burst 'many messages' took_some A 0 "$bare"
same 'many messages: all are handled' "$accepted 0" "$handled $left"
printf '{"topology": {"kind": "ring", "nodes": 6}}' >"$work/ring.json"
burst 'many messages that all others hear of' took_some N1 0 "$work/ring.json"
same 'many messages that all others hear of: all are handled' "$accepted 0" "$handled $left"
printf '{"nodes": [{"name": "A", "id": 1}, {"name": "B", "id": 2}], "links": [["A", "B"]],
  "pace": "original"}' >"$work/slow.json"
burst 'a slow node' refused_some A 1 --mailbox 50 "$work/slow.json"
check 'a slow node: what it could not handle is left' test "$left" -gt 0
same 'a slow node: its mailbox was full' 50 "$accepted"
tally
