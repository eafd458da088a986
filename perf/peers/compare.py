"""A fair race: Grove against PyTorch and DyNet on the same training steps, in turns, on one core.

First the maths: from the same start values, over the same trees in the same order, all must end an
epoch with the same loss and the same weights. Then the time. Every peer trains on the very trees of
Grove's own benchmark (grove_perf), and what counts is training steps alone: the schedule or graph
of a minibatch, forward, backward and update, after a warm-up, on one thread, in seconds of
processor time. A ratio is that of one round, Grove and peer one after the other, so that a machine
that is slow for a while is slow for both.

The peers. Of PyTorch (perf/peers/*.py): `naive`, node by node as the paper prints the models;
`batched`, level by level, autograd; `by_hand`, the same with a hand-written backward pass. Of DyNet
(perf/peers/dynet/): `dynet`, node by node, batched by DyNet itself. A library that is not there is
left out.
"""

import argparse
import datetime
import json
import os
import sys
import tempfile

from dynet_program import compile_program, library_folder
from programs import HERE, Failure, Grove, Peer, say
from results import CHECK_TREES, agrees, print_check, print_summary, summarise, verdicts
from works import NAMES, Work, check_works, chosen_works

TIMED_TREES = 2000  # of an epoch of grove_perf

# For the check word vectors start at U(-1, 1) instead of the paper's U(-1e-4, 1e-4): then every
# matrix matters from the first step, and the first steps do not blow the rnn up, after which it
# amplifies rounding so much that two right programs differ by 1e-4 in an epoch.
CHECK_WORD_RANGE = 1
# For the same reason, on trees whose nodes are all labelled, which have a sum of some forty losses
# each: from the default rate's first steps, tensors may differ by 5e-4 of their way.
CHECK_TREEBANK_RATE = 0.01


def put_trees(work: Work, count: int, options: argparse.Namespace, grove: Grove,
              folder: str) -> None:
    if work.lengths:
        grove.make_trees(work.lengths, count, folder)
    else:
        grove.take_trees(options.sst, count, folder)


def programs(work: Work, peers: list[Peer]) -> list[tuple[Peer, str]]:
    """Which have this work."""
    return [(peer, name) for peer in peers if peer.framework in work.libraries
            for name in peer.programs]


def check(work: Work, options: argparse.Namespace, grove: Grove, peers: list[Peer],
          folder: str) -> list[dict]:
    """Trains an epoch everywhere; a result for each peer."""
    put_trees(work, CHECK_TREES, options, grove, folder)
    # What is trained comes with a start, how it is trained does not.
    how = ["--batch", str(work.batch)]
    if not work.lengths:
        how += ["--learning-rate", str(CHECK_TREEBANK_RATE)]
    start = grove.train(folder, 0, f"{folder}/start", *work.options, *how, "--init-word-range",
                        str(CHECK_WORD_RANGE))
    end = grove.train(folder, 1, f"{folder}/end", "--init", start, *how)
    with open(f"{folder}/end/record.json", encoding="utf-8") as file:
        epoch = json.load(file)["history"][0]
    results = []
    for peer, name in programs(work, peers):
        say(f"check {work.name}: one epoch of {CHECK_TREES} trees, Grove and {name}")
        got = peer.ask(do="epoch", peer=name, trees=f"{folder}/train.ptb", start=start, end=end)
        results.append({
            "work": work.name, "peer": name, "library": peer.framework,
            "grove_loss": epoch["loss"], "peer_loss": got["loss"],
            "loss_difference": abs(got["loss"] / epoch["loss"] - 1),
            "grove_accuracy": epoch["train_accuracy"], "peer_accuracy": got["accuracy"],
            "worst_tensor": got["worst_tensor"], "weight_difference": got["worst_distance"],
        })
    return results


def race(works: list[Work], options: argparse.Namespace, grove: Grove, peers: list[Peer],
         folder: str) -> tuple[list[dict], dict]:
    """A line for each round, work and program: {round, work, program, trees_per_second}."""
    starts = {}
    for work in works:
        data = f"{folder}/{work.name}"
        put_trees(work, TIMED_TREES, options, grove, data)
        start = grove.train(data, 0, f"{data}/start", *work.options, "--batch", str(work.batch))
        starts[work] = f"{data}/train.ptb", start
    lines = []
    context = {}
    for number in range(1, options.rounds + 1):
        for work, (trees, start) in starts.items():
            speed = {}
            speed["grove"], context = grove.time(work.benchmark, "" if work.lengths else trees,
                                                 options.seconds)
            for peer, name in programs(work, peers):
                speed[name] = peer.ask(do="time", peer=name, trees=trees, start=start,
                                       seconds=options.seconds)["trees_per_second"]
            lines += [{"round": number, "work": work.name, "program": name,
                       "trees_per_second": value} for name, value in speed.items()]
            say(f"round {number} of {options.rounds}, {work.name}: " +
                ", ".join(f"{name} {value:,.0f}" for name, value in speed.items()) + " trees/s")
    return lines, context


def processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else "unknown"


def understand(options: argparse.Namespace) -> list[Work]:
    """The works. Whatever is wrong with the options is said here, before anything takes long."""
    libraries = [name for name, there in (("PyTorch", options.python), ("DyNet", options.dynet))
                 if there]
    if not libraries:
        raise Failure("nobody to race: PyTorch is the package python3-torch on Debian and Ubuntu "
                      "(for /usr/bin/python3; PYTHON names another Python that has it), and DYNET "
                      "says where DyNet is installed")
    if options.dynet:
        library_folder(options.dynet)
    works = chosen_works(options.work, options.sst, libraries)
    for part in ("train.txt", "dev.txt") if options.sst else ():
        if not os.path.isfile(os.path.join(options.sst, part)):
            raise Failure(f"SST={options.sst}: has no {part}; it must be a folder with train.txt "
                          "and dev.txt, trees in brackets")
    if options.rounds < 1:
        raise Failure(f"ROUNDS = {options.rounds}: must be at least 1")
    return works


def start_peers(options: argparse.Namespace) -> list[Peer]:
    peers = []
    if options.dynet:
        program = os.path.join(options.build, "dynet_peer")
        say(f"compiling {program}")
        compile_program(options.dynet, program)
        peers.append(Peer("DyNet", ("dynet",), program))
    if options.python:
        peers.append(Peer("PyTorch", ("by_hand", "batched", "naive"), options.python,
                          os.path.join(HERE, "peer.py")))
    else:
        say("no PyTorch here: DyNet is raced alone")
    return peers


def compare(works: list[Work], options: argparse.Namespace, folder: str) -> bool:
    """Prints, writes the results; false if the maths is not the same."""
    core = max(os.sched_getaffinity(0))  # the first core serves most interrupts
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    os.sched_setaffinity(0, {core})  # Grove's and the peers' processes inherit it
    grove = Grove(options.build)
    peers = start_peers(options)
    try:
        result = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat("T", "seconds"),
                  "processor": processor(), "core": core,
                  "peers": {peer.framework: peer.ask(do="info") for peer in peers}}
        for library, info in result["peers"].items():
            say(f"{library}: " + ", ".join(f"{key} {value}" for key, value in info.items()))
        result["check"] = [r for work in check_works(works)
                           for r in check(work, options, grove, peers,
                                          f"{folder}/check/{work.name}")]
        print_check(result["check"])
        same = all(agrees(r) for r in result["check"])
        if same:
            result["rounds"], result["grove"] = race(works, options, grove, peers, f"{folder}/race")
            libraries = {name: peer.framework for peer in peers for name in peer.programs}
            result["summary"] = summarise(result["rounds"], libraries)
            print()
            print_summary(result["summary"])
            print("", *verdicts(result["summary"]), sep="\n")
    finally:
        for peer in peers:
            peer.close()
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "compare.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=2)
        file.write("\n")
    say(f"all figures: {path}")
    return same


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", default="", help="folder of grove and grove_perf")
    parser.add_argument("--out", default="", help="folder for compare.json")
    parser.add_argument("--python", default="", help="interpreter that has torch; default: no race "
                        "against PyTorch")
    parser.add_argument("--dynet", default="", help="where DyNet is installed; default: no race "
                        "against it")
    parser.add_argument("--sst", default="", help="folder of a treebank, train.txt and dev.txt")
    parser.add_argument("--work", default="", help=f"some of: {' '.join(NAMES)}; default: all")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5, help="timed, a program and round")
    parser.add_argument("--only-understand", action="store_true", help="say what is wrong with the "
                        "other options, if anything is, and stop")
    return parser.parse_args(arguments)


def main() -> int:
    options = parse(sys.argv[1:])
    try:
        works = understand(options)
        if options.only_understand:
            return 0
        with tempfile.TemporaryDirectory() as folder:
            if not compare(works, options, folder):
                print("compare: Grove and a peer do not compute the same; nothing was timed",
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
