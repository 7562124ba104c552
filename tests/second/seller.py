#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A newcomer: signs a statement of each kind by libmarket/doc/wire.md alone.

Messages, bytes, signatures and envelopes are made here, with python3-protobuf
and python3-cryptography. `market` must show each as it was meant, verify it,
sign the same document to the same bytes, take it all into a store, and permit
the offer.
"""

import base64
import calendar
import hashlib
import json
import os
import subprocess
import sys

import kit
from cryptography.hazmat.primitives import serialization

SHOP, BRAND, CARRIER, FCC, SELLER = (
    "usmobile.example", "mi.example", "t-mobile.example", "fcc.example",
    "importer.example")
NETWORK = CARRIER + "/us"
BEGIN = calendar.timegm((2016, 1, 15, 0, 0, 0))
END = calendar.timegm((2017, 1, 15, 0, 0, 0))
NOW = "2016-02-01T12:00:00Z"
ANY = {"models": ["*"], "territories": ["US"], "channels": [1],
       "marketplaces": ["*"], "conditions": [1]}


# ---- wire.md, "In five steps" ----

def payload_type(kind):
    return "application/vnd.libmarket.%s.v1+protobuf" % kind


def pae(kind, payload):
    type_ = payload_type(kind).encode("ascii")
    return b"DSSEv1 %d %s %d %s" % (len(type_), type_, len(payload), payload)


class Signed:
    """One statement: the payload, what was signed, and the signatures."""

    def __init__(self, kind, message, keys):
        self.kind = kind
        self.message = message
        self.payload = message.SerializeToString(deterministic=True)
        self.pae = pae(kind, self.payload)
        self.keys = keys
        self.signatures = [(key.id, key.sign(self.pae)) for key in keys]

    @property
    def digest(self):
        return hashlib.sha256(self.pae).digest()

    def json(self):
        return json.dumps({
            "payload": base64.b64encode(self.payload).decode(),
            "payloadType": payload_type(self.kind),
            "signatures": [
                {"keyid": keyid, "sig": base64.b64encode(sig).decode()}
                for keyid, sig in self.signatures]}).encode()

    def protobuf(self, schema):
        return schema["dsse.v1.Envelope"](
            payload=self.payload, payloadType=payload_type(self.kind),
            signatures=[{"keyid": keyid, "sig": sig}
                        for keyid, sig in self.signatures],
        ).SerializeToString(deterministic=True)


# ---- one statement of each kind ----

class Newcomer:
    """Everybody's keys and statements."""

    def __init__(self, schema, algorithm):
        self.schema = schema
        self.key = {name: kit.Key(name + algorithm, algorithm)
                    for name in (SHOP, BRAND, CARRIER, FCC, SELLER, "board",
                                 "next")}
        self.signed = {}
        self.trust()
        self.evidence()
        self.takes_away()
        self.sells()

    def keys(self, *names):
        return {"threshold": len(names), "keys": [
            {"spki": self.key[name].spki, "environment": 1}
            for name in names]}

    def sign(self, name, kind, issuer, message, /, *signers, **fields):
        made = self.schema["market.v1." + message](header={
            "issuer": issuer, "id": name, "revision": 1, "issued_at": BEGIN,
            "not_before": BEGIN, "not_after": END}, **fields)
        self.signed[name] = Signed(
            kind, made, [self.key[key] for key in signers or (issuer,)])

    def trust(self):
        def party(name, *roles):
            return {"id": name, "keys": self.keys(name), "roles": roles}

        self.sign("root", "trust-root", SHOP, "TrustRoot", "board",
                  root_keys=self.keys("board"), parties=[
                      party(SHOP, {"role": 4}),
                      party(BRAND, {"role": 1, "brands": ["xiaomi"]}),
                      party(CARRIER, {"role": 2, "networks": [NETWORK]}),
                      party(FCC, {"role": 3, "schemes": ["fcc"],
                                  "territories": ["US"]})])
        self.sign("keys", "key-set", BRAND, "PartyKeys", BRAND, "next",
                  keys=self.keys("next"))
        self.sign("policy", "policy", SHOP, "Policy", environment=1,
                  requirements=[{"territories": ["*"], "networks": ["*"],
                                 "categories": ["*"], "schemes": ["fcc"]}],
                  minimum_service=3, disclose_below=4, max_chain=3,
                  clock_skew_seconds=300, require_seller_verification=True)

    def evidence(self):
        self.sign("seller", "seller", SHOP, "Seller", seller=SELLER,
                  keys=self.keys(SELLER), legal_name="Importer HK Ltd",
                  address={"lines": ["1 Example Road"], "country": "HK"})
        self.sign("product", "product", BRAND, "Product", brand="xiaomi",
                  model="2014215", name="Mi 4 \u5c0f\u7c73",
                  category="smartphone", gtins=["4006381333931"],
                  radio={"gsm_mhz": [850, 900, 1800, 1900],
                         "umts_bands": [1, 2, 5, 8], "features": [3]})
        self.sign("network", "network", CARRIER, "Network", network=NETWORK,
                  plmns=["310-260"], territories=["US"], deployments=[
                      {"rat": 1, "band": 1900},
                      {"rat": 2, "band": 2, "until": 1656633600}])
        self.sign("grant", "authorization", BRAND, "Authorization",
                  brand="xiaomi", grantee=SELLER,
                  grantee_keys=self.keys(SELLER), scope=ANY)
        for name, issuer, scheme in (("fcc", FCC, "fcc"),
                                     ("carrier", CARRIER, "carrier")):
            self.sign(name, "certification", issuer, "Certification",
                      scheme=scheme, brand="xiaomi", model="2014215",
                      hardware_versions=["*"], software_versions=["*"],
                      networks=["*"], territories=["US"], state=3, route=1,
                      bands=[{"rat": 1, "bands": [1900]},
                             {"rat": 2, "bands": [2]}])

    def takes_away(self):
        """Of other things than those that the offer rests on."""
        self.sign("disavowal", "disavowal", BRAND, "Disavowal",
                  brand="xiaomi", parties=["other.example"], scope=ANY,
                  statement="Not through these.")
        self.sign("withdrawal", "withdrawal", BRAND, "Withdrawal",
                  target={"kind": "authorization", "issuer": BRAND,
                          "id": "old"}, reason=1)
        self.sign("withdrawn-key", "withdrawal", BRAND, "Withdrawal",
                  target_key=bytes.fromhex(self.key["next"].id), reason=3)
        self.sign("hold", "hold", SHOP, "Hold",
                  target={"seller": "other.example"}, reason=6)
        self.sign("status", "status", BRAND, "Status", sequence=1,
                  withdrawn=[self.signed["withdrawal"].digest], page_count=1)

    def sells(self):
        self.sign("offer", "offer", SELLER, "Offer", brand="xiaomi",
                  model="2014215", gtin="4006381333931", title="Mi 4, white",
                  condition=2, price={"currency_code": "USD",
                                      "amount_micros": 219000000},
                  availability=1, quantity=7, marketplace=SHOP,
                  territories=["US"], channels=[2], networks=[NETWORK],
                  disclosures=[3], fulfiller=SELLER, ships_from="HK")
        leaf = hashlib.sha256(b"\0" + self.signed["offer"].payload).digest()
        self.sign("feed", "feed", SELLER, "Feed", mode=1, count=1, root=leaf,
                  chunk_roots=[leaf])


# ---- the command ----

class Desk:
    """Files of one newcomer, and what the command says of them."""

    def __init__(self, out_dir, newcomer):
        self.dir = out_dir
        self.newcomer = newcomer
        self.files = {}
        for number, (name, signed) in enumerate(newcomer.signed.items()):
            self.files[name] = self.write(
                name, signed.json() if number % 2
                else signed.protobuf(newcomer.schema))

    def write(self, name, data):
        path = os.path.join(self.dir, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def pem(self, key):
        return self.write(key.id + ".pem", key.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))

    def show(self, data, *options):
        return json.loads(kit.run(kit.MARKET, "show", "--json", *options,
                                  "-", stdin=data))

    def one(self, name, signed):
        """What is wrong with how the command takes one statement."""
        forms = signed.json(), signed.protobuf(self.newcomer.schema)
        # A root says nothing of sellers, and of the next keys of a party.
        rooted = signed.message.header.issuer != SELLER
        for data in forms:
            shown = self.show(data, *(
                ["--root", self.files["root"]] if rooted else []))
            if shown["digest"] != signed.digest.hex():
                yield "%s: the digest is %s" % (name, shown["digest"])
            if [s["keyid"] for s in shown["signatures"]] != [
                    key.id for key in signed.keys]:
                yield "%s: signed by %s" % (name, shown["signatures"])
            if shown["verified"] is not rooted:
                yield "%s: verified is %s" % (name, shown["verified"])
            if kit.run(kit.MARKET, "pae", "-", stdin=data) != signed.pae:
                yield name + ": another PAE"
        document = json.dumps(shown["statement"]).encode()
        options = []
        for key in signed.keys:
            options += ["--key", self.pem(key)]
        again = kit.run(kit.MARKET, "sign", signed.kind, "--binary", *options,
                        "-", stdin=document)
        if signed.keys[0].algorithm == "ed25519":
            same = again == forms[1]
        else:  # ECDSA takes a number at random
            same = kit.run(kit.MARKET, "pae", "-", stdin=again) == signed.pae
        if not same:
            yield "%s: the command signs other bytes: %s, not %s" % (
                name, again.hex(), forms[1].hex())

    def permitted(self):
        line = ["--root", self.files["root"], "--policy",
                self.files["policy"], "--at", NOW, "--json"]
        for name in self.given():
            line += ["--with", self.files[name]]
        done = subprocess.run(
            [kit.MARKET, "check"] + line + [self.files["offer"]],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        told = json.loads(done.stdout) if done.stdout else {}
        # What is withdrawn is not there: that is told, and stops nothing.
        ignored = sorted(
            os.path.basename(one["file"]) for one in told.get("ignored", [])
            if one["code"] == "WITHDRAWAL_TARGET_UNKNOWN")
        if done.returncode != 0 or len(told["ignored"]) != len(ignored) or (
                ignored != ["withdrawal", "withdrawn-key"]):
            yield "%d: %s%s" % (done.returncode, done.stdout.decode(),
                                done.stderr.decode())

    def given(self):
        """The names of what is evidence."""
        return [name for name in self.files
                if name not in ("root", "policy", "offer", "feed", "keys")]

    def stored(self):
        """A store takes all that is evidence, and lists the offer."""
        store = os.path.join(self.dir, "shop.db")
        kit.run(kit.MARKET, "init", store, "--root", self.files["root"],
                "--policy", self.files["policy"], "--at", NOW)
        names = self.given()
        told = kit.run(kit.MARKET, "add", store, "--json", "--at", NOW,
                       *[self.files[name] for name in names])
        for name, line in zip(names, told.splitlines()):
            if json.loads(line)["result"] != "ACCEPTED":
                yield "%s: %s" % (name, line.decode())
        kit.run(kit.MARKET, "submit", store, self.files["offer"], "--at", NOW)
        listed = json.loads(kit.run(kit.MARKET, "list", store, "--json",
                                    "--at", NOW))
        if [one["status"] for one in listed] != ["PUBLISHED"]:
            yield "listed: %s" % listed


def main():
    if not os.path.exists(kit.MARKET):
        kit.skip("the command is not built (jansson)")
    tap = kit.Tap()
    with open(os.path.join(kit.BUILDDIR, "config.h"),
              encoding="utf-8") as file:
        stores = "#define HAVE_SQLITE 1" in file.read()
    with kit.folder() as out_dir:
        schema = kit.schema(out_dir)
        for algorithm in ("ed25519", "p256"):
            place = os.path.join(out_dir, algorithm)
            os.mkdir(place)
            desk = Desk(place, Newcomer(schema, algorithm))
            for name, signed in desk.newcomer.signed.items():
                tap.ok("%s: %s (%s)" % (algorithm, name, signed.kind),
                       desk.one(name, signed))
            tap.ok(algorithm + ": the offer is permitted", desk.permitted())
            if stores:
                tap.ok(algorithm + ": the offer is listed", desk.stored())
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
