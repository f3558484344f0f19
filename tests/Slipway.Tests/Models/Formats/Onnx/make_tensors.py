#!/usr/bin/python3
"""Writes one TensorProto of each element type and layout into fixtures/, with its values in fixtures/expected.tsv. Needs Debian's python3-onnx."""
import os
import numpy as np
from onnx import TensorProto as T, helper as h, numpy_helper

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
os.makedirs(here, exist_ok=True)
rows = []


def save(name, tensor, kind, values):
    with open(os.path.join(here, name + ".pb"), "wb") as f:
        f.write(tensor.SerializeToString())
    rows.append("\t".join([name, kind, ",".join(map(str, tensor.dims)), "|".join(map(str, values))]))


numbers = {
    "FP32": (T.FLOAT, np.float32, [1.5, -0.1, 3.4028235e38, 1e-45, 0.0, 7.0]),
    "FP64": (T.DOUBLE, np.float64, [1.5, -0.1, 1.7976931348623157e308, 5e-324, 0.0, 7.0]),
    "FP16": (T.FLOAT16, np.float16, [1.5, -0.5, 65504.0, 6e-08, 0.0, 7.0]),
    "INT8": (T.INT8, np.int8, [-128, 127, -1, 0, 1, 2]),
    "INT16": (T.INT16, np.int16, [-32768, 32767, -1, 0, 1, 2]),
    "INT32": (T.INT32, np.int32, [-2147483648, 2147483647, -1, 0, 1, 2]),
    "INT64": (T.INT64, np.int64, [-9223372036854775808, 9223372036854775807, -1, 0, 1, 2]),
    "UINT8": (T.UINT8, np.uint8, [0, 255, 1, 2, 3, 4]),
    "UINT16": (T.UINT16, np.uint16, [0, 65535, 1, 2, 3, 4]),
    "UINT32": (T.UINT32, np.uint32, [0, 4294967295, 1, 2, 3, 4]),
    "UINT64": (T.UINT64, np.uint64, [0, 18446744073709551615, 1, 2, 3, 4]),
    "BOOL": (T.BOOL, np.bool_, [True, False, True, True, False, False]),
}
for kind, (onnx_type, dtype, values) in numbers.items():
    array = np.array(values, dtype=dtype).reshape(2, 3)
    shown = [repr(float(v)) if np.issubdtype(dtype, np.floating) else int(v) for v in array.ravel()]
    save(kind.lower() + "-raw", numpy_helper.from_array(array, "t"), kind, shown)
    save(kind.lower() + "-typed", h.make_tensor("t", onnx_type, [2, 3], array.ravel()), kind, shown)

bf16 = [1.5, -2.0, 3.3895313892515355e38, 0.0, 0.0078125, 7.0]
save("bf16-typed", h.make_tensor("t", T.BFLOAT16, [2, 3], bf16), "BF16", [repr(v) for v in bf16])
bits = (np.array(bf16, dtype=np.float32).view(np.uint32) >> 16).astype(np.uint16)
save("bf16-raw", h.make_tensor("t", T.BFLOAT16, [2, 3], bits.tobytes(), raw=True), "BF16", [repr(v) for v in bf16])
text = ["a", "", "grüß dich", "d", "e", "f"]
save("bytes-typed", h.make_tensor("t", T.STRING, [2, 3], [t.encode() for t in text]), "BYTES", text)
save("scalar", h.make_tensor("t", T.FLOAT, [], [2.5]), "FP32", [2.5])
save("empty", numpy_helper.from_array(np.zeros((0, 3), dtype=np.int64), "t"), "INT64", [])
with open(os.path.join(here, "expected.tsv"), "w") as f:
    f.write("\n".join(rows) + "\n")
