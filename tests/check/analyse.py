#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`make analyse`: gcc -fanalyzer, clang-tidy, cppcheck, and the analyzer that
scan-build runs (clang --analyze), over each source file of the library.

A warning is let through where its line, or the comment above it, says why it
is none: "analyse(gcc, scan): market__x_new() has set it". One that lets
nothing through is an error too.

usage: analyse.py [TOOL...] -- COMPILER-FLAG...
"""

import concurrent.futures
import os
import re
import subprocess
import sys
import time

SRCDIR = os.environ.get("SRCDIR") or os.path.abspath(
    os.path.join(os.path.dirname(__file__), "..", ".."))
# One file may not take all of the time.
SECONDS = 240
CPPCHECK = ["--quiet", "--std=c11", "--error-exitcode=0",
            "--enable=warning,performance,portability",
            # It does not look where the system's headers are.
            "--suppress=preprocessorErrorDirective:*.pb-c.h",
            "--template={file}:{line}:{column}: warning: {message} [{id}]"]
TOOLS = {
    "gcc": lambda path, flags: ["gcc", *flags, "-O1", "-fanalyzer", "-c",
                                "-o", os.devnull, path],
    "tidy": lambda path, flags: [
        "clang-tidy", "--quiet", path, "--", *flags],
    "cppcheck": lambda path, flags: [
        "cppcheck", *CPPCHECK, "-D__GNUC__",
        "-DHAVE_CONFIG_H", "-DHAVE_JANSSON", "-DHAVE_SQLITE",
        *[flag for flag in flags if flag.startswith("-I")], path],
    "scan": lambda path, flags: ["clang", "--analyze", "--analyzer-output",
                                 "text", *flags, "-o", os.devnull, path],
}
WARNING = re.compile(
    r"^(?P<path>[^\s:]+):(?P<line>\d+):(?:\d+:)? (?:warning|error): (?P<text>.*)$")
LET = re.compile(r"\banalyse\(([a-z, ]+)\):\s*\S")


def sources(root):
    found = []
    for directory, _, names in os.walk(os.path.join(root, "libmarket")):
        found += [os.path.join(directory, name) for name in names
                  if name.endswith(".c")]
    return sorted(found)


def lets(lines):
    """{(line, tool): line of the comment} of a file."""
    found = {}
    for number, line in enumerate(lines, 1):
        match = LET.search(line)
        if not match:
            continue
        # A comment by itself speaks of the first line behind it.
        about = number
        if line.lstrip().startswith(("/*", "*")):
            while about <= len(lines) and "*/" not in lines[about - 1]:
                about += 1
            about += 1
        for tool in match.group(1).split(","):
            found[about, tool.strip()] = number
    return found


class Report:
    def __init__(self, tools):
        self.tools = tools
        self.faults = set()
        self.files = {}
        self.used = set()

    def lines(self, path):
        path = os.path.realpath(path)
        if path not in self.files:
            with open(path, encoding="utf-8") as file:
                self.files[path] = lets(file.read().splitlines())
        return self.files[path]

    def take(self, tool, output):
        for line in output.splitlines():
            match = WARNING.match(line)
            if not match:
                continue
            path = match.group("path")
            here = self.lines(path) if os.path.exists(path) else {}
            key = int(match.group("line")), tool
            if key in here:
                self.used.add((os.path.realpath(path),) + key)
            else:
                self.faults.add("%s:%s: %s: %s" % (
                    os.path.relpath(path, SRCDIR), match.group("line"), tool,
                    match.group("text")))

    def idle(self):
        """Comments that let nothing through."""
        for path, here in self.files.items():
            for (line, tool), comment in here.items():
                if tool in self.tools and (path, line, tool) not in self.used:
                    yield "%s:%d: analyse(%s) lets nothing through" % (
                        os.path.relpath(path, SRCDIR), comment, tool)


def run(tool, path, flags):
    begin = time.monotonic()
    try:
        done = subprocess.run(
            TOOLS[tool](path, flags), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, universal_newlines=True, check=False,
            timeout=SECONDS)
        output = done.stdout
        if done.returncode != 0 and not WARNING.search(output):
            output += "\n%s:1: error: %s: exit status %d\n" % (
                path, tool, done.returncode)
    except subprocess.TimeoutExpired:
        output = "%s:1: error: not done in %d s\n" % (path, SECONDS)
    return tool, output, time.monotonic() - begin


def analyse(tools, files, flags, jobs):
    report = Report(tools)
    took = dict.fromkeys(tools, 0.0)
    for path in files:
        report.lines(path)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        work = [pool.submit(run, tool, path, flags)
                for tool in tools for path in files]
        for future in concurrent.futures.as_completed(work):
            tool, output, seconds = future.result()
            took[tool] += seconds
            report.take(tool, output)
    for fault in sorted(report.faults) + sorted(report.idle()):
        print(fault)
    print("%d files, %d faults; %s" % (
        len(files), len(report.faults) + len(list(report.idle())),
        ", ".join("%s %.0f s" % item for item in took.items())))
    return report


def chosen():
    """All, or those that the environment names."""
    only = os.environ.get("ANALYSE_FILES", "").split()
    return [path for path in sources(SRCDIR)
            if not only or os.path.basename(path) in only]


def main(argv):
    split = argv.index("--") if "--" in argv else len(argv)
    tools = argv[:split] or list(TOOLS)
    report = analyse(tools, chosen(), argv[split + 1:],
                     len(os.sched_getaffinity(0)))
    return 1 if report.faults or list(report.idle()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
