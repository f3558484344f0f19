#!/usr/bin/python3
"""Makes the golden Treelite checkpoints beside this file: model, input rows, expected predictions.

Treelite cannot be installed where this was written, so its checkpoints are written here, from its documentation of the format ("Treelite
Serialization Format v3", "… v4"). Models of XGBoost 1.7.4 and scikit-learn 1.2.1 (Debian's python3-xgboost, python3-sklearn) are laid out as Treelite's
importers lay them out, and the expected predictions are those libraries' own. The expectations of hand-made trees come from the plain walk below, in the
order of operations of Treelite's reference implementation (GTIL): from zero, tree by tree, divided by the number of trees, then the base scores.

Run it as /usr/bin/python3 make_models.py; it overwrites golden/. Numbers are written so that they read back to the same float.
"""
import json
import math
import os
import shutil
import struct

import numpy as np
import xgboost as xgb
from sklearn.ensemble import GradientBoostingClassifier, IsolationForest, RandomForestClassifier, RandomForestRegressor
from sklearn.ensemble._iforest import _average_path_length

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "golden")
ROWS = 24
EQ, LT, LE, GT, GE = 1, 2, 3, 4, 5
BINARY, REGRESSOR, MULTICLASS, RANK, ISOLATION = range(5)


class Leaf:
    def __init__(self, value=None, vector=None):
        self.value, self.vector = value, vector
        self.stats = {}


class Test:
    def __init__(self, feature, op, threshold, left, right, default_left):
        self.feature, self.op, self.threshold, self.left, self.right, self.default_left = feature, op, threshold, left, right, default_left
        self.categories, self.categories_go_right = None, False
        self.stats = {}


def category_test(feature, categories, go_right, left, right, default_left):
    node = Test(feature, 0, 0.0, left, right, default_left)
    node.categories, node.categories_go_right = categories, go_right
    return node


class Model:
    """What a checkpoint holds. trees: roots; targets and classes: one number per tree, -1 for all."""

    def __init__(self, name, float32, features, task, trees, postprocessor, classes=(1,), leaf_shape=(1, 1), targets=None, class_ids=None,
                 average=False, base=None, alpha=1.0, ratio=1.0):
        self.name, self.float32, self.features, self.task, self.trees, self.postprocessor = name, float32, features, task, trees, postprocessor
        self.classes, self.leaf_shape, self.average, self.alpha, self.ratio = list(classes), list(leaf_shape), average, alpha, ratio
        self.targets = targets if targets is not None else [0] * len(trees)
        self.class_ids = class_ids if class_ids is not None else [0] * len(trees)
        self.base = base if base is not None else [0.0] * (len(self.classes) * max(self.classes))
        self.dtype = np.float32 if float32 else np.float64


def flatten(root):
    """Nodes in breadth-first order, with the numbers of their children."""
    nodes, children = [root], []
    for node in nodes:
        if isinstance(node, Leaf):
            children.append((-1, -1))
        else:
            children.append((len(nodes), len(nodes) + 1))
            nodes += [node.left, node.right]
    return nodes, children


def array(code, values):
    values = list(values)
    return struct.pack("<Q", len(values)) + struct.pack(f"<{len(values)}{code}", *values)


def text(s):
    return array("B", s.encode())


def optional_field(name, values):
    return text(name) + struct.pack("<Q", 8) + array("d", values)


def version4(model, optional=False):
    number, kind = ("f", 2) if model.float32 else ("d", 3)
    out = struct.pack("<iiiBBQiBBI", 4, 1, 2, kind, kind, len(model.trees), model.features, model.task, model.average, len(model.classes))
    out += array("i", model.classes) + array("i", model.leaf_shape) + array("i", model.targets) + array("i", model.class_ids)
    out += text(model.postprocessor) + struct.pack("<ff", model.alpha, model.ratio) + array("d", model.base) + text("{}")
    out += struct.pack("<i", 1) + optional_field("later", [1, 2]) if optional else struct.pack("<i", 0)
    for root in model.trees:
        nodes, children = flatten(root)
        tests = [n if isinstance(n, Test) else None for n in nodes]
        out += struct.pack("<iB", len(nodes), any(t and t.categories for t in tests))
        out += array("b", [0 if t is None else 2 if t.categories is not None else 1 for t in tests])
        out += array("i", [c[0] for c in children]) + array("i", [c[1] for c in children])
        out += array("i", [t.feature if t else -1 for t in tests]) + array("B", [t.default_left if t else 0 for t in tests])
        out += array(number, [0 if t or n.value is None else n.value for n, t in zip(nodes, tests)])
        out += array(number, [t.threshold if t else 0 for t in tests])
        out += array("b", [t.op if t else 0 for t in tests]) + array("B", [t.categories_go_right if t else 0 for t in tests])
        for lists, code in (([n.vector if t is None and n.vector is not None else [] for n, t in zip(nodes, tests)], number), ([t.categories or [] if t else [] for t in tests], "I")):
            ends = np.cumsum([len(x) for x in lists])
            out += array(code, [v for x in lists for v in x]) + array("Q", [e - len(x) for e, x in zip(ends, lists)]) + array("Q", ends)
        for stat, code in (("rows", "Q"), ("hessian", "d"), ("gain", "d")):
            known = [stat in n.stats for n in nodes]
            values = [n.stats.get(stat, 0) for n in nodes] if any(known) else []
            out += array(code, values) + array("B", known if any(known) else [])
        out += struct.pack("<i", 1) + optional_field("tree", [3]) + struct.pack("<i", 1) + optional_field("node", []) if optional else struct.pack("<ii", 0, 0)
    return out


def version3(model):
    """One target; the structures of C++ with their padding."""
    number, kind = ("f", 2) if model.float32 else ("d", 3)
    vectors = model.leaf_shape[1] > 1
    task = 2 if vectors else 1 if model.classes[0] > 1 else 0
    out = struct.pack("<iiiBBQiBB", 3, 9, 1, kind, kind, len(model.trees), model.features, task, model.average)
    out += struct.pack("<BBxxII", 0, task == 1, model.classes[0], model.leaf_shape[1])
    out += struct.pack("<256sfff", model.postprocessor.encode(), model.alpha, model.ratio, model.base[0]) + struct.pack("<i", 0)
    for root in model.trees:
        nodes, children = flatten(root)
        out += struct.pack("<iB", len(nodes), any(isinstance(n, Test) and n.categories is not None for n in nodes)) + struct.pack("<Q", len(nodes))
        for n, (left, right) in zip(nodes, children):
            leaf = isinstance(n, Leaf)
            out += struct.pack("<iiI", left, right, 0 if leaf else n.feature | (n.default_left << 31))
            out += struct.pack("<f" if model.float32 else "<4xd", (n.value or 0) if leaf else n.threshold)
            rows, hessian, gain = (n.stats.get(k) for k in ("rows", "hessian", "gain"))
            out += struct.pack("<Qddbbbbbb2x", rows or 0, hessian or 0, gain or 0, 0 if leaf else 2 if n.categories is not None else 1, 0 if leaf else n.op,
                               rows is not None, hessian is not None, gain is not None, not leaf and n.categories_go_right)
        for lists, code, ends_only in (([n.vector if isinstance(n, Leaf) and n.vector is not None else [] for n in nodes], number, False),
                                       ([n.categories or [] if isinstance(n, Test) else [] for n in nodes], "I", True)):
            ends = np.cumsum([len(x) for x in lists])
            out += array(code, [v for x in lists for v in x])
            out += array("Q", [0, *ends]) if ends_only else array("Q", [e - len(x) for e, x in zip(ends, lists)]) + array("Q", ends)
        out += struct.pack("<ii", 0, 0)
    return out


def goes_left(node, x, dtype):
    if math.isnan(x):
        return node.default_left
    if node.categories is not None:
        matches = x >= 0 and int(x) in node.categories
        return matches != node.categories_go_right
    threshold = dtype(node.threshold)
    return {EQ: x == threshold, LT: x < threshold, LE: x <= threshold, GT: x > threshold, GE: x >= threshold}[node.op]


def margins(model, row):
    out = np.zeros((len(model.classes), max(model.classes)), model.dtype)
    counts = np.zeros(out.shape)
    for root, target, class_id in zip(model.trees, model.targets, model.class_ids):
        node = root
        while isinstance(node, Test):
            node = node.left if goes_left(node, row[node.feature], model.dtype) else node.right
        targets = range(len(model.classes)) if target < 0 else [target]
        values = np.array(node.vector if node.vector is not None else [node.value], model.dtype).reshape(len(targets), -1)
        for i, t in enumerate(targets):
            for j, c in enumerate(range(model.classes[t]) if class_id < 0 else [class_id]):
                out[t, c] += values[i, j]
                counts[t, c] += 1
    if model.average:
        out /= counts.clip(1).astype(model.dtype)
    base = np.array(model.base if len(model.base) > 1 else model.base * out.size).reshape(out.shape)
    return (out + base).astype(model.dtype)


def softmax(m):
    e = np.exp(m - m.max())
    return e / e.sum()


def predict(model, row):
    out = []
    m = margins(model, row)
    for t, k in enumerate(model.classes):
        x = m[t, :k].astype(np.float64)
        alpha, c = np.float64(np.float32(model.alpha)), np.float64(np.float32(model.ratio))
        out += list({
            "identity": lambda: x, "identity_multiclass": lambda: x, "signed_square": lambda: np.copysign(x * x, x), "hinge": lambda: (x > 0) * 1.0,
            "sigmoid": lambda: 1 / (1 + np.exp(-alpha * x)), "multiclass_ova": lambda: 1 / (1 + np.exp(-alpha * x)), "exponential": lambda: np.exp(x),
            "exponential_standard_ratio": lambda: np.exp2(-x / c), "logarithm_one_plus_exp": lambda: np.log1p(np.exp(x)), "softmax": lambda: softmax(x),
            "max_index": lambda: [np.argmax(x)],
        }[model.postprocessor]())
    return out


def number(v):
    return "" if np.isnan(v) else np.format_float_scientific(v, unique=True)


def save(model, rows, expected=None, versions=(4,), optional=False):
    rows = np.asarray(rows, model.dtype)
    if expected is None:
        expected = [predict(model, row) for row in rows]
    expected = np.asarray(expected, model.dtype).reshape(len(rows), -1)
    path = os.path.join(GOLDEN, model.name)
    for version in versions:
        with open(f"{path}.v{version}.tl", "wb") as f:
            f.write(version4(model, optional) if version == 4 else version3(model))
    for what, table in (("input", rows), ("expected", expected)):
        with open(f"{path}.{what}.csv", "w") as f:
            f.writelines(",".join(number(v) for v in row) + "\n" for row in table)


def table(seed, columns=5, missing=0.1, dtype=np.float32):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(ROWS * 8, columns)).astype(dtype)
    x[:, 1] = np.round(x[:, 1] * 2) / 2  # many equal values: thresholds meet data
    if missing:
        x[rng.random(x.shape) < missing] = np.nan
    return x, rng


def random_tree(rng, depth, features, ops, leaf):
    if depth == 0 or rng.random() < 0.1:
        return leaf()
    left, right = (random_tree(rng, depth - 1, features, ops, leaf) for _ in range(2))
    op = int(rng.choice(ops))
    feature = 1 if op == EQ else int(rng.integers(features))
    threshold = float(np.float32(np.round(rng.normal() * 2) / 2 if feature == 1 else rng.normal()))
    return Test(feature, op, threshold, left, right, bool(rng.random() < 0.5))


def from_xgboost(booster):
    """Roots of the trees of a booster, with its statistics."""
    model = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]
    roots = []
    for tree in model["trees"]:
        nodes = []
        for n in reversed(range(len(tree["left_children"]))):
            if tree["left_children"][n] < 0:
                node = Leaf(tree["split_conditions"][n])
            else:
                last = len(tree["left_children"]) - 1
                node = Test(tree["split_indices"][n], LT, tree["split_conditions"][n], nodes[last - tree["left_children"][n]], nodes[last - tree["right_children"][n]],
                            bool(tree["default_left"][n]))
                node.stats["gain"] = tree["loss_changes"][n]
            node.stats["hessian"] = tree["sum_hessian"][n]
            nodes.append(node)
        roots.append(nodes[-1])
    return roots, model["tree_info"]


def xgboost_models():
    x, rng = table(1)
    signal = np.nan_to_num(x[:, 0]) * 2 + np.nan_to_num(x[:, 3] * x[:, 4])
    params = {"max_depth": 3, "eta": 0.4, "nthread": 1}
    for name, objective, y, postprocessor, base, classes in (
            ("xgboost-regression", "reg:squarederror", signal, "identity", 0.5, 1), ("xgboost-logistic", "binary:logistic", signal > 0.5, "sigmoid", 0.0, 1),
            ("xgboost-poisson", "count:poisson", np.round(np.exp(signal / 4)), "exponential", math.log(0.5), 1),
            ("xgboost-softprob", "multi:softprob", np.digitize(signal, [-1, 0, 1]), "softmax", 0.5, 4)):
        extra = {"num_class": classes} if classes > 1 else {}
        booster = xgb.train({"objective": objective, **params, **extra}, xgb.DMatrix(x[ROWS:], label=np.asarray(y[ROWS:], float)), 6)
        roots, info = from_xgboost(booster)
        task = MULTICLASS if classes > 1 else BINARY if objective == "binary:logistic" else REGRESSOR
        model = Model(name, True, 5, task, roots, postprocessor, classes=[classes], class_ids=info, base=[float(np.float32(base))] * classes)
        save(model, x[:ROWS], booster.predict(xgb.DMatrix(x[:ROWS])), versions=(3, 4))


def from_sklearn(tree, leaf, node=0):
    if tree.children_left[node] < 0:
        out = Leaf(**leaf(tree, node))
    else:
        out = Test(int(tree.feature[node]), LE, float(tree.threshold[node]), from_sklearn(tree, leaf, tree.children_left[node]),
                   from_sklearn(tree, leaf, tree.children_right[node]), False)
        out.stats["gain"] = float(tree.impurity[node])
    out.stats["rows"] = int(tree.n_node_samples[node])
    return out


def sklearn_models():
    x, rng = table(2, missing=0, dtype=np.float32)
    signal = x[:, 0] * 2 + x[:, 3] * x[:, 4]
    y = np.digitize(signal, [-1, 1])
    train, test = x[ROWS:], x[:ROWS]

    def share(tree, n):
        return {"vector": (tree.value[n][0] / tree.value[n][0].sum()).tolist()}

    forest = RandomForestClassifier(7, max_depth=4, random_state=1).fit(train, y[ROWS:])
    roots = [from_sklearn(e.tree_, share) for e in forest.estimators_]
    save(Model("sklearn-forest", False, 5, MULTICLASS, roots, "identity_multiclass", [3], [1, 3], class_ids=[-1] * 7, average=True), test, forest.predict_proba(test), (3, 4))

    forest = RandomForestRegressor(5, max_depth=4, random_state=2).fit(train, np.column_stack([signal, -x[:, 1], x[:, 2] * 2])[ROWS:])
    roots = [from_sklearn(e.tree_, lambda t, n: {"vector": t.value[n][:, 0].tolist()}) for e in forest.estimators_]
    save(Model("sklearn-multi-target", False, 5, REGRESSOR, roots, "identity", [1, 1, 1], [3, 1], targets=[-1] * 5, average=True), test, forest.predict(test))

    boosting = GradientBoostingClassifier(n_estimators=8, max_depth=3, random_state=3).fit(train, y[ROWS:] > 0)
    roots = [from_sklearn(e[0].tree_, lambda t, n: {"value": float(t.value[n][0, 0]) * boosting.learning_rate}) for e in boosting.estimators_]
    prior = float(boosting.init_.class_prior_[1])
    save(Model("sklearn-boosting", False, 5, BINARY, roots, "sigmoid", base=[math.log(prior / (1 - prior))]), test, boosting.predict_proba(test)[:, 1])

    forest = IsolationForest(n_estimators=10, max_samples=64, random_state=4).fit(train)

    def depth_leaf(tree, n):
        depth = np.zeros(tree.node_count)
        for i in range(tree.node_count):
            if tree.children_left[i] >= 0:
                depth[tree.children_left[i]] = depth[tree.children_right[i]] = depth[i] + 1
        return {"value": float(depth[n] + _average_path_length([tree.n_node_samples[n]])[0])}

    roots = [from_sklearn(e.tree_, depth_leaf) for e in forest.estimators_]
    exact = _average_path_length([64])[0]
    ratio = float(np.float32(exact))  # the checkpoint has room for this only
    scores = np.exp2(np.log2(-forest.score_samples(test)) * exact / ratio)
    save(Model("sklearn-isolation", False, 5, ISOLATION, roots, "exponential_standard_ratio", average=True, ratio=ratio), test, scores)


def hand_made():
    for float32 in (True, False):
        width = "32" if float32 else "64"
        x, rng = table(3, dtype=np.float32 if float32 else np.float64)

        def leaf():
            return Leaf(float(np.float32(rng.normal())))

        def vector(k):
            return lambda: Leaf(vector=[float(np.float32(v)) for v in rng.normal(size=k)])

        def trees(n, leaf=leaf, ops=(LT, LE, GT, GE), depth=4):
            return [random_tree(rng, depth, 5, ops, leaf) for _ in range(n)]

        rows = x[:ROWS]
        save(Model("operators" + width, float32, 5, REGRESSOR, trees(8), "identity", base=[0.25]), rows, versions=(3, 4), optional=True)
        save(Model("equality" + width, float32, 5, REGRESSOR, trees(8, ops=(EQ, EQ, LT, GE)), "identity"), rows)
        save(Model("average" + width, float32, 5, REGRESSOR, trees(7), "identity", average=True, base=[1.5]), rows)
        for postprocessor, alpha in (("signed_square", 1), ("hinge", 1), ("sigmoid", 0.7), ("logarithm_one_plus_exp", 1), ("exponential", 1)):
            save(Model(f"{postprocessor}{width}", float32, 5, BINARY if postprocessor == "sigmoid" else REGRESSOR, trees(3), postprocessor, alpha=alpha), rows)
        save(Model("multiclass_ova" + width, float32, 5, MULTICLASS, trees(6), "multiclass_ova", [3], class_ids=[0, 1, 2] * 2, alpha=1.3), rows, versions=(3, 4))
        save(Model("softmax-leaves" + width, float32, 5, MULTICLASS, trees(4, vector(3)), "softmax", [3], [1, 3], class_ids=[-1] * 4, base=[0.5, 0, -0.5]), rows)
        save(Model("two-targets" + width, float32, 5, MULTICLASS, trees(4, vector(6)), "softmax", [2, 3], [2, 3], [-1] * 4, [-1] * 4, base=[0.1, 0.2, 0, 0.3, 0.4, 0.5]), rows)
        save(Model("target-leaves" + width, float32, 5, MULTICLASS, trees(6, vector(2)), "sigmoid", [3, 3], [2, 1], [-1] * 6, [0, 1, 2] * 2), rows)
        save(Model("class-leaves" + width, float32, 5, MULTICLASS, trees(6, vector(3)), "softmax", [3, 2], [1, 3], [0, 1] * 3, [-1] * 6, average=True), rows)
        save(Model("max_index" + width, float32, 5, MULTICLASS, trees(6), "max_index", [3], class_ids=[0, 1, 2] * 2), rows, versions=(3,))

        codes = rng.integers(0, 12, x.shape).astype(x.dtype)
        codes[rng.random(x.shape) < 0.1] = np.nan
        codes[0], codes[1], codes[2] = -1, 3.7, 1e9
        forest = []
        for _ in range(6):
            node = leaf()
            for _ in range(4):
                node = category_test(int(rng.integers(5)), sorted(rng.choice(12, 5, replace=False).tolist()), bool(rng.random() < 0.5), node, leaf(), bool(rng.random() < 0.5))
            forest.append(node)
        save(Model("categories" + width, float32, 5, REGRESSOR, forest, "identity"), codes[:ROWS], versions=(3, 4))


def main():
    shutil.rmtree(GOLDEN, ignore_errors=True)
    os.makedirs(GOLDEN)
    xgboost_models()
    sklearn_models()
    hand_made()


if __name__ == "__main__":
    main()
