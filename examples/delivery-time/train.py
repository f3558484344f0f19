#!/usr/bin/python3
"""Makes delivery data with a seed, trains the delivery-time model on it and writes the package that the use case serves.

    /usr/bin/python3 examples/delivery-time/train.py

Needs Debian's python3-xgboost and python3-pandas.
"""
import json
import os

import numpy as np
import pandas as pd
import xgboost as xgb

here = os.path.dirname(os.path.abspath(__file__))
package = os.path.join(here, "package")
rng = np.random.default_rng(2026)
count = 8000

rows = pd.DataFrame({
    "distance": np.round(rng.gamma(2.0, 3.0, count), 1),
    "parcels": rng.integers(1, 12, count),
    "hour": rng.integers(7, 21, count),
    "weather": rng.choice(["dry", "rain", "snow"], count, p=[0.7, 0.25, 0.05]),
})
slow = rows["weather"].map({"dry": 1.0, "rain": 1.25, "snow": 1.8})
rush = 1 + 0.35 * (rows["hour"].isin([8, 9, 16, 17, 18]))
minutes = 4 + rows["distance"] * 2.4 * slow * rush + rows["parcels"] * 0.8 + rng.normal(0, 1.5, count)

features = pd.DataFrame({
    "distance": rows["distance"].clip(0, 40), "parcels": rows["parcels"].astype(float),
    "rush_hour": rows["hour"].isin([8, 9, 16, 17, 18]).astype(float),
    **{"weather_" + w: (rows["weather"] == w).astype(float) for w in ["dry", "rain", "snow"]},
})
cut = int(count * 0.8)
model = xgb.train(dict(objective="reg:squarederror", max_depth=4, eta=0.2, seed=1, nthread=2),
                  xgb.DMatrix(features[:cut], minutes[:cut]), num_boost_round=60)


def tensors(frame):
    """Columns as Open Inference Protocol tensors."""
    return [{"name": c, "shape": [len(frame)], "datatype": "FP32", "data": [float(str(np.float32(v))) for v in frame[c]]} for c in frame.columns]


os.makedirs(os.path.join(package, "recorded"), exist_ok=True)
model.save_model(os.path.join(package, "model.json"))
recorded = features[cut:cut + 100]
with open(os.path.join(package, "recorded", "holdout.json"), "w") as f:
    json.dump({"inputs": tensors(recorded), "outputs": [
        {"name": "prediction", "shape": [100], "datatype": "FP32", "data": [float(str(p)) for p in model.predict(xgb.DMatrix(recorded))]}]}, f)
with open(os.path.join(package, "reference.json"), "w") as f:
    json.dump({"inputs": tensors(features[:cut].sample(800, random_state=1))}, f, separators=(",", ":"))
with open(os.path.join(package, "model.yaml"), "w") as f:
    f.write(f"""# Minutes until a delivery is made.
name: delivery-time
artifact: model.json
runtime: trees
lineage:
  data: 8,000 deliveries made with seed 2026, first 80 %
  code: examples/delivery-time/train.py
  trainer: xgboost {xgb.__version__}
""")
recorded[:20].to_csv(os.path.join(here, "prepared.csv"), index=False)
error = np.abs(model.predict(xgb.DMatrix(features[cut:])) - minutes[cut:]).mean()
print(f"package written; mean absolute error on held-out rows: {error:.2f} minutes")
