"""The programs that are raced, as processes: Grove, and the libraries' peers."""

import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


class Failure(Exception):
    """What the user is told instead of a result."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(*command: str) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr.strip()}")
    return done.stdout


class Peer:
    """A process with a library in it, and its programs: a request a line on its standard input, an
    answer a line on its standard output, both JSON (perf/peers/peer.py)."""

    def __init__(self, framework: str, programs: tuple[str, ...], *command: str):
        self.framework = framework
        self.programs = programs
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def ask(self, **request) -> dict:
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # then there is no answer either
        answer = self.process.stdout.readline()
        if not answer:
            raise Failure(f"the {self.framework} program ended; its message is above")
        # Some writers of JSON have null for what is not a number.
        return {key: float("nan") if value is None else value
                for key, value in json.loads(answer).items()}

    def close(self) -> None:
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # it ended before it read all
        self.process.wait()


class Grove:
    def __init__(self, build: str):
        self.program = os.path.join(build, "grove")
        self.perf = os.path.join(build, "grove_perf")

    def make_trees(self, lengths: str, trees: int, folder: str) -> None:
        """Of the paper's task: train.ptb and dev.ptb."""
        low, high = lengths.split("-")
        run(self.program, "--quiet", "data", "generate", "--min-length", low, "--max-length", high,
            "--train", str(trees), "--dev", "1", "--test", "1", "--out", folder)

    def take_trees(self, treebank: str, trees: int, folder: str) -> None:
        """The same two files of the first trees of a treebank."""
        os.makedirs(folder)
        for part, count in (("train", trees), ("dev", 1)):
            everything, taken = f"{folder}/{part}.all", f"{folder}/{part}.ptb"
            run(self.program, "--quiet", "data", "convert", f"{treebank}/{part}.txt", everything,
                "--format", "brackets")
            with open(everything, encoding="utf-8") as source, \
                    open(taken, "w", encoding="utf-8") as target:
                target.writelines(line for _, line in zip(range(count), source))

    def train(self, folder: str, epochs: int, out: str, *options: str) -> str:
        """Trains in file order; the checkpoint."""
        run(self.program, "--quiet", "train", "--train", f"{folder}/train.ptb", "--dev",
            f"{folder}/dev.ptb", "--no-shuffle", "--epochs", str(epochs), "--out", out, *options)
        return f"{out}/model.safetensors"

    def time(self, benchmark: str, trees: str, seconds: float) -> tuple[float, dict]:
        """Trees per second of processor time; what the benchmark says of itself. `trees`: of a
        treebank, its file."""
        result = json.loads(run(self.perf, f"--benchmark_filter=^{benchmark}$",
                                "--benchmark_format=json", f"--benchmark_min_time={seconds}",
                                *([f"--trees={trees}"] if trees else [])))
        if not result["benchmarks"]:
            raise Failure(f"{self.perf} has no benchmark {benchmark}")
        return result["benchmarks"][0]["trees_per_processor_second"], result["context"]
