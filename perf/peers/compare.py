"""A fair race: Grove against PyTorch on the same training steps, in turns, on one core.

First the maths: from the same start values, over the same trees in the same order, both must end an
epoch with the same loss and the same weights. Then the time. Every peer trains on the very trees of
Grove's own benchmark (grove_perf), and what counts is training steps alone: the schedule of a
minibatch, forward, backward and update, after a warm-up, on one thread, in seconds of processor
time. A ratio is that of one round, Grove and peer one after the other, so that a machine that is
slow for a while is slow for both.

The peers (perf/peers/*.py): `naive`, node by node as the paper prints the models; `batched`, level
by level, autograd; `by_hand`, the same with a hand-written backward pass.
"""

import argparse
import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BATCH = {"rlstm": 5, "rnn": 20}
LENGTHS = ("21-30", "1-10", "91-100")
WORK = [f"{model}/len{lengths}" for model in BATCH for lengths in LENGTHS]
PEERS = ("by_hand", "batched", "naive")
TIMED_TREES = 2000  # of an epoch of grove_perf

# The check. Word vectors start at U(-1, 1) instead of the paper's U(-1e-4, 1e-4): then every matrix
# matters from the first step, and the first steps do not blow the rnn up, after which it amplifies
# rounding so much that two right programs differ by 1e-4 in an epoch. From this start, 500 trees
# leave Grove and PyTorch with losses that differ by some 1e-8 (single precision, summed in another
# order) and tensors by 1e-5 of their way; an error in the maths shows in the first or second digit.
CHECK_LENGTHS = ("21-30", "1-10")
CHECK_TREES = 500
CHECK_WORD_RANGE = 1
LOSS_TOLERANCE = 1e-5  # relative
ACCURACY_TOLERANCE = 1.5 / CHECK_TREES  # a tie may break the other way
WEIGHT_TOLERANCE = 1e-3  # of the way that a tensor went


class Failure(Exception):
    pass


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(*command: str) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr.strip()}")
    return done.stdout


class Peer:
    """The process with PyTorch in it."""

    def __init__(self, python: str):
        self.process = subprocess.Popen([python, os.path.join(HERE, "peer.py")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request) -> dict:
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # then there is no answer either
        answer = self.process.stdout.readline()
        if not answer:
            raise Failure("the PyTorch program ended; its message is above")
        return json.loads(answer)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class Grove:
    def __init__(self, build: str):
        self.program = os.path.join(build, "grove")
        self.perf = os.path.join(build, "grove_perf")

    def make_trees(self, lengths: str, trees: int, folder: str) -> None:
        low, high = lengths.split("-")
        run(self.program, "--quiet", "data", "generate", "--min-length", low, "--max-length", high,
            "--train", str(trees), "--dev", "1", "--test", "1", "--out", folder)

    def train(self, folder: str, epochs: int, out: str, *options: str) -> str:
        """Trains in file order; the checkpoint."""
        run(self.program, "--quiet", "train", "--train", f"{folder}/train.ptb", "--dev",
            f"{folder}/dev.ptb", "--no-shuffle", "--epochs", str(epochs), "--out", out, *options)
        return f"{out}/model.safetensors"

    def time(self, work: str, seconds: float) -> tuple[float, dict]:
        """Trees per second; what the benchmark says of itself."""
        model, lengths = work.split("/")
        name = f"train/{model}/dim50/{lengths}/batch{BATCH[model]}"
        result = json.loads(run(self.perf, f"--benchmark_filter=^{name}$",
                                "--benchmark_format=json", f"--benchmark_min_time={seconds}"))
        if not result["benchmarks"]:
            raise Failure(f"{self.perf} has no benchmark {name}")
        return result["benchmarks"][0]["trees_per_second"], result["context"]


def check(model: str, lengths: str, grove: Grove, peer: Peer, folder: str) -> list[dict]:
    """Trains an epoch everywhere; a result for each peer."""
    grove.make_trees(lengths, CHECK_TREES, folder)
    start = grove.train(folder, 0, f"{folder}/start", "--model", model, "--init-word-range",
                        str(CHECK_WORD_RANGE))
    end = grove.train(folder, 1, f"{folder}/end", "--init", start)
    with open(f"{folder}/end/record.json", encoding="utf-8") as file:
        epoch = json.load(file)["history"][0]
    results = []
    for name in PEERS:
        say(f"check {model}/len{lengths}: one epoch of {CHECK_TREES} trees, Grove and {name}")
        got = peer.ask(do="epoch", peer=name, trees=f"{folder}/train.ptb", start=start, end=end)
        results.append({
            "work": f"{model}/len{lengths}", "peer": name,
            "grove_loss": epoch["loss"], "peer_loss": got["loss"],
            "loss_difference": abs(got["loss"] / epoch["loss"] - 1),
            "grove_accuracy": epoch["train_accuracy"], "peer_accuracy": got["accuracy"],
            "worst_tensor": got["worst_tensor"], "weight_difference": got["worst_distance"],
        })
    return results


def agrees(result: dict) -> bool:
    """Written so that a value that is not a number does not agree."""
    accuracy = abs(result["grove_accuracy"] - result["peer_accuracy"])
    return (result["loss_difference"] <= LOSS_TOLERANCE and accuracy <= ACCURACY_TOLERANCE and
            result["weight_difference"] <= WEIGHT_TOLERANCE)


def print_check(results: list[dict]) -> None:
    print(f"Same maths? Loss of an epoch of {CHECK_TREES} trees; the tensor that differs most, by "
          "the way it went")
    print(f"{'work':<16}{'peer':<10}{'Grove loss':>13}{'peer loss':>13}{'difference':>12}"
          f"{'weights':>10}")
    for r in results:
        verdict = "" if agrees(r) else f"  DIFFERS ({r['worst_tensor']})"
        print(f"{r['work']:<16}{r['peer']:<10}{r['grove_loss']:>13.8f}{r['peer_loss']:>13.8f}"
              f"{r['loss_difference']:>12.1e}{r['weight_difference']:>10.1e}{verdict}")


def race(works: list[str], rounds: int, seconds: float, grove: Grove, peer: Peer,
         folder: str) -> tuple[list[dict], dict]:
    """A line for each round, work and program: {round, work, program, trees_per_second}."""
    starts = {}
    for work in works:
        model, lengths = work.split("/len")
        data = f"{folder}/{work}"
        grove.make_trees(lengths, TIMED_TREES, data)
        starts[work] = (f"{data}/train.ptb",
                        grove.train(data, 0, f"{data}/start", "--model", model))
    lines = []
    context = {}
    for number in range(1, rounds + 1):
        for work in works:
            speed = {}
            speed["grove"], context = grove.time(work, seconds)
            for name in PEERS:
                trees, start = starts[work]
                speed[name] = peer.ask(do="time", peer=name, trees=trees, start=start,
                                       seconds=seconds)["trees_per_second"]
            lines += [{"round": number, "work": work, "program": program, "trees_per_second": value}
                      for program, value in speed.items()]
            say(f"round {number} of {rounds}, {work}: " +
                ", ".join(f"{program} {value:,.0f}" for program, value in speed.items()) +
                " trees/s")
    return lines, context


def summarise(lines: list[dict]) -> list[dict]:
    """By work and peer: medians, and the ratios Grove / peer of the rounds."""
    speeds: dict[tuple[str, str], list[float]] = {}  # by round
    for line in lines:
        speeds.setdefault((line["work"], line["program"]), []).append(line["trees_per_second"])
    summary = []
    for (work, program), values in speeds.items():
        if program == "grove":
            continue
        ours = speeds[work, "grove"]
        ratios = [a / b for a, b in zip(ours, values)]
        summary.append({
            "work": work, "peer": program,
            "grove_trees_per_second": statistics.median(ours),
            "peer_trees_per_second": statistics.median(values),
            "ratio": statistics.median(ratios), "ratio_min": min(ratios), "ratio_max": max(ratios),
        })
    return summary


def print_summary(summary: list[dict]) -> None:
    print(f"{'work':<16}{'peer':<10}{'Grove trees/s':>15}{'peer trees/s':>14}"
          f"{'Grove / peer':>14}  lowest-highest of the rounds")
    for s in summary:
        print(f"{s['work']:<16}{s['peer']:<10}{s['grove_trees_per_second']:>15,.0f}"
              f"{s['peer_trees_per_second']:>14,.0f}{s['ratio']:>14.1f}"
              f"  {s['ratio_min']:.1f}-{s['ratio_max']:.1f}")


def verdict(summary: list[dict]) -> str:
    """One line, against the fastest peer of each work."""
    best: dict[str, dict] = {}
    for s in summary:
        if s["work"] not in best or s["ratio"] < best[s["work"]]["ratio"]:
            best[s["work"]] = s
    ratios = [s["ratio"] for s in best.values()]
    span = f"{min(ratios):.1f}" if len(ratios) == 1 else f"{min(ratios):.1f} to {max(ratios):.1f}"
    return f"Grove trains {span} times as many trees a second as the fastest PyTorch program here."


def processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else "unknown"


def chosen_works(text: str) -> list[str]:
    works = text.replace(",", " ").split() or WORK
    for work in works:
        if work not in WORK:
            raise Failure(f"WORK: unknown '{work}'; allowed: {' '.join(WORK)}")
    return works


def compare(options: argparse.Namespace, folder: str) -> bool:
    """Prints, writes the results; false if the maths is not the same."""
    works = chosen_works(options.work)
    if options.rounds < 1:
        raise Failure(f"ROUNDS = {options.rounds}: must be at least 1")
    core = max(os.sched_getaffinity(0))  # the first core serves most interrupts
    os.sched_setaffinity(0, {core})  # Grove's and the peers' processes inherit it
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    grove = Grove(options.build)
    peer = Peer(options.python)
    try:
        result = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat("T", "seconds"),
                  "processor": processor(), "core": core, "peer": peer.ask(do="info")}
        info = result["peer"]
        say(f"PyTorch {info['torch']}, BLAS: {info['blas'] or 'its own'}; all on core {core}")
        models = list(dict.fromkeys(work.split("/")[0] for work in works))
        result["check"] = [r for model in models for lengths in CHECK_LENGTHS
                           for r in check(model, lengths, grove, peer,
                                          f"{folder}/check/{model}/{lengths}")]
        print_check(result["check"])
        same = all(agrees(r) for r in result["check"])
        if same:
            result["rounds"], result["grove"] = race(works, options.rounds, options.seconds, grove,
                                                     peer, f"{folder}/race")
            result["summary"] = summarise(result["rounds"])
            print()
            print_summary(result["summary"])
            print(f"\n{verdict(result['summary'])}")
    finally:
        peer.close()
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "compare.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=2)
        file.write("\n")
    say(f"all figures: {path}")
    return same


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", required=True, help="folder of grove and grove_perf")
    parser.add_argument("--out", required=True, help="folder for compare.json")
    parser.add_argument("--python", default=sys.executable, help="interpreter that has torch")
    parser.add_argument("--work", default="", help=f"some of: {' '.join(WORK)}; default: all")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5, help="timed, a program and round")
    try:
        with tempfile.TemporaryDirectory() as folder:
            if not compare(parser.parse_args(), folder):
                print("compare: Grove and PyTorch do not compute the same; nothing was timed",
                      file=sys.stderr)
                return 1
    except (Failure, OSError) as failure:
        print(f"compare: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
