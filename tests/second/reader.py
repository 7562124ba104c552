#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A second reader: does it read, refuse and verify what the library does?

It was written from libmarket/doc/wire.md and the schema, not from the library.
Every statement that the examples and the tests make, samples of each kind, and
spoilt ones are read by both; `market show` and the helper tests/second/tell
speak for the library.
"""

import json
import os
import sys

import gather
import kit
import points
import reading
import spoil
from reading import KINDS, Refused

# How many of each sort; MARKET_SECOND_SPOILT=n for more.
SPOILT = int(os.environ.get("MARKET_SECOND_SPOILT", "2500"))


# ---- comparing ----

def pairs(text):
    """A document with the order of its members."""
    return json.loads(text, object_pairs_hook=lambda found: found)


class Compared:
    """How many were compared, and what differed."""

    def __init__(self, schema):
        self.schema = schema
        self.good = self.bad = 0
        self.faults = []

    def fault(self, label, data, what):
        self.faults.append("%s: %s\n%s" % (label, what, data.hex()))

    def one(self, label, data, answer):
        try:
            ours = reading.read(self.schema, data)
        except Refused as refused:
            self.bad += 1
            if answer[0] == "OK":
                self.fault(label, data, "only the library reads it; here: %s"
                           % refused)
            return
        self.good += 1
        if answer[0] != "OK":
            self.fault(label, data, "the library says " + answer[0])
            return
        theirs = {"kind": answer[1], "json": pairs(answer[2])}
        mine = {"kind": ours.kind,
                "json": pairs(json.dumps(reading.to_json(ours.message)))}
        if answer[3] == "OK":
            theirs.update(digest=answer[4], pae=answer[5],
                          signatures=answer[6])
            mine.update(digest=ours.digest, pae=ours.pae.hex(),
                        signatures=",".join("%s:%s" % (
                            keyid.hex() or "-", sig.hex())
                            for keyid, sig in ours.signatures))
        if mine != theirs:
            self.fault(label, data, "here %s, there %s" % (mine, theirs))

    def all(self, labelled):
        answers = kit.tell(
            ["E " + (data.hex() or "-") for _, data in labelled])
        for (label, data), answer in zip(labelled, answers):
            self.one(label, data, answer)
        return self

    def __str__(self):
        return "%d compared, %d read and %d refused by both" % (
            self.good + self.bad, self.good, self.bad)


# ---- the tests ----

def test_dsse(_):
    """the pre-authentication encoding of DSSE's own vectors"""
    cases = kit.vectors("dsse/vectors.json")["pae_cases"]
    for case in cases:
        want = (bytes.fromhex(case["pae_hex"]) if "pae_hex" in case
                else case["pae_utf8"].encode())
        got = reading.pae(case["type"].encode(),
                          bytes.fromhex(case["payload_hex"]))
        if got != want:
            yield "%s: %s" % (case, got)
    return "%d vectors" % len(cases)


def test_known(reader):
    """statements of the examples, the tests and the command"""
    compared = Compared(reader.schema).all(
        [("statement", data) for data in reader.statements])
    yield from compared.faults
    return str(compared)


def test_samples(reader):
    """samples of each kind in both forms"""
    compared = Compared(reader.schema)
    for form in (reader.envelope, gather.json_envelope):
        compared.all([(made[0], form(*made)) for made in reader.made])
    yield from compared.faults
    if compared.bad:
        yield "%d samples are refused by both" % compared.bad
    return str(compared)


def test_spoilt(reader):
    """spoilt payloads"""
    spoiler = spoil.Spoiler(reader.rng)
    labelled = []
    for _ in range(SPOILT):
        kind, payload, signatures = reader.rng.choice(reader.made)
        way, payload = spoiler(
            reader.schema["market.v1." + KINDS[kind]].DESCRIPTOR, payload)
        labelled.append(("%s, %s" % (kind, way),
                         reader.envelope(kind, payload, signatures)))
    compared = Compared(reader.schema).all(labelled)
    yield from compared.faults
    return str(compared)


def test_spoilt_envelopes(reader):
    """spoilt envelopes in protobuf"""
    spoiler = spoil.Spoiler(reader.rng)
    descriptor = reader.schema["dsse.v1.Envelope"].DESCRIPTOR
    compared = Compared(reader.schema).all([
        spoiler(descriptor, reader.envelope(*reader.rng.choice(reader.made)))
        for _ in range(SPOILT)])
    yield from compared.faults
    return str(compared)


def test_spoilt_json(reader):
    """spoilt envelopes in JSON"""
    compared = Compared(reader.schema).all([
        spoil.json_text(reader.rng,
                        gather.json_envelope(*reader.rng.choice(reader.made)))
        for _ in range(SPOILT)])
    yield from compared.faults
    return str(compared)


def test_limits(reader):
    """each limit at its value and one above"""
    cases = list(gather.limits(reader))
    answers = kit.tell(["E " + data.hex() for _, _, data in cases])
    for (label, more, _), answer in zip(cases, answers):
        if answer[0] != ("E_LIMIT" if more else "OK"):
            yield "%s, %d above: %s" % (label, more, answer[0])
    compared = Compared(reader.schema).all(
        [(label, data) for label, _, data in cases])
    yield from compared.faults
    return str(compared)


# ---- keys and signatures ----

def test_keys(reader):
    """keys, good and bad, and their ids"""
    cases = gather.key_cases(reader)
    answers = kit.tell(["K " + (spki.hex() or "-") for spki in cases])
    good = 0
    for spki, answer in zip(cases, answers):
        ours = points.good(spki)
        good += ours
        if ours != (answer[0] == "OK"):
            yield "%s: %s" % (spki.hex(), answer[0])
        elif ours and answer[1] != kit.key_id(spki):
            yield "%s: the id is %s" % (spki.hex(), answer[1])
    return "%d compared, %d good" % (len(cases), good)


def test_signatures(reader):
    """signatures, good and bad"""
    cases = list(dict.fromkeys(gather.signature_cases(reader)))
    answers = kit.tell(["V %s %s %s" % (spki.hex(), message.hex(), sig.hex())
                        for spki, message, sig in cases])
    good = 0
    for (spki, message, sig), answer in zip(cases, answers):
        ours = kit.verifies(spki, message, sig)
        good += ours
        if answer[0] != ("OK" if ours else "E_SIGNATURE"):
            yield "%s %s %s: here %s, there %s" % (
                spki.hex(), sig.hex(), message.hex(), ours, answer[0])
    return "%d compared, %d good" % (len(cases), good)


# ---- the command ----

def judge(reader, root, statement):
    """What `market show --root` says of signatures."""
    board = [key.spki for key in root.root_keys.keys]
    whose = {spki: root.header.issuer for spki in board}
    for party in root.parties:
        for key in party.keys.keys:
            whose.setdefault(key.spki, party.id)
    told, signers = [], set()
    for keyid, sig in statement.signatures:
        spki = next((spki for spki in whose
                     if kit.verifies(spki, statement.pae, sig)), None)
        signers.add(spki)
        told.append({"keyid": keyid.decode(), "ok": spki is not None,
                     "party": whose.get(spki)})
    issuer = statement.message.header.issuer
    keys = next((party.keys for party in root.parties if party.id == issuer),
                None)
    if statement.kind == "trust-root":
        keys = root.root_keys
    verified = keys is not None and len(
        signers & {key.spki for key in keys.keys}) >= keys.threshold
    return told, verified


def test_command(reader):
    """market show and pae, with a root and without"""
    path = next(f for f in reader.files if f.endswith("root.json"))
    with open(path, "rb") as file:
        root = reading.read(reader.schema, file.read()).message
    counted = 0
    for file in reader.files:
        with open(file, "rb") as opened:
            ours = reading.read(reader.schema, opened.read())
        told, verified = judge(reader, root, ours)
        want = {"kind": ours.kind, "digest": ours.digest, "signatures": told,
                "verified": verified,
                "statement": reading.to_json(ours.message)}
        got = kit.run(kit.MARKET, "show", "--json", "--root", path, file)
        if pairs(got) != pairs(json.dumps(want)):
            yield "%s: here %s, there %s" % (file, want, got)
        for one in told:
            one.update(ok=False, party=None)
        want["verified"] = False
        got = kit.run(kit.MARKET, "show", file)
        if pairs(got) != pairs(json.dumps(want)):
            yield "%s: here %s, there %s" % (file, want, got)
        if kit.run(kit.MARKET, "pae", file) != ours.pae:
            yield file + ": another PAE"
        counted += 3
    return "%d answers" % counted


TESTS = [test_dsse, test_known, test_samples, test_spoilt,
         test_spoilt_envelopes, test_spoilt_json, test_limits, test_keys,
         test_signatures, test_command]


def drain(test, reader):
    """The faults that a test yields, and what it returns: how many."""
    faults = []
    running = test(reader)
    while True:
        try:
            faults.append(next(running))
        except StopIteration as done:
            return faults, done.value


def main():
    kit.program("tests/second/tell")
    if not os.path.exists(kit.MARKET):
        kit.skip("the command is not built (jansson)")
    tap = kit.Tap()
    with kit.folder() as out_dir:
        reader = gather.Reader(out_dir)
        reader.gather()
        for test in TESTS:
            try:
                faults, counted = drain(test, reader)
            except kit.Missing as missing:
                tap.skip(test.__doc__, str(missing))
                continue
            tap.ok("%s: %s" % (test.__doc__, counted), faults)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
