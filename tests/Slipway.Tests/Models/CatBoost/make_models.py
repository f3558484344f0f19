#!/usr/bin/python3
"""Makes the models in golden/ and computes what they answer, row by row and in the plainest way, from CatBoost's description of its formats.

CatBoost itself does not install where this was made; this shares no code with the reader under test. Run with Debian's python3 and python3-flatbuffers:
    ./make_models.py golden
For each model: NAME.cbm, NAME.json (both hold the same), NAME.input.csv and NAME.expected.csv (leaf numbers, raw values, predictions, label).
"""
import json
import math
import os
import random
import struct
import sys

import flatbuffers

MASK = (1 << 64) - 1
BORDERS, BUCKETS, BINARIZED_MEAN, FLOAT_MEAN, COUNTER, FREQUENCY = range(6)
CTR_NAMES = ["Borders", "Buckets", "BinarizedTargetMeanValue", "FloatTargetMeanValue", "Counter", "FeatureFreq"]
NAN_NAMES = ["AsIs", "AsFalse", "AsTrue"]


def f32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


# --- CityHash64 1.0, from the paper trail of its first release ---------------------------------------------------------------------------------------------
K0, K1, K2, K3 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F, 0xC949D7C7509E6557


def rotate(v, n):
    return ((v >> n) | (v << (64 - n))) & MASK if n else v


def word(s, at, size=8):
    return int.from_bytes(s[at:at + size], "little")


def shift_mix(v):
    return v ^ (v >> 47)


def hash_16(u, v):
    m = 0x9DDFEA08EB382D69
    a = ((u ^ v) * m) & MASK
    a ^= a >> 47
    b = ((v ^ a) * m) & MASK
    b ^= b >> 47
    return b * m & MASK


def city_hash(s):
    n = len(s)
    if n == 0:
        return K2
    if n < 4:
        return shift_mix(((s[0] + (s[n >> 1] << 8)) * K2 & MASK) ^ ((n + (s[-1] << 2)) * K3 & MASK)) * K2 & MASK
    if n <= 8:
        return hash_16((n + (word(s, 0, 4) << 3)) & MASK, word(s, n - 4, 4))
    if n <= 16:
        a, b = word(s, 0), word(s, n - 8)
        return hash_16(a, rotate((b + n) & MASK, n)) ^ b
    if n <= 32:
        a, b, c, d = word(s, 0) * K1 & MASK, word(s, 8), word(s, n - 8) * K2 & MASK, word(s, n - 16) * K0 & MASK
        return hash_16((rotate((a - b) & MASK, 43) + rotate(c, 30) + d) & MASK, (a + rotate(b ^ K3, 20) - c + n) & MASK)
    raise ValueError("no category here is longer than 32 bytes")


def category_hash(text):
    h = city_hash(text.encode()) & 0xFFFFFFFF
    return h if h < 1 << 31 else h - (1 << 32)


def combine(h, value):
    m = 0x4906BA494954CB65
    return m * (h + m * (value & MASK)) & MASK


# --- the answer of a model -------------------------------------------------------------------------------------------------------------------------------
def above(feature, value, border):
    if math.isnan(value):
        if feature["has_nans"] and feature["nan"] == 2:
            return math.inf > border
        return False
    return f32(value) > border


def project(model, projection, row):
    cats, floats, one_hots = projection
    h = 0
    for c in cats:
        h = combine(h, category_hash(row["cats"][c]))
    for f, border in floats:
        h = combine(h, int(above(model["floats"][f], row["floats"][f], border)))
    for c, value in one_hots:
        h = combine(h, int(category_hash(row["cats"][c]) == value))
    return h


def ctr_value(model, ctr, row):
    table = model["tables"][ctr["table"]]
    counts = table["counts"].get(project(model, ctr["projection"], row))
    kind = ctr["type"]
    if kind in (COUNTER, FREQUENCY):
        good, total = (counts[0] if counts else 0), table["denominator"]
    elif counts is None:
        good, total = 0, 0
    elif kind in (BINARIZED_MEAN, FLOAT_MEAN):
        good, total = counts
    elif kind == BUCKETS:
        good, total = counts[ctr["target"]], sum(counts)
    elif len(counts) == 2:
        good, total = counts[1], sum(counts)
    else:
        good, total = sum(counts[ctr["target"] + 1:]), sum(counts)
    ratio = f32(f32(f32(good) + ctr["prior"][0]) / f32(f32(total) + ctr["prior"][1]))
    return f32(f32(ratio + ctr["shift"]) * ctr["scale"])


def all_splits(model):
    splits = []
    for i, f in enumerate(model["floats"]):
        splits += [("FloatFeature", i, b) for b in f["borders"]]
    for c, values in model["one_hots"]:
        splits += [("OneHotFeature", c, v) for v in values]
    for i, ctr in enumerate(model["ctrs"]):
        splits += [("OnlineCtr", i, b) for b in ctr["borders"]]
    return splits


def holds(model, split, row):
    kind, feature, value = split
    if kind == "FloatFeature":
        return above(model["floats"][feature], row["floats"][feature], value)
    if kind == "OneHotFeature":
        return category_hash(row["cats"][feature]) == value
    return ctr_value(model, model["ctrs"][feature], row) > value


def walk(model, tree, row):
    """The number of the leaf."""
    splits = all_splits(model)
    if model["symmetric"]:
        return sum(int(holds(model, splits[s], row)) << bit for bit, s in enumerate(tree["splits"]))
    at = 0
    while True:
        node = tree["nodes"][at]
        if node["left"] == 0 and node["right"] == 0:
            return node["leaf"]
        step = node["right"] if holds(model, splits[node["split"]], row) else node["left"]
        if step == 0:
            return node["leaf"]
        at += step


def answer(model, row):
    dims = model["dims"]
    leaves = [walk(model, t, row) for t in model["trees"]]
    raw = []
    for d in range(dims):
        total = 0.0
        for tree, leaf in zip(model["trees"], leaves):
            total += tree["leaves"][leaf][d]
        raw.append(model["scale"] * total + model["bias"][d])
    return leaves, raw, *model["predict"](raw)


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def softmax(raw):
    top = max(raw)
    e = [math.exp(x - top) for x in raw]
    total = 0.0
    for x in e:
        total += x
    return [x / total for x in e]


# --- writing it as JSON ----------------------------------------------------------------------------------------------------------------------------------
def projection_json(model, projection):
    cats, floats, one_hots = projection
    return ([{"cat_feature_index": c, "combination_element": "cat_feature_value"} for c in cats]
            + [{"float_feature_index": f, "border": b, "combination_element": "float_feature"} for f, b in floats]
            + [{"cat_feature_index": c, "value": v, "combination_element": "cat_feature_exact_value"} for c, v in one_hots])


def table_key(model, table):
    return json.dumps({"identifier": projection_json(model, table["projection"]), "type": CTR_NAMES[table["type"]]}, separators=(",", ":"), sort_keys=True)


def split_json(model, number):
    kind, feature, value = all_splits(model)[number]
    split = {"split_index": number, "split_type": kind}
    if kind == "FloatFeature":
        split |= {"float_feature_index": feature, "border": value}
    elif kind == "OneHotFeature":
        split |= {"cat_feature_index": feature, "value": value}
    else:
        split |= {"border": value, "ctr_target_border_idx": model["ctrs"][feature]["target"]}
    return split


def node_json(model, tree, at):
    node = tree["nodes"][at]
    leaf = {"value": tree["leaves"][node["leaf"]] if model["dims"] > 1 else tree["leaves"][node["leaf"]][0], "weight": tree["weights"][node["leaf"]]} if node["leaf"] is not None else None
    if node["left"] == 0 and node["right"] == 0:
        return leaf
    return {"left": node_json(model, tree, at + node["left"]) if node["left"] else leaf,
            "right": node_json(model, tree, at + node["right"]) if node["right"] else leaf,
            "split": split_json(model, node["split"])}


def write_json(model, path):
    floats = [{"borders": f["borders"], "feature_id": f["name"], "feature_index": i, "flat_feature_index": f["flat"], "has_nans": f["has_nans"], "nan_value_treatment": NAN_NAMES[f["nan"]]}
              for i, f in enumerate(model["floats"])]
    one_hots = dict(model["one_hots"])
    cats = [{"feature_id": c["name"], "feature_index": i, "flat_feature_index": c["flat"]} | ({"values": one_hots[i]} if i in one_hots else {}) for i, c in enumerate(model["cats"])]
    ctrs = [{"borders": c["borders"], "ctr_type": CTR_NAMES[c["type"]], "elements": projection_json(model, c["projection"]), "identifier": table_key(model, model["tables"][c["table"]]),
             "prior_denomerator": c["prior"][1], "prior_numerator": c["prior"][0], "scale": c["scale"], "shift": c["shift"], "target_border_idx": c["target"]} for c in model["ctrs"]]
    document = {"features_info": {"float_features": floats} | ({"categorical_features": cats} if cats else {}) | ({"ctrs": ctrs} if ctrs else {}),
                "model_info": {k: v for k, v in model["info"].items()}, "scale_and_bias": [model["scale"], model["bias"]]}
    if model["tables"]:
        document["ctr_data"] = {}
        for table in model["tables"]:
            entries = [str(MASK)] + [0] * len(next(iter(table["counts"].values())))  # CatBoost dumps its free places, too.
            for h, counts in table["counts"].items():
                entries += [str(h), *counts]
            document["ctr_data"][table_key(model, table)] = {"counter_denominator": table["denominator"], "hash_map": entries, "hash_stride": 1 + len(counts)}
    if model["symmetric"]:
        document["oblivious_trees"] = [{"leaf_values": [v for leaf in t["leaves"] for v in leaf], "leaf_weights": t["weights"],
                                        "splits": [split_json(model, s) for s in t["splits"]] or None} for t in model["trees"]]
    else:
        document["trees"] = [node_json(model, t, 0) for t in model["trees"]]
    with open(path, "w") as f:
        json.dump(document, f, sort_keys=True, ensure_ascii=False)
        f.write("\n")


# --- writing it as cbm -----------------------------------------------------------------------------------------------------------------------------------
class Builder:
    """A thin layer over the FlatBuffers builder: tables as lists of (slot, kind, value)."""

    def __init__(self):
        self.b = flatbuffers.Builder(1024)

    def text(self, s):
        return self.b.CreateString(s)

    def raw_vector(self, item, alignment, data):
        self.b.StartVector(item, len(data) // item, alignment)
        for byte in reversed(data):
            self.b.PrependByte(byte)
        return self.b.EndVector()

    def numbers(self, code, values):
        size = struct.calcsize("<" + code)
        return self.raw_vector(size, size, b"".join(struct.pack("<" + code, v) for v in values))

    def offsets(self, values):
        self.b.StartVector(4, len(values), 4)
        for v in reversed(values):
            self.b.PrependUOffsetTRelative(v)
        return self.b.EndVector()

    def table(self, slots, fields):
        self.b.StartObject(slots)
        for slot, kind, value in fields:
            {"offset": lambda: self.b.PrependUOffsetTRelativeSlot(slot, value, 0), "int": lambda: self.b.PrependInt32Slot(slot, value, None), "bool": lambda: self.b.PrependBoolSlot(slot, value, None),
             "byte": lambda: self.b.PrependInt8Slot(slot, value, None), "float": lambda: self.b.PrependFloat32Slot(slot, value, None), "double": lambda: self.b.PrependFloat64Slot(slot, value, None)}[kind]()
        return self.b.EndObject()

    def finish(self, root):
        self.b.Finish(root)
        return bytes(self.b.Output())


def counting(b, projection, kind):
    cats, floats, one_hots = projection
    cat_vector = b.numbers("i", cats)
    float_vector = b.raw_vector(8, 4, b"".join(struct.pack("<if", f, border) for f, border in floats))
    one_hot_vector = b.raw_vector(8, 4, b"".join(struct.pack("<ii", c, v) for c, v in one_hots))
    combination = b.table(3, [(0, "offset", cat_vector), (1, "offset", float_vector), (2, "offset", one_hot_vector)])
    return b.table(3, [(0, "offset", combination), (1, "byte", kind)])


def core(model, rng):
    b = Builder()
    floats = [b.table(6, [(0, "bool", f["has_nans"]), (1, "int", i), (2, "int", f["flat"]), (3, "offset", v), (4, "offset", t), (5, "byte", f["nan"])])
              for i, f in enumerate(model["floats"]) for v in [b.numbers("f", f["borders"])] for t in [b.text(f["name"])]]
    cats = [b.table(4, [(0, "int", i), (1, "int", c["flat"]), (2, "offset", t), (3, "bool", True)]) for i, c in enumerate(model["cats"]) for t in [b.text(c["name"])]]
    one_hots = [b.table(3, [(0, "int", c), (1, "offset", v)]) for c, values in model["one_hots"] for v in [b.numbers("i", values)]]
    ctrs = []
    for c in model["ctrs"]:
        base = counting(b, c["projection"], c["type"])
        ctr = b.table(6, [(0, "offset", base), (1, "int", c["target"]), (2, "float", c["prior"][0]), (3, "float", c["prior"][1]), (4, "float", c["shift"]), (5, "float", c["scale"])])
        borders = b.numbers("f", c["borders"])
        ctrs.append(b.table(2, [(0, "offset", ctr), (1, "offset", borders)]))
    fields = [(0, "int", model["dims"])]
    splits, sizes, starts, steps, leaf_ids, values, weights = [], [], [], [], [], [], []
    for tree in model["trees"]:
        starts.append(len(splits))
        first = len(values)
        values += [v for leaf in tree["leaves"] for v in leaf]
        weights += tree["weights"]
        if model["symmetric"]:
            sizes.append(len(tree["splits"]))
            splits += tree["splits"]
        else:
            sizes.append(len(tree["nodes"]))
            for node in tree["nodes"]:
                splits.append(node["split"] or 0)
                steps.append((node["left"], node["right"]))
                leaf_ids.append(0xFFFFFFFF if node["leaf"] is None else first + node["leaf"] * model["dims"])
    for slot, code, numbers in [(1, "i", splits), (2, "i", sizes), (3, "i", starts), (8, "d", values), (9, "d", weights), (11, "I", leaf_ids), (16, "d", model["bias"])]:
        fields.append((slot, "offset", b.numbers(code, numbers)))
    fields.append((10, "offset", b.raw_vector(4, 2, b"".join(struct.pack("<HH", *s) for s in steps))))
    for slot, tables in [(4, cats), (5, floats), (6, one_hots), (7, ctrs)]:
        fields.append((slot, "offset", b.offsets(tables)))
    if "texts" in model:
        texts = [b.table(4, [(0, "int", 0), (1, "int", len(model["floats"])), (2, "offset", b.text(model["texts"]))])]
        estimated = [b.table(5, [(0, "int", 0), (2, "int", 0), (3, "offset", b.numbers("f", [0.5]))])]
        fields += [(12, "offset", b.offsets(texts)), (13, "offset", b.offsets(estimated))]
    fields.append((14, "double", model["scale"]))
    trees = b.table(19, fields)
    info = [b.table(2, [(0, "offset", k), (1, "offset", v)]) for key, value in sorted(model["info"].items())
            for k in [b.text(key)] for v in [b.text(value if isinstance(value, str) else json.dumps(value))]]
    infos = b.offsets(info)
    version = b.text("FlabuffersModel_v1")
    parts = b.offsets([b.text(part) for part in ["static_provider_v1"] * bool(model["tables"]) + ["text_process_v1"] * ("texts" in model)])
    return b.finish(b.table(4, [(0, "offset", version), (1, "offset", trees), (2, "offset", infos), (3, "offset", parts)]))


def ctr_part(model):
    parts = struct.pack("<I", len(model["tables"]))
    for table in model["tables"]:
        b = Builder()
        size = 2
        while size < 2 * len(table["counts"]):
            size *= 2
        index, blob = [(MASK, 0)] * size, b""
        for number, (h, counts) in enumerate(table["counts"].items()):
            at = h % size
            while index[at][0] != MASK:
                at = (at + 1) % size
            index[at] = (h, number)
            blob += struct.pack("<fi", *counts) if table["type"] in (BINARIZED_MEAN, FLOAT_MEAN) else struct.pack(f"<{len(counts)}i", *counts)
        base = counting(b, table["projection"], table["type"])
        raw = b.raw_vector(1, 1, b"".join(struct.pack("<QI", *e) for e in index))
        data = b.raw_vector(1, 1, blob)
        classes = len(counts) if table["type"] in (BORDERS, BUCKETS) else 0
        message = b.finish(b.table(5, [(0, "offset", base), (1, "offset", raw), (2, "offset", data), (3, "int", table["denominator"]), (4, "int", classes)]))
        parts += struct.pack("<I", len(message)) + message
    return parts


def write_cbm(model, path, rng):
    message = core(model, rng)
    with open(path, "wb") as f:
        f.write(b"CBM1" + struct.pack("<I", len(message)) + message)
        if model["tables"]:
            f.write(ctr_part(model))


# --- making models ---------------------------------------------------------------------------------------------------------------------------------------
CATEGORIES = [["red", "green", "blue", "ultraviolet-b", "", "nan"], [str(i) for i in range(-3, 9)], ["Straße", "naïve café au lait", "東京", "x", "a category of thirty-one bytes"]]


def base(rng, floats, cats, loss, dims, predict, symmetric=True, nan=(0, 1, 2), info=None, scale=1.0, bias=None):
    model = {"floats": [], "cats": [], "one_hots": [], "ctrs": [], "tables": [], "trees": [], "dims": dims, "predict": predict, "symmetric": symmetric, "scale": scale,
             "bias": bias or [0.0] * dims, "info": {"params": {"loss_function": {"type": loss, "params": {}}}, "catboost_version_info": "Branch: tags/v1.2.7\n"} | (info or {})}
    flat = list(range(floats + cats))
    if cats:
        rng.shuffle(flat)
    for i, at in enumerate(sorted(flat[:floats])):
        borders = sorted({f32(rng.gauss(0, 1)) for _ in range(rng.randint(2, 7))}) if i != 2 else []
        model["floats"].append({"borders": borders, "has_nans": i % 4 != 3, "nan": nan[i % len(nan)], "name": f"n{at}" if i % 3 else "", "flat": at})
    for i, at in enumerate(sorted(flat[floats:])):
        model["cats"].append({"name": f"c{at}", "flat": at})
    return model


def add_ctrs(model, rng):
    def table(kind, projection, classes=2):
        counts = {}
        while len(counts) < 24:
            row = random_row(model, rng)
            n = [rng.randint(0, 9) for _ in range(classes)]
            counts.setdefault(project(model, projection, row),
                              [f32(rng.uniform(-3, 9)), rng.randint(1, 9)] if kind in (BINARIZED_MEAN, FLOAT_MEAN) else [rng.randint(1, 20)] if kind in (COUNTER, FREQUENCY) else n)
            if rng.random() < 0.02:
                break
        model["tables"].append({"type": kind, "projection": projection, "counts": counts, "denominator": 57 if kind in (COUNTER, FREQUENCY) else 0})
        return len(model["tables"]) - 1

    def ctr(at, target=0):
        t = model["tables"][at]
        scale, shift = rng.choice([(15.0, 0.0), (1.0, 0.0), (f32(7.3), f32(0.21))])
        model["ctrs"].append({"type": t["type"], "projection": t["projection"], "table": at, "target": target, "prior": (f32(rng.choice([0, 0.5, 1, 0.3])), 1.0), "shift": shift, "scale": scale, "borders": []})

    number = next(i for i, f in enumerate(model["floats"]) if f["nan"] == 2 and f["borders"])
    other = next(i for i, f in enumerate(model["floats"]) if i != number and f["borders"])
    value = model["one_hots"][0][1][0]
    single, pair = ([0], [], []), ([0, 2], [], [])
    mixed = ([1], [(other, model["floats"][other]["borders"][0]), (number, model["floats"][number]["borders"][-1])], [(0, value)])
    for projection in (single, pair, mixed):
        a = table(BORDERS, projection)
        ctr(a)
        ctr(a)
    three = table(BORDERS, single_of(1), 3)
    ctr(three, 0)
    ctr(three, 1)
    buckets = table(BUCKETS, pair, 3)
    for target in range(3):
        ctr(buckets, target)
    for kind, projection in ((BINARIZED_MEAN, single), (FLOAT_MEAN, mixed), (COUNTER, single_of(2)), (FREQUENCY, mixed)):
        ctr(table(kind, projection))
    for c in model["ctrs"]:
        seen = sorted({ctr_value(model, c, random_row(model, rng)) for _ in range(200)})
        picks = rng.sample(seen[:-1], min(3, len(seen) - 1)) if len(seen) > 1 else seen
        c["borders"] = sorted(f32(p + rng.choice([0.0, 1e-4])) for p in picks)


def single_of(c):
    return [c], [], []


def grow(model, rng, trees):
    splits = len(all_splits(model))
    for number in range(trees):
        value = lambda: [rng.gauss(0, 0.3) for _ in range(model["dims"])]
        if model["symmetric"]:
            depth = 0 if number == 3 else rng.randint(1, 6)
            tree = {"splits": [rng.randrange(splits) for _ in range(depth)]}
            leaves = 1 << depth
        else:
            tree = {"nodes": []}
            leaves = grow_node(model, rng, tree["nodes"], splits, 0, 0 if number == 3 else 5)
        tree["leaves"] = [value() for _ in range(leaves)]
        tree["weights"] = [float(rng.randint(1, 40)) for _ in range(leaves)]
        model["trees"].append(tree)


def grow_node(model, rng, nodes, splits, leaves, depth):
    """Appends a subtree; leaves are numbered as they come. A node may be the leaf of one of its sides itself."""
    at = len(nodes)
    node = {"left": 0, "right": 0, "split": None, "leaf": None}
    nodes.append(node)
    if depth == 0 or (depth < 5 and rng.random() < 0.25):
        node["leaf"] = leaves
        return leaves + 1
    node["split"] = rng.randrange(splits)
    missing = rng.choice([None, None, None, "left", "right"])
    for side in ("left", "right"):
        if side == missing:
            node["leaf"] = leaves
            leaves += 1
        else:
            node[side] = len(nodes) - at
            leaves = grow_node(model, rng, nodes, splits, leaves, depth - 1)
    return leaves


def random_row(model, rng):
    floats = []
    for f in model["floats"]:
        pick = rng.random()
        if pick < 0.12:
            floats.append(math.nan)
        elif pick < 0.4 and f["borders"]:
            # At a border, or a little above it: by so little that float32 does not see it, or does.
            border = rng.choice(f["borders"])
            floats.append(border + rng.choice([0, abs(border) * 1e-9, abs(border) * 1e-6, -abs(border) * 1e-6]))
        elif pick < 0.43:
            floats.append(rng.choice([math.inf, -math.inf, 3e38, -3e38]))
        else:
            floats.append(rng.gauss(0, 1.5))
    return {"floats": floats, "cats": [rng.choice(CATEGORIES[i] + ["never seen"] * (i != 1) + ["77"] * (i == 1)) for i in range(len(model["cats"]))]}


def write(model, folder, name, rng, rows=60):
    write_json(model, os.path.join(folder, name + ".json"))
    write_cbm(model, os.path.join(folder, name + ".cbm"), rng)
    features = sorted([(f["flat"], f["name"] or str(f["flat"]), "floats", i) for i, f in enumerate(model["floats"])] + [(c["flat"], c["name"], "cats", i) for i, c in enumerate(model["cats"])])
    data = [random_row(model, rng) for _ in range(rows)]
    with open(os.path.join(folder, name + ".input.csv"), "w") as f:
        f.write(",".join(n for _, n, _, _ in features) + "\n")
        for row in data:
            f.write(",".join(("" if kind == "floats" and math.isnan(row[kind][i]) else str(row[kind][i]).replace("inf", "Infinity")) for _, _, kind, i in features) + "\n")
    with open(os.path.join(folder, name + ".expected.csv"), "w") as f:
        f.write("leaves,raw,predictions,label\n")
        for row in data:
            leaves, raw, predictions, label = answer(model, row)
            f.write(",".join(" ".join(repr(v) for v in part) for part in (leaves, raw, predictions)) + f",{label}\n")


def binary(names, threshold=0.5):
    def predict(raw):
        p = sigmoid(raw[0])
        return [1 - p, p], names[p > threshold]
    return predict


def several(names, probabilities):
    def predict(raw):
        p = probabilities(raw)
        return p, names[p.index(max(p))]
    return predict


def of_some(places, count):
    def probabilities(raw):
        p = softmax(raw)
        return [p[places.index(i)] if i in places else 0.0 for i in range(count)]
    return probabilities


def raw_values(raw):
    return raw, ""


def main(folder):
    os.makedirs(folder, exist_ok=True)
    rng = random.Random(20261121)

    model = base(rng, 6, 0, "RMSE", 1, raw_values, scale=0.75, bias=[0.1])
    grow(model, rng, 14)
    write(model, folder, "rmse", rng)

    model = base(rng, 5, 0, "MultiClass", 3, several(["low", "middle", "high"], softmax), bias=[0.25, -0.5, 0.0],
                 info={"class_params": {"class_label_type": "String", "class_names": ["low", "middle", "high"], "class_to_label": [0, 1, 2], "classes_count": 0}})
    grow(model, rng, 9)
    write(model, folder, "multiclass", rng)

    model = base(rng, 5, 0, "MultiClass", 3, several(["0", "1", "2", "3", "4"], of_some([4, 0, 2], 5)),
                 info={"class_params": {"class_label_type": "Integer", "class_names": [], "class_to_label": [4, 0, 2], "classes_count": 5}})
    grow(model, rng, 7)
    write(model, folder, "multiclass-unseen", rng)

    model = base(rng, 6, 0, "Logloss", 1, binary(["10", "20"], 0.35), symmetric=False,
                 info={"class_params": {"class_label_type": "Integer", "class_names": [10, 20], "class_to_label": [10, 20], "classes_count": 0}, "binclass_probability_threshold": "0.35"})
    grow(model, rng, 8)
    write(model, folder, "asymmetric-logloss", rng)

    model = base(rng, 4, 0, "RMSEWithUncertainty", 2, lambda raw: ([raw[0], math.exp(2 * raw[1])], ""), symmetric=False, bias=[12.5, 0.0])
    grow(model, rng, 6)
    write(model, folder, "asymmetric-uncertainty", rng)

    model = base(rng, 4, 0, "Poisson", 1, lambda raw: ([math.exp(raw[0])], ""))
    grow(model, rng, 6)
    write(model, folder, "poisson", rng)

    model = base(rng, 4, 0, "MultiLogloss", 3, lambda raw: ([sigmoid(x) for x in raw], ""), info={"class_params": {"class_label_type": "String", "class_names": ["a", "b", "c"], "class_to_label": [0, 1, 2], "classes_count": 0}})
    grow(model, rng, 6)
    write(model, folder, "multilabel", rng)

    model = base(rng, 4, 0, "MultiClassOneVsAll", 3, several(["0", "1", "2"], lambda raw: [sigmoid(x) for x in raw]), info={"multiclass_params": {"class_to_label": [0, 1, 2], "classes_count": 0}})
    grow(model, rng, 6)
    write(model, folder, "one-vs-all", rng)

    model = base(rng, 2, 0, "Logloss", 1, binary(["0", "1"]))
    model["texts"] = "review"
    grow(model, rng, 2)
    os.makedirs(os.path.join(folder, "unsupported"), exist_ok=True)
    write_cbm(model, os.path.join(folder, "unsupported", "text.cbm"), rng)

    for name, symmetric in (("categories", True), ("asymmetric-categories", False)):
        model = base(rng, 4, 3, "Logloss", 1, binary(["no", "yes"]), symmetric=symmetric, nan=(2, 0, 1), bias=[-0.125],
                     info={"class_params": {"class_label_type": "String", "class_names": ["no", "yes"], "class_to_label": [0, 1], "classes_count": 0}})
        model["one_hots"] = [(0, [category_hash(c) for c in CATEGORIES[0][1:4]]), (1, [category_hash(c) for c in CATEGORIES[1][::2]])]
        add_ctrs(model, rng)
        grow(model, rng, 24)
        write(model, folder, name, rng, 120)


if __name__ == "__main__":
    main(sys.argv[1])
