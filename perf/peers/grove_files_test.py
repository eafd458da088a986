"""Tests of grove_files.py. Run: python3 -m unittest discover -p '*_test.py'"""

import json
import os
import struct
import tempfile
import unittest

import grove_files


def checkpoint(header: dict, values: list[float]) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + struct.pack(f"<{len(values)}f", *values)


class Checkpoints(unittest.TestCase):
    def read(self, contents: bytes):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.safetensors")
            with open(path, "wb") as file:
                file.write(contents)
            return grove_files.read_checkpoint(path)

    def test_tensors_lie_where_the_header_says(self):
        tensors, metadata = self.read(
            checkpoint(
                {
                    "__metadata__": {"epoch": "0"},
                    "b": {"dtype": "F32", "shape": [1], "data_offsets": [16, 20]},
                    "W": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
                },
                [1, 2, 3, 4, 5],
            )
        )
        self.assertEqual(metadata, {"epoch": "0"})
        self.assertEqual(tensors["W"].shape, [2, 2])
        self.assertEqual(list(tensors["W"].values), [1, 2, 3, 4])
        self.assertEqual(list(tensors["b"].values), [5])

    def test_a_file_cut_short_is_refused(self):
        header = {"W": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}}
        with self.assertRaisesRegex(ValueError, "cut short: tensor W ends at byte 12 of 8"):
            self.read(checkpoint(header, [1, 2]))

    def test_other_types_are_refused(self):
        header = {"W": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}
        with self.assertRaisesRegex(ValueError, "F64"):
            self.read(checkpoint(header, [1, 2]))


class Trees(unittest.TestCase):
    def test_nodes_are_in_post_order(self):
        tree = grove_files.parse_tree("(6 (. (. 4711) (. 12)) (. 607))\n")
        self.assertEqual(tree.word, ["4711", "12", "", "607", ""])
        self.assertEqual(tree.left, [-1, -1, 0, -1, 2])
        self.assertEqual(tree.right, [-1, -1, 1, -1, 3])
        self.assertEqual(tree.label, 6)
        self.assertEqual(tree.heights(), [0, 0, 1, 0, 2])

    def test_a_tree_may_be_a_single_leaf(self):
        tree = grove_files.parse_tree("(3 42)")
        self.assertEqual((tree.word, tree.left, tree.label), (["42"], [-1], 3))

    def test_a_chain_may_be_long(self):
        tree = grove_files.parse_tree("(. (. a) " * 5000 + "(. b)" + ")" * 5000)
        self.assertEqual(tree.heights()[-1], 5000)

    def test_open_brackets_are_refused(self):
        with self.assertRaisesRegex(ValueError, "brackets that do not match"):
            grove_files.parse_tree("(6 (. 4711) (. 607)")


if __name__ == "__main__":
    unittest.main()
