#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The map of faults holds: libmarket/doc/faults.md has each id of the
catalogue once, with tests that exist, are run and carry the id, or with the
reason why the design rules it out, or with what it waits for."""

import os
import re
import sys

import house

MAP = "libmarket/doc/faults.md"
COUNTS = {"E": 38, "S": 24, "K": 20, "D": 24, "C": 12, "T": 10, "R": 16,
          "M": 15, "P": 22, "Q": 10, "X": 16, "A": 16}
WAITS = {"speed", "log", "power cuts", "PostgreSQL"}
SHARED = os.environ.get("MARKET_SHARED") or os.path.join(
    house.SRCDIR, "..", "shared")

ROW = re.compile(r"^\| ([A-Z]\d+) \|([^|]*)\|([^|]*)\|([^|]*)\|$", re.M)
NAME = re.compile(r"`([^`]+)`")
PYTHON = re.compile(r'#[^\n]*|"""(?:.*?)"""|"(?:\\.|[^"\\\n])*"', re.S)


def ids(counts):
    return ["%s%d" % (group, number) for group, count in counts.items()
            for number in range(1, count + 1)]


def counts_of(catalogue):
    """What the catalogue says that it has: "Count: E38 S24 ..."."""
    line = re.search(r"^Count: ((?:[A-Z]\d+ )+)", catalogue, re.M)
    return {} if line is None else {
        word[0]: int(word[1:]) for word in line.group(1).split()}


def listed(catalogue):
    """The ids of its tables, and those that stand in a line of text."""
    text = "\n".join(re.findall(r"^\*\*[XA] .*", catalogue, re.M))
    return set(re.findall(r"^\| ([A-Z]\d+) \|", catalogue, re.M)) | set(
        re.findall(r"\b([XA]\d+) ", text))


def carries(path, text, name):
    """Is the id in a label, a comment or the name of a test?"""
    token = house.TOKEN if path.endswith((".c", ".h")) else PYTHON
    said = re.compile(r"(?<![A-Za-z0-9_])%s(?![A-Za-z0-9_])" % name)
    named = re.compile(r"\b%s_[a-z]|_%s_" % (name.lower(), name))
    return any(said.search(m.group(0)) for m in token.finditer(text)) or (
        named.search(text) is not None)


def fragments(root):
    return "\n".join(house.read(root, name) for name in
                     ["Makefile.am"] + house.files(root, "tests", ".am"))


def waits(other):
    for word in re.findall(r"waits for ([^:;|]*)", other):
        yield word.strip()


def row_faults(root, run, name, tests, other):
    if not tests and "ruled out: " not in other and not list(waits(other)):
        yield name + ": no test, no reason, nothing that it waits for"
    if re.search(r"(?:ruled out|waits for [^:;]*): *(?:;|$)", other):
        yield name + ": no reason is given"
    for word in waits(other):
        if word not in WAITS:
            yield "%s: waits for \"%s\", which is none of %s" % (
                name, word, ", ".join(sorted(WAITS)))
    for test in tests:
        path = "tests/" + test
        if not os.path.isfile(os.path.join(root, path)):
            yield "%s: %s is not there" % (name, path)
        elif path not in run:
            yield "%s: %s is named by no .am" % (name, path)
        elif not carries(path, house.read(root, path), name):
            yield "%s: %s does not carry it" % (name, path)


def faults(root, counts):
    rows = ROW.findall(house.read(root, MAP))
    names = [row[0] for row in rows]
    run = fragments(root)
    for name in ids(counts):
        if names.count(name) != 1:
            yield "%s: stands there %d times" % (name, names.count(name))
    for name in names:
        if name not in ids(counts):
            yield name + ": the catalogue has no such id"
    for name, _, tests, other in rows:
        yield from row_faults(root, run, name, NAME.findall(tests), other)


HEAD = "| id | what comes | tests | or else |\n|---|---|---|---|\n"
TEST = ('static const row_t rows[] = { { "E1 nothing", 0 } };\n'
        "/* E2 */\nSTART_TEST(e3_is_refused)\nint E4;\n")
GOOD = (HEAD + "| E1 | a | `unit/t.c` | |\n| E2 | b | `unit/t.c` | |\n"
        "| E3 | c | `unit/t.c` | waits for log: proofs |\n"
        "| E4 | d | | ruled out: there is none |\n")
BAD = [
    ("an id with none of the three", GOOD.replace(
        "ruled out: there is none", ""), "E4: no test, no reason"),
    ("an id that is missing", GOOD.replace("| E2 |", "| E |"),
     "E2: stands there 0 times"),
    ("an id that stands there twice", GOOD.replace("| E2 |", "| E1 |"),
     "E1: stands there 2 times"),
    ("an id that is unknown", GOOD + "| E5 | e | `unit/t.c` | |\n",
     "E5: the catalogue has no such id"),
    ("a test that is not there", GOOD.replace("unit/t.c", "unit/u.c"),
     "tests/unit/u.c is not there"),
    ("a test that is not run", GOOD.replace("unit/t.c", "unit/lost.c"),
     "tests/unit/lost.c is named by no .am"),
    ("a test without the id", GOOD.replace("| d | |", "| d | `unit/t.c` |"),
     "E4: tests/unit/t.c does not carry it"),
    ("nothing to wait for", GOOD.replace("for log", "for rain"),
     "waits for \"rain\""),
    ("a reason that is none", GOOD.replace("there is none", ""),
     "E4: no reason is given"),
]


def fixture(text):
    return house.Tree({MAP: text, "tests/unit/t.c": TEST,
                       "tests/unit/lost.c": TEST, "Makefile.am": "",
                       "tests/t.am": "x_SOURCES = tests/unit/t.c\n"})


def main():
    tap = house.Tap()
    with fixture(GOOD) as root:
        tap.clean(faults(root, {"E": 4}), "a map that holds is taken")
    for label, text, what in BAD:
        with fixture(text) as root:
            tap.finds(faults(root, {"E": 4}), label, what)
    tap.clean(faults(house.SRCDIR, COUNTS),
              "each of %d faults is carried, ruled out or waits"
              % len(ids(COUNTS)))
    path = os.path.join(SHARED, "FAULTS.md")
    label = "the catalogue has these ids and no others"
    if not os.path.isfile(path):
        tap.skip(label, "FAULTS.md is missing: set MARKET_SHARED to the "
                 "shared directory")
        return tap.done()
    with open(path, encoding="utf-8") as file:
        catalogue = file.read()
    wrong = [] if counts_of(catalogue) == COUNTS else [
        "it counts %r" % counts_of(catalogue)]
    wrong += sorted(set(ids(COUNTS)) ^ listed(catalogue))
    tap.clean(wrong, label)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
