#!/usr/bin/env python3
"""Says what got slower: perf/check.py GROVE_PERF BASELINE [--update] [--rounds N] [--filter REGEX]

Measures training and evaluation as shares of the core's FMA peak, which is taken in the same process
(perf/train_bench.cc), N times in turns, and compares the best of each with that in BASELINE, which
holds them for some processors and targets: whatever else a machine does makes it slower. What is over
5 % below its baseline is measured once more; if it is again, the exit code is 1. With --update the
shares of this processor and target are written into BASELINE instead.
"""

import argparse
import json
import os
import subprocess
import sys
import time

WORK = ("^(train|eval)/(rlstm/dim50/.*/batch(5|1000)|rnn/dim50/.*/batch(20|1000)"
        "|rlstm/dim300/len1-10/batch5|rlstm/dim300/len21-30/batch25"
        "|(tai_binary|child_sum|gru|zhu)/dim150/len21-30/batch25)$")
TOLERANCE = 0.05


class Failure(Exception):
    pass


def processor():
    """What the kernel calls it, with the numbers that tell apart what vendors call alike."""
    fields = {}
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            name, _, value = line.partition(":")
            fields.setdefault(name.strip(), value.strip())
    numbers = [fields[name] for name in ("cpu family", "model", "stepping") if name in fields]
    return f"{fields.get('model name', 'unknown')} ({' '.join(numbers)})"


def measure(program, pattern):
    """The target, and by benchmark the share of the peak."""
    done = subprocess.run([program, f"--benchmark_filter={pattern}", "--benchmark_format=json"],
                          stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"{program}: exit code {done.returncode}")
    try:
        result = json.loads(done.stdout)
    except ValueError as error:
        raise Failure(f"{program}: no JSON: {error}") from error
    shares = {b["name"]: b["peak_fraction"] for b in result["benchmarks"] if "peak_fraction" in b}
    if not shares:
        raise Failure(f"no benchmark is called like {pattern}")
    return result["context"]["target"], shares


def best(program, pattern, rounds):
    """The target, and by benchmark the best share of so many rounds."""
    shares_of = {}
    begin = time.monotonic()
    for number in range(1, rounds + 1):
        left = (time.monotonic() - begin) / max(number - 1, 1) * (rounds - number + 1)
        print(f"round {number} of {rounds}" + (f", {left:.0f} s left" if number > 1 else ""),
              file=sys.stderr, flush=True)
        target, shares = measure(program, pattern)
        for name, share in shares.items():
            shares_of[name] = max(share, shares_of.get(name, 0))
    return target, shares_of


def slower(shares, baseline):
    """Names of what is clearly below its baseline."""
    return [name for name, share in shares.items()
            if name in baseline and share < (1 - TOLERANCE) * baseline[name]]


def exactly(names):
    return "^(" + "|".join(names) + ")$"  # none has a character that a pattern would read


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Failure(f"{path}: {error}") from error


def write(path, baselines):
    """Whole or not at all."""
    with open(f"{path}.tmp", "w", encoding="utf-8") as file:
        json.dump(baselines, file, indent=1, sort_keys=True)
        file.write("\n")
    os.replace(f"{path}.tmp", path)


def compare(arguments, key, shares, baseline):
    suspects = slower(shares, baseline)
    if suspects:
        print(f"once more: {' '.join(suspects)}", file=sys.stderr, flush=True)
        _, again = best(arguments.program, exactly(suspects), arguments.rounds)
        for name, share in again.items():
            shares[name] = max(shares[name], share)
    bad = slower(shares, baseline)
    print(f"{'share of the peak':<40}{'now':>9}{'baseline':>10}{'ratio':>8}")
    for name, share in shares.items():
        if name not in baseline:
            print(f"{name:<40}{100 * share:>7.1f} %{'-':>10}")
            continue
        print(f"{name:<40}{100 * share:>7.1f} %{100 * baseline[name]:>8.1f} %"
              f"{share / baseline[name]:>8.2f}{'  SLOWER' if name in bad else ''}")
    print(f"{key}: {len(bad)} of {len(shares)} slower by more than {TOLERANCE:.0%}")
    return 1 if bad else 0


def positive(text):
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number from 1")
    return int(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("program", help="build/release/grove_perf")
    parser.add_argument("baseline", help="perf/baseline.json")
    parser.add_argument("--update", action="store_true", help="write the baseline of this processor")
    parser.add_argument("--rounds", type=positive, default=3, metavar="N",
                        help="3 if it is left out")
    parser.add_argument("--filter", default=WORK, help="which benchmarks")
    arguments = parser.parse_args()
    try:
        baselines = read(arguments.baseline)
        if not arguments.update and not any(key.startswith(processor()) for key in baselines):
            raise Failure(f"{arguments.baseline} has nothing of {processor()}; --update (UPDATE=1) "
                          "writes it")
        target, shares = best(arguments.program, arguments.filter, arguments.rounds)
        key = f"{processor()}, {target}"
        if arguments.update:
            baselines[key] = {**baselines.get(key, {}),
                              **{name: round(share, 4) for name, share in shares.items()}}
            write(arguments.baseline, baselines)
            print(f"{arguments.baseline}: {len(shares)} shares of {key}")
            return 0
        if key not in baselines:
            raise Failure(f"{arguments.baseline} has nothing of {key}; --update (UPDATE=1) writes it")
        return compare(arguments, key, shares, baselines[key])
    except (Failure, OSError) as error:
        print(f"perf/check.py: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
