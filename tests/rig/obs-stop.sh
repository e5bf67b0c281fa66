#!/usr/bin/env bash
# Stop what obs-start.sh started under $RIG, by pid: first OBS, by SIGINT (a clean quit: it saves its configuration
# and finishes its files; before 32 SIGTERM just ends it), then Xvfb, then PulseAudio.
RIG=${RIG:?set RIG}
live() { grep -qE '^State:.[^ZX]' "/proc/$1/status" 2>/dev/null; }
for n in obs xvfb pulse; do
  f="$RIG/pid/$n"; [ -s "$f" ] || continue
  p=$(cat "$f")
  if live "$p"; then
    [ $n = obs ] && sig=INT || sig=TERM; kill -$sig "$p" 2>/dev/null
    for _ in $(seq ${STOP_TRIES:-100}); do live "$p" || break; sleep 0.1; done
    live "$p" && { echo "$n pid $p ignored $sig, KILL"; kill -KILL "$p"; sleep 0.2; }
  fi
  rm -f "$f"; echo "$n stopped"
done
