#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""feed pack, verify and prove, and check with a proof, from end to end."""

import json
import os
import sys

import world
from world import AT, FROM, SELLER, UNTIL, codes, header


def listing(**changes):
    return world.merge({"header": header(SELLER, "catalogue"),
                        "mode": "FEED_MODE_FULL"}, changes)


def offers(w, n, change=None):
    """Lines of JSON; change(number) is merged into an offer."""
    lines = []
    for i in range(n):
        one = w.offer(header={"id": "sku-%05d" % i})
        lines.append(json.dumps(world.merge(one, change(i) if change else {})))
    return w.write("offers.jsonl", "\n".join(lines) + "\n")


def pack(w, lines, *extra, out="catalogue.feed", draft=None):
    done = w.run("feed", "pack", "--key", w.key(SELLER),
                 w.write("feed.json", draft or listing()), lines, "-o",
                 w.path(out), *extra)
    assert done.returncode == 0, done
    return w.path(out)


def verify_line(files, *feed):
    line = ["feed", "verify", "--json", "--root", files["root"], "--policy",
            files["policy"], "--at", AT]
    for name, file in files.items():
        if name not in ("root", "policy", "offer"):
            line += ["--with", file]
    return line + list(feed)


def verify(w, files, *feed, status=0):
    """The rows that are told, and the summary."""
    done = w.run(*verify_line(files, *feed))
    assert done.returncode == status, done
    told = [json.loads(line) for line in done.stdout.splitlines()]
    summary = told.pop()["summary"]
    assert summary["rows"] == sum(summary[name] for name in (
        "permitted", "warned", "denied", "indeterminate", "refused"))
    return told, summary


def test_one_signature_permits_many(w):
    files = w.statements()
    feed = pack(w, offers(w, 600))
    told, summary = verify(w, files, feed)
    assert told == []
    assert summary["permitted"] == 600 == summary["listed"], summary
    assert summary["chunks"] == 3 and summary["chunks_broken"] == 0
    assert summary["issuer"] == SELLER and summary["revision"] == 1
    for threads in ("2", "5"):
        assert verify(w, files, "--threads", threads, feed) == (told, summary)


def test_rows_may_stand_apart(w):
    files = w.statements()
    lines = offers(w, 300)
    one = pack(w, lines)
    for extra in ((), ("--binary",)):
        rows = w.path("rows" + "".join(extra))
        listed = pack(w, lines, "--rows", rows, *extra, out="list")
        assert verify(w, files, listed, rows) == verify(w, files, one)
    with open(one, "rb") as file, open(rows, "rb") as tail:
        assert file.read().endswith(tail.read())
    # A list without rows has nothing to believe.
    told, summary = verify(w, files, listed, status=65)
    assert [(row["row"], row["rows"]) for row in told] == [(0, 300)]
    assert summary["refused"] == 300 and summary["chunks_broken"] == 2


def test_a_bad_row_harms_itself_alone(w):
    files = w.statements()
    faults = {3: ({"gtin": "4006381333932"}, "OFFER_GTIN_CHECK_DIGIT"),
              255: ({"marketplace": "other.example"}, "OFFER_MARKETPLACE"),
              256: ({"model": "2014811"}, "AUTHORIZATION_SCOPE_MODEL"),
              599: ({"title": ""}, "OFFER_ATTRIBUTE_MISSING")}
    feed = pack(w, offers(w, 600, lambda i: faults.get(i, ({},))[0]))
    told, summary = verify(w, files, feed, status=3)
    assert [row["row"] for row in told] == sorted(faults)
    for row in told:
        assert row["result"] == "DENY" and row["rows"] == 1
        assert row["offer_id"] == "sku-%05d" % row["row"]
        assert faults[row["row"]][1] in codes(row["decision"]), row
        assert row["error"] is None
    assert summary["permitted"] == 596 and summary["denied"] == 4


def test_results_go_to_a_file(w):
    files = w.statements()
    feed = pack(w, offers(w, 3, lambda i: {"title": ""} if i == 1 else {}))
    line = verify_line(files, feed, "--results", w.path("results"))
    line.remove("--json")
    done = w.run(*line)
    assert done.returncode == 3 and done.stdout.startswith(b"3 rows: 2 perm")
    with open(w.path("results"), encoding="utf-8") as file:
        told = [json.loads(one) for one in file]
    assert [row.get("row") for row in told] == [1, None]
    assert told[1]["summary"]["denied"] == 1


def test_an_offer_proves_itself_alone(w):
    files = w.statements()
    feed = pack(w, offers(w, 600))
    for name in ("sku-00000", "sku-00255", "sku-00256", "sku-00599"):
        w.must("feed", "prove", "--offer", name, feed, "-o", w.path("proof"),
               "--payload", w.path("payload"))
        size = os.path.getsize(w.path("proof"))
        assert size % 32 == 8 and size <= 8 + 32 * 10
        alone = dict(files, offer=w.path("payload"))
        told = w.check(alone, "--feed", feed, "--proof", w.path("proof"))
        assert told.returncode == 0, told
        # As if it were signed alone.
        single = w.sign("offer", w.offer(header={"id": name}))
        want = w.check(dict(files, offer=single)).decisions[0]
        got = told.decisions[0]
        kinds = [source["kind"] for source in got.pop("sources")]
        assert "feed" in kinds and want.pop("sources")
        assert got == want
    # The proof of another, and another's offer.
    done = w.run("feed", "prove", "--offer", "sku-9", feed, "-o", "-")
    assert done.returncode == 65 and b"has that id" in done.stderr
    w.must("feed", "prove", "--offer", "sku-00001", feed, "-o",
           w.path("proof"))
    done = w.check(alone, "--feed", feed, "--proof", w.path("proof"))
    assert done.returncode == 65 and b"does not show" in done.stderr


def test_offers_end_with_their_feed(w):
    files = w.statements()
    feed = pack(w, offers(w, 2), draft=listing(
        header={"notAfter": "2016-02-01T00:00:00Z"}))
    told, summary = verify(w, files, feed, status=1)
    assert summary["denied"] == 2
    assert "STATEMENT_EXPIRED" in codes(told[0]["decision"])
    # And with what withdraws it.
    feed = pack(w, offers(w, 2))
    files["withdrawal"] = w.sign("withdrawal", w.withdrawal(
        header=header(SELLER, "no-catalogue"),
        target={"kind": "feed", "issuer": SELLER, "id": "catalogue"}))
    told, summary = verify(w, files, feed, status=1)
    assert "STATEMENT_WITHDRAWN" in codes(told[1]["decision"])


def test_another_key_signs_for_nobody(w):
    files = w.statements()
    w.must("feed", "pack", "--key", w.key("forger"),
           w.write("feed.json", listing()), offers(w, 2), "-o",
           w.path("forged"))
    told, summary = verify(w, files, w.path("forged"), status=1)
    assert summary["denied"] == 2
    assert "OFFER_SIGNATURE_INVALID" in codes(told[0]["decision"])


def test_packing_says_which_line_is_bad(w):
    line = ["feed", "pack", "--key", w.key(SELLER),
            w.write("feed.json", listing())]
    cases = [
        ([w.offer(), {"header": header("other.example", "x")}],
         b"line 2: header.issuer: is another"),
        ([w.offer(), w.offer()], b"line 2: header.id: is not behind"),
        ([w.offer(), {"no": 1}], b"line 2: no: "),
    ]
    for documents, why in cases:
        lines = w.write("lines", "\n\n".join(map(json.dumps, documents)))
        done = w.run(*line, lines, "-o", w.path("out"))
        why = why.replace(b"line 2", b"line 3")
        assert done.returncode == 65 and why in done.stderr, done
        assert not os.path.exists(w.path("out"))
    assert not [name for name in os.listdir(w.dir) if "." in name[3:]
                and name.startswith("out")]


def test_an_empty_feed_is_a_feed(w):
    files = w.statements()
    feed = pack(w, w.write("none", ""))
    told, summary = verify(w, files, feed)
    assert told == [] and summary["rows"] == 0 == summary["chunks"]


def test_usage(w):
    for line in (["feed"], ["feed", "eat"], ["feed", "pack", "a", "b"],
                 ["feed", "verify", "x"], ["feed", "prove", "x"],
                 ["feed", "prove", "--offer", "a", "x"],
                 ["check", "--root", "a", "--policy", "b", "--feed", "f",
                  "o"],
                 ["check", "shop.db", "--feed", "f", "--proof", "p", "o"]):
        done = w.run(*line)
        assert done.returncode == 64, (line, done)
    done = w.run("feed", "pack", "--key", w.key(SELLER), w.write("d", "{}"),
                 w.path("none"), "-o", w.path("x"))
    assert done.returncode == 65, done
    assert FROM < AT < UNTIL


if __name__ == "__main__":
    sys.exit(world.main(globals()))
