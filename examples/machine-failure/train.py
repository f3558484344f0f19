#!/usr/bin/python3
"""Trains the machine-failure model and writes the package that the use case serves.

Needs Debian's python3-xgboost and python3-pandas. The rows come from the same seeded machine as the live ones:

    ./slipway demo rows --count 20000 --seed 1 --labels --output machine.csv
    /usr/bin/python3 examples/machine-failure/train.py machine.csv
"""
import json
import os
import sys

import numpy as np
import pandas as pd
import xgboost as xgb

here = os.path.dirname(os.path.abspath(__file__))
package = os.path.join(here, "package")


def prepare(rows):
    """What use-case.yaml does under `prepare:`."""
    out = rows[["air_temperature", "process_temperature", "speed", "torque", "tool_wear"]].copy()
    out["heat"] = rows["process_temperature"] - rows["air_temperature"]
    out["power"] = rows["torque"] * rows["speed"] * 0.104719755
    for kind in "LMH":
        out["type_" + kind] = (rows["type"] == kind).astype(float)
    return out


def tensors(frame):
    """Columns as Open Inference Protocol tensors."""
    return [{"name": c, "shape": [len(frame)], "datatype": "FP32", "data": [float(str(np.float32(v))) for v in frame[c]]} for c in frame.columns]


rows = pd.read_csv(sys.argv[1])
features, labels = prepare(rows), rows["failure"]
cut = int(len(rows) * 0.8)
model = xgb.train(
    dict(objective="binary:logistic", max_depth=4, eta=0.2, seed=1, nthread=2, eval_metric="auc"),
    xgb.DMatrix(features[:cut], labels[:cut]), num_boost_round=80,
    evals=[(xgb.DMatrix(features[cut:], labels[cut:]), "holdout")], verbose_eval=25)

os.makedirs(os.path.join(package, "recorded"), exist_ok=True)
model.save_model(os.path.join(package, "model.json"))

recorded = features[cut:cut + 200]
predictions = model.predict(xgb.DMatrix(recorded))
with open(os.path.join(package, "recorded", "holdout.json"), "w") as f:
    json.dump({"inputs": tensors(recorded), "outputs": [
        {"name": "prediction", "shape": [len(recorded)], "datatype": "FP32", "data": [float(str(p)) for p in predictions]}]}, f)
with open(os.path.join(package, "reference.json"), "w") as f:
    json.dump({"inputs": tensors(features[:cut].sample(1500, random_state=1))}, f, separators=(",", ":"))
with open(os.path.join(package, "model.yaml"), "w") as f:
    f.write("""# Probability that the milling machine fails on this job.
name: machine-failure
artifact: model.json
runtime: trees
lineage:
  data: 20,000 rows of the seeded milling machine (seed 1), first 80 %
  code: examples/machine-failure/train.py
  trainer: xgboost {0}
""".format(xgb.__version__))
print("package written; failures in training:", int(labels[:cut].sum()), "of", cut)
