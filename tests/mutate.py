#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mutants: for each entry of tests/mutants.txt the guard of some faults is
taken away in a copy of the sources, and the test that carries them must fail.

    make check-mutants [MUTANTS="E9 K1"]

It works in ./mutants below the build folder, which stays for the next run.
Fails where a mutant survives, does not build, or no longer finds its text.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time

SRCDIR = os.environ.get("SRCDIR") or os.path.abspath(
    os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
BUILDDIR = os.environ.get("BUILDDIR") or os.getcwd()
PLACE = os.path.join(BUILDDIR, "mutants")
SOURCE = os.path.join(PLACE, "source")
BUILD = os.path.join(PLACE, "build")
LIST = os.path.join(SRCDIR, "tests", "mutants.txt")
SECONDS = 300


class Mutant:
    def __init__(self, head, line):
        words = head.split()
        self.ids, self.file, self.program = words[:-2], words[-2], words[-1]
        self.where = "%s:%d" % (os.path.basename(LIST), line)
        self.changes = []  # [old, new]: texts without their last line end

    def label(self):
        return "%s %s (%s)" % (" ".join(self.ids), self.file, self.where)


def parse(text):
    mutants, last = [], ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line:
            last = ""
            continue
        if line[0] not in "-+":
            mutants.append(Mutant(line, number))
        elif line[0] == "-":
            if last != "-":
                mutants[-1].changes.append([[], []])
            mutants[-1].changes[-1][0].append(line[1:])
        else:
            mutants[-1].changes[-1][1].append(line[1:])
        last = line[0] if line[0] in "-+" else ""
    for mutant in mutants:
        mutant.changes = [["\n".join(old), "\n".join(new)]
                          for old, new in mutant.changes]
    return mutants


def mutated(text, mutant):
    """The text with the changes; None where one finds not exactly one place."""
    for old, new in mutant.changes:
        if not old or text.count(old) != 1:
            return None
        text = text.replace(old, new)
    return text if mutant.changes else None


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def children(pid):
    """Tests run in children of their program, in groups of their own."""
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid),
                  encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def run(*argv, timeout=None, **options):
    """Its status (None: it took too long) and all that it said."""
    with subprocess.Popen(
            argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            errors="replace", universal_newlines=True, **options) as running:
        try:
            said, _ = running.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            started = children(running.pid)
            running.kill()
            for pid in started:
                os.kill(pid, signal.SIGKILL)
            return None, "it took more than %d seconds" % timeout
    return running.returncode, said


# ---- the copy ----

def ignore(directory, names):
    """Build folders, and what belongs to version control."""
    return [name for name in names if name in (".git", "mutants") or
            os.path.exists(os.path.join(directory, name, "config.status"))]


def refresh(source, target):
    """Copies what differs, so that only that is built again."""
    skip = set(ignore(source, os.listdir(source)))
    os.makedirs(target, exist_ok=True)
    for name in os.listdir(source):
        a, b = os.path.join(source, name), os.path.join(target, name)
        if name in skip:
            continue
        if os.path.isdir(a):
            refresh(a, b)
            continue
        if os.path.exists(b):
            with open(a, "rb") as one, open(b, "rb") as other:
                if one.read() == other.read():
                    continue
        shutil.copy(a, b)  # as of now: it is to be built again


def prepare(mutants, programs):
    refresh(SRCDIR, SOURCE)
    # What a run that was broken off has left built is built again.
    for name in {mutant.file for mutant in mutants}:
        if os.path.exists(os.path.join(SOURCE, name)):
            os.utime(os.path.join(SOURCE, name))
    if not os.path.exists(os.path.join(BUILD, "Makefile")):
        os.makedirs(BUILD, exist_ok=True)
        if os.path.exists(os.path.join(SRCDIR, "config.status")):
            run("make", "distclean", cwd=SOURCE)
        status, said = run(
            os.path.join(SOURCE, "configure"), "--disable-shared",
            "CFLAGS=-O0 -g0", cwd=BUILD)
        if status != 0:
            sys.exit("configure:\n" + said[-2000:])
    status, said = make("proto/stamp")
    if status == 0:
        status, said = make(*programs)
    if status != 0:
        sys.exit("the copy does not build:\n" + said[-3000:])


def make(*targets):
    return run("make", "-j2", *targets, cwd=BUILD)


def test(program):
    environment = dict(
        os.environ, CK_TAP_LOG_FILE_NAME="-", CK_VERBOSITY="silent",
        CK_DEFAULT_TIMEOUT="60", SRCDIR=SOURCE, BUILDDIR=BUILD)
    environment.setdefault(
        "MARKET_SHARED", os.path.join(SRCDIR, "..", "shared"))
    environment.pop("MARKET_GOLDEN_WRITE", None)
    return run(os.path.join(BUILD, program), cwd=BUILD, env=environment,
               timeout=SECONDS)


# ---- one mutant ----

def failures(said):
    return [line for line in said.splitlines() if line.startswith("not ok")]


def try_one(mutant):
    """(killed?, what is told of it)"""
    path = os.path.join(SOURCE, mutant.file)
    if not os.path.exists(path):
        return False, "there is no such file"
    text = read(path)
    changed = mutated(text, mutant)
    if changed is None:
        return False, "its text is not there exactly once"
    write(path, changed)
    try:
        status, said = make(mutant.program)
        if status != 0:
            errors = [line for line in said.splitlines() if "error" in line]
            return False, "it does not build: " + "".join(errors[:1])
        status, said = test(mutant.program)
    finally:
        write(path, text)
    if status is None:
        return False, said
    if status == 0:
        return False, "IT SURVIVED"
    red = failures(said)
    if not red:
        return True, "ended with %s" % status
    named = [line for line in red for name in mutant.ids
             if re.search(r"(?i)(?<![a-z0-9])%s(?![0-9])" % name, line)]
    line = (named or red)[0]
    return True, "%d red: %s" % (len(red), line.split(":", 2)[-1][:70])


def self_test():
    found = parse("# x\nE1 K2 a.c t\n-old\n+new\n-one\n-two\n+\n\nE3 b.c u\n"
                  "-x\n+y\n")
    assert [m.ids for m in found] == [["E1", "K2"], ["E3"]]
    assert found[0].changes == [["old", "new"], ["one\ntwo", ""]]
    assert mutated("an old, one\ntwo", found[0]) == "an new, "
    assert mutated("old old one\ntwo", found[0]) is None
    assert mutated("nothing", found[1]) is None


def main():
    self_test()
    wanted = set((os.environ.get("MUTANTS") or "").split())
    mutants = [m for m in parse(read(LIST))
               if not wanted or wanted & set(m.ids)]
    programs = sorted({m.program for m in mutants})
    began = time.time()
    os.makedirs(PLACE, exist_ok=True)
    # Two at a time would judge each other's mutants; held to the end.
    lock = open(os.path.join(PLACE, "lock"), "w", encoding="ascii")
    fcntl.flock(lock, fcntl.LOCK_EX)
    prepare(mutants, programs)
    bad = 0
    for program in programs:
        status, said = test(program)
        if status != 0:
            bad += 1
            print("NOT GREEN %s: %s" % (program, failures(said)[:2]))
    for mutant in mutants:
        killed, told = try_one(mutant)
        bad += not killed
        print("%s %s: %s" % ("ok  " if killed else "FAIL", mutant.label(),
                             told))
        sys.stdout.flush()
    make(*programs)
    ids = {name for m in mutants for name in m.ids}
    print("%d mutants of %d ids in %d groups: %d failed, %d seconds" % (
        len(mutants), len(ids), len({name[0] for name in ids}), bad,
        time.time() - began))
    return 1 if bad or not mutants else 0


if __name__ == "__main__":
    sys.exit(main())
