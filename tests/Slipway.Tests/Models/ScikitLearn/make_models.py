"""Makes the golden files: models as JSON and as pickles of every protocol and packing, with what scikit-learn itself answers.

    /usr/bin/python3 make_models.py            (scikit-learn 1.2.1, numpy 1.24.2, joblib 1.2.0)
"""

import os

# numpy's own exponential and logarithm for AVX-512 differ in the last bit from the C library's, which all other machines use.
os.environ["NPY_DISABLE_CPU_FEATURES"] = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL"

import pickle
import sys
import warnings

import joblib
import numpy as np
from sklearn.ensemble import *
from sklearn.model_selection import GridSearchCV
from sklearn.tree import *

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "..", "..", "docs", "export"))
from golden_files import answers  # noqa: E402
from sklearn_to_json import export  # noqa: E402

warnings.simplefilter("ignore")
GOLDEN = os.path.join(here, "golden")
ROWS, FEATURES, ASKED = 160, 5, 40
rng = np.random.default_rng(4)
X = np.round(rng.normal(size=(ROWS, FEATURES)) * 3, 2)
X[:, 3] = rng.integers(0, 6, ROWS)
weights = rng.uniform(0.1, 3, ROWS)
score = X[:, 0] - 0.7 * X[:, 1] ** 2 + (X[:, 3] == 2) * 4 + 0.3 * rng.normal(size=ROWS)
binary = (score > np.median(score)).astype(int)
three = np.digitize(score, np.quantile(score, [0.3, 0.7]))
nine = np.digitize(score, np.quantile(score, np.arange(1, 9) / 9))
names = np.array(["setosa", "Ünïcode", "a,b"])[three]
positive = np.exp(score / 6)
pair = np.stack([score, X[:, 2] * 2 + score], axis=1)
labels2 = np.stack([three, binary + 5], axis=1)
with_nan = X.copy()
with_nan[rng.random(X.shape) < 0.15] = np.nan

asked = np.round(rng.normal(size=(ASKED, FEATURES)) * 3, 3)
asked[:, 3] = rng.integers(-1, 9, ASKED)
asked[:12] = X[:12]
asked_nan = asked.copy()
asked_nan[rng.random(asked.shape) < 0.2] = np.nan


PACKINGS = {
    "0.pkl": lambda m, p: pickle.dump(m, open(p, "wb"), protocol=0),
    "1.pkl": lambda m, p: pickle.dump(m, open(p, "wb"), protocol=1),
    "2.pkl": lambda m, p: pickle.dump(m, open(p, "wb"), protocol=2),
    "3.pkl": lambda m, p: pickle.dump(m, open(p, "wb"), protocol=3),
    "4.pkl": lambda m, p: pickle.dump(m, open(p, "wb"), protocol=4),
    "5.pkl": lambda m, p: pickle.dump(m, open(p, "wb"), protocol=5),
    "joblib": lambda m, p: joblib.dump(m, p),
    "zlib.joblib": lambda m, p: joblib.dump(m, p, compress=("zlib", 6)),
    "gzip.joblib": lambda m, p: joblib.dump(m, p, compress=("gzip", 6)),
}


def case(name, model, target, rows=None, asks=None, weight=None, packings=("4.pkl",)):
    rows = X if rows is None else rows
    model.fit(rows, target, sample_weight=weight) if weight is not None else model.fit(rows, target)
    export(model, os.path.join(GOLDEN, f"{name}.json"))
    for packing in packings:
        PACKINGS[packing](model, os.path.join(GOLDEN, f"{name}.{packing}"))
    answers(GOLDEN, name, model, asked if asks is None else asks)


os.makedirs(GOLDEN, exist_ok=True)
s = dict(random_state=1)
every = tuple(PACKINGS)
case("tree-classifier", DecisionTreeClassifier(max_depth=5, **s), names, weight=weights, packings=every)
case("tree-regressor", DecisionTreeRegressor(max_depth=6, **s), score)
case("tree-regressor-pair", DecisionTreeRegressor(max_depth=4, criterion="absolute_error", **s), pair)
case("tree-two-outputs", DecisionTreeClassifier(max_depth=4, **s), labels2, weight=weights)
case("tree-one-class", DecisionTreeClassifier(**s), np.zeros(ROWS, int))
case("tree-nine-classes", DecisionTreeClassifier(max_depth=4, **s), nine, weight=weights)
case("extra-tree-classifier", ExtraTreeClassifier(max_depth=6, **s), binary.astype(bool))
case("extra-tree-regressor", ExtraTreeRegressor(max_depth=6, **s), score)
case("forest-classifier", RandomForestClassifier(12, max_depth=5, **s), names, weight=weights, packings=("0.pkl", "5.pkl", "joblib", "zlib.joblib"))
case("forest-nine-classes", RandomForestClassifier(7, max_depth=4, **s), nine.astype(float), weight=weights)
case("forest-regressor", RandomForestRegressor(11, max_depth=6, **s), score, packings=("2.pkl", "joblib"))
case("forest-regressor-pair", RandomForestRegressor(6, max_depth=5, **s), pair)
case("forest-two-outputs", RandomForestClassifier(5, max_depth=4, **s), labels2)
case("extra-trees-classifier", ExtraTreesClassifier(9, max_depth=5, **s), three)
case("extra-trees-regressor", ExtraTreesRegressor(9, max_depth=5, **s), score)
case("bagging-classifier", BaggingClassifier(DecisionTreeClassifier(max_depth=4), 7, max_features=3, **s), names)
case("bagging-few-samples", BaggingClassifier(DecisionTreeClassifier(), 9, max_samples=5, bootstrap_features=True, **s), nine)
case("bagging-regressor", BaggingRegressor(DecisionTreeRegressor(max_depth=4), 7, max_features=0.6, **s), score)
case("gradient-binary", GradientBoostingClassifier(n_estimators=12, **s), binary, packings=("0.pkl", "2.pkl", "4.pkl", "joblib"))
case("gradient-three", GradientBoostingClassifier(n_estimators=8, subsample=0.7, **s), names, packings=("4.pkl", "zlib.joblib"))
case("gradient-nine", GradientBoostingClassifier(n_estimators=4, max_depth=2, **s), nine)
case("gradient-exponential", GradientBoostingClassifier(n_estimators=10, loss="exponential", **s), binary)
case("gradient-zero", GradientBoostingClassifier(n_estimators=6, init="zero", **s), three)
case("gradient-regressor", GradientBoostingRegressor(n_estimators=12, **s), score)
case("gradient-huber", GradientBoostingRegressor(n_estimators=9, loss="huber", learning_rate=0.3, **s), score)
case("gradient-quantile", GradientBoostingRegressor(n_estimators=9, loss="quantile", alpha=0.8, **s), score)
case("gradient-regressor-zero", GradientBoostingRegressor(n_estimators=5, init="zero", **s), score)
case("gradient-search", GridSearchCV(GradientBoostingRegressor(n_estimators=4, **s), {"max_depth": [1, 2]}, cv=2), score)
h = dict(max_iter=8, max_leaf_nodes=8, min_samples_leaf=5, **s)
case("histogram-binary", HistGradientBoostingClassifier(**h), binary, with_nan, asked_nan, packings=("0.pkl", "4.pkl", "5.pkl", "joblib"))
case("histogram-three", HistGradientBoostingClassifier(**h), names, with_nan, asked_nan)
case("histogram-nine", HistGradientBoostingClassifier(max_iter=3, max_leaf_nodes=4, **s), nine)
case("histogram-regressor", HistGradientBoostingRegressor(**h), score, with_nan, asked_nan)
case("histogram-poisson", HistGradientBoostingRegressor(loss="poisson", **h), positive)
case("histogram-absolute", HistGradientBoostingRegressor(loss="absolute_error", **h), score)
case("histogram-quantile", HistGradientBoostingRegressor(loss="quantile", quantile=0.3, **h), score)
case("histogram-categories", HistGradientBoostingRegressor(categorical_features=[3], **h), score, X, asked_nan, packings=("4.pkl", "joblib"))
case("histogram-categories-nan", HistGradientBoostingClassifier(categorical_features=[3], **h), three, with_nan, asked_nan)
case("isolation", IsolationForest(n_estimators=15, **s), None, packings=("4.pkl", "joblib"))
case("isolation-subsampled", IsolationForest(n_estimators=10, max_samples=60, max_features=3, contamination=0.2, **s), None)
case("adaboost-real", AdaBoostClassifier(DecisionTreeClassifier(max_depth=2), n_estimators=8, **s), names)
case("adaboost-real-binary", AdaBoostClassifier(n_estimators=10, **s), binary)
case("adaboost-discrete", AdaBoostClassifier(DecisionTreeClassifier(max_depth=2), n_estimators=8, algorithm="SAMME", **s), three)
case("adaboost-discrete-binary", AdaBoostClassifier(n_estimators=9, algorithm="SAMME", learning_rate=0.5, **s), binary)
case("adaboost-nine", AdaBoostClassifier(DecisionTreeClassifier(max_depth=3), n_estimators=6, **s), nine)
case("adaboost-regressor", AdaBoostRegressor(DecisionTreeRegressor(max_depth=3), n_estimators=9, **s), score)

import pandas as pd  # noqa: E402

frame = pd.DataFrame(X, columns=["length", "width", "Größe", "kind", "x y"])
named = RandomForestRegressor(4, max_depth=3, **s).fit(frame, score)
export(named, os.path.join(GOLDEN, "named.json"))
PACKINGS["4.pkl"](named, os.path.join(GOLDEN, "named.4.pkl"))
answers(GOLDEN, "named", named, pd.DataFrame(asked, columns=frame.columns).rename_axis(None).to_numpy())

from sklearn.svm import SVC  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
os.makedirs(os.path.join(GOLDEN, "unsupported"), exist_ok=True)
for name, model in {
    "svc": SVC(),
    "gradient-init": GradientBoostingClassifier(n_estimators=2, init=LogisticRegression()),
    "bagging-svc": BaggingClassifier(SVC(), 2),
}.items():
    model.fit(X, binary)
    export(model, os.path.join(GOLDEN, "unsupported", f"{name}.json"))
    PACKINGS["4.pkl"](model, os.path.join(GOLDEN, "unsupported", f"{name}.pkl"))
