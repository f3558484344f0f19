#!/usr/bin/env bash
# The first score of every model of a PMML suite, and a large forest, in fresh processes of the engine compiled as ./slipway compiles it.
#   bench/pmml-cold.sh DIR [PART]     DIR holds manifest.tsv; PART: only the cases with that in their name, and no forest
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: bench/pmml-cold.sh DIR [PART]" >&2; exit 2; }
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet publish "$root/bench/Slipway.Benchmarks" -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -o "$work" -nologo -v quiet
if [ $# -ge 2 ]; then
  dotnet "$work/Slipway.Benchmarks.dll" --pmml-first-score "$1" --only "$2"
else
  dotnet "$work/Slipway.Benchmarks.dll" --pmml-first-score "$1"
  dotnet "$work/Slipway.Benchmarks.dll" --pmml-forest-load
fi
