# SPDX-License-Identifier: Apache-2.0
"""Messages with everything set or little, and ways to spoil their bytes."""

from google.protobuf.descriptor import FieldDescriptor as Field

import canonical
from canonical import INTEGERS, LEN, VARINT

TEXTS = ["a", "shop.example", "\u5c0f\u7c73 \U0001f4f1", "\"\\/\b\n\t\x7f<>&",
         "\u00e9\u2028\u202e", "x" * canonical.STRING_MAX]
NUMBERS = [1, 127, 128, 300, 1454284800, 253402300799, 253402300800,
           -1, -62135596800, -62135596801, (1 << 31) - 1, (1 << 32) - 1,
           -(1 << 63), (1 << 63) - 1, (1 << 64) - 1]


def encode(value):
    """A varint in its shortest form; negative numbers as 64 bits."""
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7f:
        out.append(value & 0x7f | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def tagged(number, wire, value=b""):
    head = encode(number << 3 | wire)
    return head + (encode(len(value)) if wire == LEN else b"") + value


# ---- messages ----

def value_of(field, random):
    if field.type == Field.TYPE_STRING:
        return random.choice(TEXTS)
    if field.type == Field.TYPE_BYTES:
        return random.randbytes(random.choice([1, 32, 44]))
    if field.type == Field.TYPE_ENUM:
        return random.choice(field.enum_type.values[1:]).number
    low, high = INTEGERS[field.type]
    return random.choice([n for n in NUMBERS if low <= n <= high])


def fill(message, random, chance):
    """Sets each field with that chance; of a oneof at most one member."""
    taken = set()
    for field in message.DESCRIPTOR.fields:
        oneof = field.containing_oneof
        if random.random() >= chance or (oneof and oneof.name in taken):
            continue
        if oneof:
            taken.add(oneof.name)
        if field.label == Field.LABEL_REPEATED:
            for _ in range(random.randint(1, 3)):
                add(getattr(message, field.name), field, random, chance)
        elif field.type == Field.TYPE_MESSAGE:
            getattr(message, field.name).SetInParent()
            fill(getattr(message, field.name), random, chance)
        else:
            setattr(message, field.name, value_of(field, random))


def add(values, field, random, chance):
    if field.type == Field.TYPE_MESSAGE:
        fill(values.add(), random, chance)
    else:
        values.append(value_of(field, random))


# ---- spoilt bytes ----

class Spoiler:
    """Changes bytes of a message in one place; often they stay good."""

    def __init__(self, random):
        self.random = random
        self.ways = [
            self.flip, self.cut, self.append, self.twice, self.swap,
            self.drop, self.long_varint, self.default, self.unknown,
            self.alone, self.character, self.number, self.retag]

    def __call__(self, descriptor, data):
        """The way's name and the bytes; deep inside as often as on top."""
        parts = self.parts(data)
        inside = [
            (part, field.message_type) for part in parts
            for field in [descriptor.fields_by_number.get(part[0])]
            if field and field.type == Field.TYPE_MESSAGE and part[1] == LEN]
        if inside and self.random.random() < 0.5:
            (number, _, (begin, end), (at, to)), inner = self.random.choice(
                inside)
            name, spoilt = self(inner, data[begin:end])
            return name, data[:at] + tagged(number, LEN, spoilt) + data[to:]
        way = self.random.choice(self.ways)
        return way.__name__, way(descriptor, data, parts)

    @staticmethod
    def parts(data):
        try:
            return list(canonical.fields(data, 0, len(data)))
        except canonical.Refused:
            return []

    def put(self, data, at, to, new):
        return data[:at] + new + data[to:]

    def flip(self, _, data, __):
        if not data:
            return b"\x01"
        at = self.random.randrange(len(data))
        bit = 1 << self.random.randrange(8)
        return self.put(data, at, at + 1, bytes([data[at] ^ bit]))

    def cut(self, _, data, __):
        return data[:self.random.randrange(len(data) + 1)]

    def append(self, _, data, __):
        return data + self.random.choice([b"\0", b"\x80", b"\xff", b"\x07",
                                          b"\x0b\x0c", b"\x82\0"])

    def twice(self, _, data, parts):
        if not parts:
            return data
        at, to = self.random.choice(parts)[3]
        return self.put(data, to, to, data[at:to])

    def swap(self, _, data, parts):
        if len(parts) < 2:
            return data
        i = self.random.randrange(len(parts) - 1)
        (at, mid), (_, to) = parts[i][3], parts[i + 1][3]
        return self.put(data, at, to, data[mid:to] + data[at:mid])

    def drop(self, _, data, parts):
        if not parts:
            return data
        at, to = self.random.choice(parts)[3]
        return self.put(data, at, to, b"")

    def long_varint(self, _, data, parts):
        """A tag, a length or a number with a zero group too many."""
        if not parts:
            return data
        number, wire, value, (at, to) = self.random.choice(parts)
        tag = encode(number << 3 | wire)
        places = [(at, at + len(tag))]
        if wire == VARINT:
            places.append((at + len(tag), to))
        elif wire == LEN:
            places.append((at + len(tag), value[0]))
        at, to = self.random.choice(places)
        longer = data[at:to - 1] + bytes([data[to - 1] | 0x80])
        more = self.random.choice([0, 0, 1, 9 - (to - at)])
        return self.put(data, at, to, longer + b"\x80" * more + b"\0")

    def place(self, parts, number, size):
        """Where a field of that number goes."""
        return next((part[3][0] for part in parts if part[0] > number), size)

    def default(self, descriptor, data, parts):
        """A field that is not there, with its default."""
        there = {part[0] for part in parts}
        absent = [f for f in descriptor.fields if f.number not in there]
        if not absent:
            return data
        field = self.random.choice(absent)
        if field.type in INTEGERS and field.label != Field.LABEL_REPEATED:
            new = tagged(field.number, VARINT, b"\0")
        else:
            new = tagged(field.number, LEN)
        at = self.place(parts, field.number, len(data))
        return self.put(data, at, at, new)

    def unknown(self, descriptor, data, parts):
        number = self.random.choice(
            [descriptor.fields[-1].number + 1, 999, 1000, 1001, 1050, 1099,
             1100, 19000, (1 << 29) - 1, 1 << 29])
        wire, value = self.random.choice(
            [(0, b"\x01"), (0, b"\0"), (0, b"\x80\0"), (1, b"8 bytes."),
             (2, b""), (2, b"\xff\0"), (5, b"four"), (3, b""), (6, b"")])
        at = self.place(parts, number, len(data))
        return self.put(data, at, at, tagged(number, wire, value))

    def alone(self, descriptor, data, parts):
        """Numbers of a list one by one, or a single one as a run."""
        for number, wire, value, (at, to) in parts:
            field = descriptor.fields_by_number.get(number)
            if field is None or field.type not in INTEGERS:
                continue
            if wire == LEN and value[1] > value[0]:
                run, begin, new = data[value[0]:value[1]], 0, b""
                while begin < len(run):
                    try:
                        _, end = canonical.varint(run, begin, len(run))
                    except canonical.Refused:
                        return data
                    new += tagged(number, VARINT, run[begin:end])
                    begin = end
            elif wire == VARINT:
                new = tagged(number, LEN, encode(value))
            else:
                continue
            if self.random.random() < 0.5:
                return self.put(data, at, to, new)
        return data

    def character(self, _, data, parts):
        strings = [part for part in parts if part[1] == LEN]
        if not strings:
            return data
        number, wire, (begin, end), (at, to) = self.random.choice(strings)
        bad = self.random.choice([
            b"\0", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
            b"\xc3", b"\xef\xbf\xbf", "\u00fc".encode(), b"x" * 1024])
        where = self.random.randint(begin, end)
        return self.put(data, at, to, tagged(
            number, wire, data[begin:where] + bad + data[where:end]))

    def number(self, _, data, parts):
        numbers = [part for part in parts if part[1] == VARINT]
        if not numbers:
            return data
        number, wire, _, (at, to) = self.random.choice(numbers)
        return self.put(data, at, to, tagged(
            number, wire, encode(self.random.choice(NUMBERS + [0, 2, 99]))))

    def retag(self, _, data, parts):
        """The same value under another number or wire type."""
        if not parts:
            return data
        number, wire, _, (at, to) = self.random.choice(parts)
        old = len(encode(number << 3 | wire))
        number += self.random.choice([0, 0, 1, -1])
        wire = self.random.choice([0, 1, 2, 3, 4, 5, 6, 7])
        return self.put(data, at, at + old, encode(
            max(number, 0) << 3 | wire))


# ---- spoilt text ----

def json_text(random, data):
    """An envelope in JSON, changed in one place."""
    way = random.choice(TEXT_WAYS)
    text = way(random, data.decode())
    return way.__name__, text if isinstance(text, bytes) else text.encode(
        "utf-8", "surrogatepass")


def text_flip(random, text):
    data = bytearray(text.encode())
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(data)


def text_cut(random, text):
    return text[:random.randrange(len(text))]


def text_space(random, text):
    """White space where JSON has it, and where it has not."""
    space = random.choice([" ", "\n", "\t", "\r", "\f", "\v", "\u00a0",
                           "\ufeff", "\0"])
    at = random.choice([0, 0, len(text), random.randrange(len(text))])
    return text[:at] + space + text[at:]


def text_member(random, text):
    """One more member, somewhere; or one twice."""
    new = random.choice([
        '"x": 1', '"payload": ""', '"keyid": ""', '"keyid": null',
        '"sig": "AA=="', '"cert": ""', '"payloadType": "text/plain"',
        '"\\u0070ayload": ""', '"signatures": []', '"": {}'])
    at = random.choice([i for i, c in enumerate(text) if c == "{"])
    return text[:at + 1] + new + ", " + text[at + 1:]


def text_value(random, text):
    """Another value for a member."""
    name = random.choice(["payload", "payloadType", "signatures", "keyid",
                          "sig"])
    begin = text.index('"%s": ' % name) + len(name) + 4
    end = (len(text) - 1 if name == "signatures" else
           text.index('"', begin + 1) + 1)
    return text[:begin] + random.choice([
        "null", "1", "true", "[]", "{}", '""', '"A"', '"AA"', '"AA="',
        '"AA=="', '"AB=="', '"=AA="', '"AA==AA=="', '"A-_+"', '"A-_A"',
        '"A+/A"', '"AA AA"', '"AAAA\\n"', '"\\u0041AAA"', '"\\u0000"',
        '"\\ud800"', '"\\ud83d\\ude00"', '"\ud800"', '"\\x"', '"\t"', '"\x7f"',
        '[{}]', '[null]', '[{"sig": "AAAA"}]', '[[]]', "NaN", "1e5", "'AA=='",
    ]) + text[end:]


def text_drop(random, text):
    """A member less, or a comma."""
    at = random.choice([i for i, c in enumerate(text) if c == ","])
    return text[:at] + random.choice(["", ",,", ", ", ",\n"]) + text[at + 1:]


def text_alphabet(_, text):
    """The alphabet for URLs in values; names have none of it."""
    head, tail = text.split('"payloadType"')
    middle, sigs = tail.split('"signatures"')
    swap = str.maketrans("+/", "-_")
    return (head.translate(swap) + '"payloadType"' + middle +
            '"signatures"' + sigs.translate(swap))


def text_padding(random, text):
    return text.replace("=", random.choice(["", "==", "%3d"]), 1)


TEXT_WAYS = [text_flip, text_cut, text_space, text_member, text_value,
             text_drop, text_alphabet, text_padding]
