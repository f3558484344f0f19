"""Draws models of scikit-learn's trees from seeds, with scikit-learn's own answers to rows they have not seen.

    /usr/bin/python3 make_drawn.py [COUNT [FOLDER]]        (scikit-learn 1.2.1, numpy 1.24.2)

COUNT models (19, one of each kind) are written to FOLDER (golden/) as drawn-NNN.*: as JSON or as a pickle, in the same form as those of make_models.py.
The tests read another folder when SLIPWAY_DRAWN_SKLEARN names it.
"""

import os

# As in make_models.py: numpy's functions for AVX-512 differ in the last bit from the C library's.
os.environ["NPY_DISABLE_CPU_FEATURES"] = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL"

import pickle
import sys
import warnings

import numpy as np
from sklearn.ensemble import *
from sklearn.tree import *

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "..", "..", "docs", "export"))
from golden_files import answers  # noqa: E402
from sklearn_to_json import export  # noqa: E402

warnings.simplefilter("ignore")
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 19
GOLDEN = sys.argv[2] if len(sys.argv) > 2 else os.path.join(here, "golden")
ROWS, ASKED = 150, 20


def drawn(number):
    rng = np.random.default_rng(20261121 + number)

    def one(*choices):
        return choices[rng.integers(len(choices))]

    def often(share):
        return rng.random() < share

    features = int(rng.integers(1, 12))
    x = rng.normal(size=(ROWS + ASKED, features))
    for c in range(features):
        kind = rng.integers(5)
        if kind == 1:
            x[:, c] = np.round(x[:, c] * 2)
        elif kind == 2:
            x[:, c] = np.exp(x[:, c] * 6)
        elif kind == 3:
            x[:, c] = rng.integers(0, 9, len(x))
        elif kind == 4:
            x[:, c] = np.float32(x[:, c]) + np.float32(1e-3)
    signal = np.tanh(x[:, 0]) * 2 + np.sin(np.clip(x[:, -1], -9, 9)) + rng.normal(size=len(x)) * 0.3
    number_of_classes = int(rng.integers(2, 11))
    classes = np.digitize(signal, np.quantile(signal, np.arange(1, number_of_classes) / number_of_classes))
    classes = one(classes, classes * 10 - 7, classes.astype(float) * 2, np.array([f"class {c}, {chr(0xe4 + c)}" for c in range(number_of_classes)])[classes])
    two = one(classes, signal > 0, np.where(signal > 0, "yes", "no"), (signal > 0) * 2 - 1)
    if np.unique(two).size != 2:
        two = signal > 0
    weights = rng.uniform(0.1, 3, ROWS) if often(0.4) else None

    s = dict(random_state=number)
    tree = dict(max_depth=one(None, 1, 4, 8), min_samples_leaf=one(1, 1, 5), max_features=one(None, "sqrt", 0.5), max_leaf_nodes=one(None, None, 9), **s)
    classifier = tree | dict(criterion=one("gini", "entropy", "log_loss"), class_weight=one(None, "balanced"))
    regressor = tree | dict(criterion=one("squared_error", "friedman_mse", "absolute_error", "poisson"))
    forest = dict(n_estimators=int(rng.integers(1, 10)), bootstrap=one(True, False))
    positive = np.exp(signal / 3)
    targets = np.stack([positive, np.round(positive * 3), signal**2 + 0.1], axis=1)[:, : one(1, 1, 2, 3)]
    labels = np.stack([np.digitize(signal, [0]), np.digitize(signal, [-1, 1])], axis=1)
    boosting = dict(n_estimators=int(rng.integers(1, 10)), learning_rate=one(0.05, 0.3, 1.0), subsample=one(1.0, 0.6), max_depth=one(1, 3, 6), n_iter_no_change=one(None, None, 2), **s)
    histogram = dict(max_iter=int(rng.integers(1, 10)), max_leaf_nodes=one(3, 15, None), max_depth=one(None, 4), min_samples_leaf=one(1, 8), l2_regularization=one(0, 1), early_stopping=one(False, True), max_bins=one(255, 12), **s)
    codes = [c for c in range(features) if np.all((x[:, c] == np.round(x[:, c])) & (x[:, c] >= 0))] if often(0.6) else []
    histogram |= dict(categorical_features=codes or None, monotonic_cst=None if codes else one(None, [one(-1, 0, 1) for _ in range(features)]))
    models = [
        lambda: (DecisionTreeClassifier(splitter=one("best", "random"), ccp_alpha=one(0, 0.02), **classifier), one(classes, two)),
        lambda: (DecisionTreeRegressor(splitter=one("best", "random"), ccp_alpha=one(0, 0.02), **regressor), targets),
        lambda: (RandomForestClassifier(**forest, **classifier), one(classes, two)),
        lambda: (RandomForestClassifier(**forest, **(classifier | dict(class_weight=None))), labels),
        lambda: (RandomForestRegressor(**forest, **regressor), targets),
        lambda: (ExtraTreesClassifier(**forest, **classifier), one(classes, two)),
        lambda: (ExtraTreesRegressor(**forest, **regressor), targets),
        lambda: (BaggingClassifier(DecisionTreeClassifier(**classifier), forest["n_estimators"], max_samples=one(1.0, 0.1), max_features=one(1.0, 0.7), bootstrap_features=one(True, False), **s), classes),
        lambda: (BaggingRegressor(DecisionTreeRegressor(**regressor), forest["n_estimators"], max_features=one(1.0, 0.7), **s), targets[:, 0]),
        lambda: (GradientBoostingClassifier(loss=one("log_loss", "exponential"), **boosting), two),
        lambda: (GradientBoostingClassifier(init=one(None, "zero"), **boosting), classes),
        lambda: (GradientBoostingRegressor(loss=one("squared_error", "absolute_error", "huber", "quantile"), alpha=one(0.1, 0.9), init=one(None, "zero"), **boosting), signal),
        lambda: (HistGradientBoostingClassifier(**(histogram | (dict(monotonic_cst=None) if number_of_classes > 2 else {}))), classes),
        lambda: (HistGradientBoostingClassifier(**histogram), two),
        lambda: (HistGradientBoostingRegressor(loss=one("squared_error", "absolute_error", "poisson"), **histogram), positive),
        lambda: (HistGradientBoostingRegressor(loss="quantile", quantile=one(0.1, 0.7), **(histogram | dict(monotonic_cst=None))), signal),
        lambda: (IsolationForest(n_estimators=forest["n_estimators"], max_samples=one("auto", 40, 0.5), max_features=one(1.0, 0.6), contamination=one("auto", 0.2), bootstrap=one(True, False), **s), None),
        lambda: (AdaBoostClassifier(DecisionTreeClassifier(max_depth=one(1, 3)), n_estimators=forest["n_estimators"], algorithm=one("SAMME", "SAMME.R"), learning_rate=one(1.0, 0.4), **s), one(classes, two)),
        lambda: (AdaBoostRegressor(DecisionTreeRegressor(max_depth=one(2, 5)), n_estimators=forest["n_estimators"], loss=one("linear", "square", "exponential"), **s), signal),
    ]
    model, target = models[number % len(models)]()
    asked = x[ROWS:].copy()
    asked[: ASKED // 4] = x[: ASKED // 4]
    train = x[:ROWS]
    if type(model).__name__.startswith("Hist"):
        train = train.copy()
        for part in (train, asked):
            part[rng.random(part.shape) < 0.15] = np.nan
    if target is not None:
        target = target[:ROWS]
        if target.ndim == 2 and target.shape[1] == 1:
            target = target[:, 0]
    try:
        model.fit(train, target) if weights is None else model.fit(train, target, sample_weight=weights)
    except (ValueError, TypeError) as e:
        print(f"{number}: scikit-learn refuses to train {model}: {str(e).splitlines()[0]}")
        return
    name = f"drawn-{number:03}"
    if number % 2:
        export(model, os.path.join(GOLDEN, f"{name}.json"))
    else:
        with open(os.path.join(GOLDEN, f"{name}.4.pkl"), "wb") as file:
            pickle.dump(model, file, protocol=4)
    answers(GOLDEN, name, model, asked)


os.makedirs(GOLDEN, exist_ok=True)
for number in range(COUNT):
    drawn(number)
