#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Hostile files and the command: what it says of them, where, and its exit.

One file for each fault, beside the good one; the ids are those of the
catalogue (libmarket/doc/faults.md).
"""

import base64
import json
import os
import subprocess
import sys

import world


def varint(number):
    out = b""
    while number > 0x7f:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def opened(path):
    """The envelope of a file in JSON, and its payload."""
    with open(path, "rb") as file:
        envelope = json.load(file)
    return envelope, base64.b64decode(envelope["payload"])


def holding(w, name, payload):
    """The good offer's envelope with another payload."""
    envelope, _ = opened(w.statements()["offer"])
    envelope["payload"] = base64.b64encode(payload).decode()
    return w.write(name, envelope)


def refused(w, files, path, *words):
    """check says no, in one line on stderr, with all those words; exit 65."""
    files = dict(files)
    files["offer"] = path
    done = w.run(*w.check_line(files))
    said = done.stderr.decode()
    assert done.returncode == 65, (path, done.returncode, said)
    assert b"PERMIT" not in done.stdout, path
    for word in (os.path.basename(path),) + words:
        assert word in said, (path, word, said)
    for byte in done.stderr:
        assert byte == 0x0a or 0x20 <= byte < 0x7f, (path, byte)


def test_encodings(w):
    files = w.statements()
    _, good = opened(files["offer"])
    assert w.run(*w.check_line(files)).returncode == 0
    rows = [
        ("E4 trailing", good + b"\0", "nothing behind"),
        ("E5 twice", good + field(25, b"x") * 2, ""),
        ("E9 long", good + b"\xb8\x01\x81\x00", "shortest varint"),
        ("E12 alias", good + b"\xfa\xff\xff\xff\x7f\0", "2^29-1"),
        ("E14 group", good + b"\xdb\x01\xdc\x01", "wire type 3"),
        ("E16 length", good + b"\xd2\x01\xff\xff\xff\xff\x0f", "length"),
        ("E17 narrowed", good + b"\xc8\x01\x81\x80\x80\x80\x10",
         "4294967295"),
        ("E25 unknown", good + b"\xd8\x01\x01", "no field 27"),
        ("E27 default", good + b"\xc8\x01\x00", "protobufjs"),
        ("E27 cure", good + b"\xc8\x01\x00", "@bufbuild/protobuf"),
        ("E3 cut off", good[:-1], "send the whole message"),
    ]
    for label, payload, words in rows:
        path = holding(w, label.replace(" ", "-"), payload)
        refused(w, files, path, words)


def test_envelopes(w):
    files = w.statements()
    envelope, payload = opened(files["offer"])
    with open(files["offer"], "rb") as file:
        text = file.read()
    form = (field(1, payload) + field(2, envelope["payloadType"].encode())
            + field(3, field(1, base64.b64decode(
                envelope["signatures"][0]["sig"]))))
    files["offer"] = w.write("in-protobuf", form)
    assert w.run(*w.check_line(files)).returncode == 0
    rows = [
        ("E1-nothing", b"", "empty"),
        ("E4-behind", text + b"x", "not valid JSON"),
        ("E4-behind-protobuf", form + b"\xff", "cut off"),
        ("E32-deep", b'{"payload":' + b"[" * 9 + b"]" * 9 + b"}", "depth"),
        ("S1-unsigned", json.dumps(dict(envelope, signatures=[])).encode(),
         "no signature"),
        ("S5-17", json.dumps(dict(
            envelope, signatures=envelope["signatures"] * 17)).encode(),
         "limit: signatures"),
        ("S7-a-grant", None, "authorization"),
        ("S9-twice", text.replace(b'{"payload"', b'{"payload":"","payload"'),
         "not valid JSON"),
        ("S10-alg", json.dumps(dict(envelope, alg="none")).encode(),
         "remove it"),
        ("S19-key", form + field(4, b"key"), "no field 4"),
        ("S24-inside", json.dumps(dict(envelope, payload=base64.b64encode(
            form).decode())).encode(), "header"),
        ("E38-newer", text.replace(b".v1+", b".v2+"), "reads version 1"),
        ("X15-gzip", b"\x1f\x8b\x08\0", "decompressed"),
    ]
    for label, content, words in rows:
        path = (files["authorization"] if content is None
                else w.write(label, content))
        refused(w, files, path, words)


def test_a_signature_that_is_none(w):
    """S6, S11, S20, S23: denied for the signature, and nothing else."""
    files = w.statements()
    envelope, payload = opened(files["offer"])
    sig = base64.b64decode(envelope["signatures"][0]["sig"])
    other, _ = opened(w.sign("offer", w.offer(title="another")))
    rows = [
        ("S6", payload, bytes([sig[0] ^ 1]) + sig[1:]),
        ("S11", payload, sig[:63]),
        ("S11-long", payload, sig + b"\0"),
        ("S20", payload + b"\xc0\x3e\x01", sig),
        ("S23", payload, base64.b64decode(other["signatures"][0]["sig"])),
    ]
    for label, content, signature in rows:
        envelope["payload"] = base64.b64encode(content).decode()
        envelope["signatures"][0]["sig"] = base64.b64encode(
            signature).decode()
        files["offer"] = w.write(label, envelope)
        done = w.run(*w.check_line(files), "--json")
        assert done.returncode == 1, (label, done.stderr)
        decision = json.loads(done.stdout)
        assert [f["code"] for f in decision["findings"]] == [
            "OFFER_SIGNATURE_INVALID"], label


def pem(der):
    body = base64.encodebytes(der).decode()
    return "-----BEGIN PUBLIC KEY-----\n%s-----END PUBLIC KEY-----\n" % body


def test_keys(w):
    head = bytes.fromhex("302a300506032b6570032100")
    good = base64.b64decode(w.keys("k")["keys"][0]["spki"])
    path = w.write("good", pem(good))
    assert len(w.must("keyid", path)) == 65
    rsa = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA"],
                         check=True, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL).stdout
    rows = [
        ("K1-zero", pem(head + bytes(32)), "small order"),
        ("K1-identity", pem(head + b"\1" + bytes(31)), "small order"),
        ("K2-y-is-p", pem(head + b"\xed" + b"\xff" * 30 + b"\x7f"),
         "canonical"),
        ("K3-short", pem(b"\x30\x29" + good[2:-1]), ""),
        ("K4-p256", pem(bytes.fromhex(
            "3059301306072a8648ce3d020106082a8648ce3d03010703420004")
            + b"\1" * 64), "not a point"),
        ("K5-rsa", rsa.decode(), "RSA"),
        ("K6-behind", pem(good + b"\0"), "remove"),
        ("K7-ber", pem(b"\x30\x81" + good[1:]), "DER"),
        ("K16-two", pem(good) * 2, "more than one"),
    ]
    for label, content, words in rows:
        done = w.run("keyid", w.write(label, content))
        assert done.returncode == 65 and done.stdout == b"", label
        assert words in done.stderr.decode(), (label, done.stderr)
        assert label in done.stderr.decode(), (label, done.stderr)


def test_what_strangers_write_reaches_no_terminal(w):
    """X16: names of files, of parties, and of members are shown escaped."""
    files = w.statements()
    envelope, _ = opened(files["offer"])
    envelope["\x1b[2J\u202e"] = 1
    refused(w, files, w.write("X16", envelope), "\\x1b[2J")
    path = w.write("X16-\x1b[31m", b"{}")
    done = w.run("show", path)
    assert done.returncode == 65 and b"\x1b" not in done.stderr


if __name__ == "__main__":
    sys.exit(world.main(globals()))
