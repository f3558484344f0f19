#!/usr/bin/python3
"""Trains the models of bench/trees.sh with XGBoost and writes each as XGBoost JSON and as the same trees in ONNX-ML.

    make_tree_models.py DIR     DIR/trees-TREES-DEPTH-FEATURES.{json,onnx}, DIR/sklearn.tsv (seconds per row of scikit-learn's own predict)
Needs Debian's python3-xgboost, python3-sklearn, python3-onnx. The data is made with a seed; nothing is downloaded.
"""
import json
import os
import sys
import time

import numpy as np
import onnx
import xgboost as xgb
from onnx import TensorProto, helper
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor

SHAPES = [(trees, depth, features) for trees in (100, 1000) for depth in (6, 10) for features in (30, 500)]
BATCHES = (1, 100, 10_000)


def data(rows, features, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, features)).astype(np.float32)
    weights = rng.normal(size=features)
    return x, (np.sin(x) @ weights + rng.normal(size=rows)).astype(np.float32)


def to_onnx(booster, features, path):
    names = ("nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_modes", "nodes_values", "nodes_truenodeids", "nodes_falsenodeids",
             "nodes_missing_value_tracks_true", "target_treeids", "target_nodeids", "target_ids", "target_weights")
    attributes = {name: [] for name in names}
    learner = json.loads(booster.save_raw("json"))["learner"]
    for t, tree in enumerate(learner["gradient_booster"]["model"]["trees"]):
        for n, left in enumerate(tree["left_children"]):
            leaf = left == -1
            row = dict(nodes_treeids=t, nodes_nodeids=n, nodes_featureids=0 if leaf else tree["split_indices"][n], nodes_modes="LEAF" if leaf else "BRANCH_LT",
                       nodes_values=0.0 if leaf else tree["split_conditions"][n], nodes_truenodeids=0 if leaf else left,
                       nodes_falsenodeids=0 if leaf else tree["right_children"][n], nodes_missing_value_tracks_true=tree["default_left"][n])
            if leaf:
                row |= dict(target_treeids=t, target_nodeids=n, target_ids=0, target_weights=tree["split_conditions"][n])
            for name, value in row.items():
                attributes[name].append(value)
    base = float(learner["learner_model_param"]["base_score"])
    node = helper.make_node("TreeEnsembleRegressor", ["input"], ["prediction"], domain="ai.onnx.ml", n_targets=1, base_values=[base], **attributes)
    graph = helper.make_graph([node], "trees", [helper.make_tensor_value_info("input", TensorProto.FLOAT, [None, features])],
                              [helper.make_tensor_value_info("prediction", TensorProto.FLOAT, [None, 1])])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 2)], ir_version=7), path)


def seconds_per_row(predict, rows):
    predict(rows)
    best = float("inf")
    for _ in range(7):
        calls, start = 0, time.perf_counter()
        while time.perf_counter() - start < 0.1:
            predict(rows)
            calls += 1
        best = min(best, (time.perf_counter() - start) / calls / len(rows))
    return best


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for trees, depth, features in SHAPES:
        path = os.path.join(folder, f"trees-{trees}-{depth}-{features}")
        if os.path.exists(path + ".onnx"):
            continue
        print("training", path, flush=True)
        x, y = data(20_000 if depth == 10 else 5_000, features)
        parameters = {"max_depth": depth, "eta": 0.05, "min_child_weight": 0, "tree_method": "hist", "colsample_bynode": 0.3, "seed": 1}
        booster = xgb.train(parameters, xgb.DMatrix(x, y), trees)
        booster.save_model(path + ".json")
        to_onnx(booster, features, path + ".onnx")
    with open(os.path.join(folder, "sklearn.tsv"), "w") as f:
        x, y = data(5_000, 30)
        for depth in (6, 10):
            for name, model in (("gradient boosting", GradientBoostingRegressor(n_estimators=100, max_depth=depth, max_features=0.3, random_state=1)),
                                ("random forest", RandomForestRegressor(n_estimators=100, max_depth=depth, max_features=0.3, random_state=1, n_jobs=1))):
                model.fit(x, y)
                for batch in BATCHES:
                    f.write(f"{name}\t100\t{depth}\t30\t{batch}\t{seconds_per_row(model.predict, data(batch, 30, 2)[0])}\n")


main(sys.argv[1])
