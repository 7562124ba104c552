# SPDX-License-Identifier: Apache-2.0
"""What the checks of the house share: TAP, and reading C without a parser."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

SRCDIR = os.environ.get("SRCDIR") or os.path.abspath(
    os.path.join(os.path.dirname(__file__), "..", ".."))
BUILDDIR = os.environ.get("BUILDDIR") or os.getcwd()


class Tap:
    """Test Anything Protocol on stdout; done() gives the exit status."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, good, label, faults=()):
        self.count += 1
        if not good:
            self.failed += 1
        print("%s %d - %s" % ("ok" if good else "not ok", self.count, label))
        for fault in faults:
            print("# " + fault)
        sys.stdout.flush()
        return good

    def clean(self, faults, label):
        faults = list(faults)
        return self.ok(not faults, label, faults)

    def finds(self, faults, label, what=""):
        """The check finds the fault in a fixture made to have it."""
        faults = list(faults)
        good = any(what in fault for fault in faults)
        return self.ok(good, "finds " + label,
                       [] if good else ["found only: %r" % faults])

    def skip(self, label, reason):
        required = os.environ.get("MARKET_REQUIRE_SHARED") == "1"
        if required:
            return self.ok(False, label, ["would be skipped: " + reason])
        self.count += 1
        print("ok %d - %s # SKIP %s" % (self.count, label, reason))
        return True

    def done(self):
        print("1..%d" % self.count)
        return 1 if self.failed else 0


class Tree:
    """A source tree in a temporary directory, for fixtures."""

    def __init__(self, files):
        self.files = files

    def __enter__(self):
        self.root = tempfile.mkdtemp(prefix="house-")
        for name, text in self.files.items():
            path = os.path.join(self.root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return self.root

    def __exit__(self, *unused):
        shutil.rmtree(self.root)


def files(root, top, *suffixes):
    """Paths below root/top, relative to root, in order."""
    found = []
    for directory, _, names in os.walk(os.path.join(root, top)):
        for name in names:
            if name.endswith(suffixes):
                path = os.path.join(directory, name)
                found.append(os.path.relpath(path, root))
    return sorted(found)


def read(root, name):
    with open(os.path.join(root, name), encoding="utf-8") as file:
        return file.read()


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


TOKEN = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code(text):
    """C without comments, and with its strings and characters blanked."""
    return TOKEN.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def run(*argv, **options):
    return subprocess.run(argv, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, universal_newlines=True,
                          check=False, **options)


def first_lines(text, count=5):
    return [line for line in text.splitlines() if line.strip()][:count]
