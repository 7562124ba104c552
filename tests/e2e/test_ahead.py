#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What would change, what will, and what did: impact, forecast, changes."""

import json
import os
import select
import signal
import subprocess
import sys
import time

import world
from world import AT, BRAND, CARRIER, NETWORK, SELLER

LISTING = "importer.example/mi4-white"
EFFECT = ["at", "question", "seller", "brand", "model", "territory",
          "channel", "network", "before", "after", "service_before",
          "service_after", "listing", "cells", "codes", "message"]
STATEMENT = ["entry", "at", "kind", "digest", "statement_kind", "issuer",
             "id", "revision", "result"]
CLEARANCE = ["entry", "at", "kind", "question", "seller", "brand", "model",
             "territory", "channel", "network", "before", "after",
             "service_before", "service_after", "cells", "cause"]
OFFER = ["entry", "at", "kind", "listing", "digest", "revision"]
INTENT = ["entry", "at", "kind", "listing", "intent_before", "intent_after"]
LATER = "2016-02-02T00:00:00Z"
END = "2016-07-01T00:00:00Z"


def told(done, code, *words):
    assert done.returncode == code, done
    for word in words:
        assert word.encode() in done.stderr, (word, done)


def digest(w, file):
    return json.loads(w.must("show", file))["digest"]


def two(w):
    """A store with two listings that ask the same question."""
    files = w.statements()
    files["offer2"] = w.sign("offer", w.offer(header={"id": "mi4-black"}))
    return files, w.shop(files)


def test_impact_tells_what_would_go_dark(w):
    files, path = two(w)
    key = w.must("keyid", w.key(BRAND)).decode().strip()
    for line in (["--issuer", BRAND], ["--key", key],
                 ["--digest", digest(w, files["authorization"])],
                 ["--digest", digest(w, files["authorization"]).upper()]):
        found = w.tell("impact", path, *line)
        assert list(found) == ["effects", "dark"], found
        assert found["dark"] == 2, (line, found)
        effect, = found["effects"]
        assert list(effect) == EFFECT, effect
        assert (effect["seller"], effect["brand"], effect["model"]) == (
            SELLER, "xiaomi", "2014215")
        assert (effect["territory"], effect["channel"],
                effect["network"]) == ("US", "ONLINE_STORE", NETWORK)
        assert effect["before"] == "PERMIT" and effect["at"] == AT
        assert effect["after"] in ("DENY", "INDETERMINATE"), effect
        assert effect["service_before"] == "3G", effect
        assert effect["cells"] == 2 and effect["listing"] is None, effect
        assert effect["codes"] and effect["message"], effect
    assert w.tell("sale", path, LISTING, "--territory", "US", "--channel",
                  "online-store", "--network", NETWORK)["verdict"] == "PERMIT"


def test_impact_of_an_offer(w):
    files, path = two(w)
    found = w.tell("impact", path, "--digest", digest(w, files["offer"]))
    effect, = found["effects"]
    assert effect["listing"] == LISTING and effect["question"] is None
    assert list(effect) == EFFECT and found["dark"] == 1, found


def test_the_future_is_not_told_by_a_clock_that_is_behind(w):
    path = w.shop()
    at = ["--at", "2016-01-20T00:00:00Z"]
    for line in (["impact", path, "--issuer", BRAND],
                 ["forecast", path, "--until", END]):
        done = w.run(*line, *at)
        told(done, 2, path)
        assert done.stdout == b"", done


def test_impact_names_the_listings(w):
    _, path = two(w)
    found = w.tell("impact", path, "--issuer", BRAND, "--listings")
    effect, = found["effects"]
    assert list(effect) == EFFECT + ["listings"], effect
    assert sorted(effect["listings"]) == [
        "importer.example/mi4-black", LISTING], effect
    text = w.must("impact", path, "--issuer", BRAND, "--listings", "--at",
                  AT).decode()
    lines = text.splitlines()
    assert lines[0] == AT + "  importer.example xiaomi 2014215, 2 cells"
    assert lines[1].startswith("    US, ONLINE_STORE, " + NETWORK +
                               ": PERMIT (3G) -> "), text
    assert "      " + LISTING in lines, text
    assert lines[-1] == ("1 answer changes; 2 listings with no live cell any "
                         "more"), text
    assert max(map(len, lines)) <= 80, text


def test_impact_of_what_nothing_rests_on(w):
    _, path = two(w)
    for line in (["--issuer", "nobody.example"], ["--key", "0" * 64],
                 ["--digest", "f" * 64]):
        done = w.run("impact", path, *line, "--at", AT)
        assert done.returncode == 65 and done.stdout == b"", (line, done)
        assert done.stderr.count(b"\n") == 1, done


def test_impact_is_used_wrongly(w):
    _, path = two(w)
    for line, word in (
            ([], "say of what"), (["--issuer", BRAND, "--key", "0" * 64],
                                  "say of what"),
            (["--digest", "xyz"], "no SHA-256"), (["--digest", ""], "no SHA"),
            (["--key", "0" * 63], "no SHA-256"),
            (["--key", "0" * 65], "no SHA-256"),
            (["--issuer", ""], "is empty"),
            (["--issuer", BRAND, "extra"], "too much"),
            (["--issuer", BRAND, "--with", path], "say of what")):
        done = w.run("impact", path, *line)
        told(done, 64, word)
        assert done.stdout == b"", done


def test_what_if_looks_both_ways(w):
    files = w.statements()
    del files["fcc"]
    path = w.shop(files)
    fcc = w.sign("certification", w.fcc())
    found = w.tell("impact", path, "--with", fcc)
    effect, = found["effects"]
    assert (effect["before"], effect["after"]) == ("DENY", "PERMIT"), effect
    assert effect["service_after"] == "3G" and found["dark"] == 0, found
    withdrawal = w.sign("withdrawal", w.withdrawal())
    assert w.tell("impact", path, "--with", fcc, "--with",
                  withdrawal)["dark"] == 0
    w.must("add", path, fcc, "--at", AT)
    found = w.tell("impact", path, "--with", withdrawal, "--listings")
    assert found["dark"] == 1, found
    assert found["effects"][0]["listings"] == [LISTING], found
    policy = w.sign("policy", w.policy(
        header={"revision": "2"}, minimumService="SERVICE_4G"))
    assert w.tell("impact", path, "--with", policy)["dark"] == 1
    none = w.tell("impact", path, "--with", fcc)
    assert none == {"effects": [], "dark": 0}, none
    text = w.must("impact", path, "--with", fcc, "--at", AT)
    assert text == b"nothing changes\n", text


def test_what_if_of_what_is_no_evidence(w):
    _, path = two(w)
    junk = w.write("junk", b"junk")
    forged = w.sign("withdrawal", w.withdrawal(), "stranger")
    done = w.run("impact", path, "--with", junk, "--with", forged, "--json",
                 "--at", AT)
    told(done, 65, junk + ": would be REFUSED", forged + ": would be REFUSED")
    assert json.loads(done.stdout) == {"effects": [], "dark": 0}, done
    done = w.run("impact", path, "--with", w.path("none"))
    told(done, 74, "cannot be opened")
    assert done.stdout == b"", done


def test_forecast_tells_what_ends(w):
    files = w.statements()
    files["network"] = w.sign("network", w.network(deployments=[
        {"rat": "RAT_GSM", "band": 1900},
        {"rat": "RAT_UMTS", "band": 2, "until": END}]))
    path = w.shop(files)
    found = w.tell("forecast", path, "--until", "2018-01-01T00:00:00Z")
    assert list(found) == ["effects", "dark"], found
    first = found["effects"][0]
    assert list(first) == EFFECT, first
    assert first["at"] == END and first["before"] == "PERMIT", first
    assert (first["after"], first["service_before"],
            first["service_after"]) == ("DENY", "3G", "2G"), first
    assert "SERVICE_BELOW_MINIMUM" in first["codes"], first
    times = [effect["at"] for effect in found["effects"]]
    assert times == sorted(times) and found["dark"] == 1, found
    assert w.tell("forecast", path, "--until", "2016-06-30T23:59:59Z") == {
        "effects": [], "dark": 0}
    assert w.tell("forecast", path, "--until", END)["dark"] == 1
    named = w.tell("forecast", path, "--until", END, "--listings")
    assert named["effects"][0]["listings"] == [LISTING], named
    text = w.must("forecast", path, "--until", END, "--at", AT).decode()
    assert text.startswith(END + "  importer.example xiaomi 2014215, 1 cell\n"
                           "    US, ONLINE_STORE, " + NETWORK +
                           ": PERMIT (3G) -> DENY (2G)\n"), text
    assert "SERVICE_BELOW_MINIMUM: " in text, text
    assert max(map(len, text.splitlines())) <= 80, text


def test_forecast_tells_of_an_offer_that_ends(w):
    files = w.statements()
    files["offer"] = w.sign("offer", w.offer(
        header={"notAfter": "2016-05-01T00:00:00Z"}))
    path = w.shop(files)
    found = w.tell("forecast", path, "--until", "2016-06-01T00:00:00Z",
                   "--listings")
    effect, = found["effects"]
    assert effect["listing"] == LISTING, effect
    assert effect["at"] == "2016-05-01T00:00:00Z", effect
    assert effect["listings"] == [LISTING] and found["dark"] == 1, found
    for name in ("territory", "channel", "network"):
        assert effect[name] is None, effect
    text = w.must("forecast", path, "--until", "2016-06-01T00:00:00Z",
                  "--at", AT).decode()
    assert text.startswith("2016-05-01T00:00:00Z  " + LISTING + ", 1 cell\n"
                           "    PERMIT -> DENY\n    OFFER_EXPIRED: "), text


def test_forecast_is_used_wrongly(w):
    _, path = two(w)
    for line, word in (([], "--until TIME"), (["--until", "soon"], "no time"),
                       (["--until", AT, "--at", AT], "is not behind"),
                       (["--until", AT, "--at", LATER], "is not behind"),
                       (["--until", LATER, "x", "--at", AT], "too much")):
        done = w.run("forecast", path, *line)
        told(done, 64, word)
        assert done.stdout == b"", done


def changes(w, path, *line):
    return w.lines("changes", path, *line, at=None)


def test_changes_tell_the_history(w):
    files = w.statements()
    path = w.shop(files)
    withdrawal = w.sign("withdrawal", w.withdrawal())
    w.must("add", path, withdrawal, "--at", LATER)
    w.must("pause", path, LISTING, "--at", LATER)
    found = changes(w, path)
    assert [one["entry"] for one in found] == list(
        range(1, len(found) + 1)), found
    for one in found:
        assert list(one) == {"statement": STATEMENT, "clearance": CLEARANCE,
                             "offer": OFFER, "intent": INTENT}[one["kind"]]
    kinds = [one["kind"] for one in found]
    assert kinds.count("statement") == 9, kinds
    assert kinds.count("offer") == 1 and kinds[-1] == "intent", kinds
    assert [one["statement_kind"] for one in found[:2]] == [
        "trust-root", "policy"], found
    offer, = [one for one in found if one["kind"] == "offer"]
    assert offer["listing"] == LISTING and offer["revision"] == 1
    assert offer["digest"] == digest(w, files["offer"])
    taken = [one for one in found if one["kind"] == "statement"][-1]
    assert taken["digest"] == digest(w, withdrawal), taken
    assert (taken["statement_kind"], taken["issuer"], taken["at"],
            taken["result"]) == ("withdrawal", BRAND, LATER, "ACCEPTED")
    last = [one for one in found if one["kind"] == "clearance"][-1]
    assert last["before"] == "PERMIT" and last["after"] == "DENY", last
    assert last["cause"] == taken["entry"] and last["cells"] == 1, last
    assert last["service_before"] == "3G", last
    assert found[-1]["intent_after"] == "PAUSE", found[-1]


def test_changes_are_read_in_parts(w):
    path = w.shop()
    every = changes(w, path)
    assert changes(w, path, "--since", "0") == every
    assert changes(w, path, "--since", "4") == every[4:]
    assert changes(w, path, "--since", "4", "--limit", "2") == every[4:6]
    assert changes(w, path, "--limit", "1") == every[:1]
    assert changes(w, path, "--since", str(len(every))) == []
    assert changes(w, path, "--since", "999999") == []
    text = w.must("changes", path).decode().splitlines()
    assert len(text) == len(every)
    for one, line in zip(every, text):
        assert line.split()[:3] == [str(one["entry"]), one["at"],
                                    one["kind"]], line
    assert text[0].endswith(
        "trust-root usmobile.com/root, revision 1: ACCEPTED"), text[0]
    for line, word in ((["--since", "x"], "no number"),
                       (["--since", "-1"], "no number"),
                       (["--limit", "0"], "from 1 on"),
                       (["--follow=x"], "takes no value"),
                       (["--at", AT], "unknown option --at"),
                       (["extra"], "too much")):
        told(w.run("changes", path, *line), 64, word)


def test_changes_name_the_listings(w):
    _, path = two(w)
    for one in changes(w, path, "--listings"):
        if one["kind"] == "clearance":
            assert list(one) == CLEARANCE + ["listings"], one
            assert sorted(one["listings"]) == [
                "importer.example/mi4-black", LISTING], one
    text = w.must("changes", path, "--listings").decode()
    assert "\n      " + LISTING + "\n" in text, text


class Follower:
    """`market changes --follow` that runs beside the test."""

    def __init__(self, path, *line):
        self.process = subprocess.Popen(
            [world.MARKET, "changes", path, "--follow"] + list(line),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        self.rest = b""

    def line(self):
        while b"\n" not in self.rest:
            ready, _, _ = select.select([self.process.stdout], [], [], 20)
            assert ready, "no line came"
            more = os.read(self.process.stdout.fileno(), 65536)
            assert more, self.process.stderr.read()
            self.rest += more
        line, self.rest = self.rest.split(b"\n", 1)
        return json.loads(line)

    def ends(self):
        status = self.process.wait(20)
        complaint = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        assert status == 0 and complaint == b"", (status, complaint)


def test_changes_are_followed(w):
    path = w.shop()
    n = len(changes(w, path))
    follower = Follower(path, "--since", str(n - 1), "--json")
    assert follower.line()["entry"] == n
    w.must("pause", path, LISTING, "--at", LATER)
    assert follower.line() == {
        "entry": n + 1, "at": LATER, "kind": "intent", "listing": LISTING,
        "intent_before": "PUBLISH", "intent_after": "PAUSE"}
    w.must("add", path, w.sign("withdrawal", w.withdrawal()), "--at", LATER)
    assert follower.line()["statement_kind"] == "withdrawal"
    assert follower.line()["kind"] == "clearance"
    follower.process.send_signal(signal.SIGTERM)
    follower.ends()


def test_following_ends(w):
    path = w.shop()
    follower = Follower(path, "--json")
    follower.line()
    follower.process.send_signal(signal.SIGINT)
    follower.ends()
    follower = Follower(path, "--since", "999999")
    time.sleep(0.1)
    follower.process.stdout.close()
    assert follower.process.wait(20) == 0
    assert follower.process.stderr.read() == b""
    follower.process.stderr.close()
    follower = Follower(path, "--limit", "3", "--json")
    assert [follower.line()["entry"] for _ in range(3)] == [1, 2, 3]
    follower.ends()
    here, there = os.pipe()
    os.close(here)
    done = w.run("changes", path, "--follow", stdout=there)
    os.close(there)
    assert done.returncode == 0 and done.stderr == b"", done


def test_a_follower_nobody_reads_can_be_ended(w):
    path = w.shop()
    here, there = os.pipe()
    os.set_blocking(there, False)
    try:
        while True:
            os.write(there, b"x" * 4096)
    except BlockingIOError:
        pass
    os.set_blocking(there, True)
    process = subprocess.Popen([world.MARKET, "changes", path, "--follow"],
                               stdout=there, stderr=subprocess.PIPE)
    time.sleep(0.2)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0 and process.stderr.read() == b""
    process.stderr.close()
    os.close(here)
    os.close(there)


def test_what_cannot_be_written_is_an_error(w):
    files, path = two(w)
    cell = ["--territory", "US", "--channel", "online-store", "--network",
            NETWORK]
    for line in (["list", path], ["changes", path], ["fsck", path],
                 ["why", path, LISTING], ["check", path, files["offer"]],
                 ["graph", path, LISTING],
                 ["sale", path, LISTING] + cell,
                 ["impact", path, "--issuer", CARRIER],
                 ["submit", path, files["offer"]], ["refresh", path],
                 ["forecast", path, "--until", "2018-01-01T00:00:00Z"],
                 ["add", path, files["fcc"]], ["resume", path, LISTING]):
        at = [] if line[0] in ("changes", "fsck") else ["--at", AT]
        for form in ([], ["--json"]):
            with open("/dev/full", "wb") as full:
                done = w.run(*line, *at, *form, stdout=full)
            assert done.returncode == 74, (line, done)
            assert b"(stdout): cannot be written: No space" in done.stderr
    here, there = os.pipe()
    os.close(here)
    done = w.run("list", path, stdout=there)
    os.close(there)
    assert done.returncode == 74 and b"Broken pipe" in done.stderr, done
    with open("/dev/full", "wb") as full:
        done = w.run("changes", path, "--follow", stdout=full)
    assert done.returncode == 74, done


if __name__ == "__main__":
    sys.exit(world.main(globals(), stores=True))
