#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""proto/ is the contract of the wire: the same messages, fields, numbers,
types and enums as the contract given in shared/schema/market.proto; and it
keeps to what every protobuf library reads alike."""

import os
import shutil
import sys
import tempfile

import house

try:
    from google.protobuf import descriptor_pb2
except ImportError:
    descriptor_pb2 = None

FIELD = {} if descriptor_pb2 is None else {
    number: name[5:].lower() for name, number in
    descriptor_pb2.FieldDescriptorProto.Type.items()}
SHARED = os.environ.get("MARKET_SHARED") or os.path.join(
    house.SRCDIR, "..", "shared")


def descriptors(include, names):
    """Every file of the compiled schema, or the compiler's complaint."""
    directory = tempfile.mkdtemp(prefix="house-")
    out = os.path.join(directory, "set")
    try:
        done = house.run("protoc", "-I" + include, "--include_imports",
                         "--descriptor_set_out=" + out, *names)
        if done.returncode != 0:
            raise ValueError(done.stdout.strip())
        found = descriptor_pb2.FileDescriptorSet()
        with open(out, "rb") as file:
            found.ParseFromString(file.read())
        return found
    finally:
        shutil.rmtree(directory)


def messages(prefix, holder):
    for message in holder:
        name = prefix + "." + message.name
        yield name, message
        yield from messages(name, message.nested_type)


def field_facts(message, field):
    repeated = field.label == field.LABEL_REPEATED
    facts = "%s %s" % (FIELD[field.type], field.type_name)
    if repeated:
        facts = "repeated " + facts
    if field.HasField("oneof_index"):
        facts += " in oneof " + message.oneof_decl[field.oneof_index].name
    return "%d %s" % (field.number, facts.strip())


def facts(found, package):
    """Name -> what the wire sees of it."""
    out = {}
    for file in found.file:
        if file.package != package:
            continue
        for name, message in messages("." + package, file.message_type):
            out[name] = "message"
            for field in message.field:
                out[name + "." + field.name] = field_facts(message, field)
        enums = [("." + package, file.enum_type)] + [
            (name, m.enum_type)
            for name, m in messages("." + package, file.message_type)]
        for prefix, holder in enums:
            for enum in holder:
                out[prefix + "." + enum.name] = "enum"
                for value in enum.value:
                    out["%s.%s.%s" % (prefix, enum.name, value.name)] = str(
                        value.number)
    return out


def compare(ours, contract):
    for name in sorted(set(ours) | set(contract)):
        a, b = ours.get(name, "nothing"), contract.get(name, "nothing")
        if a != b:
            yield "%s is %s, the contract says %s" % (name, a, b)


def reaches(name, uses, seen):
    for used in uses.get(name, ()):
        if used in seen:
            continue
        seen.add(used)
        reaches(used, uses, seen)
    return seen


def lint_field(name, message, field):
    where = name + "." + field.name
    if field.proto3_optional:
        yield where + ": optional (protobuf-c refuses it)"
    if FIELD[field.type] in ("float", "double"):
        yield where + ": floating point"
    if FIELD[field.type] == "group":
        yield where + ": a group"
    if field.type_name.startswith(".google."):
        yield where + ": well-known type " + field.type_name
    if 1000 <= field.number <= 1099 or 19000 <= field.number <= 19999:
        yield where + ": number %d is not ours to give" % field.number
    if field.options.ListFields():
        yield where + ": an option"


def lint(found):
    uses = {}
    for file in found.file:
        if file.syntax != "proto3":
            yield file.name + ": not proto3"
        if file.service:
            yield file.name + ": a service"
        if file.extension:
            yield file.name + ": an extension"
        if file.options.ListFields():
            yield file.name + ": an option"
        for name in file.dependency:
            if not name.startswith(("market/v1/", "dsse/v1/")):
                yield file.name + ": imports " + name
        for name, message in messages("." + file.package, file.message_type):
            if message.options.map_entry:
                yield name + ": a map"
            elif message.options.ListFields():
                yield name + ": an option"
            for field in message.field:
                yield from lint_field(name, message, field)
            uses[name] = [f.type_name for f in message.field
                          if FIELD[f.type] == "message"]
        for enum in file.enum_type:
            if enum.value[0].number != 0 or not enum.value[0].name.endswith(
                    "_UNSPECIFIED"):
                yield "%s: its zero is not _UNSPECIFIED" % enum.name
            if enum.options.ListFields():
                yield enum.name + ": an option"
    for name in sorted(uses):
        if name in reaches(name, uses, set()):
            yield name + ": recursion"


def undocumented(root):
    """Each message, enum, field and value has a comment of its own."""
    for path in house.files(root, "proto", ".proto"):
        lines = house.read(root, path).splitlines()
        depth, described = 0, False
        for number, line in enumerate(lines, 1):
            text = line.strip()
            if text.startswith("//"):
                described = True
                continue
            head = text.split("//")[0].strip()
            declares = head.startswith(("message ", "enum ")) or (
                depth > 0 and head.endswith(";") and "=" in head
                and not head.startswith("reserved"))
            zero = head.endswith("= 0;") and "_UNSPECIFIED" in head
            if head == "Header header = 1;":
                declares = False
            if declares and not described and not zero and "//" not in text:
                yield "%s:%d: %s has no comment" % (path, number, head)
            depth += head.count("{") - head.count("}")
            described = False


HEAD = 'syntax = "proto3";\npackage market.v1;\n'
# E30: no map. E31: no floating point; money is an integer of micros.
BAD = [
    ("recursion", "message A { B b = 1; }\nmessage B { repeated A a = 1; }"),
    ("a map", "message A { map<string, string> m = 1; }"),
    ("optional", "message A { optional string s = 1; }"),
    ("floating point", "message A { double d = 1; }"),
    ("floating point", "message A { repeated float f = 1; }"),
    ("not ours to give", "message A { string s = 1000; }"),
    ("its zero is not", "enum E { E_ONE = 0; }"),
    ("a service", "message A { string s = 1; }\n"
                  "service S { rpc R(A) returns (A); }"),
    ("an option", "message A { repeated int32 n = 1 [packed = false]; }"),
    ("an option", "option optimize_for = LITE_RUNTIME;\n"
                  "message A { string s = 1; }"),
    ("well-known type", 'import "google/protobuf/timestamp.proto";\n'
                        "message A { google.protobuf.Timestamp t = 1; }"),
    ("not proto3", None),
]
CONTRACT = ("message A { string s = 1; repeated uint32 n = 2; }\n"
            "enum E { E_UNSPECIFIED = 0; E_ONE = 1; }\n")
CHANGED = [
    ("another number", CONTRACT.replace("s = 1", "s = 3")),
    ("another type", CONTRACT.replace("uint32", "uint64")),
    ("another name", CONTRACT.replace("string s", "string t")),
    ("a field more", CONTRACT.replace("2; }", "2; bool b = 3; }")),
    ("a value less", CONTRACT.replace(" E_ONE = 1;", "")),
    ("no longer repeated", CONTRACT.replace("repeated ", "")),
    ("in a oneof", CONTRACT.replace("string s = 1;",
                                    "oneof o { string s = 1; }")),
]


TIMESTAMP = ('syntax = "proto3";\npackage google.protobuf;\n'
             "message Timestamp { int64 seconds = 1; }\n")


def compiled(text):
    with house.Tree({"market/v1/a.proto": text,
                     "google/protobuf/timestamp.proto": TIMESTAMP}) as root:
        return descriptors(root, ["market/v1/a.proto"])


def selftest(tap):
    for what, text in BAD:
        text = HEAD + text if text else (
            'syntax = "proto2";\npackage market.v1;\nmessage A {}\n')
        tap.finds(lint(compiled(text)), "a schema with " + what, what)
    want = facts(compiled(HEAD + CONTRACT), "market.v1")
    tap.clean(lint(compiled(HEAD + CONTRACT)), "a schema in order passes")
    tap.clean(compare(want, want), "a schema is its own contract")
    for what, text in CHANGED:
        got = facts(compiled(HEAD + text), "market.v1")
        tap.finds(compare(got, want), "a contract changed: " + what, "says")
    for text, what in ((
            "message A {\n  // a\n  string s = 1;\n}\n", "message A"),
            ("// a\nmessage A {\n  string s = 1;\n}\n", "string s")):
        with house.Tree({"proto/a.proto": text}) as root:
            tap.finds(undocumented(root), "no comment at " + what, what)


def main():
    tap = house.Tap()
    if descriptor_pb2 is None or not shutil.which("protoc"):
        tap.skip("the schema", "needs protoc and python3-protobuf")
        return tap.done()
    selftest(tap)
    include = os.path.join(house.SRCDIR, "proto")
    names = [os.path.relpath(path, "proto")
             for path in house.files(house.SRCDIR, "proto", ".proto")]
    ours = descriptors(include, names)
    tap.clean(lint(ours), "the schema keeps to what all libraries read alike")
    tap.clean(undocumented(house.SRCDIR), "the schema is documented")
    contract = os.path.join(SHARED, "schema")
    if not os.path.exists(os.path.join(contract, "market.proto")):
        tap.skip("the schema is the contract",
                 "schema/market.proto is missing: set MARKET_SHARED")
        return tap.done()
    given = descriptors(contract, ["market.proto"])
    tap.clean(compare(facts(ours, "market.v1"), facts(given, "market.v1")),
              "the schema is the contract")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
