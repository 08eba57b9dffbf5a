"""Compares the logits of APE, GDA, ridge and Tip-Adapter-F with other implementations, on random features and, where
asked, on real ones: the formulas of make_frozen.py (NumPy, double), and of Tip-Adapter-F PyTorch's autograd and AdamW.

    python3 tests/adapt/peer_check.py build/release/tests/adapt_tool
        [--lixp LIXP --checkpoint FOLDER --folder FOLDER_WITH_LABELS_TSV ...]

Ends with 1 where a logit differs by more than 1e-5 of the largest one. Ends with a line where numpy or scikit-learn are
absent; leaves Tip-Adapter-F out, with a line, where torch is.
"""
import pathlib
import struct
import subprocess
import sys
import tempfile

import sklearn_check as common

np = common.np
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fixtures" / "adapt"))
import make_frozen as formulas  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

LIMIT = 1e-5
SCALE = 100.0
formulas.SCALE = SCALE


class Task:
    """What the formulas read, from a task of sklearn_check: class means of other pictures stand for the text."""

    def __init__(self, base, seed):
        self.name, self.classes, self.y = base.name, base.classes, base.y
        rng = np.random.default_rng(seed)
        means = np.stack([base.v[base.vy == c].mean(0) for c in range(base.classes)])
        text = common.unit(means + 0.02 * rng.normal(size=means.shape))
        self.s, self.w, self.q = (rows.astype(np.float64) for rows in (base.x, text, base.q[:200]))
        self.onehot = np.eye(self.classes)[self.y]

    def zero_shot(self, f):
        return SCALE * f @ self.w.T

    def write(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<7i", self.classes, self.s.shape[1], len(self.s), 0, len(self.w), len(self.q),
                                   int(SCALE)))
            file.write(self.y.astype("<i4").tobytes())
            for block in (self.s, self.w, self.q):
                file.write(block.astype("<f4").tobytes())


def tip_f(t, alpha, beta, epochs):
    """All of the support in one batch, by autograd and PyTorch's AdamW."""
    tensor = lambda rows: torch.tensor(rows, dtype=torch.float64)
    keys = tensor(t.s).requires_grad_()
    features, zero_shot, onehot, labels = tensor(t.s), tensor(t.zero_shot(t.s)), tensor(t.onehot), torch.tensor(t.y)
    optimiser = torch.optim.AdamW([keys], lr=1e-3, eps=1e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    for _ in range(epochs):
        logits = zero_shot + alpha * (beta * (features @ keys.T - 1)).exp() @ onehot
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(logits, labels).backward()
        optimiser.step()
        schedule.step()
    return formulas.tip(t, t.q, keys.detach().numpy(), alpha, beta)


def peers(t):
    channels = formulas.ape_channels(t, 0.5, 0.7)
    yield "ape", ["q=0.5", "w=0.7", "alpha=2.5", "beta=5.5", "gamma=0.2"], formulas.ape(t, t.q, channels, 2.5, 5.5, 0.2)
    yield "gda", ["alpha=0.1"], formulas.gda(t, t.q, 0.1)
    yield "ridge", [], formulas.ridge(t, t.q, 1024.0)
    if torch:
        batch = f"batch={len(t.s)}"
        yield "tip-adapter-f", [batch, "alpha=3.0", "beta=5.5", "epochs=20"], tip_f(t, 3.0, 5.5, 20)


def main():
    arguments = common.options().parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch) / "task"
        bases = [common.random_task(10, 4, 96, 0.8, 1), common.random_task(20, 16, 64, 0.8, 2)]
        for folder in arguments.folder:
            features = common.embedded(arguments, folder, scratch)
            bases += [common.real_task(features, shots, shots) for shots in (1, 4, 16)]
        for base in bases:
            task = Task(base, 7)
            task.write(path)
            for adapter, settings, want in peers(task):
                subprocess.run([arguments.tool, adapter, path, str(path) + ".out", *settings], check=True,
                               capture_output=True)
                got = np.fromfile(str(path) + ".out", "<f4").reshape(want.shape)
                difference = float(np.abs(got - want).max() / np.abs(want).max())
                worst = max(worst, difference)
                print(f"{task.name:26} {adapter:14} {difference:.1e} of the largest logit", flush=True)
    if not torch:
        print("Tip-Adapter-F left out: torch is absent")
    print(f"largest difference {worst:.1e}, allowed {LIMIT:.0e}")
    return 1 if worst > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
