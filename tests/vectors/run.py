#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Plays the vectors of the conformance suite (README.md beside this file).

run.py [--check COMMAND] [VECTOR...]: COMMAND is given what `market check` is
given, and answers as that does; by default it is that.
"""

import base64
import glob
import json
import os
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BUILDDIR = os.environ.get("BUILDDIR") or os.getcwd()
MARKET = os.path.join(BUILDDIR, "market")
LEAST = 250


def write(folder, statement):
    """The envelope as a file that is named as the vector names it."""
    path = os.path.join(folder, statement["name"] + ".dsse")
    if "dsse" in statement:
        data = json.dumps(statement["dsse"]).encode()
    else:
        data = base64.b64decode(statement["bytes"])
    with open(path, "wb") as file:
        file.write(data)
    return path


def ask(command, vector, folder):
    """The decision as an object."""
    line = command + ["--json", "--at", vector["at"],
                      "--root", write(folder, vector["root"]),
                      "--policy", write(folder, vector["policy"])]
    for statement in vector["evidence"]:
        line += ["--with", write(folder, statement)]
    line.append(write(folder, vector["offer"]))
    done = subprocess.run(line, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise AssertionError("no decision: %s" % done.stderr.decode(
            errors="replace").strip()) from None


def told(decision):
    findings = list(decision["findings"])
    for cell in decision["cells"]:
        findings += cell["findings"]
    return findings


def faults(vector, decision):
    """What the decision does not agree with."""
    want = vector["want"]
    findings = told(decision)
    codes = {finding["code"] for finding in findings}
    if decision["verdict"] != want["verdict"]:
        yield "verdict %s, want %s" % (decision["verdict"], want["verdict"])
    for code in want["codes"]:
        if code not in codes:
            yield "%s is not told" % code
    for code in want["not_codes"]:
        if code in codes:
            yield "%s is told" % code
    if want["verdict"] == "PERMIT":
        for finding in findings:
            if finding["effect"] in ("DENY", "INDETERMINATE"):
                yield "%s is told, and it is permitted" % finding["code"]
    if "ignored" in want:
        name, code = want["ignored"].split()
        if not any(os.path.basename(i["file"]) == name + ".dsse" and
                   i["code"] == code for i in decision["ignored"]):
            yield "%s is not ignored with %s" % (name, code)


def play(command, path):
    with open(path, encoding="utf-8") as file:
        vector = json.load(file)
    with tempfile.TemporaryDirectory(prefix="vector-") as folder:
        try:
            found = list(faults(vector, ask(command, vector, folder)))
        except AssertionError as error:
            found = [str(error)]
    return vector, found


def selftest(path):
    """A vector that expects something else is told, in each of its parts."""
    with open(path, encoding="utf-8") as file:
        vector = json.load(file)
    decision = {"verdict": "DENY", "ignored": [], "cells": [],
                "findings": [{"code": "OFFER_EXPIRED", "effect": "DENY"}]}
    vector["want"] = {"verdict": "PERMIT", "codes": ["SERVICE_LIMITED"],
                      "not_codes": ["OFFER_EXPIRED"], "ignored": "x CODE"}
    return len(list(faults(vector, decision))) == 5


def main(argv):
    command = [MARKET, "check"]
    if argv[:1] == ["--check"]:
        command, argv = shlex.split(argv[1]), argv[2:]
    elif not os.path.exists(MARKET):
        print("1..0 # SKIP the command is not built (jansson)")
        return 0
    paths = argv or sorted(glob.glob(os.path.join(HERE, "*.json")))
    number = failed = 0
    verdicts = {}

    def ok(good, label, lines=()):
        nonlocal number, failed
        number += 1
        failed += not good
        print("%s %d - %s" % ("ok" if good else "not ok", number, label))
        for line in lines:
            print("#   " + line)

    ok(selftest(paths[0]), "the comparison can fail")
    wrong = []
    for path in paths:
        vector, found = play(command, path)
        verdict = vector["want"]["verdict"]
        verdicts[verdict] = verdicts.get(verdict, 0) + 1
        if found:
            wrong.append("%s (%s): %s" % (os.path.basename(path),
                                          vector["about"], "; ".join(found)))
    ok(not wrong, "%d vectors: %s" % (len(paths), ", ".join(
        "%d %s" % (n, verdict) for verdict, n in sorted(verdicts.items()))),
       wrong[:20])
    if not argv:
        ok(len(paths) >= LEAST and len(verdicts) == 3,
           "they are as many as they should be, of each verdict")
    print("1..%d" % number)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
