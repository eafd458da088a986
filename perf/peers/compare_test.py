"""Tests of compare.py that start no program."""

import unittest

import compare

ALIKE = {
    "grove_loss": 2.3, "peer_loss": 2.3, "loss_difference": 1e-8, "grove_accuracy": 0.1,
    "peer_accuracy": 0.102, "worst_tensor": "W_i1", "weight_difference": 1e-6,
}


class TheCheck(unittest.TestCase):
    def test_rounding_is_no_difference(self):
        self.assertTrue(compare.agrees(ALIKE))

    def test_each_figure_counts(self):
        for key, value in (("loss_difference", 1e-4), ("peer_accuracy", 0.104),
                           ("weight_difference", 0.01)):
            self.assertFalse(compare.agrees({**ALIKE, key: value}), key)

    def test_what_is_not_a_number_differs(self):
        for key in ("loss_difference", "peer_accuracy", "weight_difference"):
            self.assertFalse(compare.agrees({**ALIKE, key: float("nan")}), key)


class TheSummary(unittest.TestCase):
    def test_ratios_are_those_of_the_rounds(self):
        speeds = {"grove": (100, 300, 210), "fast": (10, 10, 30), "slow": (1, 1, 1)}
        lines = [{"round": i, "work": "rnn/len1-10", "program": program, "trees_per_second": v}
                 for i in range(3) for program, values in speeds.items() for v in [values[i]]]
        fast, slow = compare.summarise(lines)
        self.assertEqual((fast["peer"], slow["peer"]), ("fast", "slow"))
        # The rounds give 10, 30 and 7; the ratio of the medians would be 21.
        self.assertEqual((fast["ratio"], fast["ratio_min"], fast["ratio_max"]), (10, 7, 30))
        self.assertEqual((fast["grove_trees_per_second"], fast["peer_trees_per_second"]), (210, 10))
        self.assertIn("10.0 times", compare.verdict([slow, fast]))

    def test_unknown_works_are_refused(self):
        self.assertEqual(compare.chosen_works("rnn/len1-10, rlstm/len21-30"),
                         ["rnn/len1-10", "rlstm/len21-30"])
        self.assertEqual(compare.chosen_works(""), compare.WORK)
        with self.assertRaisesRegex(compare.Failure, "unknown 'rnn'"):
            compare.chosen_works("rnn")


if __name__ == "__main__":
    unittest.main()
