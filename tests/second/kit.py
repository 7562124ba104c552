# SPDX-License-Identifier: Apache-2.0
"""What the second opinions share: the schema, keys, the library's word, TAP."""

import glob
import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

SRCDIR = os.environ.get("SRCDIR", os.path.abspath(
    os.path.join(os.path.dirname(__file__), "..", "..")))
BUILDDIR = os.environ.get("BUILDDIR", os.getcwd())
SHARED = os.environ.get("MARKET_SHARED", os.path.join(SRCDIR, "../shared"))
MARKET = os.path.join(BUILDDIR, "market")
AT = "2016-02-01T12:00:00Z"


def skip(reason):
    print("1..0 # SKIP " + reason)
    sys.exit(0)


try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    import google.protobuf  # noqa: F401 (is it there?)
except ImportError as missing:
    skip("python3-protobuf or python3-cryptography is missing: %s" % missing)


class Missing(Exception):
    """Data that is kept outside the source tree, and is not there."""


def shared(name):
    """Path of a file of the shared folder."""
    path = os.path.join(SHARED, name)
    if not os.path.exists(path):
        raise Missing(name + " is missing: set MARKET_SHARED")
    return path


def vectors(name):
    with open(shared("vectors/" + name), encoding="utf-8") as file:
        return json.load(file)


class Tap:
    """Numbers tests; a failed one says what was found."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, label, faults=()):
        self.count += 1
        faults = list(faults)
        print("%s %d - %s" % ("not ok" if faults else "ok", self.count, label))
        for fault in faults[:10]:
            print("# " + fault[:2000].replace("\n", "\n# "))
        if len(faults) > 10:
            print("# and %d more" % (len(faults) - 10))
        sys.stdout.flush()
        self.failed += bool(faults)

    def skip(self, label, reason):
        if os.environ.get("MARKET_REQUIRE_SHARED") == "1":
            return self.ok(label, [reason])
        self.count += 1
        print("ok %d - %s # SKIP %s" % (self.count, label, reason))
        return None

    def done(self):
        print("1..%d" % self.count)
        return 1 if self.failed else 0


def schema(out_dir):
    """Every message of the schema, by its full name."""
    if shutil.which("protoc") is None:
        skip("protoc is missing")
    proto = os.path.join(SRCDIR, "proto")
    files = sorted(glob.glob(os.path.join(proto, "*/v1/*.proto")))
    subprocess.run(["protoc", "-I", proto, "--python_out", out_dir] + files,
                   check=True)
    sys.path.insert(0, out_dir)
    found = {}
    for file in files:
        name = os.path.relpath(file, proto)[:-6].replace("/", ".") + "_pb2"
        module = importlib.import_module(name)
        for descriptor in module.DESCRIPTOR.message_types_by_name.values():
            found[descriptor.full_name] = getattr(module, descriptor.name)
    return found


def folder():
    return tempfile.TemporaryDirectory(prefix="second-")


def program(name):
    """A helper of the build; without it there is no second opinion."""
    path = os.path.join(BUILDDIR, name)
    if not os.path.exists(path):
        skip(name + " is not built")
    return path


def run(*line, stdin=b"", status=0):
    """What a program prints; it must end with that status."""
    done = subprocess.run(line, input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    if done.returncode != status:
        raise AssertionError("%s: status %d\n%s" % (
            " ".join(line[:9]), done.returncode,
            done.stderr.decode("utf-8", "replace")))
    return done.stdout


def tell(lines):
    """The library's answers, each a list of fields: tests/second/tell.c."""
    text = "".join(line + "\n" for line in lines).encode()
    answers = run(program("tests/second/tell"), stdin=text).split(b"\n")[:-1]
    assert len(answers) == len(lines), (len(answers), len(lines))
    return [answer.decode("utf-8").split("\t") for answer in answers]


# ---- keys and signatures ----

class Key:
    """A private key that is the same in every run."""

    def __init__(self, name, algorithm="ed25519"):
        seed = hashlib.sha256(name.encode()).digest()
        self.algorithm = algorithm
        if algorithm == "ed25519":
            self.private = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
        else:
            self.private = ec.derive_private_key(
                int.from_bytes(seed, "big") >> 1, ec.SECP256R1())
        self.spki = self.private.public_key().public_bytes(
            serialization.Encoding.DER,
            serialization.PublicFormat.SubjectPublicKeyInfo)
        self.id = key_id(self.spki)

    def sign(self, message):
        if self.algorithm == "ed25519":
            return self.private.sign(message)
        return self.private.sign(message, ec.ECDSA(hashes.SHA256()))


def key_id(spki):
    return hashlib.sha256(spki).hexdigest()


def verifies(spki, message, signature):
    """Is it this key's signature? The algorithm is the key's."""
    key = serialization.load_der_public_key(spki)
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, message)
        else:
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
