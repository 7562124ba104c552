#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the documents show is true: the README's program is examples/01_check.c,
compiles against the installed kind of headers and library, and judges; the
signer of libmarket/doc/wire.md signs what the command permits."""

import json
import os
import re
import shutil
import sys
import tempfile
import time

import house

try:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    import google.protobuf  # noqa: F401
    READY = True
except ImportError:
    READY = False

MARKET = os.path.join(house.BUILDDIR, "market")
EXAMPLE = "examples/01_check.c"
SHORT = 40


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


class World:
    """Root, policy and evidence, signed by the code of wire.md alone."""

    def __init__(self, directory):
        self.directory = directory
        text = house.read(house.SRCDIR, "libmarket/doc/wire.md")
        protos = [os.path.join(house.SRCDIR, path) for path in
                  house.files(house.SRCDIR, "proto", ".proto")]
        made = house.run("protoc", "-I" + os.path.join(house.SRCDIR, "proto"),
                         "--python_out=" + directory, *protos)
        if made.returncode != 0:
            raise ValueError(made.stdout)
        with open(os.path.join(directory, "wire_doc.py"), "w",
                  encoding="utf-8") as file:
            file.write(blocks(text, "python")[0])
        sys.path.insert(0, directory)
        import wire_doc  # pylint: disable=import-error
        self.doc = wire_doc
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


def command(files, *evidence):
    argv = [MARKET, "check", "--json", "--root", files["root"], "--policy",
            files["policy"]]
    for path in evidence:
        argv += ["--with", path]
    return house.run(*argv, files["offer"])


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
        check_program(tap, files, directory)
    finally:
        shutil.rmtree(directory)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
