#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""template, sign, show and pae, against openssl and python3-cryptography."""

import base64
import hashlib
import json
import os
import subprocess
import sys

import world
from world import KINDS

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
except ImportError:
    serialization = None

ALGORITHMS = ["ed25519", "p256"]
SHOWN = ["kind", "digest", "signatures", "verified", "statement"]


def envelope(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def pae(kind, payload):
    """DSSE v1.0.2, protocol.md: the bytes that are signed."""
    name = b"application/vnd.libmarket.%s.v1+protobuf" % kind.encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)


def test_template_of_each_kind_can_be_signed(w):
    key = w.key("k")
    for kind in KINDS:
        text = w.must("template", kind)
        w.write(kind, text)
        w.must("sign", kind, "--key", key, w.path(kind), "-o", w.path("out"))
        shown = json.loads(w.must("show", w.path("out")))
        assert shown["kind"] == kind
        line = w.must("template", kind, "--json")
        assert line.count(b"\n") == 1
        assert json.loads(line) == json.loads(text), kind


def test_kinds_are_known_in_any_spelling(w):
    want = w.must("template", "trust-root")
    for name in ("TRUST-ROOT", "trust_root", "Trust_Root"):
        assert w.must("template", name) == want
    done = w.run("template", "ofer")
    assert done.returncode == 64 and b"did you mean offer?" in done.stderr
    done = w.run("sign", "thing", "--key", w.key("k"), "-")
    assert done.returncode == 64 and b"certification" in done.stderr


def test_openssl_verifies_what_was_signed(w):
    document = w.write("offer.json", w.offer())
    for algorithm in ALGORITHMS:
        key, public = w.key("k-" + algorithm, algorithm), w.path("pub")
        subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out",
                        public], check=True)
        signed = w.path("offer.dsse")
        w.must("sign", "offer", "--key", key, document, "-o", signed)
        message = w.write("pae", w.must("pae", signed))
        signature = w.write("sig", base64.b64decode(
            envelope(signed)["signatures"][0]["sig"]))
        line = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin",
                "-inkey", public, "-sigfile", signature, "-in"]
        done = subprocess.run(line + [message], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        assert done.returncode == 0, done
        other = w.write("other", w.must("pae", signed) + b" ")
        done = subprocess.run(line + [other], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        assert done.returncode != 0, "openssl takes another message"


def test_python_verifies_what_was_signed(w):
    if serialization is None:
        return
    for algorithm in ALGORITHMS:
        key = w.key("k-" + algorithm, algorithm)
        with open(key, "rb") as file:
            public = serialization.load_pem_private_key(
                file.read(), None).public_key()
        signed = envelope(w.sign("offer", w.offer(), "k-" + algorithm))
        message = pae("offer", base64.b64decode(signed["payload"]))
        signature = base64.b64decode(signed["signatures"][0]["sig"])
        more = [ec.ECDSA(hashes.SHA256())] if algorithm == "p256" else []
        public.verify(signature, message, *more)
        try:
            public.verify(signature, message + b" ", *more)
            raise AssertionError("Python takes another message")
        except InvalidSignature:
            pass


def test_pae_is_what_dsse_says(w):
    for kind, document in (("offer", w.offer()), ("policy", w.policy())):
        signed = w.sign(kind, document)
        want = pae(kind, base64.b64decode(envelope(signed)["payload"]))
        assert w.must("pae", signed) == want
        told = json.loads(w.must("pae", "--json", signed))
        assert list(told) == ["kind", "digest", "pae"]
        assert base64.b64decode(told["pae"]) == want
        assert told["digest"] == hashlib.sha256(want).hexdigest()


def test_both_forms_mean_the_same(w):
    keys = (w.key("a"), w.key("b", "p256"))
    document = w.write("offer.json", w.offer())
    shown = []
    for options in ([], ["--binary"]):
        w.must("sign", "offer", "--key", keys[0], "--key", keys[1], document,
               "-o", w.path("out"), *options)
        shown.append(json.loads(w.must("show", w.path("out"))))
        shown[-1]["pae"] = w.must("pae", w.path("out"))
    assert shown[0] == shown[1]
    with open(w.path("out"), "rb") as file:
        assert file.read(1) == b"\n", "the binary form begins with field 1"


def test_sign_writes_the_envelope_to_stdout(w):
    document = json.dumps(w.offer()).encode()
    want = w.must("sign", "offer", "--key", w.key("k"), "-", stdin=document)
    assert set(json.loads(want)) == {"payload", "payloadType", "signatures"}
    for out in (["-o", "-"], ["--output=-"], ["-o-"]):
        got = w.must("sign", "offer", "--key", w.key("k"), "-", *out,
                     stdin=document)
        assert got == want
    done = w.run("sign", "offer", "--key", w.key("k"), "--json", "-",
                 stdin=document)
    assert done.returncode == 64 and b"-o OUT" in done.stderr


def test_sign_says_what_it_made(w):
    document = w.write("o.json", w.offer())
    out = w.path("o.dsse")
    told = json.loads(w.must("sign", "OFFER", "--key", w.key("k"), document,
                             "-o", out, "--json"))
    assert list(told) == ["file", "kind", "digest", "keyids"]
    shown = json.loads(w.must("show", out))
    assert told["digest"] == shown["digest"] and told["kind"] == "offer"
    assert told["file"] == out
    assert told["keyids"] == [w.must("keyid", w.key("k")).decode().strip()]
    assert [s["keyid"] for s in shown["signatures"]] == told["keyids"]


def test_sign_replaces_its_output_whole(w):
    document = w.write("o.json", w.offer())
    out = w.write("o.dsse", b"old")
    os.chmod(out, 0o600)
    os.symlink(out, w.path("link"))
    w.must("sign", "offer", "--key", w.key("k"), document, "-o",
           w.path("link"))
    assert os.path.islink(w.path("link"))
    w.must("show", out)
    done = w.run("sign", "offer", "--key", w.key("k"),
                 w.write("bad.json", b"{}"), "-o", out)
    assert done.returncode == 65
    w.must("show", out)
    w.must("sign", "offer", "--key", w.key("k"), document, "-o", "/dev/null")
    assert not os.path.isfile("/dev/null")
    left = [name for name in os.listdir(w.dir) if "dsse." in name]
    assert left == [], left


def test_sign_respects_the_umask(w):
    document = w.write("o.json", w.offer())
    old = os.umask(0o027)
    try:
        w.must("sign", "offer", "--key", w.key("k"), document, "-o",
               w.path("out"))
    finally:
        os.umask(old)
    assert os.stat(w.path("out")).st_mode & 0o777 == 0o640


def test_sign_names_file_place_and_cure(w):
    header = {"issuer": "a.example", "id": "x", "revision": "1"}
    rows = [
        ('{"header": {}, "modle": "x"}', "modle: ", "did you mean model?"),
        ({"header": header, "territories": ["US", 3]}, "territories[1]: ",
         "write a string"),
        ({"header": header, "price": {"amountMicros": 1.5}},
         "price.amountMicros: ", "fraction"),
        ({"header": header, "condition": "NEW"}, "condition: ",
         "CONDITION_NEW"),
        ({"header": dict(header, notAfter="tomorrow")}, "header.notAfter: ",
         "2016-02-01T00:00:00Z"),
        ('{"header": {"max_chain": 1}}', "header.max_chain: ", "no such"),
        ('{"brand": "a", "brand": "b"}', "line 1, ", "once"),
        ('{"brand": ', "line 1, ", "expected"),
        ("", "", "expected"),
        ({"brand": "x"}, "header: ", "give issuer"),
    ]
    for document, place, cure in rows:
        path = w.write("bad.json", document)
        done = w.run("sign", "offer", "--key", w.key("k"), path)
        told = done.stderr.decode()
        assert done.returncode == 65 and done.stdout == b"", (document, told)
        assert told.startswith("market: %s: %s" % (path, place)), told
        assert cure in told and told.count("\n") == 1, told


def test_sign_warns_of_what_readers_refuse(w):
    document = w.disavowal(brand="")
    path = w.write("d.json", document)
    done = w.run("sign", "disavowal", "--key", w.key("k"), path)
    assert done.returncode == 0
    told = done.stderr.decode()
    assert told.startswith("market: warning: %s: brand: " % path), told
    assert told.endswith(": readers will refuse this\n"), told
    done = w.run("show", "-", stdin=done.stdout)
    assert done.returncode == 65 and b"brand: " in done.stderr
    policy = w.write("p.json", w.policy(minimumService=None))
    done = w.run("sign", "policy", "--key", w.key("k"), policy)
    assert b": minimumService: " in done.stderr, done.stderr
    out = w.path("out")
    done = w.run("sign", "disavowal", "--key", w.key("k"), path, "-o", out,
                 "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["digest"] is None


def test_sign_needs_a_key(w):
    document = w.write("o.json", w.offer())
    done = w.run("sign", "offer", document)
    assert done.returncode == 64 and b"--key KEY.pem" in done.stderr
    done = w.run("sign", "offer", "--key", w.path("none.pem"), document)
    assert done.returncode == 74 and b"none.pem: cannot be" in done.stderr
    done = w.run("sign", "offer", "--key", document, document)
    assert done.returncode == 65 and b"o.json: not a PEM key" in done.stderr
    public = w.write("pub", subprocess.run(
        ["openssl", "pkey", "-in", w.key("k"), "-pubout"], check=True,
        stdout=subprocess.PIPE).stdout)
    done = w.run("sign", "offer", "--key", public, document)
    assert done.returncode == 65


def test_sign_holds_to_sixteen_signatures(w):
    document = w.write("o.json", w.offer())
    keys = []
    for i in range(17):
        keys += ["--key", w.key("k%d" % i)]
    w.must("sign", "offer", document, *keys[:32])
    done = w.run("sign", "offer", document, *keys)
    assert done.returncode == 65 and b"16" in done.stderr


def test_show_without_a_root_vouches_for_nothing(w):
    signed = w.sign("offer", w.offer(), "a", "b")
    text = w.must("show", signed)
    shown = json.loads(text)
    assert list(shown) == SHOWN
    assert shown["verified"] is False and shown["kind"] == "offer"
    for signature, name in zip(shown["signatures"], "ab"):
        keyid = w.must("keyid", w.key(name)).decode().strip()
        assert signature == {"keyid": keyid, "ok": False, "party": None}
    assert text.count(b"\n") > 20, "indented for a person"
    line = w.must("show", "--json", signed)
    assert line.count(b"\n") == 1 and json.loads(line) == shown
    with open(signed, "rb") as file:
        assert w.must("show", "-", stdin=file.read()) == text


def test_show_gives_back_what_was_signed(w):
    document = w.authorization()
    shown = json.loads(w.must("show", w.sign("authorization", document)))
    assert shown["statement"] == document
    w.write("again", shown["statement"])
    w.must("sign", "authorization", "--key", w.key("mi.com"),
           w.path("again"), "-o", w.path("out"))
    again = json.loads(w.must("show", w.path("out")))
    assert again["digest"] == shown["digest"]


def test_show_tells_whose_signature_is_good(w):
    root = w.sign("trust-root", w.root())
    grant = w.sign("authorization", w.authorization(), "mi.com", "stranger",
                   "t-mobile.com")
    shown = json.loads(w.must("show", "--root", root, grant))
    assert shown["verified"] is True
    told = [(s["ok"], s["party"]) for s in shown["signatures"]]
    assert told == [(True, "mi.com"), (False, None), (True, "t-mobile.com")]
    shown = json.loads(w.must("show", "--root", root, root))
    assert shown["verified"] is True
    assert shown["signatures"][0]["party"] == "usmobile.com"


def test_show_with_a_root_says_why_not(w):
    root = w.sign("trust-root", w.root())
    rows = [
        (w.sign("authorization", w.authorization(), "stranger"),
         b"0 of the issuer's keys signed, and 1 must sign", [None]),
        (w.sign("authorization", w.authorization(), "t-mobile.com"),
         b"0 of the issuer's keys signed", ["t-mobile.com"]),
        (w.sign("offer", w.offer()),
         b"header.issuer: the issuer is no party of the trust root", [None]),
    ]
    for signed, why, parties in rows:
        done = w.run("show", "--root", root, signed)
        shown = json.loads(done.stdout)
        assert done.returncode == 0 and shown["verified"] is False
        assert [s["party"] for s in shown["signatures"]] == parties
        assert why in done.stderr, done.stderr


def test_show_sees_a_changed_payload(w):
    root = w.sign("trust-root", w.root())
    signed = envelope(w.sign("authorization", w.authorization()))
    payload = bytearray(base64.b64decode(signed["payload"]))
    at = payload.index(b"2014215")
    payload[at] = ord("3")
    signed["payload"] = base64.b64encode(payload).decode()
    done = w.run("show", "--root", root, w.write("changed", signed))
    shown = json.loads(done.stdout)
    assert shown["verified"] is False and not shown["signatures"][0]["ok"]


def test_show_wants_a_good_root(w):
    grant = w.sign("authorization", w.authorization())
    forged = w.sign("trust-root", w.root(), "stranger")
    for root, status, why in (
            (forged, 65, b"root_keys: "), (grant, 65, b"trust-root"),
            (w.path("none"), 74, b"cannot be opened")):
        done = w.run("show", "--root", root, grant)
        assert done.returncode == status and done.stdout == b"", root
        assert done.stderr.startswith(b"market: " + root.encode() + b": ")
        assert why in done.stderr, done.stderr


def test_show_names_what_is_no_statement(w):
    signed = w.sign("offer", w.offer())
    with open(signed, "rb") as file:
        good = file.read()
    rows = [
        (json.dumps(w.offer()), b"nobody has signed"),
        ("-----BEGIN PRIVATE KEY-----\n", b"no DSSE envelope"),
        (b"", b"empty"), (good[:-20], b": "), (b"\x0a\x01", b": "),
        (good.replace(b"offer.v1", b"thing.v1"), b"payloadType"),
        (good.replace(b"offer.v1", b"policy.v1"), b": "),
    ]
    for content, why in rows:
        for verb in ("show", "pae"):
            done = w.run(verb, w.write("bad", content))
            assert done.returncode == 65 and done.stdout == b"", content
            assert done.stderr.startswith(
                b"market: " + w.path("bad").encode() + b": "), done.stderr
            assert why in done.stderr, (content, done.stderr)


if __name__ == "__main__":
    sys.exit(world.main(globals()))
