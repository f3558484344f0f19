#!/usr/bin/python3
"""Writes the small ONNX models that these tests run, into fixtures/. Needs Debian's python3-onnx."""
import os
import numpy as np
import onnx
from onnx import TensorProto as T, helper as h, numpy_helper

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
os.makedirs(here, exist_ok=True)


def save(name, nodes, inputs, outputs, initializers=(), opsets=(("", 13),)):
    graph = h.make_graph(nodes, name, inputs, outputs, list(initializers))
    model = h.make_model(graph, producer_name="slipway-tests", opset_imports=[h.make_opsetid(d, v) for d, v in opsets])
    model.ir_version = 7
    onnx.checker.check_model(model)
    onnx.save(model, os.path.join(here, name + ".onnx"))


rng = np.random.default_rng(7)
w = numpy_helper.from_array(rng.normal(size=(4, 2)).astype(np.float32), "w")
b = numpy_helper.from_array(rng.normal(size=(2,)).astype(np.float32), "b")
save("linear", [h.make_node("Gemm", ["x", "w", "b"], ["y"])],
     [h.make_tensor_value_info("x", T.FLOAT, ["rows", 4])], [h.make_tensor_value_info("y", T.FLOAT, ["rows", 2])], [w, b])

kinds = dict(float=T.FLOAT, double=T.DOUBLE, half=T.FLOAT16, int8=T.INT8, int16=T.INT16, int32=T.INT32, int64=T.INT64,
             uint8=T.UINT8, uint16=T.UINT16, uint32=T.UINT32, uint64=T.UINT64, bool=T.BOOL, string=T.STRING)
save("identities", [h.make_node("Identity", [k], [k + "_out"]) for k in kinds],
     [h.make_tensor_value_info(k, t, ["n"]) for k, t in kinds.items()],
     [h.make_tensor_value_info(k + "_out", t, ["n"]) for k, t in kinds.items()])

probabilities = onnx.ValueInfoProto(name="probabilities")
label_to_score = probabilities.type.sequence_type.elem_type.map_type
label_to_score.key_type = T.INT64
label_to_score.value_type.tensor_type.elem_type = T.FLOAT
save("zipmap", [h.make_node("LinearClassifier", ["x"], ["label", "scores"], domain="ai.onnx.ml", coefficients=[1.0, 2.0, -1.0, 0.5, 0.0, 1.0],
                            intercepts=[0.1, 0.2, 0.3], classlabels_ints=[10, 20, 30], multi_class=1, post_transform="SOFTMAX"),
                h.make_node("ZipMap", ["scores"], ["probabilities"], domain="ai.onnx.ml", classlabels_int64s=[10, 20, 30])],
     [h.make_tensor_value_info("x", T.FLOAT, ["rows", 2])],
     [h.make_tensor_value_info("label", T.INT64, ["rows"]),
      probabilities],
     opsets=(("", 13), ("ai.onnx.ml", 2)))
