#!/usr/bin/env bash
# How fast tree models of every format load, in fresh and in warm processes of the engine compiled as ./slipway compiles it.
#   bench/trees-load.sh [MB] [DIR]     generated models of about MB megabytes (60), and those in DIR
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet publish "$root/bench/Slipway.Benchmarks" -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -o "$work" -nologo -v quiet
dotnet "$work/Slipway.Benchmarks.dll" --trees-load "$@"
