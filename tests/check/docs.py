#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the documents show is true: the README's program is examples/01_check.c,
compiles against the installed kind of headers and library, and judges; the
signer of libmarket/doc/wire.md signs what the command permits, and writes feeds
as the command does."""

import importlib
import json
import os
import re
import shutil
import sys
import tempfile
import time

import house

try:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from google.protobuf import json_format
    READY = True
except ImportError:
    READY = False

MARKET = os.path.join(house.BUILDDIR, "market")
EXAMPLE = "examples/01_check.c"
SHORT = 40
# Rows of a feed: none, one chunk and its edges, more of them, the last one cut.
COUNTS = (0, 1, 255, 256, 257, 700)


def blocks(text, language):
    return re.findall(r"^```%s\n(.*?)^```$" % language, text, re.M | re.S)


def same_program(root):
    shown = blocks(house.read(root, "README.md"), "c")
    if len(shown) != 1:
        yield "README.md shows %d programs" % len(shown)
        return
    if shown[0] != house.read(root, EXAMPLE):
        yield "README.md does not show %s as it is" % EXAMPLE
    if shown[0].count("\n") > SHORT:
        yield "README.md: the program has more than %d lines" % SHORT


def wire_code(directory):
    """The module that the Python of wire.md makes, one block after another."""
    text = house.read(house.SRCDIR, "libmarket/doc/wire.md")
    protos = [os.path.join(house.SRCDIR, path) for path in
              house.files(house.SRCDIR, "proto", ".proto")]
    made = house.run("protoc", "-I" + os.path.join(house.SRCDIR, "proto"),
                     "--python_out=" + directory, *protos)
    if made.returncode != 0:
        raise ValueError(made.stdout)
    with open(os.path.join(directory, "wire_doc.py"), "w",
              encoding="utf-8") as file:
        file.write("\n\n".join(blocks(text, "python")))
    sys.path.insert(0, directory)
    return importlib.import_module("wire_doc")


class World:
    """Root, policy and evidence, signed by the code of wire.md alone."""

    def __init__(self, directory):
        self.directory = directory
        self.doc = wire_code(directory)
        self.seller = None  # the key of make_world()'s last
        self.now = int(time.time())

    def key(self, which):
        if which == "p256":
            return ec.generate_private_key(ec.SECP256R1())
        return ed25519.Ed25519PrivateKey.generate()

    def header(self, statement, issuer, name):
        statement.header.issuer = issuer
        statement.header.id = name
        statement.header.revision = 1
        statement.header.issued_at = self.now - 60
        statement.header.not_after = self.now + 30 * 86400
        return statement

    def keys(self, of, *keys):
        of.threshold = len(keys)
        for key in keys:
            of.keys.add(spki=self.doc.spki(key), environment=1)

    def write(self, name, envelope):
        path = os.path.join(self.directory, name)
        with open(path, "wb") as file:
            file.write(envelope)
        return path


def make_world(world, which, sign):
    """Files of a world in which the example offer is permitted."""
    from market.v1 import (authorization_pb2, certification_pb2, network_pb2,
                           policy_pb2, product_pb2, trust_root_pb2)
    shop, brand, carrier, seller = (world.key(which) for _ in range(4))
    world.seller = seller
    root = world.header(trust_root_pb2.TrustRoot(), "usmobile.com", "root")
    world.keys(root.root_keys, shop)
    for name, key, role in (
            ("usmobile.com", shop, dict(role=4)),
            ("mi.com", brand, dict(role=1, brands=["xiaomi"])),
            ("t-mobile.com", carrier,
             dict(role=2, networks=["t-mobile.com/us"]))):
        party = root.parties.add(id=name)
        world.keys(party.keys, key)
        party.roles.add(**role)
    policy = world.header(policy_pb2.Policy(
        environment=1, minimum_service=3, disclose_below=4,
        requirements=[dict(territories=["US"], networks=["*"],
                           categories=["*"], schemes=["carrier"])]),
        "usmobile.com", "policy")
    product = world.header(product_pb2.Product(
        brand="xiaomi", model="2014215", category="smartphone",
        hardware_versions=["1"], software_versions=["1"],
        radio=dict(gsm_mhz=[850, 900, 1800, 1900], umts_bands=[1, 2, 5, 8],
                   lte_bands=[3, 7, 41], features=[1, 3])),
        "mi.com", "mi-4")
    network = world.header(network_pb2.Network(
        network="t-mobile.com/us", plmns=["310-260"], territories=["US"],
        deployments=[dict(rat=1, band=1900), dict(rat=2, band=2),
                     dict(rat=3, band=4), dict(rat=3, band=12)]),
        "t-mobile.com", "network")
    grant = world.header(authorization_pb2.Authorization(
        brand="xiaomi", grantee="importer.example",
        scope=dict(models=["2014215"], territories=["US"], channels=[2],
                   marketplaces=["usmobile.com"], conditions=[2])),
        "mi.com", "grant")
    world.keys(grant.grantee_keys, seller)
    certificate = world.header(certification_pb2.Certification(
        scheme="carrier", brand="xiaomi", model="2014215",
        hardware_versions=["*"], software_versions=["*"],
        networks=["t-mobile.com/us"], territories=["US"],
        bands=[dict(rat=1, bands=[1900]), dict(rat=2, bands=[2])],
        state=3, route=1), "t-mobile.com", "cert")
    offer = world.doc.example_offer(world.now)
    return {
        "root": world.write("root", sign("trust-root", root, shop)),
        "policy": world.write("policy", sign("policy", policy, shop)),
        "offer": world.write("offer", sign("offer", offer, seller)),
        "grant": world.write("grant", sign("authorization", grant, brand)),
        "rest": [world.write("product", sign("product", product, brand)),
                 world.write("network", sign("network", network, carrier)),
                 world.write("cert",
                             sign("certification", certificate, carrier))],
    }


def command(files, *evidence, more=()):
    argv = [MARKET, "check", "--json", "--root", files["root"], "--policy",
            files["policy"], *more]
    for path in evidence:
        argv += ["--with", path]
    return house.run(*argv, files["offer"])


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption())


def feed_offers(world, count):
    """The example offer so often; the last one comes first."""
    for number in reversed(range(count)):
        offer = world.doc.example_offer(world.now)
        offer.header.id = "sku-%d" % number
        yield offer


def feed_pack(world, header, offers, *more):
    """What the command writes of the same documents."""
    def line(message):
        return json.dumps(json_format.MessageToDict(message)).encode()

    lines = sorted(offers, key=lambda offer: offer.header.id)
    out = os.path.join(world.directory, "packed")
    done = house.run(
        MARKET, "feed", "pack", "--key",
        world.write("seller.pem", pem(world.seller)),
        world.write("list.json", b'{"mode": "FEED_MODE_FULL", "header": %s}'
                    % line(header)),
        world.write("offers.jsonl", b"\n".join(map(line, lines))), "-o", out,
        *more)
    if done.returncode != 0:
        raise ValueError(done.stdout)
    with open(out, "rb") as file:
        return file.read()


def feed_faults(world, files, *feed, rows):
    """Not all of so many rows are permitted."""
    done = house.run(MARKET, "feed", "verify", "--json", "--root",
                     files["root"], "--policy", files["policy"],
                     *[word for path in [files["grant"]] + files["rest"]
                       for word in ("--with", path)], *feed)
    told = json.loads(done.stdout.splitlines()[-1])["summary"] if (
        done.returncode == 0) else {}
    if told.get("permitted") != rows or told.get("listed") != rows:
        yield "%d rows: %d, %s" % (rows, done.returncode, done.stdout[:2000])


def proof_faults(world, files, feed, payloads, index):
    """The proof of one row is the command's, and the row is permitted."""
    offer = os.path.join(world.directory, "row")
    proof = os.path.join(world.directory, "proof")
    name = sorted("sku-%d" % n for n in range(len(payloads)))[index]
    done = house.run(MARKET, "feed", "prove", "--offer", name, feed, "-o",
                     proof, "--payload", offer)
    if done.returncode != 0:
        yield "row %d of %d: %s" % (index, len(payloads), done.stdout[:2000])
        return
    with open(proof, "rb") as file, open(offer, "rb") as row:
        if (file.read(), row.read()) != (
                world.doc.proof(payloads, index), payloads[index]):
            yield "row %d of %d: the command has another proof, or row" % (
                index, len(payloads))
    world.write("proof", world.doc.proof(payloads, index))
    world.write("row", payloads[index])
    done = command(dict(files, offer=offer), files["grant"], *files["rest"],
                   more=["--feed", feed, "--proof", proof])
    if done.returncode != 0:
        yield "row %d of %d: %s" % (index, len(payloads), done.stdout[:2000])


def check_feeds(tap, world, which, files):
    """Feeds by wire.md, of the seller whose key make_world() made last."""
    label = "wire.md's feeds, %s: " % which
    header = world.header(world.doc.feed_pb2.Feed(), "importer.example",
                          "catalogue").header
    permitted, same, proven = [], [], []
    for count in COUNTS:
        offers = list(feed_offers(world, count))
        rows = world.doc.rows_of(offers)
        made = world.doc.feed(offers, header, world.seller)
        feed = world.write("feed", made)
        permitted += feed_faults(world, files, feed, rows=count)
        if which == "ed25519":
            if feed_pack(world, header, offers) != made:
                same.append("%d rows: the command writes others" % count)
        for index in sorted({0, count // 3, count - 1}) if count else ():
            proven += proof_faults(world, files, feed, rows, index)
    tap.clean(permitted, label + "all rows are permitted")
    tap.clean(proven, label + "each row can be proven")
    if which == "ed25519":
        tap.clean(same, label + "the command's, byte for byte")
    check_feed_apart(tap, world, files, header, label)


def check_feed_apart(tap, world, files, header, label):
    """The same, with rows in a file of their own."""
    offers = list(feed_offers(world, 300))
    payloads = world.doc.rows_of(offers)
    listing = world.doc.listing(payloads, header)
    rows = world.write("rows", b"".join(map(world.doc.delimited, payloads)))
    faults = []
    for sign in (world.doc.sign, world.doc.sign_binary):
        envelope = world.write("list", sign("feed", listing, world.seller))
        faults += feed_faults(world, files, envelope, rows, rows=300)
    tap.clean(faults, label + "rows may stand apart")


def compile_program(directory):
    """The README's block against headers, library, and examples/file.c."""
    source = os.path.join(directory, "program.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write(blocks(house.read(house.SRCDIR, "README.md"), "c")[0])
    program = os.path.join(directory, "program")
    examples = os.path.join(house.SRCDIR, "examples")
    libtool = os.path.join(house.BUILDDIR, "libtool")
    compiler = os.environ.get("CC", "cc").split()
    flags = os.environ.get("HOUSE_CFLAGS", "").split()
    made = house.run(
        libtool, "--tag=CC", "--mode=link", "--silent", *compiler, *flags,
        "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror",
        "-D_POSIX_C_SOURCE=200809L",
        "-I", os.path.join(house.SRCDIR, "libmarket/include"), "-I", examples,
        source, os.path.join(examples, "file.c"),
        os.path.join(house.BUILDDIR, "libmarket.la"), "-no-install", "-o",
        program)
    return program, house.first_lines(made.stdout) if made.returncode else []


def check_signer(tap, world, which, form, sign):
    files = make_world(world, which, sign)
    label = "wire.md's signer, %s in %s: " % (which, form)
    shown = house.run(MARKET, "show", "--json", "--root", files["root"],
                      files["grant"])
    good = shown.returncode == 0 and json.loads(shown.stdout)["verified"]
    tap.ok(good, label + "verified",
           [] if good else house.first_lines(shown.stdout))
    done = command(files, files["grant"], *files["rest"])
    good = done.returncode == 0 and (
        json.loads(done.stdout)["verdict"] == "PERMIT")
    tap.ok(good, label + "permitted", [] if good else [done.stdout[:2000]])
    tap.ok(command(files, *files["rest"]).returncode == 1,
           label + "denied without its grant")
    return files


def check_program(tap, files, directory):
    program, faults = compile_program(directory)
    if not tap.clean(faults, "the README's program compiles"):
        return
    base = [program, files["root"], files["policy"], files["offer"]]
    done = house.run(*base, files["grant"], *files["rest"])
    tap.ok(done.returncode == 0, "the README's program permits",
           [] if done.returncode == 0 else house.first_lines(done.stdout, 20))
    tap.ok(house.run(*base, *files["rest"]).returncode == 1,
           "the README's program denies without a grant")
    tap.ok(house.run(*base[:2]).returncode == 64,
           "the README's program wants its files")


def main():
    tap = house.Tap()
    with house.Tree({"README.md": "```c\nint x;\n```\n",
                     EXAMPLE: "int y;\n"}) as root:
        tap.finds(same_program(root), "a README that lags", "as it is")
    with house.Tree({"README.md": "```c\n%s```\n" % ("int x;\n" * 41),
                     EXAMPLE: "int x;\n" * 41}) as root:
        tap.finds(same_program(root), "a program that is long", "more than")
    tap.clean(same_program(house.SRCDIR), "the README shows " + EXAMPLE)
    if not READY or not shutil.which("protoc"):
        tap.skip("the documents' programs",
                 "needs protoc, python3-protobuf and python3-cryptography")
        return tap.done()
    if not os.path.exists(MARKET):
        tap.skip("the documents' programs", "the command needs jansson")
        return tap.done()
    directory = tempfile.mkdtemp(prefix="house-")
    try:
        world = World(directory)
        for which in ("p256", "ed25519"):
            check_signer(tap, world, which, "protobuf", world.doc.sign_binary)
            files = check_signer(tap, world, which, "JSON", world.doc.sign)
            check_feeds(tap, world, which, files)
        check_program(tap, files, directory)
    finally:
        shutil.rmtree(directory)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
