#!/usr/bin/python3
"""Trains one model (100 trees, depth 6, 30 features) and writes it in every form the benchmark needs.

    make_model.py DIR      package/ (for Slipway), model.onnx (for Node), model.pkl (for FastAPI + scikit-learn), body.json, post.lua
Needs Debian's python3-xgboost, python3-sklearn, python3-onnx. The data is made with a seed; nothing is downloaded.
"""
import json
import os
import pickle
import sys

import numpy as np
import onnx
import xgboost as xgb
from onnx import TensorProto, helper
from sklearn.ensemble import GradientBoostingClassifier

TREES, DEPTH, FEATURES = 100, 6, 30


def to_onnx(model):
    """The XGBoost trees as an ONNX-ML TreeEnsembleRegressor of margins, then a sigmoid."""
    attributes = {k: [] for k in ("nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_modes", "nodes_values", "nodes_truenodeids",
                                  "nodes_falsenodeids", "nodes_missing_value_tracks_true", "target_treeids", "target_nodeids", "target_ids", "target_weights")}
    for t, tree in enumerate(json.loads(model.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]):
        for n, left in enumerate(tree["left_children"]):
            leaf = left == -1
            row = dict(nodes_treeids=t, nodes_nodeids=n, nodes_featureids=0 if leaf else tree["split_indices"][n],
                       nodes_modes="LEAF" if leaf else "BRANCH_LT", nodes_values=0.0 if leaf else tree["split_conditions"][n],
                       nodes_truenodeids=0 if leaf else left, nodes_falsenodeids=0 if leaf else tree["right_children"][n],
                       nodes_missing_value_tracks_true=tree["default_left"][n])
            if leaf:
                row |= dict(target_treeids=t, target_nodeids=n, target_ids=0, target_weights=tree["split_conditions"][n])
            for key, value in row.items():
                attributes[key].append(value)
    nodes = [helper.make_node("TreeEnsembleRegressor", ["input"], ["margin"], domain="ai.onnx.ml", n_targets=1, base_values=[0.0], **attributes),
             helper.make_node("Sigmoid", ["margin"], ["prediction"])]
    graph = helper.make_graph(nodes, "trees", [helper.make_tensor_value_info("input", TensorProto.FLOAT, [None, FEATURES])],
                              [helper.make_tensor_value_info("prediction", TensorProto.FLOAT, [None, 1])])
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 2)])
    proto.ir_version = 7
    return proto


folder = sys.argv[1]
os.makedirs(os.path.join(folder, "package", "recorded"), exist_ok=True)
rng = np.random.default_rng(42)
x = rng.normal(size=(20_000, FEATURES)).astype(np.float32)
y = ((x[:, :5].sum(axis=1) + x[:, 5] * x[:, 6] + rng.normal(size=len(x))) > 0).astype(int)

booster = xgb.train(dict(objective="binary:logistic", max_depth=DEPTH, eta=0.1, nthread=2, base_score=0.5), xgb.DMatrix(x, y), TREES)
booster.save_model(os.path.join(folder, "package", "model.json"))
onnx.save(to_onnx(booster), os.path.join(folder, "model.onnx"))
sklearn_model = GradientBoostingClassifier(n_estimators=TREES, max_depth=DEPTH, subsample=0.5, max_features=8, random_state=1).fit(x[:8000], y[:8000])
with open(os.path.join(folder, "model.pkl"), "wb") as f:
    pickle.dump(sklearn_model, f)

row = x[:1]
expected = booster.predict(xgb.DMatrix(row))
with open(os.path.join(folder, "package", "model.yaml"), "w") as f:
    f.write("name: bench\nartifact: model.json\nruntime: trees\n")
body = {"inputs": [{"name": "input", "shape": [1, FEATURES], "datatype": "FP32", "data": [round(float(v), 6) for v in row[0]]}]}
with open(os.path.join(folder, "package", "recorded", "row.json"), "w") as f:
    json.dump({"inputs": [{"name": "input", "shape": [1, FEATURES], "datatype": "FP32", "data": [float(v) for v in row[0]]}],
               "outputs": [{"name": "prediction", "shape": [1], "datatype": "FP32", "data": [float(expected[0])]}]}, f)
with open(os.path.join(folder, "body.json"), "w") as f:
    json.dump(body, f, separators=(",", ":"))
with open(os.path.join(folder, "post.lua"), "w") as f:
    f.write('wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nwrk.body = [==[%s]==]\n' % json.dumps(body, separators=(",", ":")))
    f.write('done = function(s, l, r) io.write(string.format("RESULT %d %d %d %d %d\\n", s.requests, s.duration, l:percentile(50), l:percentile(99), '
            's.errors.connect + s.errors.read + s.errors.write + s.errors.status + s.errors.timeout)) end\n')
print("model written to", folder)
