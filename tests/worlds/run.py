#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Small worlds, judged by the library and by judge.py: the same verdicts.

small.txt has a base and a pool of 48 statements. Each set of at most 4 of the
pool, on top of the base, is a world; there are 213,053. WORLDS_SETS of them are
drawn at random (by WORLDS_SEED), or with WORLDS_SETS=all all are judged.
"""

import itertools
import json
import math
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BUILDDIR = os.environ.get("BUILDDIR") or os.getcwd()
PROGRAM = os.path.join(BUILDDIR, "tests/worlds/worlds")
SMALL = os.path.join(HERE, "small.txt")
sys.path.insert(0, HERE)

import judge  # noqa: E402 (it stands beside this file)

POOL = 48
MOST = 4
JOBS = 2
# Each verdict must be at least so often among the cells.
SHARE = 0.02

# For each rule of judge.py a set on which it matters; "": the base alone.
WITNESSES = {
    "standing": "w-no-standing",
    "fork": "p-fork",
    "revision": "grant-dist-2",
    "threshold": "f-one-key",
    "environment": "d-test-key",
    "effective": "g-shop w-g-shop-later",
    "withdrawal withdrawn": "w-sub-shop w-of-withdrawal",
    "status list": "s-m2 status-2",
    "status age": "",
    "status vanished": "status-2 status-3",
    "key withdrawn": "w-key-dist",
    "key window": "g-second-key key-set",
    "time": "g-spring",
    "lapse": "d-all",
    "begun": "d-dist d-dist-2",
    "not begun": "seller-shop-later",
    "giving back": "key-set d-all d-all-2",
    "widened model": "s-wider-model",
    "widened territory": "g-kiosk s-exclusion-gone",
    "widened time": "s-longer",
    "widened delegation": "s-kiosk-2",
    "delegation": "g-shop s-no-delegation",
    "parent current": "grant-dist-2",
    "cycle": "g-other-key s-self",
    "offer key": "g-other-key",
    "channel": "",
    "excluded": "g-kiosk",
    "disavowal of a party": "d-dist",
    "part": "d-dist",
    "hold": "h-model",
    "final": "s-m2 h-final w-h-final",
    "suspended": "seller-shop-2 seller-shop-2-fork",
    "bands": "c-no-bands",
}


class Library:
    """The library's letters for each set, all from one process."""

    def __init__(self, sets):
        self.given, self.told = (tempfile.TemporaryFile() for _ in range(2))
        for numbers in sets:
            self.given.write((" ".join(map(str, numbers)) + "\n").encode())
        self.given.seek(0)
        self.process = subprocess.Popen(
            [PROGRAM, SMALL, "judge"], stdin=self.given, stdout=self.told)

    def letters(self):
        if self.process.wait() != 0:
            raise AssertionError("worlds: status %d" % self.process.returncode)
        self.told.seek(0)
        return self.told.read().decode().split("\n")[:-1]


def library(sets):
    return Library(sets).letters()


class Second:
    """Judges sets by judge.py; a worker has a copy of the world."""

    world = None

    @classmethod
    def judge(cls, numbers):
        return cls.world.judge(numbers)

    @classmethod
    def all(cls, sets):
        with multiprocessing.Pool(JOBS) as pool:
            return pool.map(cls.judge, sets, chunksize=64)


def seconds(before):
    """Of processor time, of the children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime - before


def drawn(count, seed):
    """Random sets; as many of each size as there are among all of them."""
    source = random.Random(seed)
    sizes = range(MOST + 1)
    weights = [math.comb(POOL, size) for size in sizes]
    return [tuple(sorted(source.sample(range(POOL), size)))
            for size in source.choices(sizes, weights, k=count)]


def every():
    return [numbers for size in range(MOST + 1)
            for numbers in itertools.combinations(range(POOL), size)]


def differences(sets, ours, theirs):
    """Sets on which the two do not agree."""
    if not len(sets) == len(ours) == len(theirs):
        return [sets[0]]
    return [one for one, a, b in zip(sets, ours, theirs) if a != b]


def shrunk(numbers):
    """A smallest part of the set on which they still differ."""
    for size in range(len(numbers)):
        parts = list(itertools.combinations(numbers, size))
        for part, letters in zip(parts, library(parts)):
            if letters != Second.judge(part):
                return part
    return numbers


def told(numbers):
    """One difference, for a person."""
    part = shrunk(numbers)
    ours, theirs = library([part])[0], Second.judge(part)
    names = [Second.world.pool[number].name for number in part]
    cells = ["%s: library %s, judge.py %s" % (label, a, b) for label, a, b
             in zip(Second.world.labels(), ours, theirs) if a != b]
    return "%s\n    %s" % (" + ".join(names) or "the base alone",
                           "\n    ".join(cells))


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, label, faults=()):
        self.count += 1
        faults = list(faults)
        print("%s %d - %s" % ("not ok" if faults else "ok", self.count, label))
        for fault in faults[:10]:
            print("# " + fault.replace("\n", "\n# "))
        if len(faults) > 10:
            print("# and %d more" % (len(faults) - 10))
        sys.stdout.flush()
        self.failed += bool(faults)


def unseen():
    """Rules that could be left out unseen, and witnesses that are none."""
    number = {s.name: i for i, s in enumerate(Second.world.pool)}
    for rule in judge.RULES:
        if rule not in WITNESSES:
            yield rule + " has no witness"
            continue
        numbers = [number[name] for name in WITNESSES[rule].split()]
        right = Second.judge(numbers)
        if Second.world.judge(numbers, {rule}) == right:
            yield "%s may be left out in %s" % (rule, WITNESSES[rule])
        if library([numbers]) != [right]:
            yield "%s: %s" % (rule, told(numbers))


def rare(letters):
    """Verdicts that are too rare to say much."""
    text = "".join(letters)
    for one, name in zip("PDI", ("PERMIT", "DENY", "INDETERMINATE")):
        share = text.count(one) / len(text)
        print("# %s %.1f %%" % (name, 100 * share))
        if share < SHARE:
            yield "%s %.2f %%" % (name, 100 * share)


def main():
    if not os.path.exists(PROGRAM):
        print("1..0 # SKIP tests/worlds/worlds is not built")
        return 0
    tap = Tap()
    world = subprocess.run([PROGRAM, SMALL, "world"], check=True,
                           stdout=subprocess.PIPE).stdout
    Second.world = judge.World(json.loads(world))
    tap.ok("the pool has %d statements" % POOL,
           [] if len(Second.world.pool) == POOL else ["it has not"])
    few = os.environ.get("MARKET_SLOW") == "1"
    wanted = os.environ.get("WORLDS_SETS", "200" if few else "2000")
    seed = int(os.environ.get("WORLDS_SEED", "1"))
    sets = every() if wanted == "all" else drawn(int(wanted), seed)
    label = "%d small worlds, %s," % (
        len(sets), "all" if wanted == "all" else "seed %d" % seed)

    begin = time.monotonic()
    asked = Library(sets)
    theirs = Second.all(sets)
    second = seconds(0)
    ours = asked.letters()
    print("# library %.0f s, judge.py %.0f s of a processor, %.0f s in all" %
          (seconds(second), second, time.monotonic() - begin))
    found = differences(sets, ours, theirs)
    if found:
        print("# %d worlds differ" % len(found))
    tap.ok("%s are judged alike" % label,
           [told(numbers) for numbers in found[:10]])
    tap.ok("each verdict is among them", rare(ours))
    spoilt = ours[:-1] + [ours[-1].translate(str.maketrans("PDI", "DIP"))]
    tap.ok("another verdict on one of them is seen",
           [] if sets[-1] in differences(sets, spoilt, ours)
           else ["it is not"])
    tap.ok("each of %d rules of judge.py is seen to matter"
           % len(judge.RULES), unseen())
    print("1..%d" % tap.count)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
