#!/usr/bin/python3
"""Trains XGBoost on the first 70 % of two real tables and writes, for each, what a use case needs and what it must answer:

    train.py CORPUS TARGET     ->  TARGET/{ai4i,bikes}/{package/,rows/rows.csv,expected.csv}

`prepare_*` do in pandas what the use case files beside this script do under `prepare:`. The remaining rows are copied as they stand in the table.
Needs Debian's python3-xgboost and python3-pandas.
"""
import json
import os
import sys

import numpy as np
import pandas as pd
import xgboost as xgb

corpus, target = sys.argv[1:]


def one_hot(out, column, values, prefix):
    for value in values:
        out[f"{prefix}{value}"] = (column == value).astype(float)


def prepare_ai4i(rows):
    out = pd.DataFrame({"air": rows["Air temperature [K]"], "process": rows["Process temperature [K]"], "speed": rows["Rotational speed [rpm]"], "wear": rows["Tool wear [min]"]})
    torque = rows["Torque [Nm]"]
    out["heat"] = out["process"] - out["air"]
    out["power"] = torque * out["speed"] * 0.104719755
    out["strain"] = torque * out["wear"]
    out["torque"] = (torque - 39.98) / 9.97
    one_hot(out, rows["Type"], "LMH", "type_")
    return out


def prepare_bikes(rows):
    out = rows[["yr", "mnth", "hr", "holiday", "weekday", "workingday", "temp", "atemp"]].astype(float)
    out["hum"] = (rows["hum"] * 100 - 0) / (100 - 0)
    out["windspeed"] = rows["windspeed"].clip(0, 0.6)
    out["commute"] = ((rows["workingday"] == 1) & rows["hr"].isin([7, 8, 17, 18])).astype(float)
    out["discomfort"] = abs(rows["atemp"] - 0.6) * rows["hum"]
    one_hot(out, rows["season"], [1, 2, 3, 4], "season_")
    one_hot(out, rows["weathersit"], [1, 2, 3, 4], "weather_")
    return out


def tensor(name, values):
    return {"name": name, "shape": [len(values)], "datatype": "FP32", "data": [float(str(np.float32(v))) for v in values]}


def write(name, table, prepare, label, parameters):
    rows = pd.read_csv(table, encoding="utf-8-sig")
    cut = int(len(rows) * 0.7)
    features, labels = prepare(rows), rows[label]
    model = xgb.train(dict(parameters, seed=1, nthread=2), xgb.DMatrix(features[:cut], labels[:cut]), num_boost_round=100)
    predictions = model.predict(xgb.DMatrix(features[cut:]))

    folder = os.path.join(target, name)
    for part in ["package/recorded", "rows"]:
        os.makedirs(os.path.join(folder, part))
    model.save_model(os.path.join(folder, "package", "model.json"))
    recorded = features[cut:cut + 50]
    with open(os.path.join(folder, "package", "recorded", "rows.json"), "w") as f:
        json.dump({"inputs": [tensor(c, recorded[c]) for c in recorded.columns], "outputs": [tensor("prediction", predictions[:50])]}, f)
    with open(table, encoding="utf-8", newline="") as f:
        lines = f.readlines()
    with open(os.path.join(folder, "rows", "rows.csv"), "w", encoding="utf-8", newline="") as f:
        f.writelines(lines[:1] + lines[1 + cut:])
    with open(os.path.join(folder, "expected.csv"), "w") as f:
        f.writelines(f"{p}\n" for p in predictions)
    print(name, len(predictions))


write("ai4i", os.path.join(corpus, "ai4i2020", "ai4i2020.csv"), prepare_ai4i, "Machine failure", {"objective": "binary:logistic", "max_depth": 6, "eta": 0.2})
write("bikes", os.path.join(corpus, "bike_sharing", "hour.csv"), prepare_bikes, "cnt", {"objective": "reg:squarederror", "max_depth": 8, "eta": 0.15})
