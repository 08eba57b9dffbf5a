#!/usr/bin/env python3
"""Others on the numbers of adapt_bench.cpp: faiss for neighbours, vectorised NumPy for Tip-Adapter and its search.

Usage: peer_adapt.py knn|tip|search FOLDER   (after lix_adapt_bench of the same name and folder; needs numpy, faiss-cpu)
"""
import sys
import time
from pathlib import Path

try:
    import numpy as np
except ImportError:
    sys.exit("peer_adapt.py: NumPy is not installed; no ratio.")

COLUMNS = 512


def rows(folder, name, count=None):
    return np.fromfile(folder / name, np.float32).reshape(-1, COLUMNS)[:count]


def ours(folder, name):
    cpu, wall, *rest = (folder / name).read_text().split()
    return float(cpu), float(wall), rest


def timed(what, work):
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"{what:46s} {cpu:9.3f} s CPU {wall:9.3f} s wall")
    return result, cpu, wall


def ratio(folder, name, cpu, wall):
    our_cpu, our_wall, _ = ours(folder, name)
    print(f"  ours is {cpu / our_cpu:.2f} x as fast in CPU seconds, {wall / our_wall:.2f} x in wall seconds")


def knn(folder):
    try:
        import faiss
    except ImportError:
        sys.exit("peer_adapt.py: faiss is not installed; no ratio.")
    queries, keys = rows(folder, "queries.f32"), rows(folder, "keys.f32")

    def search():
        index = faiss.IndexFlatIP(COLUMNS)
        index.add(keys)
        return index.search(queries, 16)[1]

    theirs, cpu, wall = timed(f"faiss {faiss.__version__} IndexFlatIP, 16 neighbours", search)
    mine = np.fromfile(folder / "neighbours.u32", np.uint32).reshape(theirs.shape).astype(np.int64)
    differ = np.argwhere(mine != theirs)
    exact = lambda q, k: np.einsum("nd,nd->n", queries[q].astype(np.float64), keys[k].astype(np.float64))
    where = tuple(differ.T)
    gap = np.abs(exact(where[0], mine[where]) - exact(where[0], theirs[where])) if len(differ) else np.zeros(1)
    print(f"  {len(differ)} of {mine.size} places differ; largest difference of their exact products {gap.max():.1e}")
    ratio(folder, "knn.txt", cpu, wall)


def tip(folder):
    part = 5000
    queries, keys, text = rows(folder, "queries.f32", part), rows(folder, "keys.f32"), rows(folder, "text.f32")
    onehot = np.eye(1000, dtype=np.float32)[np.arange(len(keys)) % 1000]

    def logits():
        out = []
        for first in range(0, part, 1000):
            block = queries[first:first + 1000]
            affinity = np.exp(np.float32(5.5) * (block @ keys.T - 1))
            out.append(100 * block @ text.T + np.float32(1.17) * (affinity @ onehot))
        return np.concatenate(out)

    theirs, cpu, wall = timed(f"NumPy {np.__version__}, Tip-Adapter, a tenth of the queries", logits)
    mine = np.fromfile(folder / "tip_logits.f32", np.float32).reshape(100, 1000)
    print(f"  largest difference of logits {np.abs(mine - theirs[:100]).max():.1e}; the ratio is for all queries")
    ratio(folder, "tip.txt", cpu * 10, wall * 10)


def search(folder):
    support, validation = rows(folder, "support.f32"), rows(folder, "validation.f32")
    text = rows(folder, "search_text.f32")
    onehot = np.eye(1000, dtype=np.float32)[np.arange(len(support)) % 1000]
    labels = np.arange(len(validation)) % 1000

    def run():
        best = (-1, 0.0, 0.0)
        affinity = validation @ support.T
        zero_shot = 10 * validation @ text.T
        for b in range(200):
            beta = b * (7 - 0.1) / 200 + 0.1
            cache = np.exp(np.float32(beta) * (affinity - 1)) @ onehot
            for a in range(20):
                alpha = a * (3 - 0.1) / 20 + 0.1
                right = int(((zero_shot + np.float32(alpha) * cache).argmax(1) == labels).sum())
                best = max(best, (right, -b, -a))
        return best

    (right, b, a), cpu, wall = timed(f"NumPy {np.__version__}, search of 200 x 20", run)
    alpha, beta = -a * 2.9 / 20 + 0.1, -b * 6.9 / 200 + 0.1
    _, _, rest = ours(folder, "search.txt")
    print(f"  alpha, beta, accuracy: {alpha:.9g} {beta:.9g} {right / len(labels):.9g}; ours: {' '.join(rest)}")
    ratio(folder, "search.txt", cpu, wall)


if __name__ == "__main__":
    {"knn": knn, "tip": tip, "search": search}[sys.argv[1]](Path(sys.argv[2]))
