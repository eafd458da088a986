"""Tests of the fault library: a program of a few calls, and what each fault leaves of it.

Wants the path of the library in GROVE_FAULT_LIBRARY.
"""

import os
import signal
import sys
import tempfile
import unittest

import faulty

LIBRARY = os.environ["GROVE_FAULT_LIBRARY"]

# What the little programs below are written in.
PRELUDE = """
import os
def new(name): return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
def sync(name):
    file = os.open(name, os.O_RDONLY)
    os.fsync(file)
    os.close(file)
"""
# A file is replaced as it should be. Its calls: open, write, fsync, rename, fsync.
REPLACE = """
file = new("f.tmp")
os.write(file, b"new!")
os.fsync(file)
os.close(file)
os.rename("f.tmp", "f")
sync(".")
"""
# The same without any sync. Its calls: open, write, rename.
REPLACE_UNSYNCED = """
file = new("f.tmp")
os.write(file, b"new!")
os.close(file)
os.rename("f.tmp", "f")
"""


class Faults(unittest.TestCase):
    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.log = os.path.join(work.name, "log")
        self.folder = os.path.join(work.name, "folder")
        os.mkdir(self.folder)
        with open(os.path.join(self.folder, "f"), "w", encoding="ascii") as file:
            file.write("old")

    def run_with(self, kind: str, at: int, program: str) -> faulty.Ended:
        return faulty.run([sys.executable, "-c", PRELUDE + program], LIBRARY, self.folder, self.log,
                          kind, at, cwd=self.folder)

    def left(self) -> dict:
        """The contents of the files, and None for folders, by path."""
        found = {}
        for place, folders, files in os.walk(self.folder):
            for name in folders:
                found[os.path.relpath(os.path.join(place, name), self.folder)] = None
            for name in files:
                path = os.path.join(place, name)
                with open(path, encoding="ascii") as file:
                    found[os.path.relpath(path, self.folder)] = file.read()
        return found

    def after(self, kind: str, at: int, program: str) -> dict:
        """What is left after a fault that kills."""
        ended = self.run_with(kind, at, program)
        self.assertEqual(ended.code, -signal.SIGKILL, ended.said)
        self.assertEqual(len(ended.calls), at)
        return self.left()

    def test_all_calls_are_counted(self):
        ended = self.run_with("none", 0, REPLACE + """
os.mkdir("d")
os.truncate("f", 2)
file = os.open("d/g", os.O_WRONLY | os.O_CREAT, 0o666)
os.ftruncate(file, 0)
os.pwrite(file, b"abc", 0)
os.fdatasync(file)
os.unlink("d/g")
os.rmdir("d")
folder = os.open(".", os.O_RDONLY)
os.mkdir("e", dir_fd=folder)
os.close(os.open("e/h", os.O_WRONLY | os.O_CREAT, dir_fd=folder))
os.rename("e/h", "e/i", src_dir_fd=folder, dst_dir_fd=folder)
os.unlink("e/i", dir_fd=folder)
os.read(os.open("f", os.O_RDONLY), 1)
os.write(2, b"to a pipe")
new("/dev/null")
""")
        self.assertEqual(ended.code, 0, ended.said)
        self.assertEqual([" ".join(call.split()[:2]) for call in ended.calls], [
            "open f.tmp", "write f.tmp", "fsync f.tmp", "rename f", "fsync .",
            "mkdir d", "truncate f", "open d/g", "ftruncate d/g", "pwrite d/g", "fdatasync d/g",
            "unlink d/g", "rmdir d",
            "mkdir e", "open e/h", "rename e/i", "unlinkat e/i"])
        self.assertEqual(self.left(), {"f": "ne", "e": None})

    def test_kill_comes_before_the_call(self):
        self.assertEqual(self.after("kill", 2, REPLACE), {"f": "old", "f.tmp": ""})
        os.remove(self.log)
        self.assertEqual(self.after("kill", 4, REPLACE), {"f": "old", "f.tmp": "new!"})

    def test_half_of_a_write(self):
        self.assertEqual(self.after("half", 2, REPLACE), {"f": "old", "f.tmp": "ne"})

    def test_half_of_anything_else_is_all_of_it(self):
        self.assertEqual(self.after("half", 4, REPLACE), {"f": "new!"})

    def test_a_failed_call_does_nothing_and_the_next_one_works(self):
        calls = ("new('a')", "os.write(file, b'b')", "os.fsync(file)", "os.rename('f', 'd')",
                 "os.truncate('f', 1)", "os.ftruncate(file, 1)", "os.unlink('f')", "os.mkdir('e')")
        for kind, number in (("eio", "EIO"), ("enospc", "ENOSPC")):
            for call in calls:
                with self.subTest(kind=kind, call=call):
                    ended = self.run_with(kind, 2, f"""
import errno
file = new("c")
try:
    {call}
    print("no error")
except OSError as error:
    print(error.errno == errno.{number})
os.write(file, b"later")
""")
                    self.assertEqual(ended.out, "True\n", ended.said)
                    self.assertEqual(ended.code, 0, ended.said)
                    self.assertEqual(self.left(), {"c": "later", "f": "old"})
                    os.remove(self.log)

    def test_power_loss_keeps_what_was_synced(self):
        for at, left in ((1, "old"), (3, "old"), (4, "old"), (5, "old")):
            with self.subTest(at=at):
                self.assertEqual(self.after("unsynced", at, REPLACE), {"f": left})
                os.remove(self.log)
        # The folder was synced: now the new name lasts.
        ended = self.run_with("unsynced", 6, REPLACE)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertEqual(self.left(), {"f": "new!"})

    def test_power_loss_at_the_end_takes_what_was_not_synced(self):
        ended = self.run_with("unsynced", 4, REPLACE_UNSYNCED)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertEqual(self.left(), {"f": "old"})

    def test_a_name_without_its_contents(self):
        ended = self.run_with("unsynced", 99, REPLACE_UNSYNCED + "sync('.')")
        self.assertEqual(ended.code, 0, ended.said)
        self.assertEqual(self.left(), {"f": ""})

    def test_contents_without_their_name(self):
        write = "file = new('g')\nos.write(file, b'x')\nos.fsync(file)"
        ended = self.run_with("unsynced", 99, write)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertEqual(self.left(), {"f": "old"})

    def test_what_was_removed_is_there_again(self):
        self.run_with("unsynced", 99, "os.unlink('f')")
        self.assertEqual(self.left(), {"f": "old"})
        os.remove(self.log)
        self.run_with("unsynced", 99, "os.unlink('f')\nsync('.')")
        self.assertEqual(self.left(), {})

    def test_a_file_is_not_taken_for_the_one_that_had_its_number(self):
        # File systems give the number of a file that is gone to the next one.
        self.run_with("unsynced", 99, """
for i in range(20):
    os.unlink("f")
    os.close(new("f"))
sync(".")
""")
        self.assertEqual(self.left(), {"f": ""})

    def test_a_folder_lasts_once_the_one_around_it_is_synced(self):
        make = "os.mkdir('d')\nfile = new('d/g')\nos.write(file, b'x')\nos.fsync(file)\nsync('d')\n"
        self.run_with("unsynced", 99, make)
        self.assertEqual(self.left(), {"f": "old"})
        os.remove(self.log)
        self.run_with("unsynced", 99, make + "sync('.')")
        self.assertEqual(self.left(), {"f": "old", "d": None, "d/g": "x"})

    def test_what_was_appended_is_cut_off(self):
        self.run_with("unsynced", 4, """
file = os.open("f", os.O_WRONLY | os.O_APPEND)
os.write(file, b" 1")
os.fsync(file)
os.write(file, b" 2")
""")
        self.assertEqual(self.left(), {"f": "old 1"})

    def test_bad_requests_are_refused(self):
        ended = self.run_with("burn", 1, REPLACE)
        self.assertEqual(ended.code, 125)
        self.assertIn("GROVE_FAULT_KIND", ended.err)
        self.assertEqual(self.left(), {"f": "old"})


if __name__ == "__main__":
    unittest.main()
