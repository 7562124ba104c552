# SPDX-License-Identifier: Apache-2.0
"""Statements in their envelopes, read by libmarket/doc/wire.md alone."""

import base64
import binascii
import calendar
import hashlib
import json
import re
import time

from google.protobuf.descriptor import FieldDescriptor as Field

import canonical
from canonical import Refused

KINDS = {
    "trust-root": "TrustRoot", "key-set": "PartyKeys", "policy": "Policy",
    "seller": "Seller", "product": "Product", "network": "Network",
    "authorization": "Authorization", "disavowal": "Disavowal",
    "certification": "Certification", "withdrawal": "Withdrawal",
    "hold": "Hold", "status": "Status", "offer": "Offer", "feed": "Feed",
}
ENVELOPE_MAX = 64 * 1024
ENVELOPE_LARGE_MAX = 1024 * 1024
LARGE_ENVELOPES = ("trust-root", "feed", "status")
LARGE_LISTS = ("feed", "status")
SIG_MAX = 512
TYPE = re.compile(rb"application/vnd\.libmarket\.([a-z-]+)\.v1\+protobuf")
TIMES = {"issued_at", "not_before", "not_after", "from", "until",
         "effective_at"}
TIME_MAX = calendar.timegm((9999, 12, 31, 23, 59, 59))


class Statement:
    """What an envelope says; nobody vouches for it."""

    def __init__(self, kind, payload, signatures):
        self.kind = kind
        self.payload = payload
        self.signatures = signatures  # (keyid, sig)
        self.message = None

    @property
    def pae(self):
        return pae(payload_type(self.kind), self.payload)

    @property
    def digest(self):
        return hashlib.sha256(self.pae).hexdigest()


def payload_type(kind):
    return b"application/vnd.libmarket.%s.v1+protobuf" % kind.encode()


def pae(type_, payload):
    """DSSE v1.0.2, protocol.md: the bytes that are signed."""
    return b"DSSEv1 %d %s %d %s" % (len(type_), type_, len(payload), payload)


# ---- the two forms of an envelope ----

def once(pairs):
    """An object whose members are all different."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("a member is there twice")
    return found


def never(what):
    raise Refused("no such number: " + what)


def members(value, needed, others=()):
    if not isinstance(value, dict):
        raise Refused("not an object")
    names = set(value)
    if not names >= set(needed) or names - set(needed) - set(others):
        raise Refused("other members than DSSE's")


def text(value):
    if not isinstance(value, str):
        raise Refused("not a string")
    try:
        data = value.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused("half a surrogate pair") from None
    if b"\0" in data:
        raise Refused("a NUL in a string")
    return data


def unbase64(value):
    """With padding, in either alphabet, not in both."""
    data = text(value)
    if any(c in data for c in b"-_"):
        if any(c in data for c in b"+/"):
            raise Refused("base64 in two alphabets")
        data = data.translate(bytes.maketrans(b"-_", b"+/"))
    try:
        found = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("not base64") from None
    if base64.b64encode(found) != data:
        raise Refused("base64 with bits that say nothing")
    return found


def from_json(data):
    try:
        document = json.loads(
            data.decode("utf-8", "strict"), object_pairs_hook=once,
            parse_constant=never)
    except (ValueError, RecursionError):
        raise Refused("not JSON") from None
    members(document, ("payload", "payloadType", "signatures"))
    if not isinstance(document["signatures"], list):
        raise Refused("signatures are not a list")
    signatures = []
    for one in document["signatures"]:
        members(one, ("sig",), ("keyid",))
        signatures.append((text(one.get("keyid", "")), unbase64(one["sig"])))
    return (unbase64(document["payload"]), text(document["payloadType"]),
            signatures)


def from_protobuf(schema, data):
    envelope = canonical.parse(
        schema["dsse.v1.Envelope"], data, canonical.ELEMENTS_MAX,
        extensions=False)
    return (envelope.payload, envelope.payloadType.encode(),
            [(one.keyid.encode(), one.sig) for one in envelope.signatures])


def either(schema, data):
    """No bytes are good in both forms: JSON has no byte 18 (a tag)."""
    if data[:1] != b"\n":  # white space, or field 1
        if data.lstrip(b" \t\r\n")[:1] == b"{":
            return from_json(data)
        return from_protobuf(schema, data)
    try:
        return from_protobuf(schema, data)
    except Refused:
        return from_json(data)


def read(schema, data):
    """The statement of an envelope in either form; or Refused."""
    if len(data) > ENVELOPE_LARGE_MAX:
        raise Refused("the envelope is too large")
    payload, type_, signatures = either(schema, data)
    match = TYPE.fullmatch(type_)
    kind = match.group(1).decode() if match else None
    if kind not in KINDS:
        raise Refused("no kind of statement")
    if kind not in LARGE_ENVELOPES and len(data) > ENVELOPE_MAX:
        raise Refused("the envelope is too large")
    if not 1 <= len(signatures) <= canonical.SIGNATURES_MAX:
        raise Refused("too few signatures, or too many")
    for keyid, sig in signatures:
        if not 1 <= len(sig) <= SIG_MAX or len(keyid) > canonical.STRING_MAX:
            raise Refused("no signature is so short or long")
        if any(c < 0x20 or c == 0x7f for c in keyid):
            raise Refused("a control character in a key id")
    statement = Statement(kind, payload, signatures)
    statement.message = canonical.parse(
        schema["market.v1." + KINDS[kind]], payload,
        canonical.ELEMENTS_LARGE_MAX if kind in LARGE_LISTS
        else canonical.ELEMENTS_MAX)
    if not statement.message.HasField("header"):
        raise Refused("no header")
    return statement


# ---- JSON of a statement ----

def shown_time(value):
    """RFC 3339, or the number where no calendar has a date for it."""
    if not -62135596800 <= value <= TIME_MAX:
        return str(value)
    stamp = time.gmtime(value)
    return "%04d-%02d-%02dT%02d:%02d:%02dZ" % stamp[:6]


def shown(field, value):
    """One value in the proto3 JSON mapping."""
    if field.type == Field.TYPE_MESSAGE:
        return to_json(value)
    if field.type == Field.TYPE_ENUM:
        return field.enum_type.values_by_number[value].name
    if field.type == Field.TYPE_BYTES:
        return base64.b64encode(value).decode()
    if field.name in TIMES:
        return shown_time(value)
    if field.type in (Field.TYPE_INT64, Field.TYPE_UINT64):
        return str(value)
    return value


def to_json(message):
    """The statement, its members in the order of the schema's numbers."""
    found = {}
    for field, value in message.ListFields():
        if field.label == Field.LABEL_REPEATED:
            found[field.json_name] = [shown(field, one) for one in value]
        else:
            found[field.json_name] = shown(field, value)
    return found
