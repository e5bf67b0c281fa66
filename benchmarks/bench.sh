#!/usr/bin/env bash
# make bench: the floor, a python-osc script and stagectl, interleaved in one run; a table, and JSON lines.
#   REPS=3 MODES=latency,multi,fade SIZES=100 PEERS="floor/py.json …" benchmarks/bench.sh PYTHON
set -euo pipefail
python=$(cd "$(dirname "${1:?the python to run with}")" && pwd)/$(basename "$1")
cd "$(dirname "$0")"

out=out/results.jsonl
read -ra peers <<<"${PEERS:-$(echo floor/py.json pyosc/mapped.json; [ ! -d stagectl ] || echo stagectl/*.json)}"
mkdir -p out
rm -f "$out"

# where namespaces are not to be had, plain loopback does: the peers bind nothing else
alone=(./netns.sh)
"${alone[@]}" true 2>/dev/null || alone=()

for rep in $(seq "${REPS:-3}"); do
  for peer in "${peers[@]}"; do
    "${alone[@]}" "$python" harness.py run "$peer" --quiet --rep "$rep" \
      --modes "${MODES:-latency,multi,fade}" --sizes "${SIZES:-100}" -o "$out" ${FLAGS:-}
  done
done
"$python" harness.py report "$out" | tee out/table.md
echo
echo "every measurement, one JSON object a line: benchmarks/$out"
