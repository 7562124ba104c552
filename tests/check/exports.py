#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The headers, the version script and the shared library name the same
functions. Two of the three would agree about a symbol that all lost.

With --write the version script is written anew from the headers."""

import os
import re
import shutil
import sys

import house

MAP = "libmarket/libmarket.map"
# A14, A16 of the catalogue of faults: nothing that is linked in passes by a
# check, for tests neither.
WAYS_AROUND = ("backdoor", "bypass", "force", "fuzz", "insecure", "no_verify",
               "skip_", "unsafe", "unverified")
DECLARATION = re.compile(r"\bMARKET_API\b([^;{]*?)\b(\w+)[ \t\n]*\(", re.S)


def declared(root):
    names = set()
    for path in house.files(root, "libmarket/include", ".h"):
        text = house.code(house.read(root, path))
        text = re.sub(r"^[ \t]*#[^\n]*(?:\\\n[^\n]*)*", "", text, flags=re.M)
        names.update(m.group(2) for m in DECLARATION.finditer(text))
    return names


def mapped(root):
    text = re.sub(r"/\*.*?\*/|#[^\n]*", "", house.read(root, MAP), flags=re.S)
    exported = text.split("global:")[1].split("local:")[0]
    return {name.strip() for name in exported.split(";") if name.strip()}


def exported(library):
    done = house.run("nm", "-D", "--defined-only", library)
    return {line.split()[-1].split("@")[0] for line in done.stdout.splitlines()
            if len(line.split()) == 3 and line.split()[1] in "TDBRVW"}


def compare(here, there, a, b):
    for name in sorted(a - b):
        yield "%s: in %s, not in %s" % (name, here, there)
    for name in sorted(b - a):
        yield "%s: in %s, not in %s" % (name, there, here)


def ways_around(names):
    for name in sorted(names):
        for word in WAYS_AROUND:
            if word in name:
                yield "%s: a way around a check, by its name" % name


def write_map(root):
    node = re.search(r"^(LIBMARKET_\S+) \{", house.read(root, MAP), re.M)
    with open(os.path.join(root, MAP), "w", encoding="utf-8") as file:
        file.write("/* The exported functions, those of the public headers. "
                   "*/\n%s {\nglobal:\n" % node.group(1))
        for name in sorted(declared(root)):
            file.write("\t%s;\n" % name)
        file.write("local:\n\t*;\n};\n")


FIXTURE = {
    "libmarket/include/market/a.h":
        "/* MARKET_API int market_no(void); */\n#define MARKET_API\n"
        "MARKET_API MARKET_NODISCARD int market_a(\n    int x);\n",
    MAP: "V {\nglobal:\n\tmarket_a;\nlocal:\n\t*;\n};\n",
    "a.c": "int market_a(int x); int market_b(void);\n"
           "int market_a(int x) { return x; }\n"
           "int market_b(void) { return 1; }\n",
}


def selftest(tap):
    with house.Tree(FIXTURE) as root:
        tap.clean(compare("headers", "map", declared(root), mapped(root)),
                  "headers and map in order pass")
        compiler = shutil.which("cc") or shutil.which("gcc")
        library = os.path.join(root, "a.so")
        made = house.run(compiler, "-shared", "-fPIC", "-o", library,
                         os.path.join(root, "a.c"),
                         "-Wl,--version-script=" + os.path.join(root, MAP))
        tap.ok(made.returncode == 0, "a fixture library links",
               house.first_lines(made.stdout))
        tap.clean(compare("map", ".so", mapped(root), exported(library)),
                  "map and library in order pass")
        house.run(compiler, "-shared", "-fPIC", "-o", library,
                  os.path.join(root, "a.c"))
        tap.finds(compare("map", ".so", mapped(root), exported(library)),
                  "a symbol that leaks", "market_b: in .so")
        house.run(compiler, "-shared", "-fPIC", "-Dmarket_a=hidden", "-o",
                  library, os.path.join(root, "a.c"))
        tap.finds(compare("map", ".so", mapped(root), exported(library)),
                  "a symbol that was lost", "market_a: in map")
    tap.finds(ways_around({"market_a", "market_skip_signature"}),
              "a function that skips a check", "market_skip_signature")
    with house.Tree(dict(FIXTURE, **{MAP: FIXTURE[MAP].replace(
            "market_a", "market_x")})) as root:
        tap.finds(compare("headers", "map", declared(root), mapped(root)),
                  "a function missing in the map", "market_a: in headers")


def main():
    if sys.argv[1:] == ["--write"]:
        write_map(house.SRCDIR)
        return 0
    tap = house.Tap()
    selftest(tap)
    names = declared(house.SRCDIR)
    tap.ok(len(names) > 0 and all(n.startswith("market_") for n in names),
           "each exported name begins with market_")
    tap.clean(ways_around(names), "A16 no function passes by a check")
    tap.clean(compare("headers", "map", names, mapped(house.SRCDIR)),
              "headers and version script agree (exports.py --write)")
    library = os.path.join(house.BUILDDIR, ".libs/libmarket.so")
    if os.path.exists(library):
        tap.clean(compare("map", ".so", mapped(house.SRCDIR),
                          exported(library)),
                  "version script and shared library agree")
    else:
        tap.skip("version script and shared library agree",
                 "a static build has no shared library")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
