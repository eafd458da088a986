"""What Grove writes, read with the standard library alone: checkpoints (safetensors) and treebanks.

Only what a peer needs: binary trees labelled at the root, 32-bit floats, little-endian machines.
"""

import array
import json
import re
import struct
from dataclasses import dataclass


@dataclass
class Tensor:
    shape: list[int]
    values: array.array  # of "f", row-major


@dataclass
class Tree:
    """Nodes in post-order, the root last; children as node numbers of the tree, -1 at a leaf."""

    left: list[int]
    right: list[int]
    word: list[str]  # "" at inner nodes
    label: int  # of the root

    def heights(self) -> list[int]:
        heights = []
        for l, r in zip(self.left, self.right):
            heights.append(0 if l < 0 else 1 + max(heights[l], heights[r]))
        return heights


def read_checkpoint(path: str) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Tensors by name, and the metadata. Layout: header length (8 bytes), JSON header, numbers."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{path}: tensor {name} has type {entry['dtype']}, not F32")
        begin, end = entry["data_offsets"]
        if end > len(data):
            raise ValueError(f"{path}: cut short: tensor {name} ends at byte {end} of {len(data)}")
        tensors[name] = Tensor(entry["shape"], array.array("f", data[begin:end]))
    return tensors, metadata


def parse_tree(line: str) -> Tree:
    """`(6 (. 4711) (. 607))`. A stack, not recursion: a tree may be a chain of any length."""
    tree = Tree([], [], [], -1)
    label = None
    open_nodes: list[list] = []  # of each: its label, then its word or the numbers of its children
    for token in re.findall(r"[()]|[^\s()]+", line):
        if token == "(":
            open_nodes.append([])
        elif not open_nodes:
            raise ValueError(f"brackets that do not match: {line.strip()[:60]}")
        elif token != ")":
            open_nodes[-1].append(token)
        else:
            label, *inside = open_nodes.pop()
            left, right = (-1, -1) if len(inside) == 1 else inside
            tree.left.append(left)
            tree.right.append(right)
            tree.word.append(inside[0] if len(inside) == 1 else "")
            if open_nodes:
                open_nodes[-1].append(len(tree.left) - 1)
    if open_nodes or label is None:
        raise ValueError(f"brackets that do not match: {line.strip()[:60]}")
    tree.label = -1 if label == "." else int(label)
    return tree


def read_treebank(path: str) -> list[Tree]:
    with open(path, encoding="utf-8") as file:
        return [parse_tree(line) for line in file if line.strip()]
