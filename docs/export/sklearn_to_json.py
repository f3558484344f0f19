"""Writes a fitted scikit-learn tree model as JSON that Slipway reads (format "sklearn-json").

    python sklearn_to_json.py model.pkl model.json        # a pickle or joblib file that you trust
    from sklearn_to_json import export; export(model, "model.json")

Decision trees, random forests, extra trees, bagging, gradient boosting, histogram gradient boosting, AdaBoost and isolation forests;
needs nothing but scikit-learn and numpy. The file holds the attributes of the estimator under scikit-learn's own names; numbers are exact.
"""

import json
import math
import sys

import numpy as np
import sklearn

# What predictions depend on, and what tells about the model.
ATTRIBUTES = [
    "n_features_in_", "feature_names_in_", "n_outputs_", "classes_", "criterion", "splitter", "monotonic_cst", "estimators_", "estimators_features_", "tree_",
    "loss", "learning_rate", "algorithm", "estimator_weights_", "max_samples_", "_max_samples", "_max_features", "offset_", "_predictors",
    "_baseline_prediction", "_bin_mapper", "is_categorical_", "bin_thresholds_", "nodes", "raw_left_cat_bitsets", "best_estimator_",
]
TREE = ["left_child", "right_child", "feature", "threshold", "impurity", "n_node_samples", "weighted_n_node_samples", "missing_go_to_left"]


def class_name(thing):
    return f"{type(thing).__module__}.{type(thing).__qualname__}"


def plain(value):
    """The value as JSON has it: infinite numbers become texts."""
    if isinstance(value, np.ndarray):
        if value.dtype.names:
            return {name: plain(value[name]) for name in value.dtype.names}
        return [plain(v) for v in value.ravel().tolist()]
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return describe(value)


def labels(classes):
    """Classes as Python prints them; of several outputs a list for each."""
    return [labels(c) if isinstance(c, np.ndarray) else str(c) for c in (classes.tolist() if isinstance(classes, np.ndarray) else classes)]


def tree(fitted):
    state = fitted.__getstate__()
    arrays = {name: plain(state["nodes"][name]) for name in TREE if name in state["nodes"].dtype.names}
    return {**arrays, "value": plain(state["values"])}


def describe(estimator):
    """The estimator's class and attributes; of an estimator that Slipway does not know, this is what it says in its refusal."""
    known = {"class": class_name(estimator)}
    for name in ATTRIBUTES:
        value = getattr(estimator, name, None)
        if value is None:
            continue
        known[name] = tree(value) if name == "tree_" else labels(value) if name == "classes_" else value if isinstance(value, str) else plain(value)
    if type(estimator).__name__.startswith("GradientBoosting"):
        init = estimator.init_
        known["init_"] = init if isinstance(init, str) else {"class": class_name(init), "strategy": getattr(init, "strategy", None)}
        if isinstance(init, str) or type(init).__name__ in ("DummyClassifier", "DummyRegressor"):
            # A constant: the model itself tells which, as it predicts from there.
            known["raw_init"] = plain(estimator._raw_predict_init(np.zeros((1, estimator.n_features_in_), dtype=np.float32))[0])
    if getattr(estimator, "_preprocessor", None) is not None:
        # Histogram boosting since 1.4 numbers categories itself.
        known["categories"] = [plain(c) for c in estimator._preprocessor.named_transformers_["encoder"].categories_]
    return known


def export(model, path):
    document = {"format": "sklearn-json", "version": 1, "library": sklearn.__version__, "model": describe(model)}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, allow_nan=False, separators=(",", ":"))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        import joblib
        fitted = joblib.load(sys.argv[1])
    except ImportError:
        import pickle
        with open(sys.argv[1], "rb") as file:
            fitted = pickle.load(file)
    export(fitted, sys.argv[2])
