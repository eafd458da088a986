"""What the program does while its calls go wrong, and what must hold of its files afterwards.

A scenario has a folder of its own, in which every call counts. `before` fills it, `command` is the
program, and after it was interrupted by a fault

    torn(folder, ended)  says what the fault has broken that no fault may break,
    wrong(folder)        says what is not as it would be had nothing gone wrong; asked after the
                         same command was given once more.

Both give lines for people; none means that all is well. The undisturbed program writes the folder
`reference`, with which `wrong` compares.
"""

import filecmp
import json
import os
import shutil
import subprocess

SETTINGS = """
[dataset]
task = "keyword"
tree = "split"
train = 40
dev = 20
test = 20
seed = 1
[run]
dim = 2
batch = 20
"""
# Two epochs of two minibatches, of each network and seed.
SWEEP = f"""
name = "sweep"
title = "A small sweep"
{SETTINGS}
epochs = 2
[axes]
dataset = [{{id = 1, min_length = 1, max_length = 5}}]
model = ["rnn", "rlstm"]
seed = "1-2"
"""
# One run whose journal holds tables too.
OBSERVED = f"""
name = "observed"
title = "A run that is looked into"
{SETTINGS}
epochs = 1
probe = true
observe = true
[axes]
dataset = [{{id = 1, min_length = 1, max_length = 5}}]
model = ["rlstm"]
seed = "1"
"""
# Draws at once, so that what is tested is Grove: a file that ends as a whole drawing does.
GNUPLOT = """#!/bin/sh
# gnuplot -d -e "out = 'PATH'; format = 'FORMAT'" NAME.gp
eval "$(echo "$3" | sed 's/ = /=/g')"
echo "$4 </svg> IEND" > "$out.$format"
"""


LEFT = " is left behind"


class Failure(Exception):
    pass


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def write(path: str, text: str) -> str:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def run(*command: str) -> str:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr.strip()}")
    return done.stdout


def paths_in(folder: str) -> set:
    """Of all files and folders, relative to it."""
    return {os.path.relpath(os.path.join(place, name), folder)
            for place, folders, files in os.walk(folder) for name in folders + files}


def missing_or_left(folder: str, reference: str) -> list:
    is_there, expected = paths_in(folder), paths_in(reference)
    return ([f"{path} is missing" for path in sorted(expected - is_there)] +
            [path + LEFT for path in sorted(is_there - expected)])


def differing(folder: str, reference: str, paths) -> list:
    """Of the files at `paths`, those that are there in both and differ."""
    def differ(a, b):
        return os.path.isfile(a) and os.path.isfile(b) and not filecmp.cmp(a, b, shallow=False)
    return [f"{path} differs" for path in sorted(paths)
            if differ(os.path.join(folder, path), os.path.join(reference, path))]


def without_times(result: dict) -> dict:
    """What the same spec gives on any machine at any time."""
    return {key: value for key, value in result.items()
            if key not in ("seconds", "trees_per_second", "provenance", "xxh3")}


def read_journal(path: str, torn: bool = False) -> tuple:
    """Records by key, the last of each; and tables by kind and key, all of each.

    `torn`: the last line need not be whole. Raises Failure for any other line that is no JSON.
    """
    records, tables = {}, {}
    lines = read(path).split(b"\n")
    end = lines.pop()
    if end and not torn:
        raise Failure(f"{os.path.basename(path)}: the last line is torn")
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
        except ValueError:
            raise Failure(f"{os.path.basename(path)}:{number}: no JSON: {line[:60]!r}") from None
        kind = next((kind for kind in ("ratios", "observations") if kind in value), None)
        if kind:
            tables.setdefault((kind, value[kind]["key"]), []).append(value[kind])
        elif "status" in value:
            records[value["key"]] = value
    return records, tables


def wrong_in_journal(path: str, reference: str) -> list:
    try:
        records, tables = read_journal(path)
    except Failure as failure:
        return [str(failure)]
    except OSError as error:
        return [f"{os.path.basename(path)}: {error.strerror}"]
    expected, expected_tables = read_journal(reference)
    wrong = []
    for key in sorted(records.keys() | expected.keys()):
        if key not in records:
            wrong.append(f"run {key} is missing")
        elif key not in expected:
            wrong.append(f"run {key} is none of the plan")
        elif without_times(records[key]) != without_times(expected[key]):
            differ = [name for name, value in without_times(expected[key]).items()
                      if records[key].get(name) != value]
            wrong.append(f"run {key}: differs in {', '.join(differ)}")
    for kind, key in sorted(tables.keys() | expected_tables.keys()):
        table = tables.get((kind, key), [])
        if not table or any(t != expected_tables.get((kind, key), [None])[0] for t in table):
            wrong.append(f"{kind} of run {key}: {'differ' if table else 'are missing'}")
    return wrong


class Scenario:
    # What the program says where it refuses to do again what is done; empty: it does not refuse.
    done_already = ""

    def __init__(self, grove: str, base: str):
        self.grove = grove
        self.base = base  # the inputs; nothing goes wrong there
        self.reference = os.path.join(base, "reference")
        write(os.path.join(base, "bin", "gnuplot"), GNUPLOT)
        os.chmod(os.path.join(base, "bin", "gnuplot"), 0o755)
        self.environment = {"PATH": os.path.join(base, "bin") + os.pathsep + os.environ["PATH"]}
        self.prepare()

    def prepare(self) -> None:
        """Makes the inputs."""

    def before(self, folder: str) -> None:
        """What is in the folder when the program starts."""

    def torn(self, folder: str, ended) -> list:
        return []


class Run(Scenario):
    """grove run: journal, states, models, report."""

    def prepare(self) -> None:
        self.specs = [write(os.path.join(self.base, "sweep.toml"), SWEEP),
                      write(os.path.join(self.base, "observed.toml"), OBSERVED)]
        self.options = ["--threads", "1", "--save-models"]
        if "--state-every" in run(self.grove, "help", "run"):
            self.options += ["--state-every", "0"]

    def command(self, folder: str) -> list:
        return [self.grove, "run", *self.specs, "--out", os.path.join(folder, "out"), *self.options]

    def torn(self, folder: str, ended) -> list:
        """A run that was said to be done is in the journal, and its model is where it was kept."""
        path = os.path.join(folder, "out", "journal.jsonl")
        try:
            records, _ = read_journal(path, torn=True) if os.path.exists(path) else ({}, {})
        except Failure as failure:
            return [str(failure)]
        expected, _ = read_journal(os.path.join(self.reference, "out", "journal.jsonl"))
        torn = []
        for key, run_ in expected.items():
            said = f"{run_['experiment']} d{run_['dataset']} {run_['model']} s{run_['seed']}: test"
            if said not in ended.err:
                continue
            if records.get(key, {}).get("status") != "done":
                torn.append(f"run {key} was said to be done, and the journal does not have it")
            model = os.path.join("out", "models", key + ".safetensors")
            if not os.path.exists(os.path.join(folder, model)):
                torn.append(f"run {key} was said to be done, and its model is gone")
            torn += differing(folder, self.reference, [model])
        return torn

    def wrong(self, folder: str) -> list:
        paths = paths_in(self.reference)
        # Pages and tables of a report say how long the runs took.
        models = [path for path in paths if path.startswith("out/models/")]
        return (wrong_in_journal(os.path.join(folder, "out", "journal.jsonl"),
                                 os.path.join(self.reference, "out", "journal.jsonl")) +
                missing_or_left(folder, self.reference) +
                differing(folder, self.reference, models))


class Train(Scenario):
    """grove train: one run on files, its model and its record."""

    done_already = "holds a trained model"

    def prepare(self) -> None:
        self.trees = os.path.join(self.base, "trees")
        run(self.grove, "data", "generate", "--out", self.trees, "--train", "40", "--dev", "20",
            "--test", "20", "--min-length", "1", "--max-length", "5")

    def command(self, folder: str) -> list:
        files = [part for role in ("train", "dev", "test")
                 for part in ("--" + role, os.path.join(self.trees, role + ".ptb"))]
        return [self.grove, "train", *files, "--out", os.path.join(folder, "model"), "--dim", "4",
                "--epochs", "2", "--batch", "20"]

    def wrong(self, folder: str) -> list:
        def record(of: str) -> dict:
            return without_times(json.loads(read(os.path.join(of, "model", "record.json"))))
        wrong = (wrong_in_journal(os.path.join(folder, "model", "journal.jsonl"),
                                  os.path.join(self.reference, "model", "journal.jsonl")) +
                 missing_or_left(folder, self.reference) +
                 differing(folder, self.reference, ["model/model.safetensors"]))
        try:
            if record(folder) != record(self.reference):
                wrong.append("model/record.json differs")
        except (OSError, ValueError) as error:
            wrong.append(f"model/record.json: {error}")
        return wrong


class Replace(Scenario):
    """Files that were there are replaced: each is the old one or the new one, whole."""

    def torn(self, folder: str, ended) -> list:
        torn = []
        for path in sorted(paths_in(folder) & paths_in(self.reference)):
            new, old = os.path.join(self.reference, path), os.path.join(self.old, path)
            if differing(folder, self.reference, [path]) and (
                    not os.path.exists(old) or differing(folder, self.old, [path])):
                torn.append(f"{path}: neither the old file nor the new one ({new})")
        return torn + [f"{path} is gone" for path in sorted(paths_in(self.old) - paths_in(folder))
                       if path in paths_in(self.reference)]

    def before(self, folder: str) -> None:
        shutil.copytree(self.old, folder, dirs_exist_ok=True)

    def wrong(self, folder: str) -> list:
        return (missing_or_left(folder, self.reference) +
                differing(folder, self.reference, paths_in(self.reference)))


class Report(Replace):
    """grove report over the report of fewer runs."""

    def prepare(self) -> None:
        specs = write(os.path.join(self.base, "sweep.toml"), SWEEP)
        runs = os.path.join(self.base, "runs")
        run(self.grove, "run", specs, "--out", runs, "--threads", "1", "--quiet")
        self.journal = os.path.join(runs, "journal.jsonl")
        lines = read(self.journal).decode().splitlines(keepends=True)
        fewer = write(os.path.join(self.base, "fewer.jsonl"), "".join(lines[:-1]))
        self.old = os.path.join(self.base, "old")
        subprocess.run([self.grove, "report", fewer, "--out", os.path.join(self.old, "report")],
                       env={**os.environ, **self.environment}, stdout=subprocess.DEVNULL,
                       check=True)

    def command(self, folder: str) -> list:
        return [self.grove, "report", self.journal, "--out", os.path.join(folder, "report")]


class Convert(Replace):
    """grove data convert over the parts of another file."""

    def prepare(self) -> None:
        trees = os.path.join(self.base, "trees")
        run(self.grove, "data", "generate", "--out", trees, "--train", "40", "--dev", "20",
            "--test", "20", "--min-length", "1", "--max-length", "5")
        self.file = os.path.join(trees, "train.ptb")
        self.old = os.path.join(self.base, "old")
        os.makedirs(self.old)
        run(self.grove, "data", "convert", os.path.join(trees, "dev.ptb"),
            os.path.join(self.old, "parts"), "--split", "60,20,20")

    def command(self, folder: str) -> list:
        return [self.grove, "data", "convert", self.file, os.path.join(folder, "parts"), "--split",
                "60,20,20", "--force"]


SCENARIOS = {"run": Run, "train": Train, "report": Report, "convert": Convert}
