#!/usr/bin/env bash
# Slipway against what a user would run instead, on this machine, in this run: one row a request, 100 trees x depth 6 x 30 features.
#   bench/serve.sh [--seconds N] [--rounds N] [--connections "1 16 64"]
# Rounds are interleaved so that noise hits all alike; the medians over rounds are printed, with ratios to bare Kestrel and FastAPI.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(dirname "$here")
seconds=5 rounds=3 connections="1 16 64"
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    --rounds) rounds=$2; shift 2 ;;
    --connections) connections=$2; shift 2 ;;
    *) sed -n '2,4p' "$0"; exit 2 ;;
  esac
done

need() { command -v "$1" >/dev/null || { echo "serve.sh: $1 is needed ($2)" >&2; exit 1; }; }
need wrk "apt-get install wrk"
/usr/bin/python3 -c 'import xgboost, sklearn, onnx, fastapi, uvicorn' 2>/dev/null \
  || { echo "serve.sh: needs apt-get install python3-xgboost python3-sklearn python3-onnx python3-fastapi python3-uvicorn python3-uvloop" >&2; exit 1; }

work=$(mktemp -d)
declare -A pid port
cleanup() { for p in "${pid[@]}"; do kill "$p" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT

free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
echo "training the model …"
/usr/bin/python3 "$here/make_model.py" "$work/model" >/dev/null
echo "building …"
dotnet build "$here/peers/kestrel" -c Release -nologo -v quiet >/dev/null
"$root/slipway" --version >/dev/null

"$root/slipway" push bench "$work/model/package" --data "$work/data" --alias champion >/dev/null
for name in slipway kestrel fastapi node; do port[$name]=$(free_port); done
dotnet "$root/src/Slipway.App/bin/Release/net10.0/slipway.dll" serve --data "$work/data" --urls "http://127.0.0.1:${port[slipway]}" >"$work/slipway.log" 2>&1 & pid[slipway]=$!
dotnet "$here/peers/kestrel/bin/Release/net10.0/bare-kestrel.dll" --urls "http://127.0.0.1:${port[kestrel]}" >"$work/kestrel.log" 2>&1 & pid[kestrel]=$!
MODEL=$work/model/model.pkl /usr/bin/python3 -m uvicorn --app-dir "$here/peers/fastapi" app:app --port "${port[fastapi]}" --log-level warning --loop uvloop >"$work/fastapi.log" 2>&1 & pid[fastapi]=$!
names="slipway kestrel fastapi"
if [ -d "$root/native/node_modules/onnxruntime-node" ] && command -v node >/dev/null; then
  MODEL=$work/model/model.onnx ORT=$root/native/node_modules/onnxruntime-node PORT=${port[node]} node "$here/peers/node/server.js" >"$work/node.log" 2>&1 & pid[node]=$!
  names="$names node"
else
  echo "node + onnxruntime-node is left out: it needs node and 'npm ci --ignore-scripts' in native/"
fi

for name in $names; do
  for attempt in $(seq 100); do
    answer=$(curl -s -m 2 -H 'Content-Type: application/json' --data-binary @"$work/model/body.json" "http://127.0.0.1:${port[$name]}/v2/models/bench/infer" || true)
    case $answer in *outputs*) break ;; esac
    [ "$attempt" = 100 ] && { echo "serve.sh: $name does not answer: $answer" >&2; tail -n 5 "$work/$name.log" >&2; exit 1; }
    sleep 0.2
  done
done

ticks=$(getconf CLK_TCK)
cpu() { awk '{print $14 + $15}' "/proc/$1/stat"; }
measure() { # NAME CONNECTIONS SECONDS -> "requests/s p50us p99us cpu_us errors"
  local before after line
  before=$(cpu "${pid[$1]}")
  line=$(wrk -t1 -c"$2" -d"$3"s -s "$work/model/post.lua" "http://127.0.0.1:${port[$1]}/v2/models/bench/infer" | grep RESULT)
  after=$(cpu "${pid[$1]}")
  echo "$line $before $after" | awk -v hz="$ticks" '{printf "%.0f %d %d %.1f %d\n", $2 / ($3 / 1e6), $4, $5, ($8 - $7) / hz * 1e6 / $2, $6}'
}

counter() { curl -s "http://127.0.0.1:${port[slipway]}/metrics" | awk -v name="$1" 'index($1, name) == 1 {sum += $2} END {printf "%.0f", sum}'; }

echo "warming up …"
for name in $names; do measure "$name" 16 3 >/dev/null; done
for round in $(seq "$rounds"); do
  for c in $connections; do
    for name in $names; do measure "$name" "$c" "$seconds" >>"$work/$name.$c"; done
  done
  echo "round $round of $rounds done"
done

median() { cut -d' ' -f"$2" "$1" | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
echo
echo "$(nproc) cores, $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo), .NET $(dotnet --version), $rounds rounds of $seconds s, medians"
printf '%-8s %12s %12s %9s %9s %10s %7s %11s %11s\n' server connections requests/s "p50 us" "p99 us" "cpu us/req" errors "vs Kestrel" "vs FastAPI"
for c in $connections; do
  base=$(median "$work/kestrel.$c" 1) fast=$(median "$work/fastapi.$c" 1)
  for name in $names; do
    rps=$(median "$work/$name.$c" 1)
    printf '%-8s %12s %12s %9s %9s %10s %7s %10.0f%% %10.1fx\n' "$name" "$c" "$rps" "$(median "$work/$name.$c" 2)" "$(median "$work/$name.$c" 3)" \
      "$(median "$work/$name.$c" 4)" "$(awk "{s += \$5} END {print s}" "$work/$name.$c")" \
      "$(awk "BEGIN {print 100 * $rps / $base}")" "$(awk "BEGIN {print $rps / $fast}")"
  done
done

bytes=$(counter dotnet_gc_allocated_bytes_total) requests=$(counter slipway_requests_total)
measure slipway 16 "$seconds" >/dev/null
echo
echo "slipway allocates $(awk "BEGIN {printf \"%.0f\", ($(counter dotnet_gc_allocated_bytes_total) - $bytes) / ($(counter slipway_requests_total) - $requests)}") bytes per request, whole server, from its own /metrics"
