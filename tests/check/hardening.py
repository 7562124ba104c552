#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The library and the command as the linker left them: full RELRO, no
executable stack, nothing both writable and executable, a stack protector,
fortified calls, and marks for CET.

What configure did not ask the compiler for (sanitizers and coverage go without
fortify, other processors without CET) is told as left out."""

import os
import re
import sys
import tempfile

import house

# Always asked of the linker; the rest, where configure found the flag.
LINKED = ("relro", "now", "stack", "segments", "textrel")
ASKED = {"protector": r"-fstack-protector-strong\b",
         "fortify": r"-D_FORTIFY_SOURCE=[23]\b"}
CET = re.compile(r"-fcf-protection\b")


def readelf(path):
    return house.run("readelf", "-hldnW", "--dyn-syms", path).stdout


def segments(text, kind):
    """Flags ("R E") of the program headers of that kind."""
    return re.findall(r"^\s+%s\s+(?:0x\S+\s+){5}([RWE ]{3})" % kind, text, re.M)


def marked(path):
    """For CET: a branch lands, and returns, only where it may."""
    return bool(re.search(r"x86 feature:.*\bIBT\b.*\bSHSTK\b", readelf(path)))


def missing(name, text, wanted):
    if "ELF Header" not in text:
        yield "%s: no ELF file" % name
        return
    found = {
        "relro": bool(segments(text, "GNU_RELRO")),
        "now": bool(re.search(r"\(FLAGS(?:_1)?\).*\b(BIND_NOW|NOW)\b", text)),
        "stack": segments(text, "GNU_STACK") == ["RW "],
        "segments": not any("W" in flags and "E" in flags
                            for flags in segments(text, "LOAD")),
        "textrel": "(TEXTREL)" not in text,
        "pie": bool(re.search(r"^\s+Type:\s+DYN\b", text, re.M)),
        "protector": "__stack_chk_fail" in text,
        "fortify": bool(re.search(r"UND __\w+_chk\b(?<!stack_chk)", text)),
    }
    for what in wanted:
        if not found[what]:
            yield "%s: %s" % (name, what)


def unmarked(root):
    """The linked file is marked where the C library's own start files are, so
    it is our objects that count."""
    objects = [path for path in house.files(root, "libmarket", ".o")
               if os.sep + "." not in path or os.sep + ".libs" in path]
    if not objects:
        yield "no object file is found"
    for path in objects:
        if not marked(os.path.join(root, path)):
            yield "%s: not marked" % path


SOURCE = """\
#include <stdio.h>
#include <string.h>
int f(const char *x, size_t n);
int f(const char *x, size_t n)
{
    char text[64];
    memcpy(text, x, n);
    return snprintf(text + 8, n, "%s", x) + (int)strlen(text);
}
"""
GOOD = ("-O2 -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"
        " -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack")
# One flag more, and what is missing then.
DEFECTS = {"relro": "-Wl,-z,norelro", "now": "-Wl,-z,lazy",
           "stack": "-Wl,-z,execstack", "protector": "-fno-stack-protector",
           "fortify": "-U_FORTIFY_SOURCE"}
WRITABLE_CODE = "ELF Header\n  LOAD" + 5 * " 0x001000" + " RWE 0x1000\n"


def selftest(tap, cet):
    compiler = os.environ.get("CC", "cc").split()
    wanted = LINKED + tuple(ASKED)
    with tempfile.TemporaryDirectory(prefix="house-") as folder:
        source = os.path.join(folder, "a.c")
        library = os.path.join(folder, "a.so")
        with open(source, "w", encoding="utf-8") as file:
            file.write(SOURCE)

        def make(*more):
            made = house.run(*compiler, *GOOD.split(), *more, "-fPIC", "-o",
                             library, source)
            return made.stdout if made.returncode else readelf(library)

        tap.clean(missing("a.so", make("-shared"), wanted),
                  "a library in order passes")
        for what, flag in DEFECTS.items():
            tap.finds(missing("a.so", make("-shared", flag), wanted), flag,
                      "a.so: " + what)
        tap.finds(missing("a.so", WRITABLE_CODE, wanted),
                  "code that can be written", "a.so: segments")
        if cet:
            make("-c", "-fcf-protection")
            tap.ok(marked(library), "an object with CET passes")
            make("-c", "-fcf-protection=none")
            tap.ok(not marked(library), "finds an object without")


def main():
    tap = house.Tap()
    makefile = house.read(house.BUILDDIR, "Makefile")
    flags = re.search(r"^HARDENING_CFLAGS =(.*)$", makefile, re.M).group(1)
    wanted = [what for what, flag in ASKED.items() if re.search(flag, flags)]
    # Elsewhere the flag is taken, and means nothing or something else.
    cet = os.uname().machine == "x86_64" and CET.search(flags)
    selftest(tap, cet)
    tap.ok("-fvisibility=hidden" in makefile, "symbols are hidden by default")
    for name in (".libs/libmarket.so", "market"):
        path = os.path.join(house.BUILDDIR, name)
        if not os.path.exists(path):
            print("# left out: %s is not built" % name)
            continue
        more = [] if name.endswith(".so") else ["pie"]
        tap.clean(missing(name, readelf(path), list(LINKED) + wanted + more),
                  "%s: %s" % (name, ", ".join(LINKED + tuple(wanted))))
    if cet:
        tap.clean(unmarked(house.BUILDDIR), "each object is marked for CET")
    for what in [what for what in ASKED if what not in wanted] + \
            ([] if cet else ["cet"]):
        print("# left out: %s (not asked of this compiler)" % what)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
