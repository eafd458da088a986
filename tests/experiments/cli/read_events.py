"""Reads TensorBoard event files, by the format's own description and nothing of ours: prints, as
JSON, of each file under a folder its scalars by tag, [[step, value], ...]. A wrong checksum, or a
file that ends in the middle, is an error."""

import json
import os
import struct
import sys


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data: bytes) -> int:
    crc = crc32c(data)
    return (crc >> 15 | crc << 17) + 0xA282EAD8 & 0xFFFFFFFF


assert crc32c(b"123456789") == 0xE3069283  # the check value that everyone gives


def records(data: bytes):
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        assert struct.unpack("<I", data[8:12])[0] == masked(data[:8]), "length: wrong checksum"
        record, end = data[12:12 + length], data[12 + length:16 + length]
        assert len(end) == 4, "the file ends in the middle of a record"
        assert struct.unpack("<I", end)[0] == masked(record), "record: wrong checksum"
        yield record
        data = data[16 + length:]


def varint(data: bytes, at: int):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def fields(data: bytes):
    """Of a protocol buffer: (number, value), integers of varints, else bytes."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        else:
            if tag & 7 == 2:
                size, at = varint(data, at)
            else:
                size = {1: 8, 5: 4}[tag & 7]
            value, at = data[at:at + size], at + size
        yield tag >> 3, value


def scalars(path: str) -> dict:
    with open(path, "rb") as file:
        events = [dict(fields(record)) for record in records(file.read())]
    assert events[0][3] == b"brain.Event:2", "no version in front"
    found = {}
    for event in events[1:]:
        assert struct.unpack("<d", event[1])[0] >= 0
        for number, value in fields(event[5]):
            assert number == 1
            scalar = dict(fields(value))
            found.setdefault(scalar[1].decode(), []).append(
                [event[2], struct.unpack("<f", scalar[2])[0]])
    return found


def main() -> None:
    root = sys.argv[1]
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, root)] = scalars(path)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
