"""What a Python user would write: FastAPI in front of a scikit-learn model."""
import os
import pickle

import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel

with open(os.environ["MODEL"], "rb") as f:
    model = pickle.load(f)
app = FastAPI()


class Tensor(BaseModel):
    name: str
    shape: list[int]
    datatype: str
    data: list[float]


class Infer(BaseModel):
    inputs: list[Tensor]


@app.post("/v2/models/bench/infer")
def infer(request: Infer):
    tensor = request.inputs[0]
    rows = np.asarray(tensor.data, dtype=np.float32).reshape(tensor.shape)
    scores = model.predict_proba(rows)[:, 1]
    return {"model_name": "bench", "outputs": [{"name": "prediction", "shape": [len(scores)], "datatype": "FP32", "data": scores.tolist()}]}
