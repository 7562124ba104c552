#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every exported function stands in one manual page as the header declares it,
and the pages name nothing else; the command's page names its verbs."""

import os
import re
import shutil
import sys

import house

MAN = "libmarket/man"
MARKET = os.path.join(house.BUILDDIR, "market")
DECLARATION = re.compile(
    r"\bMARKET_API\b([^;{]*?)\b(\w+)[ \t\n]*\(([^;]*)\)[ \t\n]*;", re.S)
SYNOPSIS = re.compile(r"^\.Ft (.*)\n\.Fo (\w+)\n((?:\.Fa .*\n)*)\.Fc$", re.M)


def one_line(text):
    return " ".join(text.replace("MARKET_NODISCARD", "").split())


def declared(root):
    """Function -> its prototype, from the public headers."""
    found = {}
    for path in house.files(root, "libmarket/include", ".h"):
        text = house.code(house.read(root, path))
        text = re.sub(r"^[ \t]*#[^\n]*(?:\\\n[^\n]*)*", "", text, flags=re.M)
        for returns, name, arguments in DECLARATION.findall(text):
            found[name] = "%s %s(%s)" % (
                one_line(returns), name,
                ", ".join(one_line(a) for a in arguments.split(",")))
    return found


def told(root, path):
    """The same, from the synopsis of a manual page."""
    for returns, name, lines in SYNOPSIS.findall(house.read(root, path)):
        arguments = [line[4:].strip('"') for line in lines.splitlines()]
        yield name, "%s %s(%s)" % (returns.strip('"'), name,
                                   ", ".join(arguments))


def check(root):
    want = declared(root)
    seen = {}
    for path in house.files(root, MAN, ".3"):
        text = house.read(root, path)
        names = re.findall(r"^\.Nm (\w+)(?: ,)?$",
                           text.split(".Nd ")[0], re.M)
        here = dict(told(root, path))
        for name in sorted(set(names) ^ set(here)):
            yield "%s: %s in NAME or SYNOPSIS alone" % (path, name)
        for name, prototype in here.items():
            if name in seen:
                yield "%s: %s stands in %s too" % (path, name, seen[name])
            seen[name] = path
            if want.get(name) != prototype:
                yield "%s: %s, the header says %s" % (
                    path, prototype, want.get(name, "nothing"))
        body = text.split(".Sh DESCRIPTION")[-1]
        for name in here:
            if not re.search(r"\.(?:Fn|It Fn) .*\b%s\b|^\.Fn %s$" % (
                    name, name), body, re.M) and len(here) < 8:
                yield "%s: %s is not described" % (path, name)
    for name in sorted(set(want) - set(seen)):
        yield "%s: in no manual page" % name


def references(root):
    pages = {os.path.basename(path)
             for path in house.files(root, MAN, ".1", ".3")}
    for path in house.files(root, MAN, ".1", ".3"):
        for name, section in re.findall(
                r"^\.Xr (market\w*) (\d)", house.read(root, path), re.M):
            if "%s.%s" % (name, section) not in pages:
                yield "%s: refers to %s(%s)" % (path, name, section)


def statuses(root):
    header = house.read(root, "libmarket/include/market/status.h")
    header = re.sub(r"\\\n\s*", "", header)
    page = house.read(root, MAN + "/market_status.3")
    for name, number, text in re.findall(
            r'X\((\w+), (-?\d+), "([^"]*)"\)', header):
        row = ".It Dv MARKET_%s Ta %s Ta %s" % (
            name, number.replace("-", "\\-"), text)
        if row not in page.splitlines():
            yield "market_status.3: misses " + row


def lint(root):
    for path in house.files(root, MAN, ".1", ".3"):
        done = house.run("mandoc", "-Tlint", "-W", "warning",
                         os.path.join(root, path))
        for line in house.first_lines(done.stdout):
            if "mandoc.db" not in line:
                yield line


def verbs(root):
    """Verbs that `market help` lists and the page does not tell of."""
    page = house.read(root, MAN + "/market.1")
    text = house.run(MARKET, "help").stdout
    listed = text.split("usage:")[1].split("Data goes")[0]
    for verb in re.findall(r"^  ([a-z-]+) ", listed, re.M):
        if not re.search(r"^\.(?:It )?Cm %s$" % verb, page, re.M):
            yield "market.1: no verb " + verb


HEADER = "MARKET_API MARKET_NODISCARD int\nmarket_a(int x,\n    char *y);\n"
PAGE = """\
.\\" SPDX-License-Identifier: Apache-2.0
.Dd January 1, 2026
.Dt MARKET_A 3
.Os
.Sh NAME
.Nm market_a
.Nd example
.Sh SYNOPSIS
.Ft int
.Fo market_a
.Fa "int x"
.Fa "char *y"
.Fc
.Sh DESCRIPTION
.Fn market_a
is one.
"""
BAD = [
    ("another type", PAGE.replace("char *y", "char y"), "the header says"),
    ("a missing argument", PAGE.replace('.Fa "int x"\n', ""),
     "the header says"),
    ("a function that is none", PAGE.replace("market_a", "market_b"),
     "market_a: in no manual page"),
    ("a name without synopsis", PAGE.replace(".Nm market_a",
                                             ".Nm market_a ,\n.Nm market_c"),
     "market_c in NAME"),
    ("a function that is not described", PAGE.replace(".Fn market_a\n", ""),
     "not described"),
]


def selftest(tap):
    header = "libmarket/include/market/a.h"
    page = MAN + "/market_a.3"
    with house.Tree({header: HEADER, page: PAGE}) as root:
        tap.clean(check(root), "a page in order passes")
    with house.Tree({header: HEADER, page: PAGE,
                     MAN + "/market_b.3": PAGE}) as root:
        tap.finds(check(root), "a function in two pages", "too")
    for label, text, what in BAD:
        with house.Tree({header: HEADER, page: text}) as root:
            tap.finds(check(root), label, what)
    with house.Tree({page: PAGE + ".Xr market_x 3\n"}) as root:
        tap.finds(references(root), "a reference to no page", "market_x")


def main():
    tap = house.Tap()
    selftest(tap)
    root = house.SRCDIR
    tap.clean(check(root), "every exported function is in one manual page")
    tap.clean(references(root), "pages refer to pages")
    tap.clean(statuses(root), "the table of statuses is the header's")
    if shutil.which("mandoc"):
        with house.Tree({MAN + "/a.3": ".Dd x\n.Sh NAME\n.Xx y\n"}) as tree:
            tap.finds(lint(tree), "bad mdoc", "WARNING")
        tap.clean(lint(root), "mandoc has nothing to warn of")
    else:
        tap.skip("mandoc has nothing to warn of", "no mandoc")
    if os.path.exists(MARKET):
        tap.clean(verbs(root), "the command's page tells of each verb")
    else:
        tap.skip("the command's page tells of each verb",
                 "the command needs jansson")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
