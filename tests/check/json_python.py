#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Do Python's protobuf and libmarket mean the same by the same bytes?

Takes the payloads that `test_json --payloads FILE` writes, one a line: message,
bytes in hex, our JSON. Python has to read the bytes, give the same JSON (times
aside: Python's mapping shows them as integers), read that JSON into the same
message, and write the same bytes again.
"""
import calendar
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

TIMES = {"issuedAt", "notBefore", "notAfter", "from", "until", "effectiveAt"}
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def skip(reason):
    print("1..0 # SKIP " + reason)
    sys.exit(0)


def seconds(text):
    return str(calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")))


def without_times(value, key=None):
    """Our JSON with the times as Python has them."""
    if isinstance(value, dict):
        return {k: without_times(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [without_times(v) for v in value]
    if key in TIMES and RFC3339.fullmatch(value):
        return seconds(value)
    return value


def messages(proto_dir, out_dir):
    """The schema's messages by name, from freshly generated modules."""
    files = glob.glob(os.path.join(proto_dir, "market/v1/*.proto"))
    subprocess.run(
        ["protoc", "-I", proto_dir, "--python_out", out_dir] + sorted(files),
        check=True)
    sys.path.insert(0, out_dir)
    found = {}
    for file in files:
        name = "market.v1." + os.path.basename(file)[:-6] + "_pb2"
        module = __import__(name, fromlist=["DESCRIPTOR"])
        for message in module.DESCRIPTOR.message_types_by_name:
            found[message] = getattr(module, message)
    return found


def check(line, known, json_format):
    name, data, text = line.split(" ", 2)
    data = bytes.fromhex(data)
    message = known[name].FromString(data)
    ours = without_times(json.loads(text))
    theirs = json_format.MessageToDict(message)
    if ours != theirs:
        return "ours %s, Python's %s" % (ours, theirs)
    if message.SerializeToString(deterministic=True) != data:
        return "Python writes other bytes than it read"
    back = json_format.ParseDict(ours, known[name]())
    if back.SerializeToString(deterministic=True) != data:
        return "Python reads another message from our JSON"
    return None


def main():
    try:
        from google.protobuf import json_format
    except ImportError:
        skip("python3-protobuf is missing")
    if shutil.which("protoc") is None:
        skip("protoc is missing")
    program = os.path.join("tests", "unit", "test_json")
    proto_dir = os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "..", "..", "proto")
    failed = 0
    with tempfile.TemporaryDirectory() as out_dir:
        path = os.path.join(out_dir, "payloads")
        subprocess.run([program, "--payloads", path], check=True,
                       stdout=subprocess.DEVNULL)
        if not os.path.exists(path):
            skip("this build reads no JSON")
        with open(path, encoding="utf-8", newline="\n") as file:
            lines = file.read().split("\n")[:-1]
        known = messages(proto_dir, out_dir)
        for number, line in enumerate(lines, 1):
            fault = check(line, known, json_format)
            print("%s %d - %s" % (
                "ok" if fault is None else "not ok", number,
                line.split(" ", 1)[0]))
            if fault is not None:
                print("# " + fault.replace("\n", "\n# "))
                failed += 1
    print("1..%d" % len(lines))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
