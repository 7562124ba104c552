#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""All devices of a public list as one feed, written by the Python of wire.md
alone. One row in a hundred is broken, each in one of fourteen ways: just those
are told, each for its own reason, and all others are permitted."""

import csv
import hashlib
import importlib
import json
import os
import random
import shutil
import sys

import world
from world import AT, SELLER

sys.path.insert(0, os.path.join(world.SRCDIR, "tests", "check"))
import docs  # noqa: E402 pylint: disable=wrong-import-position

# world's FROM and UNTIL, and a moment before AT.
BEGIN, END, PAST = 1452816000, 1484438400, 1453000000
EACH = 100   # of which one is broken
STATED = 25  # of which one has a product statement


# ---- ways to break an offer: before it is a row ----

def gtin(offer):
    offer.gtin = "4006381333932"


def price(offer):
    offer.price.amount_micros = 0


def currency(offer):
    offer.price.currency_code = "ZZZ"


def title(offer):
    offer.title = ""


def marketplace(offer):
    offer.marketplace = "other.example"


def ended(offer):
    offer.header.not_after = PAST


def territory(offer):
    offer.territories[:] = ["CA"]


def model(offer):
    offer.model += "-2"


def issuer(offer):
    offer.header.issuer = "other.example"


def early(offer):
    """In front of all rows before it."""
    offer.header.id = "a" + offer.header.id


def twice(offer):
    """The id of the row before it, which is whole."""
    offer.header.id = device_id(int(offer.header.id[7:]) - 1)


# ---- and the row itself ----

def not_protobuf(row):
    return json.dumps({"row": len(row)}).encode("ascii")


def unknown_field(row):
    return row + b"\xf0\x01\x01"  # number 30 is 1


def explicit_default(row):
    return row + b"\xc8\x01\x00"  # return_days, the last but one, is 0


# What is told: the codes that speak against it, or a refusal.
OFFERS = {
    gtin: ("DENY", {"OFFER_GTIN_CHECK_DIGIT"}),
    price: ("DENY", {"OFFER_PRICE_INVALID"}),
    currency: ("DENY", {"OFFER_CURRENCY_UNKNOWN"}),
    title: ("DENY", {"OFFER_ATTRIBUTE_MISSING"}),
    marketplace: ("DENY", {"OFFER_MARKETPLACE"}),
    ended: ("DENY", {"OFFER_EXPIRED"}),
    territory: ("DENY", {"AUTHORIZATION_SCOPE_TERRITORY"}),
    model: ("INDETERMINATE", {"PRODUCT_UNKNOWN"}),
    issuer: ("REFUSED", ("MARKET_E_SCHEMA", "header.issuer", "a seller lists")),
    early: ("REFUSED", ("MARKET_E_SCHEMA", "header.id", "is not behind")),
    twice: ("REFUSED", ("MARKET_E_SCHEMA", "header.id", "list each once")),
}
ROWS = {
    not_protobuf: ("REFUSED", ("MARKET_E_ENCODING", None, "as the schema")),
    unknown_field: ("REFUSED", ("MARKET_E_SCHEMA", None, "no field 30")),
    explicit_default: (
        "REFUSED", ("MARKET_E_ENCODING", "return_days", "default")),
}
WANT = {**OFFERS, **ROWS}


# ---- the devices ----

def devices():
    """Marketing name, device, model of each."""
    shared = os.environ.get("MARKET_SHARED") or os.path.join(
        world.SRCDIR, "..", "shared")
    path = os.path.join(shared, "data", "android_devices.csv")
    if not os.path.exists(path):
        raise world.Skipped("%s is missing: set MARKET_SHARED" % path)
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def device_id(number):
    return "device-%05d" % number


def stated(number):
    """Which device's model it is sold as: one of each STATED is known."""
    return number - number % STATED


def private_key(w, name):
    with open(w.key(name), "rb") as file:
        return docs.serialization.load_pem_private_key(file.read(), None)


def fill(head, issuer, name):
    head.issuer = issuer
    head.id = name
    head.revision = 1
    head.issued_at = BEGIN
    head.not_after = END


def products(w, doc, found):
    """A statement of what each model that is sold can do."""
    product_pb2 = importlib.import_module("market.v1.product_pb2")
    key = private_key(w, world.BRAND)
    for code in {found[n][2] for n in range(0, len(found), STATED)}:
        product = product_pb2.Product(
            brand="xiaomi", model=code,
            radio={"gsm_mhz": [850, 1900], "umts_bands": [1, 2, 5, 8]})
        fill(product.header, world.BRAND,
             hashlib.sha256(code.encode("utf-8")).hexdigest())
        yield w.write("product-" + product.header.id,
                      doc.sign("product", product, key))


def evidence(w, doc, found):
    """Words of the command. The seller may sell all models in the US, where
    nothing need be certified and Wi-Fi will do."""
    line = [
        "--root", w.sign("trust-root", w.root()),
        "--policy", w.sign("policy", w.policy(
            requirements=None, minimumService="SERVICE_NONE",
            discloseBelow="SERVICE_NONE"))]
    for file in [
            w.sign("seller", w.seller()),
            w.sign("network", w.network(territories=["US", "CA"])),
            w.sign("authorization", w.authorization(
                scope=world.scope(models=["*"], marketplaces=["*"]))),
            *products(w, doc, found)]:
        line += ["--with", file]
    return line


# ---- the feed ----

def broken(count):
    """Row -> how, one in each EACH; none is another's neighbour."""
    chosen = random.Random(37824)
    ways = list(WANT)
    return {at + chosen.randrange(2, EACH - 2): ways[n % len(ways)]
            for n, at in enumerate(range(0, count - EACH, EACH))}


def offer_of(doc, found, number):
    name, _, code = found[number]
    offer = doc.offer_pb2.Offer(
        brand="xiaomi", model=found[stated(number)][2], title=name or code,
        condition=doc.authorization_pb2.CONDITION_NEW,
        availability=doc.offer_pb2.AVAILABILITY_IN_STOCK,
        marketplace=world.SHOP, territories=["US"],
        channels=[doc.authorization_pb2.CHANNEL_ONLINE_STORE],
        networks=[world.NETWORK])
    fill(offer.header, SELLER, device_id(number))
    offer.price.currency_code = "USD"
    offer.price.amount_micros = 219000000 + number % 100 * 10000
    return offer


def rows_of(doc, found, faults):
    """In the order of the file, which is that of the ids but where broken."""
    rows = []
    for number in range(len(found)):
        offer = offer_of(doc, found, number)
        way = faults.get(number)
        if way in OFFERS:
            way(offer)
        row, = doc.rows_of([offer])
        rows.append(way(row) if way in ROWS else row)
    return rows


def signed_list(w, doc, rows):
    head = doc.feed_pb2.Feed().header
    fill(head, SELLER, "devices")
    return doc.sign_binary(
        "feed", doc.listing(rows, head), private_key(w, SELLER))


def write_feed(w, doc, listed, rows):
    return w.write("devices.feed", b"".join(
        map(doc.delimited, [listed] + rows)))


# ---- what is told ----

def against(decision):
    """The codes of all that is against it."""
    found = list(decision["findings"])
    for cell in decision["cells"]:
        found += cell["findings"]
    return {one["code"] for one in found if one["effect"] != "NOTE"}


def check_told(doc, told, row, way):
    """One line, of the row that was broken so."""
    result, reason = WANT[way]
    assert told["result"] == result and told["rows"] == 1, (way, told)
    if result != "REFUSED":
        decision = told["decision"]
        assert told["error"] is None, told
        assert decision["verdict"] == result, told
        assert against(decision) == reason, (way, against(decision))
        # It is judged as if it were signed alone.
        assert decision["digest"] == hashlib.sha256(
            doc.pae("offer", row)).hexdigest(), told
        return
    status, path, words = reason
    error = told["error"]
    assert told["decision"] is None, told
    field = error["path"]
    assert error["status"] == status and field == path and (
        words in error["message"]), (way, error)


def check_summary(summary, faults, count):
    """Each is counted once, as what it is."""
    results = [WANT[way][0] for way in faults.values()]
    for name, result in (("denied", "DENY"), ("refused", "REFUSED"),
                         ("indeterminate", "INDETERMINATE")):
        assert summary[name] == results.count(result) > 0, summary
    assert summary["permitted"] == count - len(faults), summary
    assert summary["warned"] == 0 == summary["bytes_behind"], summary
    assert summary["rows"] == summary["listed"] == count, summary
    assert summary["chunks"] == 148 and not summary["chunks_broken"], summary


def verify(w, line, feed):
    """What is told of rows, and the summary."""
    done = w.run("feed", "verify", "--json", "--threads", "2", "--at", AT,
                 *line, feed)
    assert done.returncode == 65, done
    told = [json.loads(one) for one in done.stdout.splitlines()]
    return told, told.pop()["summary"]


def module(w):
    """The Python of wire.md."""
    if not docs.READY or not shutil.which("protoc"):
        raise world.Skipped("needs protoc, python3-protobuf and "
                            "python3-cryptography")
    return docs.wire_code(w.path("."))


def test_each_broken_row_is_told_and_no_other(w):
    found, doc = devices(), module(w)
    faults = broken(len(found))
    assert len(found) == 37824 and len(faults) == len(found) // EACH
    rows = rows_of(doc, found, faults)
    line, listed = evidence(w, doc, found), signed_list(w, doc, rows)
    told, summary = verify(w, line, write_feed(w, doc, listed, rows))
    assert [one["row"] for one in told] == sorted(faults)
    for one in told:
        way = faults[one["row"]]
        check_told(doc, one, rows[one["row"]], way)
        if way in OFFERS and way not in (early, twice):
            assert one["offer_id"] == device_id(one["row"]), one
    check_summary(summary, faults, len(found))
    # A byte that was changed on the way harms its chunk of 256 alone.
    rows[1000] = rows[1000].replace(b"usmobile", b"usmobilf")
    again, summary = verify(w, line, write_feed(w, doc, listed, rows))
    assert summary["chunks_broken"] == 1, summary
    lost = [one for one in again if one["rows"] == 256]
    assert [one["row"] for one in lost] == [768], lost
    assert lost[0]["error"]["status"] == "MARKET_E_LOG", lost
    again.remove(lost[0])
    assert again == [one for one in told if not 768 <= one["row"] < 1024]


if __name__ == "__main__":
    sys.exit(world.main(globals()))
