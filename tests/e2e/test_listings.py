#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Listings by the command: submit, list, why, sale, pause, resume, end, hold
and remove."""

import json
import re
import sys

import world
from world import AT, NETWORK, SELLER, SHOP, codes, on_terminal

LISTING = "importer.example/mi4-white"
LISTED = ["id", "status", "seller", "brand", "model", "offer_id", "revision",
          "title", "price", "cells"]
CELL = ["territory", "channel", "network", "live", "verdict", "service",
        "disclosures_due", "horizon"]
DECISION = ["verdict", "offer", "digest", "at", "findings", "ignored",
            "cells", "sources"]
ADDED = ["file", "kind", "issuer", "id", "revision", "digest", "result",
         "findings", "cells_changed"]
SUBMITTED = ["listing", "result", "entry", "message"] + DECISION
LATER = "2016-02-02T00:00:00Z"
US = ["--territory", "US", "--channel", "online-store", "--network", NETWORK]


def without(files, *names):
    return {name: file for name, file in files.items() if name not in names}


def status(w, path, at=AT, listing=LISTING):
    found, = [one for one in w.tell("list", path, at=at)
              if one["id"] == listing]
    return found["status"]


def told(done, code, *words):
    assert done.returncode == code, done
    for word in words:
        assert word.encode() in done.stderr, (word, done)


def test_submit_makes_a_listing(w):
    files = w.statements()
    path = w.shop(without(files, "offer"))
    want, = w.check(files).decisions
    made = w.tell("submit", path, files["offer"])
    assert list(made) == SUBMITTED, list(made)
    assert made["listing"] == LISTING and made["result"] == "ACCEPTED"
    assert made["entry"] > 0 and made["message"] is None, made
    assert {name: made[name] for name in DECISION} == want
    again = w.tell("submit", path, files["offer"])
    assert again["result"] == "DUPLICATE", again
    assert len(w.tell("list", path)) == 1
    text = w.run("submit", path, files["offer"], "--at", AT)
    assert text.returncode == 0 and text.stderr == b"", text
    assert text.stdout.decode().startswith(
        "DUPLICATE " + LISTING + ": PERMIT\n" + LISTING), text


def test_submit_takes_what_may_come_true(w):
    files = without(w.statements(), "fcc")
    path = w.shop(without(files, "offer"))
    held = w.tell("submit", path, files["offer"], status=1)
    assert held["result"] == "ACCEPTED" and held["verdict"] == "DENY"
    assert status(w, path) == "HELD"
    w.must("add", path, w.sign("certification", w.fcc()), "--at", LATER)
    assert status(w, path, LATER) == "PUBLISHED"
    assert status(w, path, AT) == "HELD"


def test_submit_refuses_what_no_evidence_mends(w):
    files = w.statements()
    path = w.shop(without(files, "offer"))
    forged = w.sign("offer", w.offer(), "stranger")
    one = w.tell("submit", path, forged, status=1)
    assert one["result"] == "REFUSED" and one["entry"] is None, one
    assert "OFFER_SIGNATURE_INVALID" in codes(one)
    assert one["message"], one
    assert w.tell("list", path) == []
    free = w.sign("offer", w.offer(price={"amountMicros": "-5"}))
    one = w.tell("submit", path, free, status=1)
    assert one["result"] == "REFUSED", one


def test_submit_minds_revisions(w):
    files = w.statements()
    path = w.shop(files)
    two = w.sign("offer", w.offer(
        header={"revision": "2"}, price={"amountMicros": "199000000"}))
    fork = w.sign("offer", w.offer(
        header={"revision": "2"}, price={"amountMicros": "1000000"}))
    assert w.tell("submit", path, two)["result"] == "ACCEPTED"
    listed, = w.tell("list", path)
    assert listed["revision"] == 2, listed
    assert listed["price"]["amount_micros"] == 199000000
    assert w.tell("submit", path, files["offer"])["result"] == "DUPLICATE"
    assert w.tell("list", path) == [listed]
    stale = w.sign("offer", w.offer(title="Mi 4"))
    done = w.run("submit", path, stale, "--json", "--at", AT)
    one = json.loads(done.stdout)
    assert one["result"] == "STALE" and one["message"], one
    assert done.returncode == 65, done
    done = w.run("submit", path, fork, "--json", "--at", AT)
    one = json.loads(done.stdout)
    assert one["result"] in ("FORK", "REFUSED"), one
    assert done.returncode != 0, done


def test_submit_of_several(w):
    files = w.statements()
    path = w.shop(without(files, "offer"))
    good = w.sign("offer", w.offer(header={"id": "good"}))
    bad = w.sign("offer", w.offer(header={"id": "bad"}, disclosures=None))
    junk = w.write("junk", b"junk")
    none = w.path("none")
    lines = w.lines("submit", path, files["offer"], good)
    assert [one["listing"] for one in lines] == [
        LISTING, "importer.example/good"]
    lines = w.lines("submit", path, good, bad, status=3)
    assert [one["verdict"] for one in lines] == ["PERMIT", "DENY"]
    done = w.run("submit", path, junk, good, files["policy"], none, bad,
                 "--json", "--at", AT)
    told(done, 74, junk + ": ", files["policy"] + ": ", none + ": ")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["result"] for one in lines] == [
        "REFUSED", "DUPLICATE", "REFUSED", "REFUSED", lines[4]["result"]]
    for one, file, name in ((lines[0], junk, "MARKET_E_ENCODING"),
                            (lines[2], files["policy"], "MARKET_E_KIND"),
                            (lines[3], none, "MARKET_E_IO")):
        assert list(one) == ["file", "result", "error"], one
        assert list(one["error"]) == [
            "status", "path", "offset", "message"], one
        assert one["file"] == file, one
        assert one["error"]["status"] == name and (
            one["error"]["message"]), one
    told(w.run("submit", path, junk, good, "--at", AT), 65, "junk: ")
    text = w.run("submit", path, good, bad, "--at", AT).stdout.decode()
    assert text.startswith(
        "DUPLICATE importer.example/good: PERMIT\n"), text
    assert "importer.example/bad: DENY" in text, text
    assert "DISCLOSURE_MISSING" in text, text


def test_submit_goes_in_batches(w):
    files = w.statements()
    path = w.shop(without(files, "offer"))
    line = ["submit", path, "--at", AT] + [files["offer"]] * 6000
    shown = on_terminal(*line, stderr=True).decode()
    assert "\r\033[K" in shown and " of 6,000, " in shown, shown
    assert " left" in shown, shown
    last = shown.split("\r\033[K")[-1]
    assert re.match(r"market: submit: 6,000 in \d+\.\d s, [0-9,]+/s, "
                    r"0 refused\n$", last), shown
    done = w.run(*line, "--json")
    lines = [json.loads(one) for one in done.stdout.splitlines()]
    assert len(lines) == 6000 and done.returncode == 0
    assert {one["result"] for one in lines} == {"DUPLICATE"}
    assert done.stderr.count(b"\n") == 1 and b"\r" not in done.stderr
    assert len(w.tell("list", path)) == 1


def test_list_tells_how_it_stands(w):
    path = w.shop()
    listed, = w.tell("list", path)
    assert list(listed) == LISTED, list(listed)
    assert listed["id"] == LISTING and listed["status"] == "PUBLISHED"
    assert (listed["seller"], listed["offer_id"]) == (SELLER, "mi4-white")
    assert (listed["brand"], listed["model"]) == ("xiaomi", "2014215")
    assert listed["title"] == "Xiaomi Mi 4, white"
    assert listed["revision"] == 1
    assert listed["price"] == {"currency_code": "USD",
                               "amount_micros": 219000000}
    assert list(listed["price"]) == ["currency_code", "amount_micros"]
    cell, = listed["cells"]
    assert list(cell) == CELL, cell
    assert cell == {
        "territory": "US", "channel": "ONLINE_STORE", "network": NETWORK,
        "live": True, "verdict": "PERMIT", "service": "3G",
        "disclosures_due": ["SERVICE_3G_ONLY"],
        "horizon": "2017-01-15T00:00:00Z"}, cell
    text = w.must("list", path, "--at", AT).decode().splitlines()
    assert len(text) == 2 and max(map(len, text)) <= 80, text
    assert text[0].split() == ["LISTING", "STATUS", "LIVE", "PRICE",
                               "UNTIL"], text
    assert text[1].split() == [LISTING, "PUBLISHED", "1/1", "219.00", "USD",
                               "2017-01-15"], text
    shown = on_terminal("list", path, "--at", AT, stdout=True)
    assert b"\033[1;32mPUBLISHED\033[0m" in shown, shown


def test_list_without_a_listing(w):
    path = w.init(w.statements())
    assert w.tell("list", path) == []
    assert w.must("list", path) == b""


def many(w):
    """A store of nine listings of two sellers."""
    files = w.statements()
    del files["offer"]
    other = "second.example"
    files["seller2"] = w.sign("seller", w.seller(
        header={"id": "seller-second"}, seller=other, keys=w.keys(other)))
    files["grant2"] = w.sign("authorization", w.authorization(
        header={"id": "grant-second"}, grantee=other,
        granteeKeys=w.keys(other)))
    for i in range(7):
        files["offer%d" % i] = w.sign("offer", w.offer(
            header={"id": "sku-%d" % i}))
    files["offer7"] = w.sign("offer", w.offer(
        header={"id": "x" * 60}, disclosures=None))
    files["offer8"] = w.sign("offer", w.offer(
        header={"issuer": other, "id": "sku-0"}, fulfiller=other,
        price={"currencyCode": "JPY", "amountMicros": "29800000000"}))
    return w.shop(files)


def test_list_filters_and_pages(w):
    path = many(w)
    every = [one["id"] for one in w.tell("list", path)]
    assert every == sorted(every) and len(every) == 9, every

    def ids(*line):
        return [one["id"] for one in w.tell("list", path, *line)]

    assert ids("--limit", "3") == every[:3]
    assert ids("--limit", "3", "--after", every[2]) == every[3:6]
    assert ids("--after", every[8]) == []
    assert ids("--limit", "100", "--after", every[6]) == every[7:]
    assert ids("--seller", "second.example") == ["second.example/sku-0"]
    assert ids("--seller", "none.example") == []
    assert ids("--brand", "xiaomi") == every
    assert ids("--brand", "Xiaomi") == []
    for name in ("published", "PUBLISHED"):
        assert len(ids("--status", name)) == 8
    assert ids("--status", "held") == ["importer.example/" + "x" * 60]
    assert ids("--status", "partly-published") == []
    text = w.must("list", path, "--at", AT).decode()
    lines = text.splitlines()
    assert len(lines) == 11 and max(map(len, lines)) <= 80, text
    assert "importer.example/" + "x" * 60 in lines, text
    assert "29800 JPY" in text and "\033" not in text, text


def test_list_is_used_wrongly(w):
    path = w.shop()
    for line, word in ((["--limit", "0"], "no number from 1 on"),
                       (["--limit", "x"], "--limit x"),
                       (["--limit", ""], "no number"),
                       (["--limit", "1e3"], "no number"),
                       (["--limit", "99999999999999999999"], "no number"),
                       (["--status", "publishd"], "did you mean PUBLISHED?"),
                       (["--status", "x"], "there are PUBLISHED"),
                       (["extra"], "extra is too much"),
                       (["--at", "now"], "no time")):
        done = w.run("list", path, *line)
        told(done, 64, word)
        assert done.stdout == b"", done


def test_list_asks_about_an_instant(w):
    path = w.shop()
    w.must("add", path, w.sign("withdrawal", w.withdrawal()), "--at", LATER)
    assert status(w, path, AT) == "PUBLISHED"
    assert status(w, path, "2016-02-01T23:59:59Z") == "PUBLISHED"
    assert status(w, path, LATER) == "SUSPENDED"
    now, = w.tell("list", path, at=None)
    assert now["status"] == "SUSPENDED" and not now["cells"][0]["live"]
    assert w.tell("list", path, at="2016-01-31T00:00:00Z") == []


def test_why_tells_the_listing_and_the_decision(w):
    files = w.statements()
    path = w.shop(files)
    told_why = w.tell("why", path, LISTING)
    assert list(told_why) == ["listing", "decision"]
    assert told_why["listing"] == w.tell("list", path)[0]
    want, = w.check(files).decisions
    assert told_why["decision"] == want
    done = w.run("why", path, LISTING, "--format", "JSON", "--at", AT)
    assert json.loads(done.stdout) == told_why, done
    text = w.must("why", path, LISTING, "--at", AT).decode()
    assert text.startswith(LISTING + " is PUBLISHED\n"
                           "  Xiaomi Mi 4, white\n  219.00 USD, "), text
    assert text.endswith(w.run(*w.check_line(files)).stdout.decode()), text
    assert max(map(len, text.split("\n"))) <= 80
    shown = on_terminal("why", path, LISTING, "--at", AT, stdout=True)
    assert b" is \033[1;32mPUBLISHED\033[0m\n" in shown, shown
    assert b"\033[1;32mPERMIT\033[0m" in shown, shown


def test_why_of_what_is_not_live_is_no_failure(w):
    path = w.shop()
    w.must("add", path, w.sign("withdrawal", w.withdrawal()), "--at", LATER)
    found = w.tell("why", path, LISTING, at=LATER)
    assert found["listing"]["status"] == "SUSPENDED"
    assert "STATEMENT_WITHDRAWN" in codes(found["decision"])
    assert w.tell("why", path, LISTING)["listing"]["status"] == "PUBLISHED"
    for listing in ("importer.example/none", "none.example/mi4-white",
                    "mi4-white", "", "/", "importer.example/"):
        done = w.run("why", path, listing)
        assert done.returncode == 65 and done.stdout == b"", (listing, done)
    told(w.run("why", path), 64, "one LISTING")
    told(w.run("why", path, LISTING, "--format", "xml"), 64,
         "there are text dot json")
    told(w.run("why", path, LISTING, "--format", "dot", "--json"), 64,
         "--format json")


def test_why_draws_a_graph(w):
    """All cells of the listing; test_graph.py looks at the drawing."""
    files = without(w.statements(), "fcc")
    files["offer"] = w.sign("offer", w.offer(
        header={"id": 'a"b\\c'}, territories=["US", "US-CA"]))
    path = w.shop(files)
    done = w.run("why", path, 'importer.example/a"b\\c', "--format", "dot",
                 "--at", AT)
    text = done.stdout.decode()
    assert done.returncode == 0 and done.stderr == b"", done
    assert text.startswith("digraph market {\n") and text.endswith("}\n")
    assert 'offer importer.example/a\\"b\\\\x5cc, revision 1' in text, text
    for words in ("US, ONLINE_STORE, ", "US-CA, ONLINE_STORE, "):
        assert 'label="%s' % words in text, text
    assert "CERTIFICATION_MISSING" in text and 'label="is missing"' in text
    for name in ("seller", "authorization", "network"):
        digest = json.loads(w.must("show", files[name]))["digest"]
        assert "[%s]" % digest[:12] in text, (name, text)


def test_sale_asks_at_the_till(w):
    path = w.shop()
    sale = w.tell("sale", path, LISTING, *US)
    assert list(sale) == ["listing", "territory", "channel", "network", "at",
                          "verdict", "horizon"]
    assert sale == {
        "listing": LISTING, "territory": "US", "channel": "ONLINE_STORE",
        "network": NETWORK, "at": AT, "verdict": "PERMIT",
        "horizon": "2017-01-15T00:00:00Z"}, sale
    text = w.must("sale", path, LISTING, *US, "--at", AT).decode()
    assert text == (LISTING + " in US, ONLINE_STORE, " + NETWORK +
                    ": PERMIT until 2017-01-15T00:00:00Z\n"), text
    w.must("add", path, w.sign("withdrawal", w.withdrawal()), "--at", LATER)
    sale = w.tell("sale", path, LISTING, *US, at=LATER, status=1)
    assert sale["verdict"] == "DENY", sale
    assert list(sale) == ["listing", "territory", "channel", "network", "at",
                          "verdict", "horizon"]
    w.tell("sale", path, LISTING, *US, at=AT)
    done = w.run("sale", path, LISTING, *US, "--at", LATER)
    text = b" ".join(done.stdout.split())
    assert done.returncode == 1 and done.stderr == b"", done
    assert b"STATEMENT_WITHDRAWN: the authorization " in text, text
    done = w.run("sale", path, LISTING, *US)
    assert done.returncode in (1, 2) and done.stderr == b"", done
    assert done.stdout.count(b"\n") > 1, done


def test_sale_cannot_tell(w):
    files = without(w.statements(), "product")
    path = w.shop(files)
    sale = w.tell("sale", path, LISTING, *US, status=2)
    assert sale["verdict"] == "INDETERMINATE", sale


def test_sale_of_what_is_not_asked_for(w):
    path = w.shop()
    for line in ([LISTING, "--territory", "CA"] + US[2:],
                 [LISTING] + US[:3] + ["wholesale"] + US[4:],
                 [LISTING] + US[:5] + ["other.example/net"],
                 ["importer.example/none"] + US):
        done = w.run("sale", path, *line)
        assert done.returncode == 65 and done.stdout == b"", (line, done)
        assert done.stderr.count(b"\n") == 1, done
    for drop, word in ((0, "--territory US"), (2, "--channel online-store"),
                       (4, "--network ID")):
        told(w.run("sale", path, LISTING, *US[:drop], *US[drop + 2:]), 64,
             word)
    for name, word in (("any", "there are ONLINE_STORE"),
                       ("onlinestore", "did you mean ONLINE_STORE?"),
                       ("", "there are")):
        told(w.run("sale", path, LISTING, *US[:3], name, *US[4:]), 64, word)
    w.tell("sale", path, LISTING, *US[:3], "CHANNEL_ONLINE_STORE", *US[4:])
    w.tell("sale", path, LISTING, *US[:3], "channel-online-store", *US[4:])


def test_the_seller_pauses_resumes_and_ends(w):
    path = w.shop()
    rows = [("pause", "PAUSE", "PAUSED", 1), ("pause", "PAUSE", "PAUSED", 1),
            ("resume", "PUBLISH", "PUBLISHED", 0),
            ("end", "END", "ENDED", 1), ("resume", "PUBLISH", "PUBLISHED", 0)]
    for verb, intent, want, sold in rows:
        assert w.tell(verb, path, LISTING) == {
            "listing": LISTING, "intent": intent}
        assert status(w, path) == want, verb
        w.tell("sale", path, LISTING, *US, status=sold)
    text = w.must("pause", path, LISTING, "--at", AT).decode()
    assert text == LISTING + ": PAUSE\n"
    for verb in ("pause", "resume", "end"):
        done = w.run(verb, path, "importer.example/none")
        told(done, 65, "importer.example/none: a listing is named")
        told(w.run(verb, path), 64, "one LISTING")
        told(w.run(verb, path, LISTING, LISTING), 64, "too much")


def test_a_hold_takes_a_listing_off(w):
    path = w.shop()
    line = [LISTING, "--key", w.key(SHOP), "--reason", "policy", "--note",
            "The brand has been asked.", "--until", "2016-02-10T00:00:00Z"]
    held = w.tell("hold", path, *line, at=LATER)
    assert list(held) == ADDED, held
    assert held["file"] is None and held["result"] == "ACCEPTED"
    assert (held["kind"], held["issuer"], held["id"], held["revision"]) == (
        "hold", SHOP, "listing/" + LISTING, 1), held
    assert status(w, path, LATER) in ("SUSPENDED", "HELD")
    found = w.tell("why", path, LISTING, at=LATER)["decision"]
    assert "HELD_BY_MARKETPLACE" in codes(found)
    assert "The brand has been asked." in json.dumps(found)
    w.tell("sale", path, LISTING, *US, at=LATER, status=1)
    again = w.tell("hold", path, *line[:5], at=LATER)
    assert again["revision"] == 2 and again["id"] == held["id"], again
    text = w.must("hold", path, *line[:5], "--at", LATER).decode()
    assert text.startswith("ACCEPTED  hold usmobile.com/listing/" + LISTING +
                           ", revision 3"), text


def test_a_hold_ends(w):
    path = w.shop()
    w.tell("hold", path, LISTING, "--key", w.key(SHOP), "--reason",
           "WITHDRAWAL_REASON_ERROR", "--until", "2016-02-10T00:00:00Z",
           at=LATER)
    w.tell("sale", path, LISTING, *US, at="2016-02-09T23:59:59Z", status=1)
    w.tell("sale", path, LISTING, *US, at="2016-02-10T00:00:00Z")


def test_a_removal_is_for_good(w):
    files = w.statements()
    other = w.sign("offer", w.offer(header={"id": "mi4-black"}))
    path = w.shop(dict(files, offer2=other))
    gone = w.tell("remove", path, LISTING, "--key", w.key(SHOP), "--reason",
                  "key-compromise", at=LATER)
    assert gone["id"] == "listing/" + LISTING and gone["revision"] == 1
    assert status(w, path, LATER) == "REMOVED"
    assert status(w, path, LATER, "importer.example/mi4-black") == (
        "PUBLISHED")
    w.tell("hold", path, LISTING, "--key", w.key(SHOP), "--reason", "error",
           "--until", "2016-02-03T00:00:00Z", at=LATER)
    assert status(w, path, "2016-02-04T00:00:00Z") == "REMOVED"
    w.tell("resume", path, LISTING, at=LATER)
    assert status(w, path, LATER) == "REMOVED"


def test_a_long_name_is_held_by_its_digest(w):
    files = w.statements()
    names = ["y" * 110 + end for end in "ab"]
    for name in names:
        files["offer" + name] = w.sign("offer", w.offer(
            header={"id": name}))
    path = w.shop(files)
    seen = set()
    for name in names:
        listing = SELLER + "/" + name
        for revision in (1, 2):
            held = w.tell("hold", path, listing, "--key", w.key(SHOP),
                          "--reason", "policy", "--note",
                          "number %d" % revision, at=LATER)
            assert held["revision"] == revision, held
            assert re.match(r"listing/[0-9a-f]{64}$", held["id"]), held
        seen.add(held["id"])
        w.tell("sale", path, listing, *US, at=LATER, status=1)
    assert len(seen) == 2
    w.tell("sale", path, LISTING, *US, at=LATER)


def test_a_hold_is_used_wrongly(w):
    path = w.shop()
    key = ["--key", w.key(SHOP)]
    why = ["--reason", "policy"]
    none = "importer.example/none"
    rows = [
        ([LISTING] + key, 64, "--reason policy"),
        ([LISTING] + why, 64, "--key KEY.pem"),
        ([LISTING] + key + ["--reason", "polisy"], 64,
         "did you mean POLICY?"),
        ([LISTING] + key + ["--reason", "because"], 64, "there are CEASED"),
        ([none] + key + why, 65, none),
        ([LISTING] + key + why + ["--note", "x" * 5000], 65, "note"),
        ([LISTING, "--key", w.path("none")] + why, 74, "cannot be opened"),
        (key + why, 64, "one LISTING"),
    ]
    for verb in ("hold", "remove"):
        for line, code, word in rows:
            done = w.run(verb, path, *line)
            told(done, code, word)
            assert done.stdout == b"", done
    told(w.run("hold", path, LISTING, *key, *why, "--until", AT, "--at", AT),
         64, "over already")
    told(w.run("remove", path, LISTING, *key, *why, "--until", LATER), 64,
         "unknown option --until")
    done = w.run("hold", path, LISTING, "--key", w.key("stranger"), *why,
                 "--json", "--at", AT)
    assert done.returncode == 65, done
    refused = json.loads(done.stdout)
    assert refused["result"] == "REFUSED" and refused["findings"], refused
    assert status(w, path) == "PUBLISHED"


if __name__ == "__main__":
    sys.exit(world.main(globals(), stores=True))
