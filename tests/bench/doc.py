#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""doc.py BUILD SOURCE LISTINGS: writes libmarket/doc/performance.md and its
plots from what `make bench` told and from what is measured here: how costs
grow. To be run by `make bench-doc`, after `make bench`, in the build folder."""

import os
import re
import shutil
import subprocess
import sys

ROUNDS = 15
QUESTIONS = (100, 400, 1000, 2000, 4000)

# Axis: title, what x and y are, and whether both are drawn in logarithms.
PLOTS = {
    "listings": ("A takedown and a sale, by listings in the store",
                 "listings", "microseconds", ("takedown", "sale"), True),
    "questions": ("Publishing an offer, by questions of the store",
                  "questions", "microseconds an offer", ("published",), True),
    "grants": ("One check, by grants to the seller", "grants",
               "microseconds", ("answer known", "answered anew"), False),
    "chain": ("One check, by links of the chain", "links", "microseconds",
              ("answer known", "answered anew"), False),
    "cells": ("One check, by cells of the offer", "cells", "microseconds",
              ("answers known", "answered anew"), True),
    "threads": ("Offers checked, by threads", "threads",
                "microseconds an offer", ("Ed25519", "P-256"), False),
}


def run(*command):
    """What a program tells."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          text=True).stdout


def number(pattern, text):
    """The number in the first place where the pattern is."""
    return float(re.search(pattern, text).group(1))


def stores_of(build):
    """The folder of the stores that make bench made last."""
    root = os.path.join(build, "bench-stores")
    folder, = (name for name in os.listdir(root)
               if os.path.isdir(os.path.join(root, name)))
    return os.path.join(root, folder)


def by_listings(build, listings):
    """Stores of growing size: those of make bench, and two between."""
    folder = stores_of(build)
    rows = []
    for size in sorted({1000, 10000, 100000, listings}):
        path = os.path.join(folder, "%d-2000.market" % size)
        if size > listings:
            continue
        if not os.path.exists(path):
            run("tests/bench/build_store", path, str(size), "2000")
        copy = path + ".copy"
        shutil.copyfile(path, copy)
        told = run("tests/bench/takedown", str(ROUNDS), copy, str(size),
                   "2000")
        for end in ("", "-wal", "-shm"):
            if os.path.exists(copy + end):
                os.remove(copy + end)
        sold = run("tests/bench/sale", path, str(size), "2000")
        rows.append((size,
                     1000 * number(r"a withdrawal +effect .*median +([0-9.]+)",
                                   told),
                     number(r"sale check ([0-9.]+) us", sold)))
    return rows


def by_questions():
    """Stores of offers that ask more and more different questions."""
    return [(n, number(r"published +([0-9.]+) us",
                       run("tests/bench/publish", str(ROUNDS), str(n))))
            for n in QUESTIONS]


def by_threads(told):
    """From what make bench told."""
    rows = {}
    for name, n, took in re.findall(
            r"^(Ed25519|P-256) +(\d+) threads +([0-9.]+) us", told, re.M):
        rows.setdefault(int(n), {})[name] = float(took)
    return [(n, rows[n]["Ed25519"], rows[n]["P-256"]) for n in sorted(rows)]


def measure(build, listings, told):
    """All rows of all plots."""
    rows = {axis: [] for axis in PLOTS}
    for line in run("tests/bench/growth").splitlines():
        axis, at, *took = line.split()
        rows[axis].append((int(at), *map(float, took)))
    rows["listings"] = by_listings(build, listings)
    rows["questions"] = by_questions()
    rows["threads"] = by_threads(told)
    return rows


def draw(axis, rows, folder):
    """One plot, by gnuplot."""
    title, x_label, y_label, names, logarithms = PLOTS[axis]
    data = "\n".join(" ".join(map(str, row)) for row in rows)
    script = ["set terminal svg size 640,400 font 'sans,12'",
              "set output '%s.svg'" % os.path.join(folder, axis),
              "set title '%s'" % title, "set xlabel '%s'" % x_label,
              "set ylabel '%s'" % y_label, "set key left top", "set grid",
              "set logscale xy" if logarithms else "set yrange [0:*]",
              "$rows << END", data, "END",
              "plot " + ", ".join(
                  "$rows using 1:%d with linespoints linewidth 2 title '%s'"
                  % (i + 2, name) for i, name in enumerate(names))]
    subprocess.run(["gnuplot"], check=True, input="\n".join(script) + "\n",
                   text=True)


def table(axis, rows):
    """The same figures, to be read."""
    _, x_label, y_label, names, _ = PLOTS[axis]
    lines = ["| %s | %s |" % (x_label, " | ".join(
        "%s (%s)" % (name, y_label) for name in names)),
             "|---" * (len(names) + 1) + "|"]
    lines += ["| %s | %s |" % (format(row[0], ","), " | ".join(
        "%.1f" % value for value in row[1:])) for row in rows]
    return "\n".join(lines)


def ratios(told):
    """The table of make bench."""
    lines = ["| line | seen | middle 80 % | asked |", "|---|---|---|---|"]
    for label, seen, low, high, asked in re.findall(
            r"^= (.*?) +([0-9.]+) \(([0-9.]+) to ([0-9.]+)\), (.*)$", told,
            re.M):
        lines.append("| %s | %.2f | %.2f to %.2f | %s |" % (
            label, float(seen), float(low), float(high), asked))
    return "\n".join(lines)


def section(told, title):
    """What was told under that heading, as it was."""
    found = re.search(r"^== %s ==\n(.*?)(?=^== |\Z)" % re.escape(title), told,
                      re.M | re.S)
    lines = [line for line in found.group(1).splitlines()
             if not line.startswith(("= ", "machine:"))]
    return "\n".join("    " + line for line in lines)


def main():
    build, source, listings = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(os.path.join(build, "bench-stores", "told"),
              encoding="utf-8") as file:
        told = file.read()
    with open(os.path.join(source, "tests", "bench", "performance.md.in"),
              encoding="utf-8") as file:
        text = file.read()
    folder = os.path.join(source, "libmarket", "doc", "performance")
    os.makedirs(folder, exist_ok=True)
    rows = measure(build, listings, told)
    for axis in PLOTS:
        draw(axis, rows[axis], folder)
        text = text.replace("@GROWTH:%s@" % axis, table(axis, rows[axis]))
    text = text.replace("@MACHINE@",
                        re.search(r"^machine: (.*)$", told, re.M).group(1))
    text = text.replace("@TABLE@", ratios(told))
    text = re.sub(r"@TOLD:(.*?)@", lambda match: section(told, match.group(1)),
                  text)
    with open(os.path.join(source, "libmarket", "doc", "performance.md"), "w",
              encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
