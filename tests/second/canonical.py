# SPDX-License-Identifier: Apache-2.0
"""The one encoding of a message, by libmarket/doc/wire.md alone.

Not a translation of the library's check: a reader of the wire that knows the
schema from the descriptors of python3-protobuf, and lets that library parse
the bytes and write them again as a second judge.
"""

from google.protobuf.descriptor import FieldDescriptor as Field

EXTENSIONS = range(1000, 1100)
FIELD_MAX = (1 << 29) - 1
STRING_MAX = 1024
DESCRIPTION_MAX = 8192
DEPTH_MAX = 8
ELEMENTS_MAX = 4096
ELEMENTS_LARGE_MAX = 65536
KEYS_MAX = 32
SIGNATURES_MAX = 16

VARINT, I64, LEN, I32 = 0, 1, 2, 5
INTEGERS = {  # least and greatest value
    Field.TYPE_UINT32: (0, (1 << 32) - 1),
    Field.TYPE_UINT64: (0, (1 << 64) - 1),
    Field.TYPE_INT64: (-(1 << 63), (1 << 63) - 1),
    Field.TYPE_BOOL: (0, 1),
    Field.TYPE_ENUM: (-(1 << 31), (1 << 31) - 1),
}


class Refused(Exception):
    """These bytes are not the one encoding, or beyond a limit."""


def varint(data, at, end):
    """The number at `at` and where it ends; only its shortest form."""
    value = shift = 0
    while True:
        if at == end:
            raise Refused("a varint is cut off")
        byte = data[at]
        at += 1
        value |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            break
        if shift >= 70:
            raise Refused("a varint has more than 10 bytes")
    if value >> 64:
        raise Refused("a varint is wider than 64 bits")
    if byte == 0 and shift > 7:
        raise Refused("a varint is longer than need be")
    return value, at


def fields(data, at, end):
    """Number, wire type, value and extent of each field, as they stand."""
    while at < end:
        begin = at
        tag, at = varint(data, at, end)
        number, wire = tag >> 3, tag & 7
        if not 1 <= number <= FIELD_MAX:
            raise Refused("no field has number %d" % number)
        if wire == VARINT:
            value, at = varint(data, at, end)
        elif wire in (I64, I32):
            size = 8 if wire == I64 else 4
            value = data[at:at + size]
            at += size
        elif wire == LEN:
            size, at = varint(data, at, end)
            value = (at, at + size)
            at += size
        else:
            raise Refused("wire type %d is never used" % wire)
        if at > end:
            raise Refused("field %d is cut off" % number)
        yield number, wire, value, (begin, at)


class Canonical:
    """One run of the check over one message."""

    def __init__(self, data, elements_max, extensions=True):
        self.data = data
        self.left = elements_max
        self.extensions = extensions

    def element(self, count=1):
        self.left -= count
        if self.left < 0:
            raise Refused("too many elements")

    def message(self, descriptor, at, end, depth=1):
        if depth > DEPTH_MAX:
            raise Refused("messages are nested too deep")
        last, seen, oneofs = 0, {}, set()
        for number, wire, value, _ in fields(self.data, at, end):
            field = descriptor.fields_by_number.get(number)
            if number < last:
                raise Refused("field %d is out of order" % number)
            if field is None:
                self.unknown(number)
            else:
                many = self.repeats(field)
                if number == last and not many:
                    raise Refused("field %d is there twice" % number)
                seen[number] = seen.get(number, 0) + 1
                self.count(field, seen[number])
                if field.containing_oneof is not None:
                    if field.containing_oneof.name in oneofs:
                        raise Refused("two members of a oneof")
                    oneofs.add(field.containing_oneof.name)
                self.field(field, wire, value, depth)
            last = number

    @staticmethod
    def repeats(field):
        """May its tag stand several times?"""
        return (field.label == Field.LABEL_REPEATED and
                field.type not in INTEGERS)

    @staticmethod
    def count(field, count):
        if field.full_name == "market.v1.KeySet.keys" and count > KEYS_MAX:
            raise Refused("too many keys")
        if (field.full_name == "dsse.v1.Envelope.signatures" and
                count > SIGNATURES_MAX):
            raise Refused("too many signatures")

    def unknown(self, number):
        if number not in EXTENSIONS or not self.extensions:
            raise Refused("field %d is not known" % number)
        self.element()

    def field(self, field, wire, value, depth):
        many = field.label == Field.LABEL_REPEATED
        if field.type in INTEGERS:
            if wire != (LEN if many else VARINT):
                raise Refused("%s has another wire type" % field.name)
            if many:
                self.packed(field, *value)
            else:
                self.integer(field, value)
                self.default(field, value == 0)
            return
        if wire != LEN:
            raise Refused("%s has another wire type" % field.name)
        begin, end = value
        if field.type == Field.TYPE_MESSAGE:
            self.element()
            self.message(field.message_type, begin, end, depth + 1)
            return
        if many:
            self.element()
        else:
            self.default(field, begin == end)
        self.text(field, self.data[begin:end])

    @staticmethod
    def default(field, is_default):
        if is_default and field.containing_oneof is None:
            raise Refused("%s is there with its default" % field.name)

    @staticmethod
    def integer(field, value):
        low, high = INTEGERS[field.type]
        if low < 0 and value >> 63:
            value -= 1 << 64
        if not low <= value <= high:
            raise Refused("%s is out of range" % field.name)
        if (field.type == Field.TYPE_ENUM and
                value not in field.enum_type.values_by_number):
            raise Refused("%s has an unknown value" % field.name)

    def packed(self, field, at, end):
        if at == end:
            raise Refused("%s is an empty run" % field.name)
        while at < end:
            value, at = varint(self.data, at, end)
            self.element()
            self.integer(field, value)
            if field.type == Field.TYPE_ENUM and value == 0:
                raise Refused("%s lists what is unspecified" % field.name)

    @staticmethod
    def text(field, value):
        limit = STRING_MAX
        if field.full_name == "market.v1.Offer.description":
            limit = DESCRIPTION_MAX
        # The payload is a message, and has the limit of its envelope.
        if field.full_name == "dsse.v1.Envelope.payload":
            limit = len(value)
        if len(value) > limit:
            raise Refused("%s is too long" % field.name)
        if field.type == Field.TYPE_STRING:
            try:
                value.decode("utf-8", "strict")
            except UnicodeDecodeError:
                raise Refused("%s is not UTF-8" % field.name) from None
            if b"\0" in value:
                raise Refused("%s has a NUL" % field.name)


def parse(message_class, data, elements_max, extensions=True):
    """The message; Refused unless `data` is its one encoding."""
    Canonical(data, elements_max, extensions).message(
        message_class.DESCRIPTOR, 0, len(data))
    message = message_class.FromString(data)
    if message.SerializeToString(deterministic=True) != data:
        raise AssertionError("protobuf writes other bytes than it read")
    return message
