#!/usr/bin/python3
"""Writes the golden models of this folder with the onnx package: python3-onnx 1.12, python3-sklearn 1.2.1.

A scikit-learn forest is written as its converter writes it, and scikit-learn's own predictions are kept beside it.
"""
import json
import os

import numpy as np
import onnx
from onnx import TensorProto, helper
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")


def nodes_of(trees, weights_of):
    attributes = {name: [] for name in ("treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids", "missing_value_tracks_true", "hitrates")}
    weights = {name: [] for name in ("treeids", "nodeids", "ids", "weights")}
    for tree_id, tree in enumerate(trees):
        for node in range(tree.node_count):
            leaf = tree.children_left[node] < 0
            attributes["treeids"].append(tree_id)
            attributes["nodeids"].append(node)
            attributes["featureids"].append(0 if leaf else int(tree.feature[node]))
            attributes["modes"].append("LEAF" if leaf else "BRANCH_LEQ")
            # The largest float32 that is not above the float64 threshold: features are float32.
            value = np.float32(tree.threshold[node])
            if float(value) > tree.threshold[node]:
                value = np.nextafter(value, np.float32(-np.inf))
            attributes["values"].append(0.0 if leaf else float(value))
            attributes["truenodeids"].append(0 if leaf else int(tree.children_left[node]))
            attributes["falsenodeids"].append(0 if leaf else int(tree.children_right[node]))
            attributes["missing_value_tracks_true"].append(0)
            attributes["hitrates"].append(1.0)
            if leaf:
                for i, weight in enumerate(weights_of(tree, node)):
                    weights["treeids"].append(tree_id)
                    weights["nodeids"].append(node)
                    weights["ids"].append(i)
                    weights["weights"].append(float(weight))
    return {"nodes_" + k: v for k, v in attributes.items()}, weights


def save(name, nodes, outputs, rows, expected):
    graph = helper.make_graph(nodes, name, [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, rows.shape[1]])], outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 1)], producer_name="make_models.py", ir_version=7)
    onnx.save(model, os.path.join(HERE, name + ".onnx"))
    with open(os.path.join(HERE, name + ".json"), "w") as file:
        json.dump({"rows": rows.astype(np.float32).tolist(), **expected}, file)


def main():
    os.makedirs(HERE, exist_ok=True)
    iris = load_iris()
    features = iris.data.astype(np.float32)
    names = [str(n) for n in iris.target_names]
    rows = features[::5] + np.float32(0.05)

    forest = RandomForestClassifier(n_estimators=12, max_depth=5, random_state=1).fit(features, iris.target)
    trees = [e.tree_ for e in forest.estimators_]
    attributes, weights = nodes_of(trees, lambda tree, node: tree.value[node, 0] / tree.value[node, 0].sum() / len(trees))
    classifier = helper.make_node("TreeEnsembleClassifier", ["X"], ["label", "scores"], domain="ai.onnx.ml", post_transform="NONE", classlabels_strings=names,
                                  **attributes, **{"class_" + k: v for k, v in weights.items()})
    zipmap = helper.make_node("ZipMap", ["scores"], ["probabilities"], domain="ai.onnx.ml", classlabels_strings=names)
    maps = onnx.ValueInfoProto(name="probabilities")
    maps.type.sequence_type.elem_type.map_type.key_type = TensorProto.STRING
    maps.type.sequence_type.elem_type.map_type.value_type.tensor_type.elem_type = TensorProto.FLOAT
    save("iris-forest", [classifier, zipmap], [helper.make_tensor_value_info("label", TensorProto.STRING, [None]), maps], rows,
         {"labels": [names[i] for i in forest.predict(rows)], "scores": forest.predict_proba(rows).tolist()})

    boosting = GradientBoostingRegressor(n_estimators=20, max_depth=3, random_state=1).fit(features[:, :3], features[:, 3])
    attributes, weights = nodes_of([e[0].tree_ for e in boosting.estimators_], lambda tree, node: [tree.value[node, 0, 0] * boosting.learning_rate])
    regressor = helper.make_node("TreeEnsembleRegressor", ["X"], ["variable"], domain="ai.onnx.ml", n_targets=1, base_values=[float(boosting.init_.constant_[0, 0])],
                                 **attributes, **{"target_" + k: v for k, v in weights.items()})
    save("iris-boosting", [regressor], [helper.make_tensor_value_info("variable", TensorProto.FLOAT, [None, 1])], rows[:, :3],
         {"scores": boosting.predict(rows[:, :3]).reshape(-1, 1).tolist()})


main()
