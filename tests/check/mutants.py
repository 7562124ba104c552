#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each entry of tests/mutants.txt finds what it changes, once, and a test
program to notice: so an entry cannot go stale between two make
check-mutants."""

import os
import sys

import house

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(house.SRCDIR, "tests"))
import mutate  # pylint: disable=wrong-import-position


def check(root):
    mutants = mutate.parse(house.read(root, "tests/mutants.txt"))
    if not mutants:
        yield "tests/mutants.txt has no entry"
    for mutant in mutants:
        path = os.path.join(root, mutant.file)
        if not os.path.exists(path):
            yield "%s: there is no such file" % mutant.label()
        elif mutate.mutated(mutate.read(path), mutant) is None:
            yield "%s: its text is not there exactly once" % mutant.label()
        if not os.path.exists(os.path.join(root, mutant.program + ".c")):
            yield "%s: no test %s" % (mutant.label(), mutant.program)


def main():
    tap = house.Tap()
    tree = {"tests/mutants.txt": "E1 a.c tests/t\n-if (x)\n+if (false)\n",
            "a.c": "f() { if (x) y(); }\n", "tests/t.c": "t();\n"}
    with house.Tree(tree) as root:
        tap.clean(check(root), "a tree in order passes")
    for path, text, label, says in (
            ("a.c", "f() { y(); }\n", "a text that is gone", "exactly once"),
            ("a.c", "if (x) if (x)\n", "a text that is there twice",
             "exactly once"),
            ("tests/mutants.txt", "E1 b.c tests/t\n-x\n+y\n",
             "a file that is gone", "no such file"),
            ("tests/mutants.txt", "E1 a.c tests/u\n-if (x)\n+\n",
             "a test that is gone", "no test"),
            ("tests/mutants.txt", "# nothing\n", "an empty list", "no entry")):
        with house.Tree(dict(tree, **{path: text})) as root:
            tap.finds(check(root), label, says)
    tap.clean(check(house.SRCDIR), "each mutant finds its place")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
