#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""README.md's sections "A store" and "A catalogue" do what they show, word for
word."""

import json
import os
import re
import shlex
import subprocess
import sys
import time

import world

README = os.path.join(world.SRCDIR, "README.md")
SECTION = r"^## %s\n.*?^```sh\n(.*?)^```$"

# What differs from day to day, or from run to run.
PASSING = [
    (re.compile(r"\b\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?"), "TIME"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "DIGEST"),
]


def section(title):
    with open(README, encoding="utf-8") as file:
        return re.search(SECTION % title, file.read(), re.M | re.S).group(1)


def steps(text):
    """Of each command its text, its exit status, and the words shown."""
    found = []
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("#"):
            found[-1][2].append(line[1:])
        elif line.strip():
            while line.endswith("\\"):
                line += "\n" + next(lines)
            told = re.search(r"# exit (\d+)", line)
            found.append((line, int(told.group(1)) if told else 0, []))
    return found


def words(text):
    """Lines are broken otherwise where they would be too long."""
    for pattern, name in PASSING:
        text = pattern.sub(name, text)
    return text.split()


def play(commands, directory):
    """All in one shell: the status and the output of each."""
    script = "".join("{ %s\n} >out.%d 2>&1 </dev/null; echo $? >status.%d\n"
                     % (command, n, n)
                     for n, (command, _, _) in enumerate(commands))
    subprocess.run(["/bin/sh", "-c", script], cwd=directory, check=True)
    for n in range(len(commands)):
        with open(os.path.join(directory, "status.%d" % n),
                  encoding="ascii") as file:
            status = int(file.read())
        with open(os.path.join(directory, "out.%d" % n),
                  encoding="utf-8") as file:
            yield status, file.read()


def compare(commands, directory):
    """What does not come out as it is shown."""
    for (command, want, shown), (status, out) in zip(
            commands, play(commands, directory)):
        if status != want:
            yield "%s\nexits %d: %s" % (command, status, out)
        elif shown and words(" ".join(shown)) != words(out):
            yield "%s\nshows:\n%s" % (command, out)


def test_readme_store_does_what_it_shows(w):
    commands = steps(section("A store"))
    os.symlink(os.path.abspath(world.BUILDDIR), w.path("_build"))
    assert len(commands) >= 10, commands
    assert sum(len(shown) > 0 for _, _, shown in commands) >= 5, commands
    faults = list(compare(commands, w.path(".")))
    assert not faults, "\n".join(faults)
    # Each verb that is shown is the command's own.
    verbs = {shlex.split(command, comments=True)[1]
             for command, _, _ in commands if command.startswith("$M ")}
    assert {"init", "add", "submit", "list", "sale", "why", "impact",
            "changes", "fsck"} <= verbs, verbs


def as_of_today(w):
    """Files of a world that is in its time now; name -> path."""
    def day(days):
        return time.strftime("%Y-%m-%dT00:00:00Z",
                             time.gmtime(time.time() + 86400 * days))

    before = world.FROM, world.UNTIL
    world.FROM, world.UNTIL = day(-30), day(300)
    try:
        os.mkdir(w.path("evidence"))
        lines = [w.offer(header={"id": "sku-%02d" % n}, **(
            {"gtin": "4006381333932"} if n == 7 else {})) for n in range(90)]
        w.write("offers.jsonl", "\n".join(map(json.dumps, lines)))
        w.write("feed.json", {"header": world.header(
            world.SELLER, "catalogue"), "mode": "FEED_MODE_FULL"})
        os.rename(w.key(world.SELLER), w.path("seller.pem"))
        os.symlink("seller.pem", w.path(world.SELLER + ".pem"))
        return w.statements()
    finally:
        world.FROM, world.UNTIL = before


def test_readme_catalogue_does_what_it_shows(w):
    commands = steps(section("A catalogue"))
    for kind, file in as_of_today(w).items():
        if kind in ("root", "policy"):
            os.rename(file, w.path(kind + ".dsse"))
        elif kind != "offer":
            os.rename(file, w.path(os.path.join("evidence", kind)))
    os.symlink(os.path.abspath(world.BUILDDIR), w.path("_build"))
    assert sum(len(shown) > 0 for _, _, shown in commands) >= 3, commands
    faults = list(compare(commands, w.path(".")))
    assert not faults, "\n".join(faults)


def test_a_readme_that_lags_is_told(w):
    for text, word in (("echo one\n# two\n", "shows:\none"),
                       ("echo one\n# one two\n", "shows:\none"),
                       ("false\n", "exits 1"),
                       ("true # exit 1: no\n", "exits 0"),
                       ("nonesuch --at all\n", "exits 127")):
        faults = list(compare(steps(text), w.path(".")))
        assert len(faults) == 1 and word in faults[0], (text, faults)
    good = ("A=1; mkdir x\n\necho $A \\\n  2016-02-01  # a remark\n"
            "# 1\n#    2027-11-22\nfalse # exit 1: so\n")
    assert len(steps(good)) == 3, steps(good)
    assert not list(compare(steps(good), w.path("."))), good


if __name__ == "__main__":
    sys.exit(world.main(globals(), stores=True))
