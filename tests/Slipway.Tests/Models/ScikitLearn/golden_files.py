"""The golden files of a model: rows, and what scikit-learn answers to them."""
import os

import numpy as np
from sklearn.ensemble import IsolationForest


def write(folder, path, values):
    values = np.asarray(values)
    values = values.reshape(len(values), -1)
    with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
        for row in values.tolist():
            file.write(",".join("" if isinstance(v, float) and np.isnan(v) else v.replace(",", ";") if isinstance(v, str) else repr(v) for v in row) + "\n")


def answers(folder, name, model, rows):
    write(folder, f"{name}.input.csv", rows)
    if hasattr(model, "predict_proba"):
        probabilities = model.predict_proba(rows)
        write(folder, f"{name}.expected.csv", np.hstack(probabilities) if isinstance(probabilities, list) else probabilities)
        write(folder, f"{name}.label.csv", np.asarray(model.predict(rows)).astype(str))
    elif isinstance(model, IsolationForest):
        write(folder, f"{name}.expected.csv", np.stack([model.score_samples(rows), model.decision_function(rows)], axis=1))
        write(folder, f"{name}.label.csv", model.predict(rows).astype(str))
    else:
        write(folder, f"{name}.expected.csv", model.predict(rows))
    if type(model).__name__.startswith(("GradientBoostingClassifier", "HistGradientBoostingClassifier")):
        write(folder, f"{name}.margin.csv", model.decision_function(rows))
    if hasattr(model, "apply"):
        write(folder, f"{name}.leaf.csv", np.asarray(model.apply(rows)).astype(int).reshape(len(rows), -1))
