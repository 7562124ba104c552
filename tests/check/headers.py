#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each public header compiles alone, as C99 and as C++17."""

import os
import shutil
import sys

import house

STRICT = ["-pedantic", "-Wall", "-Wextra", "-Wundef", "-Werror",
          "-fsyntax-only"]
LANGUAGES = [
    ("C99", "c", "c99", ["gcc", "clang"], ["-Wstrict-prototypes"]),
    ("C++17", "c++", "c++17", ["g++", "clang++"],
     ["-Wold-style-cast", "-Wzero-as-null-pointer-constant"]),
]


def compile_alone(compiler, language, standard, extra, root, header):
    """Twice, so that a missing include guard shows; nothing before it."""
    text = ('#include <%s>\n#include <%s>\nextern int alone;\n'
            % (header, header))
    done = house.run(compiler, "-x", language, "-std=" + standard, *STRICT,
                     *extra, "-I", os.path.join(root, "libmarket/include"),
                     "-", input=text)
    return [] if done.returncode == 0 else [
        "%s: %s" % (header, line) for line in house.first_lines(done.stdout)]


def headers(root):
    top = "libmarket/include"
    return [os.path.relpath(path, top)
            for path in house.files(root, top, ".h")]


def check(root, compiler, language, standard, extra):
    faults = []
    for header in headers(root):
        faults += compile_alone(compiler, language, standard, extra, root,
                                header)
    return faults


GUARD = "#ifndef A_H\n#define A_H\n%s\n#endif\n"
BAD = [
    ("C99", "size_t without its header", GUARD % "size_t f(void);"),
    ("C99", "a function without a prototype", GUARD % "int f();"),
    ("C99", "a missing guard", "typedef struct a { int x; } a_t;\n"),
    ("C++17", "a word of C++", GUARD % "int f(int class);"),
]


def main():
    tap = house.Tap()
    for label, language, standard, compilers, extra in LANGUAGES:
        present = [c for c in compilers if shutil.which(c)]
        if not present:
            tap.skip("headers alone as " + label, "no compiler")
        for compiler in present:
            arguments = (compiler, language, standard, extra)
            for which, what, text in BAD:
                if which != label:
                    continue
                path = "libmarket/include/market/a.h"
                with house.Tree({path: text}) as root:
                    tap.finds(check(root, *arguments),
                              "%s (%s)" % (what, compiler), "market/a.h")
            tap.clean(check(house.SRCDIR, *arguments),
                      "headers alone as %s with %s" % (label, compiler))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
