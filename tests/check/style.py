#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The form of the sources: clang-format, licence line, nothing unfinished."""

import os
import re
import shutil
import sys

import house

TOPS = ["libmarket", "examples", "tests", "proto"]
CODE = (".c", ".h")
LICENSED = CODE + (".py", ".sh", ".proto")
SPDX = "SPDX-License-Identifier: Apache-2.0"
# Spelled apart, so that this file passes its own check.
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b")


def format_faults(root, paths):
    for path in paths:
        done = house.run("clang-format", "--dry-run", "-Werror",
                         "--style=file:" + os.path.join(
                             house.SRCDIR, ".clang-format"),
                         os.path.join(root, path))
        if done.returncode != 0:
            line = house.first_lines(done.stdout, 1)
            yield "%s: run clang-format -i%s" % (
                path, ": " + line[0] if line else "")


def text_faults(root, paths):
    for path in paths:
        text = house.read(root, path)
        if SPDX not in "\n".join(text.splitlines()[:3]):
            yield path + ": no SPDX line on top"
        for match in UNFINISHED.finditer(text):
            yield "%s:%d: %s" % (path, house.line_of(text, match.start()),
                                 match.group(0))
        if text and not text.endswith("\n"):
            yield path + ": no newline at the end"
        for number, line in enumerate(text.splitlines(), 1):
            if line != line.rstrip():
                yield "%s:%d: blanks at the end" % (path, number)


def sources(root, suffixes):
    return [path for top in TOPS if os.path.isdir(os.path.join(root, top))
            for path in house.files(root, top, *suffixes)]


def main():
    tap = house.Tap()
    licence = "/* %s */\n" % SPDX
    for label, text, what in (
            ("a file without licence", "int x;\n", "SPDX"),
            ("unfinished work", licence + "/* TO" "DO */\n", "TO" "DO"),
            ("blanks at the end", licence + "int x; \n", "blanks"),
            ("a cut last line", licence + "int x;", "newline")):
        with house.Tree({"libmarket/a.c": text}) as root:
            tap.finds(text_faults(root, ["libmarket/a.c"]), label, what)
    tap.clean(text_faults(house.SRCDIR, sources(house.SRCDIR, LICENSED)),
              "every source has its licence and is finished")
    if not shutil.which("clang-format"):
        tap.skip("every C file is formatted", "no clang-format")
        return tap.done()
    with house.Tree({"libmarket/a.c": licence + "int  f( void ){return 1;}\n",
                     }) as root:
        tap.finds(format_faults(root, ["libmarket/a.c"]), "bad format", "a.c")
    tap.clean(format_faults(house.SRCDIR, sources(house.SRCDIR, CODE)),
              "every C file is formatted")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
