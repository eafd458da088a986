"""Tests of perf/check.py, against a program that says what it is told to."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

import check

CHECK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check.py")
FAKE = """#!{python}
import json, os, re, sys
pattern = sys.argv[1].split("=", 1)[1]
if "\\\\" in pattern:
    sys.exit("google benchmark knows no such escapes")
with open({shares!r}) as file:
    rounds = json.load(file)
shares = rounds.pop(0) if len(rounds) > 1 else rounds[0]
with open({shares!r}, "w") as file:
    json.dump(rounds, file)
print(json.dumps({{"context": {{"target": "AVX2"}}, "benchmarks": [
    {{"name": name, "peak_fraction": share}} for name, share in shares.items()
    if re.search(pattern, name)]}}))
"""


class CheckTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.baseline = f"{self.folder.name}/baseline.json"
        self.program = f"{self.folder.name}/perf"
        with open(self.program, "w", encoding="utf-8") as file:
            file.write(FAKE.format(python=sys.executable, shares=f"{self.folder.name}/shares"))
        os.chmod(self.program, 0o755)

    def run_check(self, rounds, *options):
        """`rounds`: what the program says, call by call, the last of them from then on."""
        with open(f"{self.folder.name}/shares", "w", encoding="utf-8") as file:
            json.dump(rounds, file)
        return subprocess.run([sys.executable, CHECK, self.program, self.baseline, "--filter", ".",
                               *options], capture_output=True, text=True, check=False)

    def test_says_what_got_slower(self):
        self.assertEqual(self.run_check([{"a": 0.8, "b": 0.5}], "--update").returncode, 0)
        done = self.run_check([{"a": 0.79, "b": 0.47}])
        self.assertEqual(done.returncode, 1, done.stderr)
        lines = {line.split()[0]: line for line in done.stdout.splitlines()}
        self.assertNotIn("SLOWER", lines["a"])
        self.assertIn("SLOWER", lines["b"])
        self.assertIn("1 of 2 slower by more than 5%", done.stdout)

    def test_what_was_slow_for_a_while_is_measured_again(self):
        self.run_check([{"train/a-b": 0.8}], "--update")
        done = self.run_check([{"train/a-b": 0.6}] * 3 + [{"train/a-b": 0.8}])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("once more: train/a-b", done.stderr)

    def test_another_processor_needs_its_own_baseline(self):
        with open(self.baseline, "w", encoding="utf-8") as file:
            json.dump({"some other (1 2 3), AVX2": {"a": 0.1}}, file)
        done = self.run_check([{"a": 0.8}])
        self.assertEqual(done.returncode, 2)
        self.assertIn("UPDATE=1", done.stderr)
        self.run_check([{"a": 0.8}], "--update")
        with open(self.baseline, encoding="utf-8") as file:
            self.assertEqual(json.load(file), {"some other (1 2 3), AVX2": {"a": 0.1},
                                               f"{check.processor()}, AVX2": {"a": 0.8}})

    def test_bad_input_is_one_line(self):
        with open(self.baseline, "w", encoding="utf-8") as file:
            file.write("{")
        done = self.run_check([{"a": 0.8}])
        self.assertEqual(done.returncode, 2)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        os.remove(self.baseline)
        self.assertEqual(self.run_check([{}], "--update").returncode, 2)
        self.assertFalse(os.path.exists(self.baseline))


if __name__ == "__main__":
    unittest.main()
