#!/usr/bin/python3
"""Writes what XGBoost (Debian's python3-xgboost 1.7.4) tells of some golden models beside their predictions: margins, leaves and contributions.

Run it as /usr/bin/python3 make_explanations.py after make_models.py; a row of a file is a row of the model's input, values of all outputs behind one another.
"""
import os

import numpy as np
import xgboost as xgb

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")
MODELS = ["squared-error", "binary-logistic", "softprob", "dart", "random-forest", "deep", "stump", "no-split", "poisson", "categorical-onehot", "categorical-partition"]


def write(name, kind, values):
    with open(os.path.join(GOLDEN, f"{name}.{kind}.csv"), "w") as f:
        for row in np.asarray(values, dtype=np.float32).reshape(len(values), -1):
            f.write(",".join(np.format_float_scientific(v, unique=True) for v in row) + "\n")


for name in MODELS:
    booster = xgb.Booster(model_file=os.path.join(GOLDEN, name + ".json"))
    rows = np.genfromtxt(os.path.join(GOLDEN, name + ".input.csv"), delimiter=",", skip_header=1, dtype=np.float32)
    data = xgb.DMatrix(rows, feature_names=booster.feature_names, feature_types=booster.feature_types)
    write(name, "margin", booster.predict(data, output_margin=True))
    write(name, "leaf", booster.predict(data, pred_leaf=True))
    write(name, "contribution", booster.predict(data, pred_contribs=True))
