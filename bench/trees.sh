#!/usr/bin/env bash
# Slipway's trees against ONNX Runtime, XGBoost's own library and scikit-learn, in one run on one machine: prints a table of times and ratios.
# Needs Debian's python3-xgboost, python3-sklearn, python3-onnx and the native onnxruntime (npm ci --ignore-scripts in native/).
# usage: bench/trees.sh [DIR]   (DIR keeps the trained models for the next run)
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
models=${1:-$(mktemp -d)}
/usr/bin/python3 "$root/bench/make_tree_models.py" "$models"
dotnet run -c Release --project "$root/bench/Slipway.Benchmarks" -- --trees "$models"
