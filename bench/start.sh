#!/usr/bin/env bash
# How long a newcomer waits: a fresh clone of HEAD, './slipway demo', until the first row is acted on; then the same again, built and filled.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
work=$(mktemp -d)
demo=
stop() { [ -z "$demo" ] || { kill "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; demo=; }; }
trap 'stop; rm -rf "$work"' EXIT

git clone -q "$root" "$work/slipway"
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
for start in first second; do
  began=$(date +%s%N)
  "$work/slipway/slipway" demo --data "$work/data" --urls "http://127.0.0.1:$port" >"$work/log" 2>&1 & demo=$!
  until curl -s "http://127.0.0.1:$port/api/overview" | grep -q '"rowsActed":[1-9]'; do
    kill -0 "$demo" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.1
  done
  awk -v ns="$(($(date +%s%N) - began))" -v start="$start" 'BEGIN {printf "%s start: live data after %.1f s\n", start, ns / 1e9}'
  stop
done
