#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""feed submit: what a feed makes of a store, from end to end."""

import json
import os
import sys

import world
from test_feed import listing, offers, pack
from world import AT, SELLER, header

LATER = "2016-02-02T00:00:00Z"


def submit(w, shop, feed, *extra, at=AT, status=0):
    """The rows that are told, and the summary, which adds up."""
    done = w.run("feed", "submit", "--json", shop, feed, "--at", at, *extra)
    assert done.returncode == status, done
    told = [json.loads(line) for line in done.stdout.splitlines()]
    if status not in (0, 1, 2, 3) and not told:
        return done.stderr.decode(), None
    summary = told.pop()["summary"]
    assert summary["rows"] == sum(summary[name] for name in (
        "permitted", "warned", "denied", "indeterminate", "refused"))
    assert summary["rows"] == sum(summary[name] for name in (
        "accepted", "unchanged", "stale", "forks", "rejected"))
    return told, summary


def store(w):
    files = w.statements()
    files.pop("offer")
    return w.shop(files)


def ids(w, shop, at=AT, *options):
    return {one["offer_id"]: one["status"]
            for one in w.tell("list", shop, *options, at=at)}


def revision(number, **changes):
    return listing(header=world.merge({"revision": str(number)}, changes))


def fsck(w, shop):
    done = w.run("fsck", shop)
    assert done.returncode == 0, done


def test_rows_become_listings(w):
    shop = store(w)
    feed = pack(w, offers(w, 600, lambda i: {"title": ""} if i == 7 else {}))
    told, summary = submit(w, shop, feed, status=3)
    assert [row["row"] for row in told] == [7]
    assert told[0]["taken"] == "REFUSED"
    assert summary["result"] == "ACCEPTED" and summary["done"]
    assert summary["accepted"] == 599 and summary["rejected"] == 1
    found = ids(w, shop)
    assert len(found) == 599 and set(found.values()) == {"PUBLISHED"}
    why = w.tell("why", shop, SELLER + "/sku-00300")
    assert why["listing"]["status"] == "PUBLISHED"
    assert "feed" in [source["kind"]
                      for source in why["decision"]["sources"]]
    w.must("sale", shop, SELLER + "/sku-00599", "--territory", "US",
           "--channel", "online-store", "--network", world.NETWORK,
           "--at", AT)
    fsck(w, shop)
    # The same digest gives the same report, and changes nothing.
    before = w.lines("changes", shop, at=None)
    told, again = submit(w, shop, feed, status=3)
    assert told == [] and again.pop("result") == "DUPLICATE"
    summary.pop("result")
    assert again == summary
    assert w.lines("changes", shop, at=None) == before
    kinds = [change["kind"] for change in before]
    assert kinds.count("chunk") == 3 and kinds.count("offer") == 599


def test_a_full_feed_ends_what_it_lacks(w):
    shop = store(w)
    alone = w.sign("offer", w.offer(header={"id": "sku-00001x"}))
    w.run("submit", shop, alone, "--at", AT)
    submit(w, shop, pack(w, offers(w, 300)))
    # Fewer is refused, until it is allowed.
    lines = offers(w, 600)
    with open(lines, encoding="utf-8") as file:
        every = file.read().splitlines()
    kept = [line for i, line in enumerate(every)
            if i not in (0, 1, 150, 299)][:295]
    second = pack(w, w.write("lines", "\n".join(kept)), draft=revision(2))
    text, _ = submit(w, shop, second, status=65)
    assert "allow more than 0 to end" in text, text
    assert len(ids(w, shop, LATER)) == 301
    text, _ = submit(w, shop, second, "--max-ended", "4", at=LATER, status=65)
    told, summary = submit(w, shop, second, "--max-ended", "9", at=LATER)
    assert told == [] and summary["ended"] == 5, summary
    found = ids(w, shop, LATER)
    ended = sorted(name for name, one in found.items() if one == "ENDED")
    assert ended == ["sku-00000", "sku-00001", "sku-00150", "sku-00298",
                     "sku-00299"], ended
    assert found["sku-00001x"] == "PUBLISHED"
    fsck(w, shop)
    # They come back with a later one; what the operator ended does not.
    w.must("end", shop, SELLER + "/sku-00002", "--at", LATER)
    third = pack(w, offers(w, 300), draft=revision(3))
    submit(w, shop, third, at=LATER)
    found = ids(w, shop, LATER)
    assert [name for name, one in found.items() if one != "PUBLISHED"] == [
        "sku-00002"], found
    # An empty one ends them all.
    last = pack(w, w.write("none", ""), draft=revision(4))
    _, summary = submit(w, shop, last, "--max-ended", "300", at=LATER)
    assert summary["ended"] == 299
    assert ids(w, shop, LATER)["sku-00001x"] == "PUBLISHED"
    fsck(w, shop)


def test_what_was_taken_in_is_told_where_it_ends(w):
    shop = store(w)
    submit(w, shop, pack(w, offers(w, 1200)))
    lines = offers(w, 1210)
    with open(lines, encoding="utf-8") as file:
        every = file.read().splitlines()
    kept = [line for i, line in enumerate(every) if not 1000 <= i < 1010]
    second = pack(w, w.write("lines", "\n".join(kept)), draft=revision(2))
    # The first transaction stays, of two chunks.
    told, summary = submit(w, shop, second, "--max-ended", "4", at=LATER,
                           status=65)
    assert told == [] and summary["result"] == "ACCEPTED", summary
    assert not summary["done"] and summary["ended"] == 0
    assert summary["rows"] == 512 == summary["accepted"], summary
    done = w.run("feed", "submit", shop, second, "--at", LATER,
                 "--results", w.path("results"))
    told = done.stdout.decode()
    assert done.returncode == 65, done
    assert b"lacks more than 0 offers" in done.stderr, done
    assert told.startswith(
        "importer.example/catalogue, revision 2: 512 rows: "), told
    assert told.endswith("not all of it is in: the same again goes on\n")
    with open(w.path("results"), encoding="utf-8") as file:
        again = json.load(file)["summary"]
    assert again.pop("result") == "DUPLICATE" and summary.pop("result")
    assert again == summary
    told, summary = submit(w, shop, second, "--max-ended", "10", at=LATER)
    assert summary["done"] and summary["ended"] == 10, summary
    fsck(w, shop)


def test_revisions_are_in_order(w):
    shop = store(w)
    second = pack(w, offers(w, 2), out="second", draft=revision(2))
    first = pack(w, offers(w, 2), out="first")
    other = pack(w, offers(w, 1), out="other", draft=revision(2))
    submit(w, shop, second)
    text, _ = submit(w, shop, first, status=65)
    assert "revision 1, and 2 is here" in text, text
    text, _ = submit(w, shop, other, status=65)
    assert "settles it" in text, text
    delta = pack(w, offers(w, 1), out="delta", draft=revision(
        4, id="catalogue") | {"mode": "FEED_MODE_DELTA"})
    text, _ = submit(w, shop, delta, status=65)
    assert "just before it" in text, text
    fsck(w, shop)


def test_a_delta_changes_what_it_has(w):
    shop = store(w)
    submit(w, shop, pack(w, offers(w, 4)))
    change = w.offer(header={"id": "sku-00002", "revision": "2"},
                     title="white, once more")
    more = w.offer(header={"id": "sku-00009"})
    lines = w.write("lines", json.dumps(change) + "\n" + json.dumps(more))
    delta = pack(w, lines, draft=revision(2) | {"mode": "FEED_MODE_DELTA"})
    told, summary = submit(w, shop, delta)
    assert told == [] and summary["ended"] == 0
    found = {one["offer_id"]: one["title"] for one in w.tell("list", shop)}
    assert len(found) == 5 and found["sku-00002"] == "white, once more"
    fsck(w, shop)


def test_the_higher_revision_holds(w):
    shop = store(w)
    alone = w.sign("offer", w.offer(header={"id": "sku-00000",
                                            "revision": "2"}))
    w.run("submit", shop, alone, "--at", AT)
    told, summary = submit(w, shop, pack(w, offers(w, 2)))
    assert summary["stale"] == 1 and told[0]["taken"] == "STALE"
    newer = w.sign("offer", w.offer(header={"id": "sku-00001",
                                            "revision": "2"}, title="new"))
    assert w.run("submit", shop, newer, "--at", AT).returncode == 0
    found = {one["offer_id"]: one["title"] for one in w.tell("list", shop)}
    assert found["sku-00001"] == "new"
    # The same offer alone holds without its feed.
    fsck(w, shop)


def test_a_feed_takes_its_offers_with_it(w):
    shop = store(w)
    short = revision(1, notAfter="2016-02-10T00:00:00Z")
    same = json.dumps(w.offer(header={"id": "sku-00001"}))
    submit(w, shop, pack(w, offers(w, 3), draft=short))
    alone = w.sign("offer", json.loads(same))
    assert w.run("submit", shop, alone, "--at", AT).returncode == 0
    found = ids(w, shop, "2016-02-09T23:59:59Z")
    assert set(found.values()) == {"PUBLISHED"}
    w.must("refresh", shop, "--at", "2016-02-10T00:00:00Z")
    found = ids(w, shop, "2016-02-10T00:00:00Z")
    assert found == {"sku-00000": "SUSPENDED", "sku-00001": "PUBLISHED",
                     "sku-00002": "SUSPENDED"}, found
    fsck(w, shop)


def test_a_withdrawn_feed_is_gone_at_once(w):
    shop = store(w)
    submit(w, shop, pack(w, offers(w, 3)))
    gone = w.sign("withdrawal", w.withdrawal(
        header=header(SELLER, "no-catalogue"),
        target={"kind": "feed", "issuer": SELLER, "id": "catalogue"}))
    w.must("add", shop, gone, "--at", LATER)
    found = ids(w, shop, LATER)
    assert set(found.values()) == {"SUSPENDED"}, found
    done = w.run("sale", shop, SELLER + "/sku-00001", "--territory", "US",
                 "--channel", "online-store", "--network", world.NETWORK,
                 "--at", LATER)
    assert done.returncode == 1, done
    fsck(w, shop)


def test_a_broken_chunk_is_passed_over(w):
    shop = store(w)
    rows = w.path("rows")
    listed = pack(w, offers(w, 600), "--rows", rows, out="list")
    with open(rows, "rb") as file:
        bytes_ = bytearray(file.read())
    bytes_[bytes_.index(b"white", len(bytes_) // 2)] ^= 1
    w.write("broken", bytes(bytes_))
    told, summary = submit(w, shop, listed, w.path("broken"), status=65)
    assert [(row["row"], row["rows"]) for row in told] == [(256, 256)]
    assert summary["accepted"] == 344 and summary["chunks_broken"] == 1
    assert len(ids(w, shop)) == 344
    fsck(w, shop)
    # The next revision has them, and ends none of what it could not see.
    second = pack(w, offers(w, 600), "--rows", rows, out="list",
                  draft=revision(2))
    w.write("broken", bytes(bytes_))
    told, summary = submit(w, shop, second, w.path("broken"), status=65)
    assert summary["ended"] == 0 and summary["accepted"] == 344
    third = pack(w, offers(w, 600), draft=revision(3))
    _, summary = submit(w, shop, third)
    assert summary["accepted"] == 600
    assert set(ids(w, shop).values()) == {"PUBLISHED"}
    fsck(w, shop)


def test_only_the_seller_of_now_speaks(w):
    files = w.statements()
    files.pop("offer")
    # Another grant names keys of somebody else for the same party.
    files["rogue"] = w.sign("authorization", w.authorization(
        header=header(world.BRAND, "grant-2"), granteeKeys=w.keys("rogue")))
    shop = w.shop(files)
    submit(w, shop, pack(w, offers(w, 3)))
    for number, key, at in ((2, "rogue", AT), (2, SELLER, LATER)):
        if key == SELLER:  # which has a new key by now
            w.must("add", shop, "--at", LATER, w.sign("seller", w.seller(
                header={"revision": "2"}, keys=w.keys("new"))))
        w.must("feed", "pack", "--key", w.key(key),
               w.write("feed.json", revision(number)), w.write("none", ""),
               "-o", w.path("bad"))
        text, _ = submit(w, shop, w.path("bad"), "--max-ended", "9", at=at,
                         status=65)
        assert "has here now" in text, text
    assert "ENDED" not in ids(w, shop, LATER).values()
    # Nor does one that has not begun.
    w.must("feed", "pack", "--key", w.key("new"), w.write(
        "feed.json", revision(2, notBefore="2016-03-01T00:00:00Z")),
        w.write("none", ""), "-o", w.path("early"))
    text, _ = submit(w, shop, w.path("early"), "--max-ended", "9", at=LATER,
                     status=65)
    assert "begins at" in text, text
    fsck(w, shop)


def test_a_list_without_rows_is_not_taken_in(w):
    shop = store(w)
    rows = w.path("rows")
    listed = pack(w, offers(w, 300), "--rows", rows, out="list",
                  draft=revision(2))
    before = w.lines("changes", shop, at=None)
    for given in ((listed,), (listed, w.write("empty", ""))):
        text, _ = submit(w, shop, *given, status=65)
        assert "list: there are no rows, and so nothing is" in text, text
        assert w.lines("changes", shop, at=None) == before
    _, summary = submit(w, shop, listed, rows)
    assert summary["accepted"] == 300
    # Nor is it the rows that are told of where it is no use to have them.
    older = pack(w, offers(w, 9), "--rows", w.path("few"), out="older",
                 draft=revision(1))
    text, _ = submit(w, shop, older, status=65)
    assert "revision 1, and 2 is here" in text, text
    # How it came out is told without them.
    _, again = submit(w, shop, listed)
    assert again.pop("result") == "DUPLICATE" and summary.pop("result")
    assert again == summary
    fsck(w, shop)


def test_wrong_use(w):
    shop = store(w)
    feed = pack(w, offers(w, 1))
    for line in ([], [shop], [shop, feed, feed, feed],
                 [shop, feed, "--threads", "0"],
                 [shop, feed, "--threads", "1000000"],
                 [shop, feed, "--max-ended", "-1"],
                 [shop, feed, "--at", "soon"]):
        done = w.run("feed", "submit", *line)
        assert done.returncode == 64 and done.stdout == b"", (line, done)
        assert b"market help feed" in done.stderr, done
    for line in ([shop, w.path("none")], [w.path("none"), feed],
                 [shop, feed, w.path("none")]):
        done = w.run("feed", "submit", *line)
        assert done.returncode == 74 and done.stdout == b"", (line, done)
    assert ids(w, shop) == {}


def test_signed_by_nobody(w):
    shop = store(w)
    w.must("feed", "pack", "--key", w.key("forger"),
           w.write("feed.json", listing()), offers(w, 2), "-o",
           w.path("forged"))
    text, _ = submit(w, shop, w.path("forged"), status=65)
    assert "signed" in text, text
    assert ids(w, shop) == {}
    assert not os.path.exists(w.path("nothing"))


if __name__ == "__main__":
    sys.exit(world.main(globals(), stores=True))
