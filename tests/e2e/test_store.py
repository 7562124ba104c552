#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The store by the command: init, add, check, refresh, fsck, and its errors."""

import base64
import json
import os
import sqlite3
import sys

import world
from world import AT, BRAND, SHOP, codes, on_terminal

ADDED = ["file", "kind", "issuer", "id", "revision", "digest", "result",
         "findings", "cells_changed"]
FINDING = ["code", "number", "effect", "path", "link", "actor", "remedy",
           "message", "evidence", "got", "want"]
LATER = "2016-02-02T00:00:00Z"


def evidence(files):
    return [file for name, file in files.items()
            if name not in ("root", "policy") and "offer" not in name]


def digest(w, file):
    return json.loads(w.must("show", file))["digest"]


def told(done, status, *words):
    """An error: its exit status, and its words on stderr."""
    assert done.returncode == status, done
    for word in words:
        assert word.encode() in done.stderr, (word, done)


def test_init_makes_a_store(w):
    files = w.statements()
    path = w.path("shop.db")
    line = [path, "--root", files["root"], "--policy", files["policy"]]
    made = w.tell("init", *line)
    assert list(made) == ["store", "marketplace", "mark"]
    assert made["store"] == path and made["marketplace"] == SHOP
    numbers = made["mark"].split(":")
    assert len(numbers) == 4 and numbers[0].isdigit(), numbers
    assert len(numbers[1]) == 64 and len(numbers[3]) == 64, numbers
    assert w.tell("fsck", path, at=None) == {
        "faults": [], "mark": made["mark"]}
    done = w.run("init", *line)
    assert done.returncode != 0 and done.stdout == b"", done
    assert path.encode() in done.stderr, done
    text = w.must("init", w.path("2.db"), *line[1:]).decode()
    assert text.startswith(w.path("2.db") + ": a store of usmobile.com\n")
    assert text.split("\n")[1].startswith("mark "), text


def test_init_wants_a_good_root_and_policy(w):
    files = w.statements()
    path = w.path("shop.db")
    rows = [
        (["--root", files["root"]], 64, "--policy FILE"),
        (["--policy", files["policy"]], 64, "--root FILE"),
        (["--root", files["offer"], "--policy", files["policy"]], 65,
         files["offer"]),
        (["--root", files["root"], "--policy", w.sign(
            "policy", w.policy(), "stranger")], 65, "policy"),
        (["--root", w.path("none"), "--policy", files["policy"]], 74,
         "cannot be opened"),
        (["--root", files["root"], "--policy", files["policy"], "--at",
          "soon"], 64, "no time"),
    ]
    for line, status, word in rows:
        done = w.run("init", path, *line)
        told(done, status, word)
        assert done.stdout == b"" and not os.path.exists(path), done
    good = ["--root", files["root"], "--policy", files["policy"]]
    told(w.run("init", *good), 64, "the new STORE")
    told(w.run("init", "memory:", *good), 64, "name a file")
    told(w.run("init", w.path("no/such/place"), *good), 74)
    told(w.run("init", "-", *good), 64, "name a file")
    told(w.run("init", "postgresql://h/d", *good), 70, "no PostgreSQL")


def test_a_store_that_is_not_there(w):
    none = w.path("none.db")
    offer = w.sign("offer", w.offer())
    cell = ["--territory", "US", "--channel", "online-store", "--network",
            world.NETWORK]
    hold = ["--key", w.key(SHOP), "--reason", "policy"]
    listing = "importer.example/mi4-white"
    for line in (["add", none, offer], ["check", none, offer],
                 ["submit", none, offer], ["list", none],
                 ["why", none, listing], ["sale", none, listing] + cell,
                 ["pause", none, listing], ["resume", none, listing],
                 ["end", none, listing], ["hold", none, listing] + hold,
                 ["remove", none, listing] + hold,
                 ["impact", none, "--issuer", BRAND],
                 ["forecast", none, "--until", "2999-01-01T00:00:00Z"],
                 ["refresh", none], ["changes", none],
                 ["changes", none, "--follow"], ["fsck", none]):
        done = w.run(*line)
        told(done, 74, none + ": there is no store", "market init")
        assert done.stdout == b"" and not os.path.exists(none), done


def test_what_is_no_store(w):
    for content in (b"", b"junk", b"SQLite format 3\0" + b"x" * 5000):
        path = w.write("x.db", content)
        done = w.run("list", path)
        assert done.returncode in (65, 74), done
        assert done.stderr.startswith(b"market: " + path.encode()), done
        with open(path, "rb") as file:
            assert file.read() == content
    other = w.path("other.db")
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE listing (a)")
    database.close()
    told(w.run("list", other), 65, other)
    told(w.run("list", w.dir), 74, w.dir)


def test_add_tells_each_file(w):
    files = w.statements()
    path = w.init(files)
    added = w.lines("add", path, *evidence(files))
    assert [one["file"] for one in added] == evidence(files)
    for one in added:
        assert list(one) == ADDED, one
        assert one["result"] == "ACCEPTED" and one["findings"] == [], one
        assert one["digest"] == digest(w, one["file"])
        assert one["revision"] == 1 and one["cells_changed"] == 0, one
    assert (added[0]["kind"], added[0]["issuer"], added[0]["id"]) == (
        "seller", SHOP, "seller-importer")
    again = w.lines("add", path, *evidence(files))
    assert {one["result"] for one in again} == {"DUPLICATE"}
    done = w.run("add", path, files["fcc"], "--at", AT)
    assert done.returncode == 0 and done.stderr == b"", done
    assert done.stdout.decode() == (
        "DUPLICATE " + files["fcc"] +
        ": certification fcc.gov/fcc-2014215, revision 1\n")


def test_the_order_of_files_does_not_matter(w):
    files = w.statements()
    path = w.init(files)
    added = w.lines("add", path, *reversed(evidence(files)))
    assert {one["result"] for one in added} == {"ACCEPTED"}
    decision = w.tell("check", path, files["offer"])
    assert decision["verdict"] == "PERMIT", codes(decision)


def test_bad_files_stop_nothing(w):
    files = w.statements()
    path = w.init(files)
    stale = w.sign("product", w.product())
    new = w.sign("product", w.product(header={"revision": "2"}))
    fork = w.sign("product", w.product(header={"revision": "2"}, name="X"))
    junk = w.write("junk", b"junk")
    schema = w.sign("offer", w.offer())
    forged = w.sign("disavowal", w.disavowal(), "stranger")
    assert w.lines("add", path, new)[0]["result"] == "ACCEPTED"
    added = w.lines("add", path, junk, stale, forged, schema, fork,
                    files["network"], status=65)
    rows = list(zip([junk, stale, forged, schema, fork, files["network"]],
                    added))
    for file, one in rows:
        assert list(one) == ADDED and one["file"] == file, one
    results = [one["result"] for one in added]
    assert results == ["REFUSED", "STALE", "REFUSED", "REFUSED", "FORK",
                       "ACCEPTED"], results
    for one in added[:4]:
        finding, = one["findings"]
        assert list(finding) == FINDING, finding
        assert finding["remedy"] and finding["message"], finding
        assert finding["evidence"] == one["digest"], finding
    assert [one["findings"][0]["code"] for one in added[:3]] == [
        "STATEMENT_MALFORMED", "STATEMENT_STALE_REVISION",
        "STATEMENT_SIGNATURE_INVALID"], added
    assert added[0]["kind"] is None and added[0]["digest"] is None
    assert added[0]["revision"] is None and added[0]["id"] is None
    text = w.run("add", path, junk, forged, "--at", AT)
    lines = text.stdout.decode().splitlines()
    assert len(lines) == 2 and text.returncode == 65, text
    assert lines[0].startswith("REFUSED   %s: STATEMENT_MALFORMED: " % junk)
    assert lines[1].startswith("REFUSED   %s: disavowal mi.com/no-us, "
                               "revision 1: STATEMENT_SIGNATURE_INVALID: "
                               % forged), lines


def test_an_unreadable_file_is_graver(w):
    files = w.statements()
    path = w.init(files)
    junk = w.write("junk", b"junk")
    none = w.path("none")
    large = w.write("large", b" " * (2 * 1024 * 1024 + 1))
    done = w.run("add", path, junk, none, large, files["fcc"], "--json",
                 "--at", AT)
    told(done, 74, none + ": cannot be opened", large + ": larger than")
    added = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["file"] for one in added] == [junk, none, large, files["fcc"]]
    assert [one["result"] for one in added] == [
        "REFUSED", "REFUSED", "REFUSED", "ACCEPTED"]
    for one in added[1:3]:
        assert list(one) == ADDED and one["findings"] == [], one
        assert one["kind"] is None and one["cells_changed"] == 0, one
    told(w.run("add", path, junk, large), 65, "larger than")
    done = w.run("add", path, "-", "-", "--at", AT, stdin=b"junk")
    assert done.returncode == 65 and b"one stdin" in done.stderr, done
    with open(files["network"], "rb") as file:
        done = w.run("add", path, "-", "--at", AT, stdin=file.read())
    assert done.stdout.startswith(b"ACCEPTED  -: network t-mobile.com/"), done


def test_add_counts_the_cells_that_change(w):
    files = w.statements()
    path = w.shop(files)
    withdrawal = w.sign("withdrawal", w.withdrawal())
    one, = w.lines("add", path, withdrawal, at=LATER)
    assert one["cells_changed"] == 1 and one["result"] == "ACCEPTED", one
    text = w.run("add", path, w.sign("authorization", w.authorization(
        header={"id": "grant-again"})), "--at", LATER).stdout.decode()
    assert text.endswith("revision 1, 1 cell changed\n"), text


def test_a_grant_comes_with_its_parent_in_any_order(w):
    path = w.init(w.statements())
    w.key("agent.example")
    parent = w.sign("authorization", w.authorization(
        header={"id": "grant-agent"}, grantee="agent.example",
        granteeKeys=w.keys("agent.example"), maxDelegations=1))
    child = w.sign("authorization", w.authorization(
        header={"issuer": "agent.example", "id": "to-importer"},
        parentDigest=base64.b64encode(
            bytes.fromhex(digest(w, parent))).decode()))
    one, = w.lines("add", path, child, status=65)
    assert one["result"] == "REFUSED", one
    finding, = one["findings"]
    assert finding["code"] == "AUTHORIZATION_CHAIN_BROKEN", one
    both = w.lines("add", path, child, parent)
    assert [one["file"] for one in both] == [child, parent]
    for one in both:
        assert one["result"] == "ACCEPTED" and one["findings"] == [], one


def test_check_answers_as_without_a_store(w):
    files = w.statements()
    path = w.shop({name: file for name, file in files.items()
                   if name != "offer"})
    want, = w.check(files).decisions
    assert w.tell("check", path, files["offer"]) == want
    done = w.run("check", path, files["offer"], "--at", AT)
    assert done.returncode == 0, done
    assert done.stdout == w.run(*w.check_line(files)).stdout
    bad = w.sign("offer", w.offer(header={"id": "bad"}, disclosures=None))
    lines = w.lines("check", path, files["offer"], bad, status=3)
    assert [one["verdict"] for one in lines] == ["PERMIT", "DENY"]
    w.tell("check", path, bad, status=1)
    junk = w.write("junk", b"junk")
    done = w.run("check", path, junk, files["offer"], "--json", "--at", AT)
    told(done, 65, junk + ": ")
    assert done.stdout.count(b"\n") == 1
    told(w.run("check", path, w.path("none"), "--at", AT), 74, "none")
    assert w.tell("list", path) == []


def test_check_with_what_is_not_there(w):
    files = w.statements()
    path = w.shop({name: file for name, file in files.items()
                   if name not in ("offer", "fcc")})
    decision = w.tell("check", path, files["offer"], status=1)
    assert "CERTIFICATION_MISSING" in codes(decision)
    decision = w.tell("check", path, files["offer"], "--with", files["fcc"])
    assert decision["verdict"] == "PERMIT", codes(decision)
    decision = w.tell("check", path, files["offer"], "--with", files["fcc"],
                      "--with", w.sign("withdrawal", w.withdrawal()),
                      status=1)
    assert "STATEMENT_WITHDRAWN" in codes(decision)
    policy = w.sign("policy", w.policy(
        header={"revision": "2"}, requirements=[{
            "territories": ["US"], "networks": ["*"], "categories": ["*"],
            "schemes": ["carrier"]}]))
    decision = w.tell("check", path, files["offer"], "--with", policy)
    assert decision["verdict"] == "PERMIT", codes(decision)
    decision = w.tell("check", path, files["offer"], "--with", w.write(
        "junk", b"junk"), status=1)
    assert decision["ignored"][0]["code"] == "STATEMENT_MALFORMED", decision
    told(w.run("check", path, files["offer"], "--with", w.path("none")), 74,
         "none: cannot be opened")
    w.tell("check", path, files["offer"], status=1)


def test_check_of_an_instant_asks_what_was_known_then(w):
    files = w.statements()
    path = w.shop(files)
    w.must("add", path, w.sign("withdrawal", w.withdrawal()), "--at", LATER)
    w.tell("check", path, files["offer"], at=AT)
    w.tell("check", path, files["offer"], at=LATER, status=1)
    w.tell("check", path, files["offer"], at="2016-02-01T23:59:59Z")
    w.tell("check", path, files["offer"], at="2016-03-01T00:00:00Z",
           status=1)
    decision = json.loads(w.run(
        "check", path, files["offer"], "--json").stdout)
    assert decision["at"] > "2024-01-01T00:00:00Z", decision


def test_refresh_counts_what_time_has_changed(w):
    path = w.shop()
    none = w.tell("refresh", path)
    assert list(none) == ["computed", "changed", "cells_changed"]
    assert none["changed"] == 0, none
    end = w.tell("refresh", path, at="2017-01-15T00:00:00Z")
    assert end["changed"] == 1 and end["cells_changed"] == 1, end
    assert w.tell("refresh", path, at="2017-01-15T00:00:00Z")["changed"] == 0
    text = w.must("refresh", path, "--at", "2017-01-15T00:00:00Z").decode()
    assert text.count("\n") == 1 and " changed" in text, text


def test_a_clock_that_goes_back_adds_all_the_same(w):
    files = w.statements()
    path = w.shop(files, at=LATER)
    one, = w.lines("add", path, w.sign("withdrawal", w.withdrawal()), at=AT)
    assert one["result"] == "ACCEPTED", one


def test_fsck_finds_what_was_edited(w):
    path = w.shop()
    mark = w.tell("fsck", path, at=None)["mark"]
    assert w.tell("fsck", path, "--mark", mark, at=None)["faults"] == []
    text = w.must("fsck", path).decode()
    assert text == "sound\nmark %s\n" % mark
    w.must("add", path, w.sign("withdrawal", w.withdrawal()), "--at", LATER)
    after = w.tell("fsck", path, "--mark", mark, at=None)
    assert after["faults"] == [] and after["mark"] != mark
    w.must("init", w.path("other.db"), "--root", w.sign(
        "trust-root", w.root()), "--policy", w.sign(
            "policy", w.policy()), "--at", AT)
    other = w.tell("fsck", w.path("other.db"), "--mark", mark, at=None,
                   status=65)
    assert list(other) == ["faults", "mark"] and other["faults"], other
    done = w.run("fsck", w.path("other.db"), "--mark", mark)
    told(done, 65)
    assert b"not to be trusted" in done.stdout, done
    for bad in ("", "1", mark[:-1], mark + "0", mark.upper(),
                mark.replace(":", ";")):
        told(w.run("fsck", path, "--mark", bad), 64, "is no mark")


def edited(w, path, *edits):
    """The faults that fsck finds once the rows were edited by hand."""
    database = sqlite3.connect(path)
    for edit in edits:
        assert database.execute(edit).rowcount > 0, edit
    database.commit()
    database.close()
    found = w.tell("fsck", path, at=None, status=65)
    assert list(found) == ["faults", "mark"] and found["faults"], found
    return found["faults"]


def test_fsck_tells_a_store_that_does_not_open(w):
    path = w.shop()
    faults = edited(w, path, "DELETE FROM statement WHERE no = 6")
    assert faults, faults
    done = w.run("fsck", path)
    assert done.returncode == 65, done
    assert done.stdout.decode().split("\n")[0] == faults[0], done
    done = w.run("list", path)
    assert done.returncode == 65 and path.encode() in done.stderr, done


def test_fsck_tells_rows_that_were_edited(w):
    files = w.statements()
    del files["fcc"]
    path = w.shop(files)
    edited(w, path, "UPDATE clearance SET verdict = 1")
    w.tell("sale", path, "importer.example/mi4-white", "--territory", "US",
           "--channel", "online-store", "--network", world.NETWORK, status=1)
    path = w.shop(files, "2.db")
    edited(w, path, "DELETE FROM entry WHERE seq = 3")
    with open(w.path("2.db"), "rb") as file:
        pages = bytearray(file.read())
    pages[5000:9000] = b"x" * 4000
    done = w.run("fsck", w.write("3.db", bytes(pages)))
    assert done.returncode == 65 and b"not to be trusted" in done.stdout, done


def test_somebody_else_writes(w):
    files = w.statements()
    path = w.shop(files)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    w.tell("check", path, files["offer"])
    assert len(w.tell("list", path)) == 1
    done = w.run("pause", path, "importer.example/mi4-white", "--at", AT)
    told(done, 75, path)
    assert done.stdout == b"", done
    other.execute("ROLLBACK")
    other.close()
    w.tell("pause", path, "importer.example/mi4-white")


def test_add_shows_progress_on_a_terminal(w):
    files = w.statements()
    path = w.init(files)
    line = ["add", path, "--at", AT] + [files["network"]] * 1200
    shown = on_terminal(*line, stderr=True).decode()
    assert "\r\033[K" in shown and " of 1,200, " in shown, shown
    assert "/s, 0 refused" in shown, shown
    last = shown.split("\r\033[K")[-1]
    assert last.startswith("market: add: 1,200 in ") and (
        last.endswith("\n")), shown
    done = w.run(*line, w.write("junk", b"junk"))
    assert done.stdout.count(b"\n") == 1201 and done.returncode == 65
    told = done.stderr.decode()
    assert told.startswith("market: add: 1,201 in ") and (
        told.endswith(", 1 refused\n")), told
    assert told.count("\n") == 1 and "\r" not in told, told
    assert w.run(*line[:20]).stderr == b""


def test_color_is_for_terminals_alone(w):
    files = w.statements()
    path = w.init(files)
    line = ["add", path, files["fcc"], w.write("junk", b""), "--at", AT]
    shown = on_terminal(*line, stdout=True)
    assert b"\033[1;32mACCEPTED\033[0m" in shown, shown
    assert b"\033[1;31mREFUSED\033[0m" in shown, shown
    assert b"\033" not in on_terminal(*line, stdout=True,
                                      env={"NO_COLOR": "1"})


if __name__ == "__main__":
    sys.exit(world.main(globals(), stores=True))
