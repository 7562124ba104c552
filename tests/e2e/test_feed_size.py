#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Large feeds: whoever verifies one, proves or judges one of its offers, takes
it into a store, or ends all of it there, needs no more memory than for a few."""

import base64
import hashlib
import json
import os
import subprocess
import sys

import world
from world import AT, SELLER, header

ROWS = 1000000
MANY = 50000
CHUNK = 256
MOST = 64 * 1024  # KiB


def template(w):
    """What is signed of an offer, before and behind the digits of its id."""
    offer = w.sign("offer", w.offer(header={"id": "sku-0000000"}))
    told = json.loads(w.must("pae", "--json", offer))
    payload = base64.b64decode(told["pae"]).split(b" ", 4)[4]
    assert 128 <= len(payload) < 16384 and payload.count(b"0000000") == 1
    length = bytes((len(payload) & 127 | 128, len(payload) >> 7))
    before, behind = payload.split(b"0000000")
    return length, before, behind


def root_of(hashes):
    """RFC 6962, section 2.1."""
    while len(hashes) > 1:
        pairs = [hashlib.sha256(b"\1" + hashes[i] + hashes[i + 1]).digest()
                 for i in range(0, len(hashes) - 1, 2)]
        hashes = pairs + hashes[2 * len(pairs):]
    return hashes[0]


def write_rows(w, name, count):
    """One after the other, for a parent's memory is counted with its
    child's; the roots of the chunks."""
    length, before, behind = template(w)
    roots = []
    with open(w.path(name), "wb") as file:
        for first in range(0, count, CHUNK):
            rows = [b"%s%07d%s" % (before, i, behind)
                    for i in range(first, min(first + CHUNK, count))]
            file.write(b"".join(length + row for row in rows))
            roots.append(root_of(
                [hashlib.sha256(b"\0" + row).digest() for row in rows]))
    return roots


def make(w, name, count, revision=1):
    """The list and the rows."""
    roots = write_rows(w, name + ".rows", count)
    text = [base64.b64encode(root).decode() for root in roots]
    top = root_of(roots) if roots else hashlib.sha256(b"").digest()
    listed = w.sign("feed", {
        "header": dict(header(SELLER, name), revision=str(revision)),
        "mode": "FEED_MODE_FULL", "count": str(count), "chunkRoots": text,
        "root": base64.b64encode(top).decode()}, SELLER)
    os.rename(listed, w.path(name + ".list"))
    return w.path(name + ".list"), w.path(name + ".rows")


def run(w, *argv):
    """What the command told, and the most memory that it had, in KiB."""
    with open(w.path("told"), "w+b") as told:
        process = subprocess.Popen([world.MARKET] + list(argv), stdout=told,
                                   stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, (argv, process.returncode)
        told.seek(0)
        return told.read(), usage.ru_maxrss


def context(files):
    """Words of the command."""
    line = ["--root", files["root"], "--policy", files["policy"], "--at", AT]
    for name, file in files.items():
        if name not in ("root", "policy", "offer"):
            line += ["--with", file]
    return line


def verify(w, line, feed, *extra):
    told, most = run(w, "feed", "verify", "--json", *extra, *line, *feed)
    return json.loads(told)["summary"], most


def test_a_million_rows_need_no_memory(w):
    line = context(w.statements())
    feed = make(w, "million", ROWS)
    assert os.path.getsize(feed[1]) > 2 * MOST * 1024
    for extra in (), ("--threads", "2"):
        summary, most = verify(w, line, feed, *extra)
        assert summary["permitted"] == summary["listed"] == ROWS, summary
        assert summary["chunks_broken"] == summary["bytes_behind"] == 0
        assert most < MOST, most
    # Of one of them: 20 hashes and its index.
    name = "sku-0654321"
    _, most = run(w, "feed", "prove", "--offer", name, *feed, "-o",
                  w.path("proof"), "--payload", w.path("offer"))
    assert most < MOST and os.path.getsize(w.path("proof")) == 8 + 32 * 20
    told, most = run(w, "check", "--json", "--feed", feed[0], "--proof",
                     w.path("proof"), *line, w.path("offer"))
    assert most < MOST and name in told.decode()


def submit(w, store, feed, *extra):
    told, most = run(w, "feed", "submit", "--json", "--at", AT, *extra, store,
                     *feed)
    assert most < MOST, most
    return json.loads(told)["summary"]


def test_a_store_takes_many_rows_in_and_ends_them(w):
    if not world.has_stores():
        raise world.Skipped("built without SQLite")
    files, store = w.statements(), w.path("store.db")
    w.must("init", store, "--root", files["root"], "--policy",
           files["policy"], "--at", AT)
    w.must("add", store, "--at", AT, *[
        file for name, file in files.items()
        if name not in ("root", "policy", "offer")])
    summary = submit(w, store, make(w, "many", MANY))
    assert summary["accepted"] == summary["permitted"] == MANY, summary
    # One that is empty has one chunk, which ends all.
    none = make(w, "many", 0, revision=2)
    done = w.run("feed", "submit", "--at", AT, store, *none)
    assert done.returncode == 65 and b"allow more than" in done.stderr, done
    summary = submit(w, store, none, "--max-ended", str(MANY))
    assert summary["ended"] == MANY and summary["done"], summary


if __name__ == "__main__":
    sys.exit(world.main(globals()))
