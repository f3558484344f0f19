#!/usr/bin/python3
"""Draws XGBoost models (Debian's python3-xgboost 1.7.4) of all kinds from seeds, with XGBoost's own answers to rows it has not seen.

/usr/bin/python3 make_drawn.py [COUNT [FOLDER]] draws COUNT models (24, which are kept in drawn/). A model is NAME.json, .ubj or .model; beside it stand
NAME.input.csv and, value by value, what XGBoost makes of these rows: NAME.prediction.csv, .margin.csv, .leaf.csv, .contribution.csv. What XGBoost has no
answer for is left out. Numbers read back to the same float32; rows hold missing values, the largest and smallest ones, and those that thresholds were made of.
"""
import json
import os
import shutil
import sys
import warnings

import numpy as np
import pandas as pd
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))
TEST_ROWS = 20
CODES = 40

OBJECTIVES = [
    "reg:squarederror", "reg:squaredlogerror", "reg:pseudohubererror", "reg:absoluteerror", "reg:logistic", "binary:logistic", "binary:logitraw", "binary:hinge",
    "multi:softprob", "multi:softmax", "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft", "rank:pairwise", "rank:ndcg", "rank:map",
]
NAMES = ["plain", "with blank", "größe", "a=b", "10%", "comma, quote\"", "tab\tline", "温度", "x/y", "-"]


class Draw:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def one(self, *choices):
        return choices[self.rng.integers(len(choices))]

    def often(self, share):
        return self.rng.random() < share


def rows_of(draw, count, columns, missing):
    x = draw.rng.normal(size=(count, columns)).astype(np.float32)
    for c in range(columns):
        kind = draw.rng.integers(5)
        if kind == 1:
            x[:, c] = np.round(x[:, c] * 2)
        elif kind == 2:
            x[:, c] = np.exp(x[:, c] * 6)
        elif kind == 3:
            x[:, c] = x[:, c] > 0
        elif kind == 4:
            x[:, c] *= np.float32(1e-41)  # denormal
    x[draw.rng.random(x.shape) < missing] = np.nan
    return x


def with_categories(draw, x):
    """Some columns become codes of categories; rows to predict may have others than rows to learn."""
    types = ["q"] * x.shape[1]
    for c in range(x.shape[1]):
        if not draw.often(0.5):
            continue
        codes = draw.rng.integers(0, draw.one(2, 3, 7, 33, CODES), len(x)).astype(np.float32)
        codes[draw.rng.random(len(x)) < 0.1] = np.nan
        x[:, c] = codes
        types[c] = "c"
    return types


def label_of(draw, objective, x, classes):
    z = np.nan_to_num(x.astype(np.float64))
    signal = np.tanh(z[:, 0]) * 2 + np.sin(np.clip(z[:, -1], -9, 9)) + draw.rng.normal(size=len(x)) * 0.3
    if objective in ("reg:logistic", "binary:logistic", "binary:logitraw", "binary:hinge"):
        return (signal > 0).astype(np.float32)
    if objective.startswith("multi:"):
        return np.digitize(signal, np.linspace(-1.5, 1.5, classes - 1)).astype(np.float32)
    if objective.startswith("rank:"):
        return (signal > 0).astype(np.float32) if objective == "rank:map" else np.digitize(signal, [-1, 0, 1]).astype(np.float32)
    if objective == "count:poisson":
        return np.round(np.exp(signal / 2) * 3)
    if objective == "survival:cox":
        return np.exp(signal / 2) * np.where(draw.rng.random(len(x)) < 0.2, -1, 1)
    if objective in ("reg:squaredlogerror", "reg:gamma", "reg:tweedie", "survival:aft"):
        return np.exp(signal / 2)
    return signal


def base_score(draw, objective):
    if objective in ("reg:logistic", "binary:logistic", "binary:logitraw"):
        return draw.one(0.1, 0.5, 0.9, 0.999)
    if objective in ("count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft"):
        return draw.one(0.5, 1.7, 20.0)
    return draw.one(-3.25, 0.0, 0.1, 123.456)


def drawn(number):
    draw = Draw(20261121 + number)
    objective = draw.one(*OBJECTIVES)
    booster = draw.one("gbtree", "gbtree", "gbtree", "dart", "gblinear")
    columns, classes = int(draw.rng.integers(1, 12)), int(draw.rng.integers(3, 7))
    x = rows_of(draw, 240, columns, draw.one(0, 0.1, 0.4))
    types = with_categories(draw, x) if booster != "gblinear" and draw.often(0.3) else None
    params = {"objective": objective, "booster": booster, "nthread": 1, "seed": number, "max_depth": int(draw.rng.integers(1, 7)), "eta": draw.one(0.1, 0.3, 1.0)}
    if booster == "gblinear":
        params = {"objective": objective, "booster": booster, "nthread": 1, "updater": "coord_descent", "eta": 0.3}
    elif types and "c" in types:
        params |= {"tree_method": draw.one("hist", "approx"), "max_cat_to_onehot": draw.one(1, 5, 100)}
    else:
        params |= {"tree_method": draw.one("exact", "hist", "approx")}
    if objective == "reg:absoluteerror" and booster != "gblinear":
        params["tree_method"] = "hist"
    if booster != "gblinear":
        params |= {"num_parallel_tree": draw.one(1, 1, 3), "subsample": draw.one(1, 0.7), "colsample_bynode": draw.one(1, 0.6), "gamma": draw.one(0, 0, 0.5), "min_child_weight": draw.one(0, 1)}
        if params["tree_method"] == "hist" and draw.often(0.3):
            params |= {"grow_policy": "lossguide", "max_leaves": 12, "max_depth": 0}
    if booster == "dart":
        params |= {"rate_drop": 0.4, "skip_drop": 0.2, "normalize_type": draw.one("tree", "forest"), "one_drop": draw.one(0, 1)}
    if objective.startswith("multi:"):
        params["num_class"] = classes
    if objective == "survival:aft":
        params |= {"aft_loss_distribution": draw.one("normal", "logistic", "extreme"), "aft_loss_distribution_scale": 1.2}
    if draw.often(0.4):
        params["base_score"] = base_score(draw, objective)
    names = [f"{NAMES[(i + number) % len(NAMES)]}{i}" for i in range(columns)] if draw.often(0.4) else None

    label = label_of(draw, objective, x, classes)
    if objective in ("reg:squarederror", "reg:pseudohubererror") and booster == "gbtree" and draw.often(0.4):
        label = np.column_stack([label, -label + np.nan_to_num(np.tanh(x[:, 0]))])
    cut, valid = 180, 220
    if objective == "survival:aft":
        data, watch = (xgb.DMatrix(x[a:b], feature_names=names, feature_types=types, enable_categorical=True) for a, b in ((0, cut), (cut, valid)))
        for d, y in ((data, label[:cut]), (watch, label[cut:valid])):
            d.set_float_info("label_lower_bound", y)
            d.set_float_info("label_upper_bound", np.where(draw.rng.random(len(y)) < 0.3, np.inf, y))
    else:
        data, watch = (xgb.DMatrix(x[a:b], label=label[a:b], feature_names=names, feature_types=types, enable_categorical=True) for a, b in ((0, cut), (cut, valid)))
    if objective.startswith("rank:"):
        data.set_group([20] * (cut // 20))
        watch.set_group([valid - cut])
    rounds = int(draw.rng.integers(1, 9))
    stops = booster == "gbtree" and draw.often(0.3)
    model = xgb.train(params, data, 30 if stops else rounds, evals=[(watch, "watch")] if stops else (), early_stopping_rounds=2 if stops else None, verbose_eval=False)
    first = (0, 0)
    if stops:
        first = (0, model.best_iteration + 1)
    elif booster == "gbtree" and draw.often(0.2):
        model = xgb.train(params, data, 2, xgb_model=model, verbose_eval=False)
    elif booster == "gbtree" and rounds > 3 and draw.often(0.3):
        model = model[1:rounds:2] if draw.often(0.5) else model[1 : rounds - 1]

    test = x[valid:][:TEST_ROWS].copy()
    plain = [c for c in range(columns) if not types or types[c] != "c"]
    for row, value in enumerate([np.nan, 0.0, -0.0, 3e38, -3e38]):
        test[row, plain] = value
    test[len(test) // 2 :, plain] = x[: len(test) - len(test) // 2, plain]
    return draw, model, test, names, types, first


def write(path, values):
    with open(path, "w") as f:
        for row in np.asarray(values, dtype=np.float32).reshape(len(values), -1):
            f.write(",".join("" if np.isnan(v) else "-Infinity" if v == -np.inf else "Infinity" if v == np.inf else np.format_float_scientific(v, unique=True) for v in row) + "\n")


def save(folder, number):
    draw, model, test, names, types, first = drawn(number)
    targets = json.loads(model.save_config())["learner"]["learner_model_param"].get("num_target", "1")
    kinds = [".json", ".ubj"] if targets != "1" or types and "c" in types else [".json", ".ubj", ".model"]
    path = os.path.join(folder, f"drawn-{number:03}")
    model.save_model(path + kinds[number % len(kinds)])
    write(path + ".input.csv", test)
    data = xgb.DMatrix(test, feature_names=names, feature_types=types, enable_categorical=True)
    for kind, options in (("prediction", {}), ("margin", {"output_margin": True}), ("leaf", {"pred_leaf": True}), ("contribution", {"pred_contribs": True})):
        try:
            write(f"{path}.{kind}.csv", model.predict(data, iteration_range=first, **options))
        except (xgb.core.XGBoostError, ValueError):
            pass


def main():
    warnings.simplefilter("ignore")
    xgb.set_config(verbosity=0)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    folder = sys.argv[2] if len(sys.argv) > 2 else os.path.join(HERE, "drawn")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for number in range(count):
        try:
            save(folder, number)
        except xgb.core.XGBoostError as e:
            print(f"{number}: XGBoost refuses to train it: {str(e).splitlines()[0]}")


if __name__ == "__main__":
    main()
