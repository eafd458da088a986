"""The PyTorch side of the race, started by compare.py: a request a line on standard input, its
answer a line on standard output, both JSON. Waiting costs no processor time, so one process serves
all rounds. The DyNet side (perf/peers/dynet/peer.cc) speaks the same.

Requests name a program ("peer"), a treebank ("trees") and a checkpoint to start from ("start"):
  do = "epoch": trains one epoch in file order; answers its loss and accuracy, and how far the
                weights are from those of the checkpoint "end"
  do = "time":  trains for "seconds"; answers trees per second
  do = "info":  answers versions
"""

import json
import platform
import sys
import time
from functools import lru_cache

import torch
from torch import Tensor

import grove_files
from batched import BatchedRlstm, BatchedRnn
from by_hand import RlstmByHand, RnnByHand
from naive import Naive
from optimiser import Settings

PEERS = {
    "naive": {"rnn": Naive, "rlstm": Naive},
    "batched": {"rnn": BatchedRnn, "rlstm": BatchedRlstm},
    "by_hand": {"rnn": RnnByHand, "rlstm": RlstmByHand},
}
SETTINGS = Settings.__dataclass_fields__
# A run spec names these only where they differ from their defaults, which are all the peers know.
DEFAULTS_ONLY = ("rule", "rate_schedule", "warmup", "clip", "dropout_words", "dropout_head",
                 "l2_words", "l2_of_words", "freeze_words", "accumulate")


def read_weights(path: str) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Tensors without the optimiser's state, and the metadata."""
    tensors, metadata = grove_files.read_checkpoint(path)
    return {
        name: torch.frombuffer(t.values, dtype=torch.float32).view(t.shape).clone()
        for name, t in tensors.items()
        if not name.startswith("opt.")
    }, metadata


read_treebank = lru_cache(grove_files.read_treebank)  # the programs share the trees


class Session:
    """A program on its trees; it goes on where it was in the next round."""

    def __init__(self, peer: str, trees: str, start: str):
        self.start, metadata = read_weights(start)
        spec = json.loads(metadata["spec"])
        for key, only in (("leaf_weights", "own"), ("activation", "tanh")):
            if spec[key] != only:
                raise ValueError(f"{start}: {key} = {spec[key]}; the peers have {only} only")
        for key in DEFAULTS_ONLY:
            if key in spec:
                raise ValueError(f"{start}: {key} = {spec[key]}; the peers know its default only")
        self.settings = Settings(**{key: spec[key] for key in SETTINGS})
        ids = {word: i for i, word in enumerate(json.loads(metadata["vocabulary"]))}
        self.program = PEERS[peer][self.settings.model](self.settings, self.start, ids)
        self.trees = self.program.prepare(read_treebank(trees))
        self.next = 0
        self.warm = False

    def minibatch(self) -> tuple[int, float, int]:
        """Trains the next one; trees, loss summed over them, right answers among them."""
        trees = self.trees[self.next : self.next + self.settings.batch]
        self.next = (self.next + len(trees)) % len(self.trees)
        loss, correct = self.program.train(trees)
        return len(trees), loss, correct

    def epoch(self) -> dict:
        trees = loss = correct = 0
        while trees < len(self.trees):
            more = self.minibatch()
            trees, loss, correct = trees + more[0], loss + more[1], correct + more[2]
        return {"loss": loss / trees, "accuracy": correct / trees}

    def distance(self, end: dict[str, Tensor]) -> dict:
        """The tensor that is farthest from `end`, by the way that it went in `end`."""
        mine = self.program.named_weights()
        if mine.keys() != end.keys():
            raise ValueError(f"tensors differ: {sorted(mine.keys() ^ end.keys())}")
        way = {
            k: ((mine[k] - end[k]).norm() / (end[k] - self.start[k]).norm()).item() for k in end
        }
        worst = max(way, key=way.get)
        return {"worst_tensor": worst, "worst_distance": way[worst]}

    def time(self, seconds: float) -> float:
        """Trees per second of processor time, as grove_perf counts for Grove."""
        if not self.warm:
            begin = time.process_time()
            while time.process_time() < begin + seconds:
                self.minibatch()
            self.warm = True
        trees = 0
        begin = now = time.process_time()
        while now < begin + seconds:
            trees += self.minibatch()[0]
            now = time.process_time()
        return trees / (now - begin)


def blas() -> str:
    """The library of matrix products, which Debian lets the machine choose."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        files = sorted({line.split()[-1] for line in maps if "blas" in line.rsplit("/", 1)[-1]})
    return " ".join(files) or "its own"


def main() -> None:
    torch.set_num_threads(1)
    session = lru_cache(maxsize=None)(Session)
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "info":
            answer = {"torch": torch.__version__, "python": platform.python_version(),
                      "blas": blas()}
        elif request["do"] == "epoch":
            trained = Session(request["peer"], request["trees"], request["start"])
            answer = trained.epoch()
            answer.update(trained.distance(read_weights(request["end"])[0]))
        else:
            trained = session(request["peer"], request["trees"], request["start"])
            answer = {"trees_per_second": trained.time(request["seconds"])}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
