#!/usr/bin/env bash
# Slipway's own ONNX engine against the native runtime, in one process on the same tensors: tables of times, ratios, memory and load.
# Needs the native onnxruntime (npm ci --ignore-scripts in native/).
#   bench/onnx.sh [DIR]     DIR: downloaded models to measure too, as in the corpora's onnx-nets
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "$(nproc) cores, $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo), .NET $(dotnet --version)"
dotnet run -c Release --project "$root/bench/Slipway.Benchmarks" -- --onnx "$@"
# Loading is measured as ./slipway is built.
dotnet publish "$root/bench/Slipway.Benchmarks" -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -o "$work" -nologo -v quiet
dotnet "$work/Slipway.Benchmarks.dll" --onnx-load
