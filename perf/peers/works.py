"""What is raced: models on the trees of Grove's own benchmarks, and on a treebank of the user."""

from dataclasses import dataclass

from programs import Failure

LENGTHS = ("21-30", "1-10", "91-100")
SST_BATCHES = (25, 100)
LIBRARIES = ("PyTorch", "DyNet")


@dataclass(frozen=True)
class Work:
    model: str
    batch: int
    lengths: str = ""  # of the sentences of the paper's task; "": the treebank, every node labelled
    dim: int = 50
    word_dim: int = 50

    @property
    def name(self) -> str:
        return f"{self.model}/{self.data}"

    @property
    def data(self) -> str:
        return f"len{self.lengths}" if self.lengths else f"sst/batch{self.batch}"

    @property
    def benchmark(self) -> str:
        """Its name in grove_perf."""
        trees = f"len{self.lengths}" if self.lengths else f"word{self.word_dim}/trees"
        return f"train/{self.model}/dim{self.dim}/{trees}/batch{self.batch}"

    @property
    def options(self) -> list[str]:
        """Of grove train, for the network."""
        words = ["--word-dim", str(self.word_dim)] if self.word_dim != self.dim else []
        return ["--model", self.model, "--dim", str(self.dim), *words]

    @property
    def libraries(self) -> tuple[str, ...]:
        """Which have a program for it."""
        return LIBRARIES if self.lengths else ("DyNet",)


TASK = [Work(model, batch, lengths) for model, batch in (("rlstm", 5), ("rnn", 20))
        for lengths in LENGTHS]
SST = [Work(model, batch, dim=150, word_dim=word_dim)
       for model, word_dim in (("tai_binary", 300), ("rlstm", 150)) for batch in SST_BATCHES]
NAMES = [work.name for work in TASK + SST]

# What the maths is checked on: of each model that is raced on the paper's task, these lengths.
CHECK_LENGTHS = ("21-30", "1-10")


def chosen_works(text: str, sst: str, libraries: list[str]) -> list[Work]:
    """Those named in `text`, or all that there are trees for. `sst` is the treebank's folder."""
    if sst and "DyNet" not in libraries:
        raise Failure("SST: only DyNet is raced on a treebank; DYNET says where it is installed")
    names = text.replace(",", " ").split() or [w.name for w in TASK + (SST if sst else [])]
    works = []
    for name in names:
        if name not in NAMES:
            raise Failure(f"WORK: unknown '{name}'; allowed: {' '.join(NAMES)}")
        work = (TASK + SST)[NAMES.index(name)]
        if not work.lengths and not sst:
            raise Failure(f"WORK: {name} needs SST, a folder with train.txt and dev.txt")
        works.append(work)
    return works


def check_works(works: list[Work]) -> list[Work]:
    """What to check before these are timed."""
    models = {w.model for w in works if w.lengths}
    return ([w for w in TASK if w.model in models and w.lengths in CHECK_LENGTHS] +
            [w for w in works if not w.lengths])
