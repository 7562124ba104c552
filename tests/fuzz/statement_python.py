#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every payload that the strict check accepted in a replay of the driver
`fuzz_statement`, its corpus and the mutants of it: Python's protobuf has to
mean the same, as tests/check/json_python.py has it. With a directory as an
argument, of what is there instead, as a run of the fuzzer leaves it."""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "check"))

import json_python  # noqa: E402  pylint: disable=wrong-import-position

PROGRAM = os.path.join("tests", "fuzz", "fuzz_statement")
PROTO = os.path.join(HERE, "..", "..", "proto")


def extended(line, known):
    """Extensions, which JSON does not show: the same bytes come out."""
    name, data, _ = line.split(" ", 2)
    data = bytes.fromhex(data)
    message = known[name.rstrip("+")].FromString(data)
    if message.SerializeToString(deterministic=True) != data:
        return "Python writes other bytes than it read"
    return None


def accepted(directory):
    path = os.path.join(directory, "accepted")
    grown = [os.path.join(place, name) for place in sys.argv[1:2]
             for name in sorted(os.listdir(place))]
    subprocess.run([PROGRAM, "--accepted", path] + grown, check=True,
                   stdout=subprocess.DEVNULL)
    with open(path, encoding="utf-8", newline="\n") as file:
        return sorted(set(file.read().split("\n")[:-1]))


def main():
    try:
        from google.protobuf import json_format
    except ImportError:
        json_python.skip("python3-protobuf is missing")
    if shutil.which("protoc") is None:
        json_python.skip("protoc is missing")
    faults, counts = {}, {}
    with tempfile.TemporaryDirectory() as directory:
        lines = accepted(directory)
        known = json_python.messages(PROTO, directory)
        for line in lines:
            name = line.split(" ", 1)[0]
            counts[name] = counts.get(name, 0) + 1
            try:
                if name.endswith("+"):
                    fault = extended(line, known)
                else:
                    fault = json_python.check(line, known, json_format)
            except Exception as error:  # what Python refuses
                fault = "Python: %s" % error
            if fault is not None:
                faults.setdefault(name, "%s\n%s" % (fault, line[:2000]))
    for number, name in enumerate(sorted(counts), 1):
        print("%s %d - %s: %d payloads" % (
            "not ok" if name in faults else "ok", number, name, counts[name]))
        if name in faults:
            print("# " + faults[name].replace("\n", "\n# "))
    print("1..%d" % len(counts))
    return 1 if faults or not counts else 0


if __name__ == "__main__":
    sys.exit(main())
