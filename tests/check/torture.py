#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each public function that can fail is called without memory by a test of
tests/torture, or takes none."""

import re
import sys

import house

FALLIBLE = re.compile(
    r"\bMARKET_API MARKET_NODISCARD\b[^;{(]*?\b(\w+)[ \t\n]*\(", re.S)
# These look at the bytes that they are given, and keep nothing.
WITHOUT_MEMORY = re.compile(
    r"^market_(gtin|imei|imeisv|tac|plmn|fcc_id|territory|currency|party)"
    r"_check$|^market_band_parse$")
CALL = re.compile(r"\b(market_\w+)[ \t\n]*\(")


def check(root):
    declared, called = set(), set()
    for path in house.files(root, "libmarket/include", ".h"):
        text = house.code(house.read(root, path))
        declared.update(FALLIBLE.findall(text))
    for path in house.files(root, "tests/torture", ".c"):
        called.update(CALL.findall(house.code(house.read(root, path))))
    if not declared:
        yield "no public function is found"
    for name in sorted(declared - called):
        if not WITHOUT_MEMORY.match(name):
            yield "%s: never called without memory (tests/torture)" % name


HEADER = """\
/* MARKET_API MARKET_NODISCARD int market_comment(void); */
MARKET_API void market_free(void *x);
MARKET_API MARKET_NODISCARD market_status_t market_make(
    int a);
MARKET_API MARKET_NODISCARD market_status_t market_gtin_check(int a);
"""


def main():
    tap = house.Tap()
    tree = {"libmarket/include/market/a.h": HEADER,
            "tests/torture/a.c": "f() { ARMED(market_make(1)); }\n"}
    with house.Tree(tree) as root:
        tap.clean(check(root), "a tree in order passes")
    tree["tests/torture/a.c"] = "/* market_make(1) */\n"
    with house.Tree(tree) as root:
        tap.finds(check(root), "a function without a test", "market_make")
    tap.clean(check(house.SRCDIR), "each function that can fail is tortured")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
