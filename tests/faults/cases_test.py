"""Tests of the driver: programs that are not safe, and that each of their faults is found.

Wants the path of the library in GROVE_FAULT_LIBRARY.
"""

import os
import sys
import tempfile
import unittest

import cases
import faulty
import scenarios

LIBRARY = os.environ["GROVE_FAULT_LIBRARY"]

# Replaces the file f, as a program should: its calls are open, write, fsync, rename, fsync.
SAFE = """
import os, sys
os.chdir(sys.argv[1])
def main():
    for name in os.listdir("."):
        if name.endswith(".tmp"): os.remove(name)
    file = os.open("f.tmp", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    if os.write(file, b"new contents") != 12: raise OSError("half of a write")
    os.fsync(file)
    os.rename("f.tmp", "f")
    folder = os.open(".", os.O_RDONLY)
    os.fsync(folder)
try:
    main()
except OSError as error:
    if os.path.exists("f.tmp"): os.remove("f.tmp")
    sys.exit(str(error))
"""


class Small(scenarios.Replace):
    """A program in Python in place of Grove."""

    def __init__(self, program: str, base: str):
        self.program = program
        self.old = os.path.join(base, "old")
        scenarios.write(os.path.join(self.old, "f"), "old")
        super().__init__("", base)

    def prepare(self) -> None:
        scenarios.write(os.path.join(self.reference, "f"), "new contents")

    def command(self, folder: str) -> list:
        return [sys.executable, "-c", self.program, folder]


class TheDriver(unittest.TestCase):
    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.work = work.name

    def wrong(self, program: str, kind: str, at: int) -> list:
        base = tempfile.mkdtemp(dir=self.work)
        case = cases.Case("small", kind, at, ["open", "write", "fsync", "rename", "fsync"])
        return cases.try_case(Small(program, base), LIBRARY, case, os.path.join(base, "case")).wrong

    def assert_found(self, what: str, program: str, kind: str, at: int) -> None:
        self.assertNotEqual(program, SAFE)
        wrong = self.wrong(program, kind, at)
        self.assertTrue(any(what in line for line in wrong), wrong)

    def test_a_safe_program_is_right(self):
        for kind in faulty.KINDS:
            for at in range(1, 7 if kind == "unsynced" else 6):
                with self.subTest(kind=kind, at=at):
                    self.assertEqual(self.wrong(SAFE, kind, at), [])

    def test_a_file_that_is_written_in_place_is_torn(self):
        in_place = SAFE.replace('os.open("f.tmp"', 'os.open("f"').replace("os.rename", "# ")
        self.assert_found("neither the old file nor the new", in_place, "half", 2)

    def test_missing_syncs(self):
        self.assert_found("neither the old file nor the new",
                          SAFE.replace("os.fsync(file)", "os.fstat(file)"), "unsynced", 99)
        self.assert_found("exit code 0, but f differs",
                          SAFE.replace("os.fsync(folder)", "os.fstat(folder)"), "unsynced", 99)

    def test_silence(self):
        self.assert_found("no message says", SAFE.replace("str(error)", "3"), "enospc", 2)

    def test_success_that_is_none(self):
        self.assert_found("exit code 0, but f differs", SAFE.replace("str(error)", "0"), "eio", 4)

    def test_a_crash(self):
        crashing = SAFE.replace("sys.exit(str(error))", "os.abort()")
        self.assert_found("exit code -6", crashing, "eio", 1)

    def test_what_stays_behind(self):
        other_name = SAFE.replace("def main", "tmp = f'{os.getpid()}.tmp'\ndef main")
        other_name = other_name.replace('"f.tmp"', "tmp").replace('name.endswith(".tmp")', "False")
        self.assert_found(".tmp is left behind", other_name, "kill", 4)

    def test_a_program_that_cannot_go_on(self):
        stuck = SAFE.replace('if name.endswith(".tmp"): os.remove(name)',
                             'if name.endswith(".tmp"): sys.exit("in use")')
        self.assert_found("given again: exit code 1: in use", stuck, "kill", 3)

    def test_a_fault_that_never_comes(self):
        for kind in ("kill", "eio"):
            self.assertTrue(self.wrong(SAFE, kind, 6)[0].startswith("there were only 5 calls"))


class TheChoice(unittest.TestCase):
    def test_every_call_meets_every_kind_once(self):
        chosen = cases.cases_of("run", ["call"] * 10, ["kill", "unsynced"], 1)
        self.assertEqual([(case.kind, case.at) for case in chosen],
                         [("kill", at) for at in range(1, 11)] +
                         [("unsynced", at) for at in range(1, 12)])

    def test_a_sample_has_other_calls_for_each_kind_and_the_end(self):
        chosen = cases.cases_of("run", ["call"] * 10, ["kill", "unsynced"], 4)
        self.assertEqual([(case.kind, case.at) for case in chosen],
                         [("kill", 1), ("kill", 5), ("kill", 9),
                          ("unsynced", 3), ("unsynced", 7), ("unsynced", 11)])


class Journals(unittest.TestCase):
    RUN = '{"key": "a", "status": "done", "seconds": 1, "test_accuracy": 0.5}\n'
    TABLE = '{"ratios": {"key": "a", "rows": [1]}}\n'

    def wrong(self, text: str) -> list:
        with tempfile.TemporaryDirectory() as folder:
            right = scenarios.write(os.path.join(folder, "right"), self.TABLE + self.RUN)
            journal = scenarios.write(os.path.join(folder, "journal"), text)
            return scenarios.wrong_in_journal(journal, right)

    def test_times_and_repeated_lines_are_no_difference(self):
        failed = self.RUN.replace("done", "failed")
        text = failed + self.TABLE + self.TABLE + self.RUN.replace('"seconds": 1', '"seconds": 2')
        self.assertEqual(self.wrong(text), [])

    def test_what_is_found(self):
        both = self.TABLE + self.RUN
        for text, what in ((self.RUN, "ratios of run a: are missing"),
                           (self.TABLE, "run a is missing"),
                           (both.replace("0.5", "0.6"), "differs in test_accuracy"),
                           (self.TABLE.replace("1", "2") + self.RUN, "ratios of run a: differ"),
                           (both + self.RUN.replace('"a"', '"b"'), "none of the plan"),
                           (both + '{"key', "the last line is torn"),
                           ('{"key\n' + both, "no JSON")):
            with self.subTest(what=what):
                wrong = self.wrong(text)
                self.assertTrue(any(what in line for line in wrong), wrong)


if __name__ == "__main__":
    unittest.main()
