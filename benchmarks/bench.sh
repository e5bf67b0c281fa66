#!/usr/bin/env bash
# make bench: the floor, a python-osc script and stagectl, interleaved in one run; a table, the limits, and JSON lines.
#   REPS=1 MODES=latency,multi SIZES=100 PEERS="floor/py.json stagectl/go.json" benchmarks/bench.sh PYTHON
set -euo pipefail
python=$(cd "$(dirname "${1:?the python to run with}")" && pwd)/$(basename "$1")
cd "$(dirname "$0")"

out=out/results.jsonl
read -ra peers <<<"${PEERS:-$(echo floor/py.json pyosc/mapped.json stagectl/*.json)}"
mkdir -p out
rm -f "$out"

# where namespaces are not to be had, plain loopback does: the peers bind nothing else
alone=(./netns.sh)
"${alone[@]}" true 2>/dev/null || alone=()

time_one() { # PEER MODES SIZES REP
  "${alone[@]}" "$python" harness.py run "$1" --quiet --rep "$4" --modes "$2" --sizes "$3" -o "$out" ${FLAGS:-}
}

for rep in $(seq "${REPS:-3}"); do
  for peer in "${peers[@]}"; do
    time_one "$peer" "${MODES:-latency,multi,burst,fade,fade16,loaded,idle}" "${SIZES:-10000}" "$rep"
    # how long a small show takes to start: the same contestant, nothing but its start
    case $peer in stagectl/go.json) time_one "$peer" start 100 "$rep" ;; esac
  done
done
"$python" harness.py report "$out" | tee out/table.md
"$python" verdict.py "$out" | tee -a out/table.md
echo
echo "every measurement, one JSON object a line: benchmarks/$out"
