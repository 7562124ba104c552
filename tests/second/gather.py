# SPDX-License-Identifier: Apache-2.0
"""What the second reader reads: statements, keys and signatures."""

import base64
import glob
import json
import os
import random

import canonical
import kit
import points
import reading
import spoil
from reading import KINDS, Refused

SAMPLES = 40  # of each kind


def json_envelope(kind, payload, signatures):
    def text(data):
        return base64.b64encode(data).decode()

    return json.dumps({
        "payload": text(payload),
        "payloadType": reading.payload_type(kind).decode(),
        "signatures": [{"keyid": keyid, "sig": text(sig)}
                       for keyid, sig in signatures]}).encode()


# ---- what there is to read ----

def made_by_the_command(out_dir):
    """Each kind's template and each document of the story, in both forms."""
    keys = []
    for algorithm in ("ed25519", "p256"):
        keys += ["--key", os.path.join(out_dir, algorithm + ".pem")]
        kit.run(kit.MARKET, "keygen", "--algorithm", algorithm, "-o",
                keys[-1])
    documents = [(kind, kit.run(kit.MARKET, "template", kind))
                 for kind in KINDS]
    for path in sorted(glob.glob(os.path.join(
            kit.SRCDIR, "examples/data/2016/*/*.json"))):
        kind = os.path.basename(path).split("-")[0].split(".")[0]
        with open(path, "rb") as file:
            documents.append(({
                "carrier": "certification", "fcc": "certification",
                "grant": "authorization"}.get(kind, kind), file.read()))
    for kind, document in documents:
        for form in ([], ["--binary"]):
            yield kit.run(kit.MARKET, "sign", kind, *keys, *form, "-",
                          stdin=document)


def made_by_examples(out_dir):
    """Files: a shop's statements with their root, and a signed offer."""
    shop = os.path.join(out_dir, "shop")
    os.mkdir(shop)
    kit.run(kit.program("examples/03_sub_distributor"), shop)
    kit.run(kit.program("examples/02_sign_offer"),
            os.path.join(out_dir, "key.pem"), os.path.join(shop, "signed"))
    return sorted(glob.glob(os.path.join(shop, "*")))


def made_by_tests(out_dir):
    """The statements of the golden worlds."""
    path = os.path.join(out_dir, "golden")
    kit.run(kit.program("tests/unit/test_golden"), "--statements", path)
    with open(path, encoding="ascii") as file:
        return [bytes.fromhex(line) for line in file]


def fuzz_corpus(reader):
    """Envelopes and payloads of tests/fuzz. Two hex digits at the end of an
    input say which allocation fails; the first letter of a payload its kind."""
    corpus = os.path.join(kit.SRCDIR, "tests/fuzz/corpus")
    kinds = dict(zip(b"abcdefghijklmn", KINDS))
    for path in sorted(glob.glob(os.path.join(corpus, "*/*"))):
        with open(path, "rb") as file:
            data = file.read()
        if path.split(os.sep)[-2] == "envelope":
            yield data
            yield data[:-2]
        elif path.split(os.sep)[-2] == "statement" and data[0] in kinds:
            yield reader.envelope(kinds[data[0]], data[1:-2], [("", b"s")])


def samples(schema, rng, keys):
    """Each kind with all set, with few set, and with nothing at all."""
    for kind, name in KINDS.items():
        for number in range(SAMPLES):
            message = schema["market.v1." + name]()
            spoil.fill(message, rng, [1, 0.6, 0.3, 0.1, 0][number % 5])
            message.header.SetInParent()
            payload = message.SerializeToString(deterministic=True)
            to_sign = reading.pae(reading.payload_type(kind), payload)
            yield kind, payload, [(key.id, key.sign(to_sign))
                                  for key in keys[:1 + number % 2]]


class Reader:
    """What the tests share: the schema, keys, and what was made."""

    def __init__(self, out_dir):
        self.out_dir = out_dir
        self.rng = random.Random(4)
        self.schema = kit.schema(out_dir)
        self.keys = [kit.Key("one"), kit.Key("two", "p256")]
        self.made = list(samples(self.schema, self.rng, self.keys))
        self.statements = []  # of the examples and tests, as bytes
        self.files = []

    def gather(self):
        self.files = made_by_examples(self.out_dir)
        found = {}
        for path in self.files:
            with open(path, "rb") as file:
                found[file.read()] = None
        found.update(dict.fromkeys(made_by_tests(self.out_dir)))
        found.update(dict.fromkeys(fuzz_corpus(self)))
        found.update(dict.fromkeys(made_by_the_command(self.out_dir)))
        self.statements = list(found)

    def envelope(self, kind, payload, signatures):
        return self.schema["dsse.v1.Envelope"](
            payload=payload,
            payloadType=reading.payload_type(kind).decode(),
            signatures=[{"keyid": keyid, "sig": sig}
                        for keyid, sig in signatures],
        ).SerializeToString(deterministic=True)


# ---- limits ----

def sized(reader, kind, size):
    """An envelope of that many bytes in protobuf, by an extension."""
    payload = b"\x0a\x03\x0a\x01a"
    for filler in range(max(0, size - 300), size):
        data = reader.envelope(
            kind, payload + spoil.tagged(1000, spoil.LEN, b"x" * filler),
            [("", b"s" * 64)])
        if len(data) == size:
            return data
    raise AssertionError("no envelope has %d bytes" % size)


def listed(reader, kind, field, count, wire=spoil.LEN):
    value = b"" if wire == spoil.LEN else b"\x01"
    return reader.envelope(
        kind, b"\x0a\x03\x0a\x01a" + spoil.tagged(field, wire, value) * count,
        [("", b"s" * 64)])


def limits(reader):
    """Label, how often or how much, and the bytes: at a limit, one above."""
    offer = reader.schema["market.v1.Offer"]
    for more in (0, 1):
        for kind in KINDS:
            size = (reading.ENVELOPE_LARGE_MAX
                    if kind in reading.LARGE_ENVELOPES
                    else reading.ENVELOPE_MAX) + more
            yield "size of " + kind, more, sized(reader, kind, size)
            pad = json_envelope(kind, b"\x0a\x03\x0a\x01a", [("", b"s")])
            yield "size in JSON of " + kind, more, pad.ljust(size)
            count = (canonical.ELEMENTS_LARGE_MAX
                     if kind in reading.LARGE_LISTS
                     else canonical.ELEMENTS_MAX) - 1 + more
            if kind in reading.LARGE_ENVELOPES or count * 3 < 60000:
                yield "extensions of " + kind, more, listed(
                    reader, kind, 1000, count, spoil.VARINT)
        for kind, field in (("offer", 16), ("disavowal", 3), ("network", 7)):
            yield "list of " + kind, more, listed(
                reader, kind, field, canonical.ELEMENTS_MAX - 1 + more)
        run = b"\x01" * (canonical.ELEMENTS_MAX - 2 + more)
        yield "run of a product", more, reader.envelope(
            "product", b"\x0a\x03\x0a\x01a" + spoil.tagged(
                10, spoil.LEN, spoil.tagged(2, spoil.LEN, run)),
            [("", b"s")])
        keys = spoil.tagged(2, spoil.LEN) * (canonical.KEYS_MAX + more)
        yield "keys", more, reader.envelope(
            "key-set", b"\x0a\x03\x0a\x01a" + spoil.tagged(
                2, spoil.LEN, keys), [("", b"s")])
        one = offer(title="x" * (canonical.STRING_MAX + more))
        one.header.issuer = "a"
        two = offer(description="x" * (canonical.DESCRIPTION_MAX + more))
        two.header.issuer = "a"
        for label, message in (("title", one), ("description", two)):
            yield label, more, reader.envelope(
                "offer", message.SerializeToString(), [("", b"s")])
        signed = one.header.SerializeToString()
        payload = spoil.tagged(1, spoil.LEN, signed)
        for form in (reader.envelope, json_envelope):
            for signatures in (
                    [("", b"s")] * (canonical.SIGNATURES_MAX + more),
                    [("", b"s" * (reading.SIG_MAX + more))],
                    [("k" * (canonical.STRING_MAX + more), b"s")]):
                yield "signatures", more, form("offer", payload, signatures)


# ---- keys and signatures ----

def key_cases(reader):
    """Keys of every sort, as DER SubjectPublicKeyInfo."""
    found = [key.spki for key in reader.keys]
    for data in reader.statements:
        try:
            message = reading.read(reader.schema, data).message
        except Refused:
            continue
        found += [key.spki for key in key_messages(message)]
    found += [points.ED25519_HEAD + bytes.fromhex(vector["key"])
              for vector in kit.vectors("cctv-ed25519/ed25519vectors.json")]
    for name in ("ed25519", "ecdsa_secp256r1_sha256"):
        groups = kit.vectors("wycheproof/%s_test.json" % name)["testGroups"]
        found += [bytes.fromhex(value) for group in groups
                  for name, value in group.items() if name.endswith("Der")]
    for _ in range(1000):
        if reader.rng.random() < 0.3:
            found.append(points.ED25519_HEAD + reader.rng.randbytes(32))
            continue
        spki = bytearray(reader.rng.choice(reader.keys).spki)
        at = reader.rng.randrange(len(spki))
        spki[at] ^= 1 << reader.rng.randrange(8)
        found.append(bytes(spki))
        found.append(bytes(spki[:at]))
    for y in list(range(20)) + [points.ED_P + n for n in range(-2, 19)]:
        for sign in (0, 1 << 255):
            found.append(points.ED25519_HEAD + (y | sign).to_bytes(
                32, "little"))
    return list(dict.fromkeys(found))


def key_messages(message):
    """Every PublicKey in a message."""
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for one in (value if field.label == field.LABEL_REPEATED
                    else [value]):
            if field.message_type.name == "PublicKey":
                yield one
            else:
                yield from key_messages(one)


def signature_cases(reader):
    """Key, message and signature: as they are, and spoilt in each part."""
    known = {key.id: key.spki for key in reader.keys}
    read = []
    for data in reader.statements:
        try:
            read.append(reading.read(reader.schema, data))
        except Refused:
            continue
        known.update((kit.key_id(key.spki), key.spki)
                     for key in key_messages(read[-1].message))
    for path in glob.glob(os.path.join(reader.out_dir, "*.pem")):
        found = json.loads(kit.run(kit.MARKET, "keyid", "--json", path))
        spki = base64.b64decode(found["spki"])
        known[kit.key_id(spki)] = spki
    signed = [(s.pae, s.signatures) for s in read] + [
        (reading.pae(reading.payload_type(kind), payload), signatures)
        for kind, payload, signatures in reader.made]
    for message, signatures in signed:
        for keyid, sig in signatures:
            keyid = keyid.decode() if isinstance(keyid, bytes) else keyid
            spki = known.get(keyid, reader.keys[0].spki)
            yield spki, message, sig
            yield spki, flipped(reader, message), sig
            yield spki, message, flipped(reader, sig)
            yield spki, message, sig[:-1]
            yield spki, message, sig + b"\0"
            yield reader.keys[1].spki, message, sig


def flipped(reader, data):
    at = reader.rng.randrange(len(data))
    return (data[:at] + bytes([data[at] ^ 1 << reader.rng.randrange(8)]) +
            data[at + 1:])
