#!/usr/bin/env bash
# make bench: every row of the table, in one run: the floor, a python-osc script and stagectl, interleaved.
#   REPS=1 PEERS="floor/py.json stagectl/go.json" benchmarks/bench.sh PYTHON
set -euo pipefail
python=$(cd "$(dirname "${1:?the python to run with}")" && pwd)/$(basename "$1")
cd "$(dirname "$0")"

# what is timed in each repeat: the contestant, the numbers of cues, the modes, how many triggers; or in the first only
plan="
floor/py.json          10000      latency,multi,burst  300
pyosc/mapped.json      10000      latency,burst        150
stagectl/go.json       10000      latency,burst,idle   300
stagectl/go.json       100        start                1
stagectl/go.json       100        idle                 1    once
stagectl/sixteen.json  10000      multi                100
stagectl/busy.json     10000      loaded               300
stagectl/fade.json     10000      fade                 1
stagectl/fade32.json   10000      fade                 1
stagectl/jump.json     10000      jump                 1
stagectl/panel.json    10000      panel                45
stagectl/panel.json    100        panel                1    once
stagectl/meters.json   100        meters               60   once
stagectl/anew.json     100,10000  start                1
"
out=out/results.jsonl
mkdir -p out
rm -f "$out"

# where namespaces are not to be had, plain loopback does: the peers bind nothing else
alone=(./netns.sh)
"${alone[@]}" true 2>/dev/null || alone=()

time_one() { # PEER SIZES MODES COUNT REP OUT
  "${alone[@]}" "$python" harness.py run "$1" --quiet --rep "$5" --modes "$3" --sizes "$2" --count "$4" -o "$6" \
    --idle 4 --settle 0.5 --after-start 0.5 --patience "${PATIENCE:-2}" --retry-noise 0 ${FLAGS:-}
}

# once for nothing: what the cache and the bytecode of a first start cost is told by stagectl/anew.json
time_one stagectl/go.json 100,10000 start 1 0 /dev/null
for rep in $(seq "${REPS:-3}"); do
  while read -r peer sizes modes count once; do
    [ -n "$peer" ] || continue
    [ -z "$once" ] || [ "$rep" = 1 ] || continue
    [[ -z ${PEERS:-} || " $PEERS " == *" $peer "* ]] || continue
    time_one "$peer" "$sizes" "$modes" "$count" "$rep" "$out"
  done <<<"$plan"
done
"$python" harness.py report "$out" | tee out/table.md
"$python" verdict.py "$out" | tee -a out/table.md
echo
echo "every measurement, one JSON object a line: benchmarks/$out"
