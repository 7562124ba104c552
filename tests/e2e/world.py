# SPDX-License-Identifier: Apache-2.0
"""A small marketplace made with the command, for tests from end to end.

The defaults tell of one offer that is permitted: importer.example sells the
Mi 4 of xiaomi on usmobile.com, for the network of T-Mobile US, as of AT. A test
takes the statements, changes what it is about, and signs that anew:

    with World() as w:
        files = w.statements()
        files["certification"] = w.sign("certification", w.certification(
            state="CERTIFICATION_STATE_IN_TEST"))
        done = w.check(files)

Documents are the dicts of the JSON mapping. A builder's keyword replaces a
field; None takes it out; a dict is merged into the one that is there.
"""

import copy
import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile
import traceback

SRCDIR = os.environ.get("SRCDIR") or os.path.abspath(
    os.path.join(os.path.dirname(__file__), "..", ".."))
BUILDDIR = os.environ.get("BUILDDIR") or os.getcwd()
MARKET = os.path.join(BUILDDIR, "market")

AT = "2016-02-01T00:00:00Z"
FROM = "2016-01-15T00:00:00Z"
UNTIL = "2017-01-15T00:00:00Z"

SHOP, BRAND, CARRIER, CERTIFIER, SELLER = (
    "usmobile.com", "mi.com", "t-mobile.com", "fcc.gov", "importer.example")
NETWORK = "t-mobile.com/us"
KINDS = ["trust-root", "key-set", "policy", "seller", "product", "network",
         "authorization", "disavowal", "certification", "withdrawal", "hold",
         "status", "offer", "feed"]


def merge(document, changes):
    """The document with the changes; None takes a field out."""
    for name, value in changes.items():
        if value is None:
            document.pop(name, None)
        elif isinstance(value, dict) and isinstance(document.get(name), dict):
            merge(document[name], value)
        else:
            document[name] = copy.deepcopy(value)
    return document


def header(issuer, name, **changes):
    return merge({"issuer": issuer, "id": name, "revision": "1",
                  "issuedAt": FROM, "notBefore": FROM, "notAfter": UNTIL},
                 changes)


def scope(**changes):
    return merge({"models": ["2014215"], "territories": ["US"],
                  "channels": ["CHANNEL_ONLINE_STORE"],
                  "marketplaces": [SHOP], "conditions": ["CONDITION_NEW"]},
                 changes)


class World:
    """A directory with keys and signed files; removed at the end."""

    first = None  # what statements() gives, made by who asked first

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="world-")
        self.count = 0
        self.spki = {}
        self.files = None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.dir)

    def path(self, name):
        return os.path.join(self.dir, name)

    def run(self, *argv, stdin=b"", env=None, **options):
        """The command; .returncode, .stdout and .stderr (bytes)."""
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("MARKET_PASSPHRASE", "NO_COLOR")}
        environment.update(env or {})
        if "stdout" not in options:
            options["stdout"] = subprocess.PIPE
        if isinstance(stdin, bytes):
            options["input"] = stdin
        else:
            options["stdin"] = stdin
        return subprocess.run([MARKET] + list(argv), env=environment,
                              stderr=subprocess.PIPE, check=False, **options)

    def must(self, *argv, **options):
        """The command, which has to succeed without a word; its stdout."""
        done = self.run(*argv, **options)
        assert done.returncode == 0 and done.stderr == b"", (
            argv, done.returncode, done.stderr)
        return done.stdout

    def write(self, name, content):
        if not isinstance(content, (bytes, str)):
            content = json.dumps(content)
        if isinstance(content, str):
            content = content.encode()
        with open(self.path(name), "wb") as file:
            file.write(content)
        return self.path(name)

    # keys

    def key(self, name, algorithm="ed25519"):
        """A private key's file, made when it is first asked for."""
        path = self.path(name + ".pem")
        if not os.path.exists(path):
            self.must("keygen", "--algorithm", algorithm, "-o", path)
        return path

    def keys(self, *names, threshold=1, **changes):
        """A key set of the schema."""
        found = []
        for name in names:
            if name not in self.spki:
                told = json.loads(
                    self.must("keyid", "--json", self.key(name)))
                self.spki[name] = told["spki"]
            found.append(merge({"spki": self.spki[name],
                                "environment": "ENVIRONMENT_PRODUCTION"},
                               changes))
        return {"threshold": threshold, "keys": found}

    # documents

    def root(self, **changes):
        def party(name, *roles):
            return {"id": name, "keys": self.keys(name),
                    "roles": list(roles)}

        return merge({
            "header": header(SHOP, "root"), "rootKeys": self.keys("board"),
            "parties": [
                party(SHOP, {"role": "ROLE_MARKETPLACE"}),
                party(BRAND, {"role": "ROLE_BRAND", "brands": ["xiaomi"]}),
                party(CARRIER, {"role": "ROLE_CARRIER",
                                "networks": [NETWORK]}),
                party(CERTIFIER, {"role": "ROLE_CERTIFIER",
                                  "schemes": ["fcc"], "territories": ["US"]}),
            ]}, changes)

    def policy(self, **changes):
        return merge({
            "header": header(SHOP, "policy"),
            "environment": "ENVIRONMENT_PRODUCTION",
            "requirements": [{"territories": ["US"], "networks": ["*"],
                              "categories": ["*"],
                              "schemes": ["carrier", "fcc"]}],
            "minimumService": "SERVICE_3G", "discloseBelow": "SERVICE_4G",
            "maxChain": 3, "clockSkewSeconds": "300",
            "requireSellerVerification": True}, changes)

    def seller(self, **changes):
        return merge({
            "header": header(SHOP, "seller-importer"), "seller": SELLER,
            "keys": self.keys(SELLER),
            "legalName": "Example Electronics HK Ltd"}, changes)

    def product(self, **changes):
        return merge({
            "header": header(BRAND, "product-2014215"), "brand": "xiaomi",
            "model": "2014215", "name": "Mi 4", "category": "smartphone",
            "hardwareVersions": ["MI 4W"], "softwareVersions": ["MIUI 7.0"],
            "radio": {"gsmMhz": [850, 900, 1800, 1900],
                      "umtsBands": [1, 2, 5, 8],
                      "features": ["FEATURE_E911"]}}, changes)

    def network(self, **changes):
        return merge({
            "header": header(CARRIER, "network-us"), "network": NETWORK,
            "name": "T-Mobile US", "plmns": ["310-260"],
            "territories": ["US"],
            "deployments": [
                {"rat": "RAT_GSM", "band": 1900},
                {"rat": "RAT_UMTS", "band": 2},
                {"rat": "RAT_LTE", "band": 4},
                {"rat": "RAT_LTE", "band": 12}]}, changes)

    def authorization(self, **changes):
        return merge({
            "header": header(BRAND, "grant-importer"), "brand": "xiaomi",
            "grantee": SELLER, "granteeKeys": self.keys(SELLER),
            "scope": scope()}, changes)

    def certification(self, **changes):
        """The carrier's; fcc() is the other one that policy asks for."""
        return merge({
            "header": header(CARRIER, "cert-2014215"), "scheme": "carrier",
            "brand": "xiaomi", "model": "2014215",
            "hardwareVersions": ["MI 4W"], "softwareVersions": ["*"],
            "networks": [NETWORK], "territories": ["US"],
            "bands": [{"rat": "RAT_GSM", "bands": [1900]},
                      {"rat": "RAT_UMTS", "bands": [2]}],
            "state": "CERTIFICATION_STATE_CERTIFIED",
            "route": "ROUTE_INITIAL"}, changes)

    def fcc(self, **changes):
        return merge(self.certification(
            header=header(CERTIFIER, "fcc-2014215"), scheme="fcc",
            networks=["*"]), changes)

    def disavowal(self, **changes):
        return merge({
            "header": header(BRAND, "no-us"), "brand": "xiaomi",
            "parties": ["*"],
            "scope": {"models": ["*"], "territories": ["US"],
                      "channels": ["CHANNEL_ANY"], "marketplaces": ["*"],
                      "conditions": ["CONDITION_ANY"]},
            "statement": "Nobody is authorised in the US."}, changes)

    def withdrawal(self, **changes):
        return merge({
            "header": header(BRAND, "withdraw-grant"),
            "target": {"kind": "authorization", "issuer": BRAND,
                       "id": "grant-importer"},
            "reason": "WITHDRAWAL_REASON_CEASED"}, changes)

    def hold(self, **changes):
        return merge({
            "header": header(SHOP, "hold-importer"),
            "target": {"seller": SELLER},
            "reason": "WITHDRAWAL_REASON_POLICY",
            "note": "The brand has been asked."}, changes)

    def offer(self, **changes):
        return merge({
            "header": header(SELLER, "mi4-white"), "brand": "xiaomi",
            "model": "2014215", "hardwareVersion": "MI 4W",
            "softwareVersion": "MIUI 7.0", "title": "Xiaomi Mi 4, white",
            "condition": "CONDITION_NEW",
            "price": {"currencyCode": "USD", "amountMicros": "219000000"},
            "availability": "AVAILABILITY_IN_STOCK", "marketplace": SHOP,
            "territories": ["US"], "channels": ["CHANNEL_ONLINE_STORE"],
            "networks": [NETWORK],
            "disclosures": ["DISCLOSURE_SERVICE_3G_ONLY"],
            "fulfiller": SELLER}, changes)

    # signing and checking

    def sign(self, kind, document, *keys, name=None, binary=False):
        """Signs; by default with the issuer's key. The file's path."""
        self.count += 1
        issuer = document.get("header", {}).get("issuer", SELLER)
        if not keys:
            keys = ["board" if kind == "trust-root" else issuer]
        source = self.write("%d.json" % self.count, document)
        path = self.path(name or "%d-%s.dsse" % (self.count, kind))
        options = ["--binary"] if binary else []
        for key in keys:
            options += ["--key", self.key(key)]
        self.must("sign", kind, source, "-o", path, *options)
        return path

    def make_statements(self):
        return {
            "root": self.sign("trust-root", self.root()),
            "policy": self.sign("policy", self.policy()),
            "seller": self.sign("seller", self.seller()),
            "product": self.sign("product", self.product()),
            "network": self.sign("network", self.network()),
            "authorization": self.sign("authorization",
                                       self.authorization()),
            "certification": self.sign("certification",
                                       self.certification()),
            "fcc": self.sign("certification", self.fcc()),
            "offer": self.sign("offer", self.offer()),
        }

    def statements(self):
        """Everything that permits the offer: name -> file."""
        if os.listdir(self.dir):
            return self.make_statements()
        # A world that is still empty is made once, and then copied.
        if World.first is None:
            World.first = World()
            World.first.files = World.first.make_statements()
        first = World.first
        for name in os.listdir(first.dir):
            shutil.copy(first.path(name), self.path(name))
        self.count = first.count
        self.spki = dict(first.spki)
        return {kind: self.path(os.path.basename(file))
                for kind, file in first.files.items()}

    def check_line(self, files, *extra, at=AT):
        """The words of `market check`; offers are what is named so."""
        line = ["check", "--root", files["root"], "--policy",
                files["policy"], "--at", at]
        for name, file in files.items():
            if name not in ("root", "policy") and "offer" not in name:
                line += ["--with", file]
        line += list(extra)
        return line + [f for name, f in files.items() if "offer" in name]

    def check(self, files, *extra, at=AT):
        """Runs `market check --json`; adds .decisions to what it did."""
        done = self.run(*self.check_line(files, "--json", *extra, at=at))
        done.decisions = [json.loads(line)
                          for line in done.stdout.splitlines()]
        return done

    # the store

    def init(self, files, name="shop.db", at=AT):
        """A new store on the root and the policy; its path."""
        path = self.path(name)
        self.must("init", path, "--root", files["root"], "--policy",
                  files["policy"], "--at", at)
        return path

    def shop(self, files=None, name="shop.db", at=AT):
        """A store with all statements in it, and then the offers."""
        files = files or self.statements()
        path = self.init(files, name, at)
        self.must("add", path, "--at", at, *[
            file for kind, file in files.items()
            if kind not in ("root", "policy") and "offer" not in kind])
        for kind, file in files.items():
            if "offer" in kind:
                done = self.run("submit", path, file, "--at", at)
                assert done.returncode < 3 and done.stderr == b"", done
        return path

    def tell(self, verb, *rest, at=AT, status=0):
        """A verb with --json, as of `at`; what it printed."""
        line = [verb, "--json"] + list(rest)
        done = self.run(*line, *(["--at", at] if at else []))
        assert done.returncode == status, (line, done)
        assert status > 3 or done.stderr == b"", (line, done)
        assert done.stdout.count(b"\n") == 1, (line, done)
        return json.loads(done.stdout)

    def lines(self, verb, *rest, at=AT, status=0):
        """The same of a verb that prints one object in a line."""
        line = [verb, "--json"] + list(rest)
        done = self.run(*line, *(["--at", at] if at else []))
        assert done.returncode == status, (line, done)
        return [json.loads(one) for one in done.stdout.splitlines()]


def codes(decision):
    """The codes of all findings of a decision, sorted."""
    found = list(decision["findings"])
    for cell in decision["cells"]:
        found += cell["findings"]
    return sorted({finding["code"] for finding in found})


def on_terminal(*argv, stdout=False, stderr=False, env=None):
    """What the command writes where these streams are a terminal."""
    here, there = pty.openpty()
    environment = dict(os.environ, TERM="xterm")
    environment.pop("NO_COLOR", None)
    environment.update(env or {})
    done = subprocess.Popen(
        [MARKET] + list(argv), stdout=there if stdout else subprocess.DEVNULL,
        stderr=there if stderr else subprocess.DEVNULL, env=environment)
    os.close(there)
    text = b""
    while True:
        try:
            more = os.read(here, 4096)
        except OSError:
            break
        if not more:
            break
        text += more
    done.wait()
    os.close(here)
    return text.replace(b"\r\n", b"\n")


def has_stores():
    """Was it built to keep stores in files?"""
    with open(os.path.join(BUILDDIR, "config.h"), encoding="utf-8") as file:
        return "#define HAVE_SQLITE 1" in file.read()


class Skipped(Exception):
    """What the test needs from outside the tree is not there."""


def main(tests, stores=False):
    """Runs each test_* of a module as a test of TAP; an exit status."""
    if not os.path.exists(MARKET):
        print("1..0 # SKIP the command is not built (jansson)")
        return 0
    if stores and not has_stores():
        print("1..0 # SKIP built without SQLite")
        return 0
    found = [(name, test) for name, test in tests.items()
             if name.startswith("test_")]
    failed = 0
    for number, (name, test) in enumerate(found, 1):
        fault = skipped = None
        try:
            with World() as world:
                test(world)
        except Skipped as reason:
            # Where all must be there, a skip is a failure.
            if os.environ.get("MARKET_REQUIRE_SHARED") == "1":
                fault = "skipped: %s" % reason
                failed += 1
            else:
                skipped = reason
        except Exception:  # the test goes on with the next one
            fault = traceback.format_exc()
            failed += 1
        print("%s %d - %s%s" % (
            "ok" if fault is None else "not ok", number, name[5:],
            "" if skipped is None else " # SKIP %s" % skipped))
        if fault is not None:
            print("# " + fault.rstrip().replace("\n", "\n# "))
        sys.stdout.flush()
    if World.first is not None:
        shutil.rmtree(World.first.dir)
    print("1..%d" % len(found))
    return 1 if failed else 0
