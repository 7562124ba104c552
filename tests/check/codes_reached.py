#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every code of the registry is expected by a test, and kept away by another.

A test expects a code where a table of tests/unit/*.c names it, as
MARKET_CODE_X or among its .codes as "X"; it has a positive twin where it is
named with a minus (must not be told), or a row of the same file wants PERMIT. A code that no test expects, or
an exception that is reached after all, is a failure.
"""
import os
import re
import sys

SOURCE = os.environ.get("SRCDIR") or os.path.dirname(os.path.dirname(
    os.path.dirname(os.path.abspath(__file__))))

# What cannot be told by an evaluation without a store, and why.
EXCEPTIONS = {
    "CLOCK_UNTRUSTED": "a clock that went back is known to a store",
}

MENTION = re.compile(r"(-?)\s*\bMARKET_CODE_([A-Z0-9_]+)\b")
# The tables of tests/unit/expect.h name codes by text: .codes = { "-A", "B" }
NAMED = re.compile(r"\.codes\s*=\s*\{([^}]*)\}")
NAME = re.compile(r'"(-?)([A-Z0-9_]+)"')
ENTRY = re.compile(r"\bX\(\s*([A-Z0-9_]+)\s*,\s*(\d{4})\b")
PERMITS = re.compile(r"\b(MARKET_VERDICT_)?PERMIT\b|\bMARKET_OK\b")


PASTING = re.compile(
    r"^#define\s+(\w+)\((\w+)\)\s+MARKET_CODE_(\w*?)##(\w+)\s*$", re.M)


def plain(text):
    """Without comments, and with CODE(X) written out where CODE pastes."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    for macro, parameter, prefix, pasted in PASTING.findall(text):
        if parameter != pasted:
            continue
        text = re.sub(r"^#define\s+%s\(.*$" % macro, "", text, flags=re.M)
        text = re.sub(r"\b%s\((\w+)\)" % macro,
                      r"MARKET_CODE_%s\1" % prefix, text)
    return text


def registry(text):
    """Names in order of number, from finding_codes.h."""
    return [name for name, _ in ENTRY.findall(text)]


def collect(texts):
    """(codes expected, codes with a positive twin) of a list of texts."""
    expected, twinned = set(), set()
    for text in texts:
        text = plain(text)
        here = set()
        mentions = MENTION.findall(text)
        for table in NAMED.findall(text):
            mentions += NAME.findall(table)
        for sign, name in mentions:
            if sign:
                twinned.add(name)
            else:
                here.add(name)
        expected |= here
        if PERMITS.search(text):
            twinned |= here
    return expected, twinned


def faults(codes, texts, exceptions):
    expected, twinned = collect(texts)
    found = []
    for code in codes:
        if code in exceptions:
            if code in expected:
                found.append("%s is reached: take it off the exceptions"
                             % code)
        elif code not in expected:
            found.append("%s: no test expects it" % code)
        elif code not in twinned:
            found.append("%s: no test has it not told" % code)
    for code in sorted(set(exceptions) - set(codes)):
        found.append("%s: an exception that is no code" % code)
    return found


def self_test():
    codes = ["A", "B", "C", "D"]
    good = ["{ DENY, MARKET_CODE_A, -MARKET_CODE_B } { MARKET_CODE_B }",
            "PERMIT { MARKET_CODE_A, MARKET_CODE_C }"]
    assert faults(codes, good, {"D": "why"}) == []
    assert faults(codes, good, {}) == ["D: no test expects it"]
    assert faults(codes, good[:1], {"D": ""}) == [
        "A: no test has it not told", "C: no test expects it"]
    assert faults(codes, ["/* MARKET_CODE_A */ PERMIT"], {
        "B": "", "C": "", "D": ""}) == ["A: no test expects it"]
    assert faults(["P_A", "P_B"], ["#define CODE(x) MARKET_CODE_P_##x\n"
                                   "{ -CODE(A), CODE(A), CODE(B) }"],
                  {}) == ["P_B: no test has it not told"]
    assert faults(["A", "B"], ['.codes = { "-A", "A",\n"B" }'], {}) == [
        "B: no test has it not told"]
    assert faults(["A"], good, {"A": "why"}) == [
        "A is reached: take it off the exceptions"]
    assert faults(["A"], good, {"Z": "why"}) == [
        "Z: an exception that is no code"]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def main():
    self_test()
    unit = os.path.join(SOURCE, "tests", "unit")
    texts = [read(os.path.join(unit, name)) for name in sorted(
        os.listdir(unit)) if name.endswith(".c") and name not in
        ("test_registry.c",)]
    codes = registry(read(os.path.join(
        SOURCE, "libmarket", "include", "market", "finding_codes.h")))
    found = faults(codes, texts, EXCEPTIONS)
    if not codes:
        found.append("finding_codes.h: no code is found")
    print("1..1")
    for fault in found:
        print("# " + fault)
    print("%s 1 - every code is expected and has a positive twin"
          % ("ok" if not found else "not ok"))
    return 0 if not found else 1


if __name__ == "__main__":
    sys.exit(main())
