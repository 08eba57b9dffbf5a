"""Compares the linear probe with scikit-learn's LogisticRegression on the same features: accuracy in percent on the
same queries, for given C and for the whole search of C, on random features and, where asked, on those of real pictures.
The peer gets the features in double. Far from convergence (large C) its own answer depends on the order of the rows:
where it differs from itself by more than the limit when they are reversed, or where the difference is a single query,
it is printed but does not count.

    python3 tests/adapt/sklearn_check.py build/release/tests/adapt_tool
    python3 tests/adapt/sklearn_check.py build/release/tests/adapt_tool --lixp build/release/bin/lixp \\
        --checkpoint models/siglip-tiny-emoji --folder FOLDER   # with labels.tsv: image, label, split

Ends with 1 where a difference is above 0.2 points. Needs numpy and scikit-learn, and ends with a line where they are
absent. Thread counts are the environment's (OMP_NUM_THREADS).
"""
import argparse
import csv
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import time
import warnings

try:
    import numpy as np
    from sklearn.linear_model import LogisticRegression
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(0)

LIMIT = 0.2  # points
DECADES = [1e6, 1e4, 1e2, 1.0, 1e-2, 1e-4, 1e-6]


class Task:
    def __init__(self, name, support, validation, queries):
        self.name = name
        (self.x, self.y), (self.v, self.vy), (self.q, self.qy) = support, validation, queries
        self.classes = int(self.y.max()) + 1

    def write(self, path):
        rows = [self.x, self.v, self.q]
        with open(path, "wb") as file:
            file.write(struct.pack("<7i", self.classes, self.x.shape[1], len(self.x), len(self.v), 0, len(self.q), 100))
            for labels in (self.y, self.vy):
                file.write(labels.astype("<i4").tobytes())
            for block in rows:
                file.write(block.astype("<f4").tobytes())

    def accuracy(self, scores):
        return 100.0 * float((scores.argmax(1) == self.qy).mean())


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def random_task(classes, shots, width, spread, seed, queries=4000):
    """Classes around random centres that share a large common part, as features of a tower do."""
    rng = np.random.default_rng(seed)
    centres = unit(rng.normal(size=(classes, width)) + 2.0 * rng.normal(size=(1, width)))
    scales = 1.0 / np.sqrt(1.0 + np.arange(width))  # a falling spectrum
    rotation = np.linalg.qr(rng.normal(size=(width, width)))[0]

    def draw(n):
        labels = np.arange(n) % classes
        noise = (rng.normal(size=(n, width)) * scales) @ rotation
        return unit(centres[labels] + spread * noise), labels

    return Task(f"random {classes} x {shots} x {width}", draw(classes * shots), draw(classes * min(shots, 4)),
                draw(queries))


def real_task(features, shots, seed):
    name, x, y, split = features
    rng = np.random.default_rng(seed)
    support, validation = [], []
    for c in range(int(y.max()) + 1):
        order = rng.permutation(np.flatnonzero((split == "train") & (y == c)))
        support += list(order[:shots])
        validation += list(order[shots:shots + min(shots, 4)])
    test = np.flatnonzero(split == "test")
    return Task(f"{name} {shots} shots", *((x[i], y[i]) for i in (support, validation, test)))


def embedded(arguments, folder, scratch):
    """Unit features of at most 100 train and 300 test pictures a class."""
    root = pathlib.Path(folder)
    seen, kept = {}, []
    with open(root / "labels.tsv", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            key = (row["label"], row["split"])
            seen[key] = seen.get(key, 0) + 1
            if seen[key] <= {"train": 100, "test": 300}.get(row["split"], 0):
                kept.append(row)
    blocks = []
    for first in range(0, len(kept), 1000):
        out = pathlib.Path(scratch) / f"{root.name}-{first}.safetensors"
        subprocess.run([arguments.lixp, "embed", arguments.checkpoint, "--out", out, "--images",
                        *(root / row["image"] for row in kept[first:first + 1000])], check=True, capture_output=True)
        data = out.read_bytes()
        size = struct.unpack("<Q", data[:8])[0]
        entry = json.loads(data[8:8 + size])["image_embeds"]
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        blocks.append(np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]))
    labels = sorted({row["label"] for row in kept})
    return (root.name, unit(np.concatenate(blocks)), np.array([labels.index(row["label"]) for row in kept]),
            np.array([row["split"] for row in kept]))


def ours(tool, task, path, *settings):
    task.write(path)
    run = subprocess.run([tool, "linear-probe", path, str(path) + ".out", *settings], check=True, capture_output=True,
                         text=True)
    found = dict(line.split("\t", 1) for line in run.stdout.splitlines())
    return np.fromfile(str(path) + ".out", "<f4").reshape(-1, task.classes), found


def scores(model, rows):
    out = model.decision_function(rows)
    return np.stack([-out, out], 1) if out.ndim == 1 else out


def fitted(task, c, step=1):
    """scikit-learn with its defaults, on the rows as they are or (step -1) reversed."""
    return LogisticRegression(C=c, max_iter=1000).fit(task.x[::step].astype(np.float64), task.y[::step])


def searched(task, step=1):
    """CoOp's search with scikit-learn's defaults."""
    known = {}

    def at(c):
        key = round(float(np.log10(c)), 9)
        if key not in known:
            model = fitted(task, c, step)
            known[key] = model, int((scores(model, task.v).argmax(1) == task.vy).sum())
        return known[key]

    best = DECADES[int(np.argmax([at(c)[1] for c in DECADES]))]
    low, high = 0.1 * best, 10.0 * best
    for _ in range(8):
        middle = 10.0 ** (0.5 * (np.log10(low) + np.log10(high)))
        if at(low)[1] < at(high)[1]:
            best, low = high, middle
        else:
            best, high = low, middle
    return at(best)[0]


def counted(task, mine, peer, again):
    """The difference, or 0 with a remark where it is one query, or where the peer does not agree with itself."""
    if abs(peer - again) > LIMIT:
        return 0.0, f"   peer reversed {again:.2f}: not counted"
    if LIMIT < abs(mine - peer) <= 100.0001 / len(task.qy):
        return 0.0, "   one query: not counted"
    return abs(mine - peer), ""


def compare(tool, task, path):
    worst = 0.0
    for c in [0.01, 1.0, 100.0, 1e4]:
        mine, found = ours(tool, task, path, f"c={c:g}")
        model = fitted(task, c)
        values = [task.accuracy(rows) for rows in (mine, scores(model, task.q), scores(fitted(task, c, -1), task.q))]
        difference, remark = counted(task, *values)
        worst = max(worst, difference)
        print(f"{task.name:26} C {c:<9g} {values[0]:6.2f} peer {values[1]:6.2f}   iterations "
              f"{found['iterations']:>4} peer {model.n_iter_[0]:>4}{remark}", flush=True)
    mine, found = ours(tool, task, path)
    begin = time.perf_counter()
    model = searched(task)
    seconds = time.perf_counter() - begin
    values = [task.accuracy(rows) for rows in (mine, scores(model, task.q), scores(searched(task, -1), task.q))]
    difference, remark = counted(task, *values)
    print(f"{task.name:26} searched    {values[0]:6.2f} peer {values[1]:6.2f}   C {float(found['c']):.4g} peer "
          f"{model.C:.4g}   {float(found['seconds_fit']):.2f} s peer {seconds:.2f} s{remark}", flush=True)
    return max(worst, difference)


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--lixp")
    parser.add_argument("--checkpoint")
    parser.add_argument("--folder", action="append", default=[])
    return parser


def main():
    arguments = options().parse_args()
    warnings.filterwarnings("ignore")  # of scikit-learn, about most iterations
    worst = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch) / "task"
        for number, (classes, shots, width, spread) in enumerate(
                [(2, 16, 64, 1.0), (10, 4, 96, 0.8), (20, 16, 256, 0.8), (100, 16, 512, 0.6)]):
            worst = max(worst, compare(arguments.tool, random_task(classes, shots, width, spread, number), path))
        for folder in arguments.folder:
            features = embedded(arguments, folder, scratch)
            for shots in (1, 4, 16):
                worst = max(worst, compare(arguments.tool, real_task(features, shots, shots), path))
    print(f"largest difference {worst:.2f} points, allowed {LIMIT}")
    return 1 if worst > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
