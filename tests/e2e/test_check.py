#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""check, on a small world: its verdicts, its JSON, its exit statuses."""

import base64
import json
import os
import random
import sys

import world
from world import AT, SELLER, codes, on_terminal

DECISION = ["verdict", "offer", "digest", "at", "findings", "ignored",
            "cells", "sources"]
CELL = ["territory", "channel", "network", "verdict", "service",
        "disclosures_due", "findings", "used", "missing", "horizon"]
FINDING = ["code", "number", "effect", "path", "link", "actor", "remedy",
           "message", "evidence", "got", "want"]
SOURCE = ["digest", "kind", "issuer", "id", "revision", "subject", "link",
          "not_before", "not_after", "threshold", "keys", "signers",
          "keys_by", "parent"]
IGNORED = ["file", "digest", "code", "message"]
EXITS = {"PERMIT": 0, "DENY": 1, "INDETERMINATE": 2}


def judged(w, files, *extra, at=AT):
    """The one decision, whose verdict is the exit status."""
    done = w.check(files, *extra, at=at)
    assert done.stderr == b"", done.stderr
    decision, = done.decisions
    assert done.returncode == EXITS[decision["verdict"]], done.returncode
    return decision


def without(files, *names):
    return {name: file for name, file in files.items() if name not in names}


def test_everything_there_is_permitted(w):
    decision = judged(w, w.statements())
    assert decision["verdict"] == "PERMIT"
    assert decision["offer"] == "importer.example/mi4-white"
    assert decision["at"] == AT and decision["ignored"] == []
    cell, = decision["cells"]
    assert cell["verdict"] == "PERMIT" and cell["service"] == "3G"
    assert cell["disclosures_due"] == ["SERVICE_3G_ONLY"]
    assert cell["missing"] == [] and len(cell["used"]) == 8
    assert cell["horizon"] == "2017-01-15T00:00:00Z"
    assert codes(decision) == ["SERVICE_LIMITED"]


def keyid(w, name):
    return json.loads(w.must("keyid", "--json", w.key(name)))["keyid"]


def test_the_signers_are_named(w):
    """Thresholds: who signed, of how many, and how many had to."""
    brand = {"id": world.BRAND, "keys": w.keys("a", "b", "c", threshold=2),
             "roles": [{"role": "ROLE_BRAND", "brands": ["xiaomi"]}]}
    root = w.root()
    root["parties"] = [brand if party["id"] == world.BRAND else party
                       for party in root["parties"]]
    files = w.statements()
    files["root"] = w.sign("trust-root", root)
    files["product"] = w.sign("product", w.product(), "a", "b", "c")
    files["authorization"] = w.sign("authorization", w.authorization(),
                                    "c", "a")
    decision = judged(w, files)
    assert decision["verdict"] == "PERMIT", decision
    found = {source["kind"]: source for source in decision["sources"]}
    grant, product = found["authorization"], found["product"]
    assert (grant["threshold"], grant["keys"]) == (2, 3), grant
    assert grant["signers"] == [
        {"keyid": one, "counts": True}
        for one in sorted([keyid(w, "a"), keyid(w, "c")])], grant
    assert len(product["signers"]) == 3, product
    assert grant["keys_by"] == found["trust-root"]["digest"], found
    assert found["offer"]["keys_by"] == found["seller"]["digest"], found
    text = w.run(*w.check_line(files)).stdout.decode()
    assert "2 of 3 keys signed, 2 needed: " + ", ".join(sorted(
        [keyid(w, "a")[:16], keyid(w, "c")[:16]])) in text, text
    assert "3 of 3 keys signed, 2 needed: " in text, text
    files["authorization"] = w.sign("authorization", w.authorization(), "c")
    decision = judged(w, files)
    assert decision["ignored"][0]["code"] == "STATEMENT_SIGNATURE_INVALID"
    assert "authorization" not in {
        source["kind"] for source in decision["sources"]}, decision


def test_the_keys_are_the_contract(w):
    files = w.statements()
    del files["fcc"]
    files["junk"] = w.write("junk", b"junk")
    done = w.check(files)
    assert done.stdout.count(b"\n") == 1 and done.stdout.endswith(b"\n")
    decision, = done.decisions
    assert list(decision) == DECISION
    assert list(decision["ignored"][0]) == IGNORED
    for source in decision["sources"]:
        assert list(source) == SOURCE
        for signer in source["signers"]:
            assert list(signer) == ["keyid", "counts"]
    cell, = decision["cells"]
    assert list(cell) == CELL
    assert (cell["territory"], cell["channel"], cell["network"]) == (
        "US", "ONLINE_STORE", "t-mobile.com/us")
    for finding in cell["findings"]:
        assert list(finding) == FINDING
        assert finding["effect"] in (
            "DENY", "INDETERMINATE", "WARN", "NOTE"), finding
        assert finding["remedy"] and finding["message"], finding
    shown = json.loads(w.must("show", files["offer"]))
    assert decision["digest"] == shown["digest"]


def test_used_names_the_statements(w):
    files = w.statements()
    cell, = judged(w, files)["cells"]
    digests = {json.loads(w.must("show", file))["digest"]
               for name, file in files.items() if name != "offer"}
    assert set(cell["used"]) == digests


def test_each_statement_is_needed(w):
    files = w.statements()
    rows = [
        ("seller", "DENY", "SELLER_UNKNOWN", None),
        ("product", "INDETERMINATE", "PRODUCT_UNKNOWN", "product"),
        ("network", "INDETERMINATE", "NETWORK_UNKNOWN", "network"),
        ("authorization", "DENY", "AUTHORIZATION_MISSING",
         "authorization by mi.com of importer.example"),
        ("certification", "DENY", "CERTIFICATION_MISSING",
         "carrier certification by t-mobile.com of xiaomi 2014215"),
        ("fcc", "DENY", "CERTIFICATION_MISSING", "fcc certification"),
    ]
    for name, verdict, code, missing in rows:
        decision = judged(w, without(files, name))
        assert decision["verdict"] == verdict, (name, decision["verdict"])
        assert code in codes(decision), (name, codes(decision))
        told = "; ".join(decision["cells"][0]["missing"])
        assert missing is None or missing in told, (name, told)


def test_each_change_is_denied(w):
    files = w.statements()
    rows = [
        ("disavowal", w.disavowal(), {}, "BRAND_DISAVOWED"),
        ("withdrawal", w.withdrawal(), {}, "STATEMENT_WITHDRAWN"),
        ("hold", w.hold(), {}, "HELD_BY_MARKETPLACE"),
        ("hold", w.hold(final=True), {}, "REMOVED_BY_MARKETPLACE"),
        ("seller", w.seller(suspended=True), {}, "SELLER_SUSPENDED"),
        ("certification", w.certification(
            state="CERTIFICATION_STATE_IN_TEST"), {},
         "CERTIFICATION_IN_TEST"),
        ("certification", w.certification(hardwareVersions=["MI 4C"]), {},
         "CERTIFICATION_HARDWARE"),
        ("authorization", w.authorization(scope={"territories": ["CA"]}), {},
         "AUTHORIZATION_SCOPE_TERRITORY"),
        ("authorization", w.authorization(
            granteeKeys=w.keys("stranger")), {},
         "AUTHORIZATION_KEY_MISMATCH"),
        ("product", w.product(radio={"umtsBands": [1, 8]}), {},
         "SERVICE_BELOW_MINIMUM"),
        ("offer", w.offer(disclosures=None), {}, "DISCLOSURE_MISSING"),
        ("offer", w.offer(price={"amountMicros": "219000001"}), {},
         "OFFER_PRICE_INVALID"),
        ("offer", w.offer(gtin="4006381333932"), {},
         "OFFER_GTIN_CHECK_DIGIT"),
        ("offer", w.offer(territories=None), {}, "OFFER_NO_CELL"),
        ("offer", w.offer(title=None), {}, "OFFER_ATTRIBUTE_MISSING"),
    ]
    for name, document, options, code in rows:
        kind = "certification" if name == "fcc" else name
        changed = dict(files)
        changed[name] = w.sign(kind, document, **options)
        decision = judged(w, changed)
        assert decision["verdict"] == "DENY", (name, code)
        assert code in codes(decision), (name, code, codes(decision))


def test_a_finding_names_the_statement_meant(w):
    files = w.statements()
    key = bytes.fromhex(w.must("keyid", w.key("mi.com")).decode())
    grant = "the authorization mi.com/grant-importer "
    rows = [
        (AT, "STATEMENT_WITHDRAWN", w.withdrawal(), grant + "was withdrawn by "
         "mi.com as of 2016-02-01T00:00:00Z (CEASED)"),
        (AT, "KEY_WITHDRAWN", w.withdrawal(
            target=None, targetKey=base64.b64encode(key).decode(),
            reason="WITHDRAWAL_REASON_KEY_COMPROMISE"),
         "key %s... of %swas withdrawn by mi.com" % (
             key.hex()[:16], grant)),
        ("2017-02-01T00:00:00Z", "STATEMENT_EXPIRED", None,
         grant + "ended at 2017-01-15T00:00:00Z"),
        ("2016-01-14T00:00:00Z", "STATEMENT_NOT_YET_VALID", None,
         grant + "begins at 2016-01-15T00:00:00Z"),
        ("2016-01-14T00:00:00Z", "STATEMENT_ISSUED_IN_FUTURE", None,
         grant + "says it was issued at 2016-01-15T00:00:00Z"),
    ]
    digest = json.loads(w.must("show", files["authorization"]))["digest"]
    for at, code, withdrawal, want in rows:
        changed = dict(files)
        if withdrawal is not None:
            changed["withdrawal"] = w.sign("withdrawal", withdrawal)
        found = [finding for cell in judged(w, changed, at=at)["cells"]
                 for finding in cell["findings"]
                 if finding["code"] == code
                 and finding["evidence"] == digest]
        assert len(found) == 1, (code, found)
        assert found[0]["message"].startswith(want), found[0]["message"]


def test_an_offer_signed_by_another_is_denied(w):
    files = w.statements()
    files["offer"] = w.sign("offer", w.offer(), "stranger")
    decision = judged(w, files)
    assert "OFFER_SIGNATURE_INVALID" in codes(decision)
    files["offer"] = w.sign("offer", w.offer(), "stranger", SELLER)
    assert judged(w, files)["verdict"] == "PERMIT"


def test_the_answer_ends_at_its_horizon(w):
    files = w.statements()
    files["network"] = w.sign("network", w.network(deployments=[
        {"rat": "RAT_GSM", "band": 1900},
        {"rat": "RAT_UMTS", "band": 2, "until": "2016-07-01T00:00:00Z"}]))
    rows = [
        ("2016-02-01T00:00:00Z", "PERMIT", "3G", "2016-07-01T00:00:00Z"),
        ("1454284800", "PERMIT", "3G", "2016-07-01T00:00:00Z"),
        ("2016-06-30T23:59:59Z", "PERMIT", "3G", "2016-07-01T00:00:00Z"),
        ("2016-07-01T00:00:00Z", "DENY", "2G", "2017-01-15T00:00:00Z"),
    ]
    for at, verdict, service, horizon in rows:
        decision = judged(w, files, at=at)
        cell, = decision["cells"]
        assert (decision["verdict"], cell["service"], cell["horizon"]) == (
            verdict, service, horizon), (at, decision)


def test_without_at_it_is_now(w):
    files = w.statements()
    line = w.check_line(files, "--json")
    at = line.index("--at")
    del line[at:at + 2]
    done = w.run(*line)
    decision = json.loads(done.stdout)
    assert decision["at"] > "2024-01-01T00:00:00Z"
    assert done.returncode in (1, 2) and "ROOT_EXPIRED" in codes(decision)


def test_what_is_no_evidence_is_told_and_stops_nothing(w):
    files = w.statements()
    want = judged(w, files)
    stale = w.sign("product", w.product())
    files["product"] = w.sign("product", w.product(
        header={"revision": "2"}))
    files["more"] = stale
    rows = {
        w.write("a-junk", b"junk"): "STATEMENT_MALFORMED",
        w.write("b-document", w.offer()): "STATEMENT_MALFORMED",
        w.sign("disavowal", w.disavowal(), "stranger"):
            "STATEMENT_SIGNATURE_INVALID",
        w.sign("disavowal", w.disavowal(
            header={"issuer": "stranger.example"})):
            "STATEMENT_ISSUER_UNKNOWN",
        w.sign("disavowal", w.disavowal(
            header={"issuer": "t-mobile.com", "id": "role"})):
            "STATEMENT_ISSUER_ROLE",
        w.sign("hold", w.hold(header={"issuer": "mi.com"})):
            "STATEMENT_NO_STANDING",
        stale: "STATEMENT_STALE_REVISION",
    }
    for number, file in enumerate(rows):
        files["ignored-%d" % number] = file
    del files["more"]
    decision = judged(w, files)
    assert decision["verdict"] == "PERMIT", codes(decision)
    assert codes(decision) == codes(want)
    told = {one["file"]: one["code"] for one in decision["ignored"]}
    assert told == rows, told
    for one in decision["ignored"]:
        assert (one["digest"] is None) == (
            one["code"] == "STATEMENT_MALFORMED"), one
        assert one["message"], one


def test_a_name_that_is_no_text_is_told_escaped(w):
    files = w.statements()
    path = os.path.join(w.dir.encode(), b"\xff\x1b[31m.dsse")
    with open(path, "wb") as file:
        file.write(b"junk")
    files["junk"] = path
    decision = judged(w, files)
    told = decision["ignored"][0]["file"]
    assert told.endswith("/\\xff\\x1b[31m.dsse"), told


def test_the_order_of_evidence_does_not_matter(w):
    files = w.statements()
    files["disavowal"] = w.sign("disavowal", w.disavowal(), "stranger")
    files["network-2"] = w.sign("network", w.network(
        header={"revision": "2"}, name="T-Mobile"), binary=True)
    files["fork"] = w.sign("product", w.product(name="Mi 4i"))
    files["junk"] = w.write("junk", b"junk")
    files["late"] = w.sign("withdrawal", w.withdrawal(
        effectiveAt="2016-05-01T00:00:00Z"))
    evidence = [name for name in files
                if name not in ("root", "policy", "offer")]
    seen = {"--json": set(), "--": set()}
    shuffler = random.Random(2016)
    for _ in range(20):
        shuffler.shuffle(evidence)
        again = {name: files[name] for name in ["root", "policy"] + evidence}
        again["offer"] = files["offer"]
        for form, answers in seen.items():
            done = w.run(*w.check_line(again, form))
            assert done.stderr == b"", done.stderr
            answers.add((done.returncode, done.stdout))
    assert [len(answers) for answers in seen.values()] == [1, 1]


def test_a_statement_twice_counts_once(w):
    files = w.statements()
    want = judged(w, files)
    for name in ("product", "authorization", "seller"):
        files[name + " again"] = files[name]
    assert judged(w, files) == want
    files["product in binary"] = w.sign("product", w.product(), binary=True)
    assert judged(w, files) == want


def test_both_forms_are_read(w):
    files = w.statements()
    want = judged(w, files)
    binary = {
        "root": w.sign("trust-root", w.root(), binary=True),
        "policy": w.sign("policy", w.policy(), binary=True),
        "offer": w.sign("offer", w.offer(), binary=True),
        "certification": w.sign("certification", w.certification(),
                                binary=True)}
    assert judged(w, dict(files, **binary)) == want


def test_p256_keys_carry_the_whole_world(w):
    for name in ("board", "usmobile.com", "mi.com", "t-mobile.com",
                 "fcc.gov", SELLER):
        w.key(name, "p256")
    assert judged(w, w.statements())["verdict"] == "PERMIT"


def test_a_grant_may_be_passed_on(w):
    files = w.statements()
    w.key("agent.example")
    parent = w.authorization(
        header={"id": "grant-agent"}, grantee="agent.example",
        granteeKeys=w.keys("agent.example"), maxDelegations=1)
    files["parent"] = w.sign("authorization", parent)
    shown = json.loads(w.must("show", files["parent"]))
    child = w.authorization(
        header={"issuer": "agent.example", "id": "to-importer"},
        parentDigest=base64.b64encode(
            bytes.fromhex(shown["digest"])).decode())
    files["authorization"] = w.sign("authorization", child)
    decision = judged(w, files)
    assert decision["verdict"] == "PERMIT", decision
    assert len(decision["cells"][0]["used"]) == 9
    decision = judged(w, without(files, "parent"))
    assert "AUTHORIZATION_CHAIN_BROKEN" in codes(decision)
    files["authorization"] = w.sign("authorization", child, "stranger")
    assert judged(w, files)["verdict"] == "DENY"


def test_several_offers_are_told_one_in_a_line(w):
    files = w.statements()
    good = files["offer"]
    bad = w.sign("offer", w.offer(header={"id": "bad"}, disclosures=None))
    unknown = w.sign("offer", w.offer(header={"id": "mi5"}, model="2015"))
    done = w.check(dict(files, offer2=bad))
    assert done.returncode == 3
    assert [d["verdict"] for d in done.decisions] == ["PERMIT", "DENY"]
    assert w.check(dict(files, offer2=good)).returncode == 0
    assert w.check(dict(files, offer=bad, offer2=bad)).returncode == 1
    open_files = without(files, "product")
    done = w.check(dict(open_files, offer2=good))
    assert done.returncode == 2
    done = w.check(dict(files, offer=bad, offer2=unknown, offer3=good))
    assert done.returncode == 3 and len(done.decisions) == 3
    done = w.run(*w.check_line(dict(files, offer2=bad)))
    reports = done.stdout.decode().split("\n\nimporter.example/")
    assert len(reports) == 2 and done.returncode == 3


def test_a_bad_offer_does_not_stop_the_others(w):
    files = w.statements()
    junk = w.write("junk", b"junk")
    for offers, status, count in (
            ({"offer0": junk}, 65, 1), ({"offer2": junk}, 65, 1),
            ({"offer": junk}, 65, 0),
            ({"offer2": w.path("none")}, 74, 1),
            ({"offer2": junk, "offer3": w.path("none")}, 74, 1),
            ({"offer2": files["policy"]}, 65, 1)):
        told = dict(offers, **without(files, *offers))
        done = w.check(told)
        assert done.returncode == status, (offers, done)
        assert len(done.decisions) == count, (offers, done)
        for file in offers.values():
            assert b"market: " + file.encode() + b": " in done.stderr


def test_root_and_policy_must_be_good(w):
    files = w.statements()
    rows = [
        ("root", w.sign("trust-root", w.root(), "stranger"), "root_keys: "),
        ("root", files["policy"], ""),
        ("root", w.write("junk", b"junk"), ""),
        ("root", w.sign("trust-root", w.root(
            rootKeys=w.keys("board", "board2", threshold=2))),
         "root_keys: "),
        ("policy", files["root"], ""),
        ("policy", w.sign("policy", w.policy(), "stranger"), ""),
        ("policy", w.sign("policy", w.policy(
            header={"issuer": "mi.com"})), "header.issuer: "),
    ]
    for name, file, place in rows:
        done = w.check(dict(files, **{name: file}))
        assert done.returncode == 65 and done.stdout == b"", (name, done)
        told = done.stderr.decode()
        assert told.startswith("market: %s: %s" % (file, place)), told
    for name in ("root", "policy", "product"):
        done = w.check(dict(files, **{name: w.path("none")}))
        assert done.returncode == 74 and done.stdout == b"", (name, done)


def test_stdin_may_be_any_file_but_once(w):
    files = w.statements()
    want = w.run(*w.check_line(files)).stdout
    for name in ("root", "policy", "product", "offer"):
        with open(files[name], "rb") as file:
            content = file.read()
        done = w.run(*w.check_line(dict(files, **{name: "-"})),
                     stdin=content)
        assert done.stdout == want and done.returncode == 0, (name, done)
    done = w.run(*w.check_line(dict(files, root="-", policy="-")),
                 stdin=b"{}")
    assert done.returncode == 64 and b"one stdin" in done.stderr


def test_wrong_use_is_told(w):
    files = w.statements()
    rows = [
        (["--policy", files["policy"], files["offer"]], b"--root FILE"),
        (["--root", files["root"], files["offer"]], b"--policy FILE"),
        (["--root", files["root"], "--policy", files["policy"]], b"OFFER"),
        (w.check_line(files, at="yesterday")[1:], b"2016-02-01T00:00:00Z"),
        (w.check_line(files, at="-5")[1:], b"no time"),
        (w.check_line(files, at="2016-02-01T00:00:00+00:00")[1:],
         b"no time"),
        (w.check_line(files, at="2016-02-30T00:00:00Z")[1:], b"no time"),
        (w.check_line(files, at="253402300800")[1:], b"no time"),
        (w.check_line(files, at="1969-12-31T23:59:59Z")[1:], b"no time"),
        (w.check_line(files, "--at", AT)[1:], b"--at is given twice"),
    ]
    for line, why in rows:
        done = w.run("check", *line)
        assert done.returncode == 64 and done.stdout == b"", (line, done)
        assert why in done.stderr, (why, done.stderr)
    judged(w, files, at="253402300799")


def report(w, files):
    return w.run(*w.check_line(files)).stdout.decode()


def test_the_report_fits_eighty_columns(w):
    files = without(w.statements(), "authorization", "certification")
    files["disavowal"] = w.sign("disavowal", w.disavowal(
        statement="Nobody is authorised in the US, " * 20))
    files["offer"] = w.sign("offer", w.offer(
        header={"id": "x" * 120}, disclosures=None,
        territories=["US", "US-CA", "US-NY"]))
    files["junk"] = w.write("junk with blanks in its name", b"junk")
    text = report(w, files)
    assert "\033" not in text
    for line in text.split("\n"):
        assert line == line.rstrip(), line
        assert len(line) <= 80 or " " not in line.strip(), line


def test_the_report_says_what_json_says(w):
    files = without(w.statements(), "authorization")
    files["junk"] = w.write("junk", b"junk")
    decision = judged(w, files)
    text = report(w, files)
    flat = " ".join(text.split())
    cell, = decision["cells"]
    assert text.startswith("importer.example/mi4-white xiaomi 2014215")
    assert text.split("\n")[0].endswith(" DENY")
    for finding in cell["findings"]:
        assert finding["code"] in flat and finding["message"] in flat
        if finding["effect"] == "DENY":
            assert finding["remedy"] in flat
    for missing in cell["missing"]:
        assert "- " + missing in flat
    assert cell["horizon"] in flat and decision["at"] in flat
    assert decision["ignored"][0]["code"] in flat


def test_the_report_tells_a_remedy_once(w):
    files = without(w.statements(), "authorization")
    files["offer"] = w.sign("offer", w.offer(territories=["US", "US-CA"]))
    decision = judged(w, files)
    remedy = [finding["remedy"] for finding in decision["cells"][0]["findings"]
              if finding["code"] == "AUTHORIZATION_MISSING"][0]
    text = " ".join(report(w, files).split())
    assert text.count(remedy) == 1
    assert text.count("-> brand: as above") == 1


def test_color_is_for_terminals_alone(w):
    files = without(w.statements(), "authorization")
    line = w.check_line(files)
    plain = w.run(*line).stdout
    colored = on_terminal(*line, stdout=True)
    assert b"\033[1;31mDENY\033[0m" in colored
    for escape in (b"\033[1;31m", b"\033[1;32m", b"\033[1;33m", b"\033[33m",
                   b"\033[0m"):
        colored = colored.replace(escape, b"")
    assert colored == plain
    assert on_terminal(*line, stdout=True,
                       env={"NO_COLOR": "1"}) == plain
    assert on_terminal(*line, stdout=True, env={"TERM": "dumb"}) == plain
    assert b"\033" not in on_terminal(*line, "--json", stdout=True)


if __name__ == "__main__":
    sys.exit(world.main(globals()))
