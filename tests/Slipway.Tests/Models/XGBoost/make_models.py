#!/usr/bin/python3
"""Makes the golden models beside this file with XGBoost (Debian's python3-xgboost 1.7.4): model, input rows, XGBoost's own predictions.

Run it as /usr/bin/python3 make_models.py; it overwrites golden/. Numbers are written so that they read back to the same float32.
"""
import os
import shutil

import numpy as np
import pandas as pd
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "golden")
ROWS = 40
TEST_ROWS = 24


def table(seed, missing=0.0, columns=5):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(ROWS * 8, columns)).astype(np.float32)
    x[:, 1] = np.round(x[:, 1] * 2)  # many equal values: thresholds meet data
    x[:, 2] = np.exp(x[:, 2] * 3)  # several magnitudes
    if missing:
        x[rng.random(x.shape) < missing] = np.nan
    return x, rng


def signal(x):
    z = np.nan_to_num(x)
    return z[:, 0] * 2 + np.sin(z[:, 1]) + (z[:, 3] > 0) * z[:, 4]


def write_rows(path, names, rows):
    with open(path, "w") as f:
        f.write(",".join(names) + "\n")
        for row in rows:
            f.write(",".join("" if np.isnan(v) else repr(np.float32(v).item()) if v == int(v) else np.format_float_scientific(np.float32(v), unique=True) for v in row) + "\n")


def save(name, booster, x, predictions, ubj=False, binary=False):
    booster.save_model(os.path.join(GOLDEN, name + ".json"))
    if ubj:
        booster.save_model(os.path.join(GOLDEN, name + ".ubj"))
    if binary:
        booster.save_model(os.path.join(GOLDEN, name + ".model"))
    names = booster.feature_names or [f"f{i}" for i in range(x.shape[1])]
    write_rows(os.path.join(GOLDEN, name + ".input.csv"), names, x)
    predictions = np.asarray(predictions, dtype=np.float32).reshape(len(x), -1)
    with open(os.path.join(GOLDEN, name + ".expected.csv"), "w") as f:
        for row in predictions:
            f.write(",".join(np.format_float_scientific(v, unique=True) for v in row) + "\n")


def train(name, objective, label, missing=0.1, rounds=6, ubj=False, binary=False, seed=1, **params):
    x, rng = table(seed, missing)
    d = xgb.DMatrix(x[:-TEST_ROWS], label=label(x[:-TEST_ROWS], rng))
    booster = xgb.train({"objective": objective, "max_depth": 3, "eta": 0.4, "seed": seed, "nthread": 1, **params}, d, rounds)
    test = x[-TEST_ROWS:]
    save(name, booster, test, booster.predict(xgb.DMatrix(test)), ubj, binary)


def regression(x, rng):
    return signal(x) + rng.normal(size=len(x)) * 0.1


def binary(x, rng):
    return (signal(x) > 0.5).astype(np.float32)


def positive(x, rng):
    return np.exp(signal(x) / 4)


def classes(k):
    return lambda x, rng: np.digitize(signal(x), np.linspace(-2, 2, k - 1)).astype(np.float32)


def survival_aft():
    x, rng = table(31, 0.1)
    y = positive(x, rng)
    d = xgb.DMatrix(x[:-TEST_ROWS])
    d.set_float_info("label_lower_bound", y[:-TEST_ROWS])
    d.set_float_info("label_upper_bound", np.where(rng.random(len(y) - TEST_ROWS) < 0.3, np.inf, y[:-TEST_ROWS]))
    booster = xgb.train({"objective": "survival:aft", "max_depth": 3, "nthread": 1}, d, 6)
    test = x[-TEST_ROWS:]
    save("survival-aft", booster, test, booster.predict(xgb.DMatrix(test)))


def ranking():
    x, rng = table(32, 0.1)
    train_x = x[:-TEST_ROWS]
    d = xgb.DMatrix(train_x, label=classes(4)(train_x, rng))
    d.set_group([len(train_x) // 8] * 8)
    booster = xgb.train({"objective": "rank:ndcg", "max_depth": 3, "nthread": 1}, d, 6)
    test = x[-TEST_ROWS:]
    save("rank-ndcg", booster, test, booster.predict(xgb.DMatrix(test)))


def categorical(name, onehot):
    x, rng = table(33, 0.1)
    frame = pd.DataFrame(x[:, :3], columns=["a", "b", "c"])
    codes = rng.integers(0, 40, len(x))
    frame["city"] = pd.Categorical(codes, categories=range(40))
    frame["colour"] = pd.Categorical(np.where(rng.random(len(x)) < 0.1, None, rng.integers(0, 4, len(x))), categories=range(4))
    y = signal(x) + (codes % 3) * 2
    d = xgb.DMatrix(frame[:-TEST_ROWS], label=y[:-TEST_ROWS], enable_categorical=True)
    booster = xgb.train({"tree_method": "hist" if not onehot else "approx", "max_depth": 4, "max_cat_to_onehot": onehot or 1, "nthread": 1}, d, 6)
    test = frame[-TEST_ROWS:].copy()
    predictions = booster.predict(xgb.DMatrix(test, enable_categorical=True))
    rows = test[["a", "b", "c"]].to_numpy(np.float32)
    for column in ("city", "colour"):
        c = test[column].cat.codes.to_numpy().astype(np.float32)
        c[c < 0] = np.nan
        rows = np.column_stack([rows, c])
    save(name, booster, rows, predictions, ubj=True)


def multi_target():
    x, rng = table(34, 0.1)
    y = np.column_stack([signal(x), -signal(x) + x[:, 2] / 10, np.nan_to_num(x[:, 0])])
    y = np.nan_to_num(y)
    d = xgb.DMatrix(x[:-TEST_ROWS], label=y[:-TEST_ROWS])
    booster = xgb.train({"max_depth": 3, "nthread": 1, "tree_method": "hist"}, d, 4)
    test = x[-TEST_ROWS:]
    save("multi-target", booster, test, booster.predict(xgb.DMatrix(test)))


def early_stopping():
    x, rng = table(35)
    y = regression(x, rng) + rng.normal(size=len(x))
    model = xgb.XGBRegressor(n_estimators=60, learning_rate=0.9, max_depth=3, early_stopping_rounds=5, n_jobs=1)
    model.fit(x[:200], y[:200], eval_set=[(x[200:-TEST_ROWS], y[200:-TEST_ROWS])], verbose=False)
    test = x[-TEST_ROWS:]
    assert model.best_iteration + 1 < model.get_booster().num_boosted_rounds()
    save("early-stopping", model.get_booster(), test, model.predict(test), binary=True)


def main():
    shutil.rmtree(GOLDEN, ignore_errors=True)
    os.makedirs(GOLDEN)
    train("squared-error", "reg:squarederror", regression, ubj=True, binary=True)
    train("squared-log-error", "reg:squaredlogerror", positive, missing=0)
    train("pseudo-huber", "reg:pseudohubererror", regression)
    train("absolute-error", "reg:absoluteerror", regression, tree_method="hist")
    train("logistic-regression", "reg:logistic", binary, base_score=0.3)
    train("binary-logistic", "binary:logistic", binary, ubj=True, binary=True)
    train("binary-logitraw", "binary:logitraw", binary, base_score=0.2, binary=True)
    train("binary-hinge", "binary:hinge", binary)
    train("softprob", "multi:softprob", classes(4), num_class=4, ubj=True, binary=True)
    train("softmax", "multi:softmax", classes(3), num_class=3)
    train("poisson", "count:poisson", lambda x, r: np.round(positive(x, r) * 3), base_score=1.7, binary=True)
    train("gamma", "reg:gamma", positive)
    train("tweedie", "reg:tweedie", positive)
    train("cox", "survival:cox", lambda x, r: positive(x, r) * np.where(r.random(len(x)) < 0.2, -1, 1))
    train("rank-pairwise", "rank:pairwise", classes(3), missing=0)
    train("dart", "binary:logistic", binary, booster="dart", rate_drop=0.5, rounds=10, ubj=True, binary=True)
    train("linear", "reg:squarederror", regression, booster="gblinear", updater="coord_descent", ubj=True, binary=True)
    train("linear-softprob", "multi:softprob", classes(3), num_class=3, booster="gblinear", updater="coord_descent", missing=0.2, binary=True)
    train("random-forest", "multi:softprob", classes(3), num_class=3, num_parallel_tree=4, rounds=2, subsample=0.7, colsample_bynode=0.6, binary=True)
    train("deep", "reg:squarederror", regression, max_depth=0, grow_policy="lossguide", max_leaves=48, tree_method="hist", rounds=4, min_child_weight=0)
    train("stump", "reg:squarederror", regression, max_depth=1, rounds=3)
    train("no-split", "reg:squarederror", regression, gamma=1e9, rounds=2, binary=True)
    survival_aft()
    ranking()
    categorical("categorical-partition", 0)
    categorical("categorical-onehot", 100)
    multi_target()
    early_stopping()


if __name__ == "__main__":
    main()
