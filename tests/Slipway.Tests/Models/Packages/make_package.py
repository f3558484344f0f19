#!/usr/bin/python3
"""Trains a small model with missing values and writes it as a package to fixtures/xgboost/. Needs Debian's python3-xgboost."""
import json
import os
import numpy as np
import xgboost as xgb

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "xgboost")
os.makedirs(os.path.join(here, "recorded"), exist_ok=True)
names = ["temperature", "speed", "torque"]
rng = np.random.default_rng(7)
x = rng.normal(size=(400, 3)).astype(np.float32)
y = (x[:, 0] * 2 - np.abs(x[:, 1]) + x[:, 2] ** 2).astype(np.float32)
x[rng.random(x.shape) < 0.1] = np.nan
model = xgb.train(dict(max_depth=4, eta=0.3, seed=1), xgb.DMatrix(x, y, feature_names=names), num_boost_round=12)
model.save_model(os.path.join(here, "model.json"))


def number(value):
    return None if np.isnan(value) else float(str(value))


def record(name, inputs, rows):
    outputs = [{"name": "prediction", "shape": [len(rows)], "datatype": "FP32", "data": [number(v) for v in model.predict(xgb.DMatrix(rows, feature_names=names))]}]
    with open(os.path.join(here, "recorded", name), "w") as f:
        json.dump({"inputs": inputs, "outputs": outputs}, f, separators=(",", ":"))


def columns(rows):
    return [{"name": n, "shape": [len(rows)], "datatype": "FP32", "data": [number(v) for v in rows[:, i]]} for i, n in enumerate(names)]


record("columns.json", columns(x[:40]), x[:40])
record("matrix.json", [{"name": "input", "shape": [20, 3], "datatype": "FP32", "data": [number(v) for v in x[40:60].ravel()]}], x[40:60])
with open(os.path.join(here, "reference.json"), "w") as f:
    json.dump({"inputs": columns(x[:100])}, f, separators=(",", ":"))
with open(os.path.join(here, "model.yaml"), "w") as f:
    f.write(f"artifact: model.json\nruntime: trees\nlineage: {{ code: make_package.py, trainer: xgboost {xgb.__version__} }}\n")
