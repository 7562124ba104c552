#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""feed pack, verify and prove, and check with a proof, from end to end."""

import base64
import hashlib
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
    assert done.returncode == 3 and done.stdout.startswith(
        b"importer.example/catalogue, revision 1: 3 rows: 2 permitted, ")
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


def test_offers_are_lines(w):
    document = w.offer()
    line = ["feed", "pack", "--key", w.key(SELLER),
            w.write("feed.json", listing())]
    for text in (json.dumps(document, indent=2), json.dumps([document]),
                 json.dumps([document], indent=2), "[\n]\n", "{\n}\n",
                 json.dumps(document) + ","):
        done = w.run(*line, w.write("lines", text), "-o", w.path("out"))
        assert done.returncode == 65, (text, done)
        assert b"lines: line 1: " in done.stderr, done
        assert b"each offer is one line of JSON\n" in done.stderr, done
    done = w.run(*line, w.write("lines", "{}"), "-o", w.path("out"))
    assert b"one line" not in done.stderr, done


def test_pack_writes_two_files_or_none(w):
    lines = offers(w, 3)
    line = ["feed", "pack", "--key", w.key(SELLER),
            w.write("feed.json", listing()), lines]
    os.symlink(w.path("there"), w.path("link"))
    os.mkdir(w.path("folder"))
    for out, rows in (("x", "x"), ("x", "folder/../x"), ("there", "link"),
                      ("link", "./there"), ("-", "-")):
        w.write("there", "kept")
        before = sorted(os.listdir(w.dir))
        names = [name if name == "-" else os.path.join(w.dir, name)
                 for name in (out, rows)]
        done = w.run(*line, "-o", names[0], "--rows", names[1])
        assert done.returncode == 64 and done.stdout == b"", done
        assert b"name one file" in done.stderr, done
        assert sorted(os.listdir(w.dir)) == before
        with open(w.path("there"), "rb") as file:
            assert file.read() == b"kept"
    # Either may be stdout, and the sentence makes way.
    w.must(*line, "-o", w.path("list"), "--rows", w.path("rows"))
    with open(w.path("list"), "rb") as file:
        signed = file.read()
    with open(w.path("rows"), "rb") as file:
        rows = file.read()
    done = w.run(*line, "-o", "-", "--rows", w.path("rows2"))
    assert done.stdout == signed and done.returncode == 0, done
    assert done.stderr == b"market: (stdout): 3 offers\n", done
    done = w.run(*line, "-o", w.path("list2"), "--rows", "-")
    assert done.stdout == rows and done.returncode == 0, done
    assert b"list2: 3 offers\n" in done.stderr, done
    for out, where in (("-", w.path("r")), (w.path("l"), "-")):
        done = w.run(*line, "-o", out, "--rows", where, "--json")
        assert done.returncode == 64 and done.stdout == b"", done
        assert not os.path.exists(w.path("r" if out == "-" else "l"))
    done = w.run(*line, "-o", "/dev/null", "--rows", "/dev/null")
    assert done.returncode == 0, done


def test_a_proof_goes_to_stdout(w):
    feed = pack(w, offers(w, 300))
    line = ["feed", "prove", "--offer", "sku-00007", feed]
    told = w.must(*line, "-o", w.path("p"), "--payload", w.path("o"))
    assert told == b"sku-00007 is row 7: 296 bytes in %s\n" % (
        w.path("p").encode()), told
    with open(w.path("p"), "rb") as file, open(w.path("o"), "rb") as other:
        proof, payload = file.read(), other.read()
    done = w.run(*line, "-o", "-", "--payload", w.path("o2"))
    assert done.returncode == 0 and done.stdout == proof, done
    assert done.stderr == (
        b"market: sku-00007 is row 7: 296 bytes in (stdout)\n"), done
    done = w.run(*line, "-o", w.path("p2"), "--payload", "-")
    assert done.returncode == 0 and done.stdout == payload, done
    assert b"296 bytes in " + w.path("p2").encode() in done.stderr, done
    assert not os.path.exists(os.path.join(os.getcwd(), "-"))
    for extra in (("-o", "-", "--payload", "-"),
                  ("-o", w.path("x"), "--payload", w.path("x")),
                  ("-o", "-", "--json"),
                  ("-o", w.path("x"), "--payload", "-", "--json")):
        done = w.run(*line, *extra)
        assert done.returncode == 64 and done.stdout == b"", done
        assert not os.path.exists(w.path("x"))


def test_count_and_roots_are_written_anew(w):
    files = w.statements()
    template = json.loads(w.must("template", "feed"))
    template["header"] = listing()["header"]
    assert template["chunkRoots"] and template["root"]
    many = dict(template, count="9999", chunkRoots=5 * template["chunkRoots"])
    for n in (0, 1, 256, 300):
        lines = offers(w, n) if n > 0 else w.write("none", "")
        want = pack(w, lines, out="want")
        for draft in (template, many):
            assert verify(w, files, pack(w, lines, draft=draft)) == verify(
                w, files, want)
            with open(want, "rb") as file, open(
                    w.path("catalogue.feed"), "rb") as other:
                assert file.read() == other.read()


def payload_of(w, document):
    """What would be signed, if it were signed alone."""
    told = json.loads(w.must("pae", "--json", w.sign("offer", document)))
    pae = base64.b64decode(told["pae"])
    return pae.split(b" ", 4)[4]


def delimited(row):
    assert 128 <= len(row) < 16384
    return bytes((len(row) & 127 | 128, len(row) >> 7)) + row


def root_of(hashes):
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return hashlib.sha256(
        b"\1" + root_of(hashes[:k]) + root_of(hashes[k:])).digest()


def sign_rows(w, rows):
    """The list of rows that `pack` would refuse, of one chunk."""
    root = base64.b64encode(root_of([
        hashlib.sha256(b"\0" + row[2:]).digest() for row in rows])).decode()
    return w.sign("feed", listing(
        count=str(len(rows)), root=root, chunkRoots=[root]), SELLER)


def text_of(w, files, *feed):
    line = verify_line(files, *feed)
    line.remove("--json")
    done = w.run(*line)
    assert done.returncode == 65, done
    return done.stdout.decode() + done.stderr.decode()


def test_files_that_are_not_meant(w):
    files = w.statements()
    rows = w.path("rows")
    lines = offers(w, 3)
    listed = pack(w, lines, "--rows", rows, out="list")
    one = pack(w, lines, out="one")
    # A list without rows.
    text = text_of(w, files, listed)
    assert "rows 0 to 2: row 0: there are no rows: where they stand in a " \
        "file of their own" in text, text
    w.write("some", open(rows, "rb").read()[:500])
    text = text_of(w, files, listed, w.path("some"))
    assert "row 2: the rows end within it" in text, text
    # The wrong way round.
    for line in (["feed", "prove", "--offer", "x", "-o", w.path("x"), rows,
                  listed],
                 verify_line(files, rows, listed),
                 ["check", "--root", files["root"], "--policy",
                  files["policy"], "--feed", rows, "--proof", rows, rows]):
        done = w.run(*line)
        assert done.returncode == 65 and done.stdout == b"", done
        assert b"rows: this looks like the rows of a feed" in done.stderr
    # A feed in the place of a statement.
    shop = w.shop({name: file for name, file in files.items()
                   if name != "offer"})
    for line in (["show", one], ["pae", one], ["submit", shop, one],
                 ["submit", shop, listed], ["check", shop, one]):
        done = w.run(*line)
        assert done.returncode == 65 and done.stdout == b"", (line, done)
        assert b"market feed verify" in done.stderr, done
    w.must("show", listed)


def test_a_row_of_no_place_says_which_field(w):
    files = w.statements()
    first, second, foreign = [delimited(payload_of(w, w.offer(header=head)))
                              for head in ({"id": "a"}, {"id": "b"},
                                           header("shop.example", "c"))]
    order = [second, first, foreign, delimited(first[2:-1] + b"\xff")]
    w.write("bad", b"".join(order))
    listed = sign_rows(w, order)
    told, summary = verify(w, files, listed, w.path("bad"), status=65)
    assert summary["refused"] == 3 and summary["permitted"] == 1, told
    assert [row["error"]["path"] for row in told[:2]] == [
        "header.id", "header.issuer"], told
    assert told[0]["error"]["offset"] is None
    assert isinstance(told[2]["error"]["offset"], int), told
    assert list(told[0]["error"]) == ["status", "path", "offset", "message"]
    text = text_of(w, files, listed, w.path("bad"))
    assert "row 1, a: header.id: is not behind" in text, text
    shop = w.shop({name: file for name, file in files.items()
                   if name != "offer"})
    done = w.run("feed", "submit", "--json", shop, listed, w.path("bad"),
                 "--at", AT)
    assert done.returncode == 65, done
    again = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["error"] for row in again[:3]] == [
        row["error"] for row in told], again


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
