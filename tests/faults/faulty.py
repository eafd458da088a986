"""Starts a program with the fault library (fault_library.cc) before it."""

import dataclasses
import os
import subprocess

KINDS = ("kill", "eio", "enospc", "half", "unsynced")
SECONDS_AT_MOST = 120  # of one program: it hangs


@dataclasses.dataclass
class Ended:
    """How a program ended. `code` is negative for a signal, as subprocess has it."""

    code: int
    out: str
    err: str
    calls: list  # "open out/journal.jsonl", in their order; the first is number 1

    @property
    def said(self) -> str:
        return self.out + self.err


def run(command: list, library: str, folder: str, log: str, kind: str = "none", at: int = 0,
        **more) -> Ended:
    """Runs `command`; call number `at` in `folder` meets the fault `kind`. `log` is a new file."""
    environment = {**os.environ, "LD_PRELOAD": library, "GROVE_FAULT_FOLDER": folder,
                   "GROVE_FAULT_KIND": kind, "GROVE_FAULT_AT": str(at), "GROVE_FAULT_LOG": log}
    environment.update(more.pop("env", {}))
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors="replace",
                              timeout=SECONDS_AT_MOST, env=environment, **more)
        code, out, err = done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        code, out, err = 124, "", f"did not end within {SECONDS_AT_MOST} seconds"
    calls = []
    if os.path.exists(log):
        with open(log, encoding="utf-8") as lines:
            calls = [line.rstrip("\n").split(" ", 1)[1] for line in lines]
    return Ended(code, out, err, calls)
