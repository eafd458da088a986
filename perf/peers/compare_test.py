"""Tests of the race that start no program but a fake compiler."""

import os
import stat
import tempfile
import unittest
import unittest.mock

import compare
import dynet_program
import results
import works
from programs import Failure

ALIKE = {
    "grove_loss": 2.3, "peer_loss": 2.3, "loss_difference": 1e-8, "grove_accuracy": 0.1,
    "peer_accuracy": 0.102, "worst_tensor": "W_i1", "weight_difference": 1e-6,
}


class TheCheck(unittest.TestCase):
    def test_rounding_is_no_difference(self):
        self.assertTrue(results.agrees(ALIKE))

    def test_each_figure_counts(self):
        for key, value in (("loss_difference", 1e-4), ("peer_accuracy", 0.104),
                           ("weight_difference", 0.01)):
            self.assertFalse(results.agrees({**ALIKE, key: value}), key)

    def test_what_is_not_a_number_differs(self):
        for key in ("loss_difference", "peer_accuracy", "weight_difference"):
            self.assertFalse(results.agrees({**ALIKE, key: float("nan")}), key)


def lines(work: str, speeds: dict[str, tuple]) -> list[dict]:
    return [{"round": i, "work": work, "program": program, "trees_per_second": values[i]}
            for i in range(3) for program, values in speeds.items()]


class TheSummary(unittest.TestCase):
    def test_ratios_are_those_of_the_rounds(self):
        speeds = {"grove": (100, 300, 210), "fast": (10, 10, 30), "slow": (1, 1, 1)}
        fast, slow = results.summarise(lines("rnn/len1-10", speeds), {"fast": "A", "slow": "A"})
        self.assertEqual((fast["peer"], slow["peer"]), ("fast", "slow"))
        # The rounds give 10, 30 and 7; the ratio of the medians would be 21.
        self.assertEqual((fast["ratio"], fast["ratio_min"], fast["ratio_max"]), (10, 7, 30))
        self.assertEqual((fast["grove_trees_per_second"], fast["peer_trees_per_second"]), (210, 10))
        (verdict,) = results.verdicts([slow, fast])
        self.assertIn("10.0 times", verdict)

    def test_libraries_are_judged_apart(self):
        """Each on its own works, by the fastest of its own programs."""
        grove = {"grove": (100, 100, 100)}
        summary = results.summarise(
            lines("rnn/len1-10", {**grove, "batched": (10, 10, 10), "dynet": (25, 25, 25)}) +
            lines("rlstm/sst/batch25", {**grove, "dynet": (50, 50, 50)}),
            {"batched": "PyTorch", "dynet": "DyNet"})
        self.assertEqual([(s["work"], s["peer"], s["library"], s["ratio"]) for s in summary],
                         [("rnn/len1-10", "batched", "PyTorch", 10),
                          ("rnn/len1-10", "dynet", "DyNet", 4),
                          ("rlstm/sst/batch25", "dynet", "DyNet", 2)])
        torch, dynet = results.verdicts(summary)
        self.assertIn("10.0 times as many trees a second as the fastest PyTorch", torch)
        self.assertIn("2.0 to 4.0 times as many trees a second as the fastest DyNet", dynet)


class TheWorks(unittest.TestCase):
    def names(self, *arguments) -> list[str]:
        return [work.name for work in works.chosen_works(*arguments)]

    def test_all_that_there_are_trees_for(self):
        task = [work.name for work in works.TASK]
        self.assertEqual(self.names("", "", ["PyTorch"]), task)
        self.assertEqual(self.names("", "sst", ["DyNet"]), works.NAMES)
        self.assertEqual(self.names("rnn/len1-10, rlstm/sst/batch25", "sst", ["DyNet"]),
                         ["rnn/len1-10", "rlstm/sst/batch25"])

    def test_what_cannot_be_raced_is_refused(self):
        for arguments, message in (
                (("rnn", "", ["DyNet"]), "unknown 'rnn'; allowed: .*tai_binary/sst/batch100"),
                (("rlstm/sst/batch25", "", ["DyNet"]), "rlstm/sst/batch25 needs SST"),
                (("", "sst", ["PyTorch"]), "only DyNet .* DYNET says where")):
            with self.assertRaisesRegex(Failure, message):
                works.chosen_works(*arguments)

    def test_every_model_that_is_timed_is_checked(self):
        chosen = works.chosen_works("rlstm/len91-100 tai_binary/sst/batch100", "sst", ["DyNet"])
        self.assertEqual([work.name for work in works.check_works(chosen)],
                         ["rlstm/len21-30", "rlstm/len1-10", "tai_binary/sst/batch100"])

    def test_names_and_options_of_a_work(self):
        task, sst = works.TASK[0], works.SST[0]
        self.assertEqual(task.benchmark, "train/rlstm/dim50/len21-30/batch5")
        self.assertEqual(task.options, ["--model", "rlstm", "--dim", "50"])
        self.assertEqual(task.libraries, ("PyTorch", "DyNet"))
        self.assertEqual(sst.benchmark, "train/tai_binary/dim150/word300/trees/batch25")
        self.assertEqual(sst.options[-2:], ["--word-dim", "300"])
        self.assertEqual(sst.libraries, ("DyNet",))


class TheOptions(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, path: str, text: str = "") -> str:
        path = os.path.join(self.folder.name, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def dynet(self) -> str:
        self.write("dynet/include/dynet/dynet.h")
        self.write("dynet/lib/libdynet.so")
        return os.path.join(self.folder.name, "dynet")

    def understand(self, *arguments: str) -> list[works.Work]:
        return compare.understand(compare.parse(list(arguments)))

    def test_either_library_will_do(self):
        for peers in (["--python", "python3"], ["--dynet", self.dynet()],
                      ["--python", "python3", "--dynet", self.dynet()]):
            self.assertEqual(self.understand(*peers), works.TASK)
        with self.assertRaisesRegex(Failure, "nobody to race.*python3-torch.*DYNET"):
            self.understand()

    def test_a_folder_that_is_no_dynet_is_refused(self):
        folder = self.folder.name
        with self.assertRaisesRegex(Failure, "DYNET=.*/none: no such folder"):
            self.understand("--dynet", f"{folder}/none")
        with self.assertRaisesRegex(Failure, "has no include/dynet/dynet.h"):
            self.understand("--dynet", folder)
        self.write("half/include/dynet/dynet.h")
        with self.assertRaisesRegex(Failure, "has no lib/libdynet.so"):
            self.understand("--dynet", f"{folder}/half")

    def test_a_folder_that_is_no_treebank_is_refused(self):
        self.write("sst/train.txt")
        arguments = ["--dynet", self.dynet(), "--sst", f"{self.folder.name}/sst"]
        with self.assertRaisesRegex(Failure, "SST=.*/sst: has no dev.txt"):
            self.understand(*arguments)
        self.write("sst/dev.txt")
        self.assertEqual(self.understand(*arguments), works.TASK + works.SST)

    def test_no_rounds_are_refused(self):
        with self.assertRaisesRegex(Failure, "ROUNDS = 0"):
            self.understand("--python", "python3", "--rounds", "0")

    def test_what_the_compiler_says_is_shown(self):
        compiler = self.write("c++", "#!/bin/sh\necho \"cannot find $CXX_WANTS\"; exit 1\n")
        os.chmod(compiler, stat.S_IRWXU)
        command = dynet_program.compile_command(self.dynet(), "peer", {
            "CXX": f"ccache {compiler}", "CXXFLAGS": "-isystem /eigen", "LDFLAGS": "-lopenblas"})
        self.assertEqual(command[:2], ["ccache", compiler])
        self.assertIn("/eigen", command)
        self.assertGreater(command.index("-lopenblas"), command.index("-ldynet"))
        with unittest.mock.patch.dict(os.environ, {"CXX": compiler, "CXX_WANTS": "nlohmann"}):
            with self.assertRaisesRegex(Failure, "against DYNET=.*\n.*\ncannot find nlohmann"):
                dynet_program.compile_program(self.dynet(), "peer")
        with unittest.mock.patch.dict(os.environ, {"CXX": "no-such-compiler"}):
            with self.assertRaisesRegex(Failure, "no-such-compiler: no such compiler; CXX names"):
                dynet_program.compile_program(self.dynet(), "peer")


if __name__ == "__main__":
    unittest.main()
