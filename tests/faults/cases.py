"""One fault: the program meets it, is started once more, and its files are judged."""

import dataclasses
import os
import shutil
import signal

import faulty
import scenarios

KILLING = ("kill", "half", "unsynced")
REASON = {"eio": "Input/output error", "enospc": "No space left on device"}


@dataclasses.dataclass
class Case:
    scenario: str
    kind: str
    at: int
    calls: list  # of the undisturbed program

    @property
    def is_at_end(self) -> bool:
        """The power fails when the program has ended."""
        return self.kind == "unsynced" and self.at > len(self.calls)

    @property
    def name(self) -> str:
        call = self.calls[self.at - 1] if self.at <= len(self.calls) else "the end"
        return f"{self.scenario}: {self.kind} at {self.at} ({call})"


@dataclasses.dataclass
class Outcome:
    case: Case
    how: str     # killed, failed, went on
    wrong: list  # lines; empty if all is well


def cases_of(name: str, calls: list, kinds: list, every: int) -> list:
    """Every so many calls, from another one on for each kind."""
    cases = []
    for number, kind in enumerate(kinds):
        last = len(calls) + (kind == "unsynced")
        first = 1 + number * every // len(kinds)
        # What is there when the program has ended is looked at in any sample.
        ats = sorted({*range(first, last + 1, every), *([last] if kind == "unsynced" else [])})
        cases += [Case(name, kind, at, calls) for at in ats]
    return cases


def judge_end(case: Case, ended: faulty.Ended, wrong_now: list) -> tuple:
    """How the program that met the fault ended, and what is wrong with that."""
    if len(ended.calls) < case.at and not case.is_at_end:
        return "went on", [f"there were only {len(ended.calls)} calls: {ended.said.strip()[-300:]}"]
    if case.kind in KILLING and not case.is_at_end:
        wrong = [] if ended.code == -signal.SIGKILL else [f"exit code {ended.code}, not killed"]
        return "killed", wrong
    if ended.code == 0:
        return "went on", [f"exit code 0, but {line}" for line in wrong_now]
    if case.is_at_end:
        return "failed", [f"exit code {ended.code} without a fault: {ended.said.strip()}"]
    wrong = []
    if ended.code < 0 or ended.code >= 124:
        wrong.append(f"exit code {ended.code}")
    if REASON[case.kind] not in ended.said:
        wrong.append(f"no message says '{REASON[case.kind]}': {ended.said.strip()[-300:]}")
    return "failed", wrong


def try_case(scenario, library: str, case: Case, work: str) -> Outcome:
    folder = os.path.join(work, "folder")
    os.makedirs(folder)
    try:
        scenario.before(folder)
        command = scenario.command(folder)
        ended = faulty.run(command, library, folder, os.path.join(work, "log"), case.kind, case.at,
                           env=scenario.environment)
        wrong_now = scenario.wrong(folder) if ended.code == 0 else []
        # A file that could not be removed may stay until the command is given again.
        how, wrong = judge_end(case, ended, [line for line in wrong_now
                                             if not line.endswith(scenarios.LEFT)])
        wrong += ["after the fault: " + line for line in scenario.torn(folder, ended)]
        again = faulty.run(command, library, folder, os.path.join(work, "log2"),
                           env=scenario.environment)
        done = scenario.done_already and scenario.done_already in again.err
        if again.code != 0 and not done:
            wrong.append(f"given again: exit code {again.code}: {again.said.strip()[-300:]}")
        wrong += ["given again: " + line for line in scenario.wrong(folder)]
        return Outcome(case, how, wrong)
    finally:
        shutil.rmtree(work)
