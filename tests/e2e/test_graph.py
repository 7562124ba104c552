#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""graph, and why --format dot: the chain from the trust root to an offer.

Trees and drawings are compared with tests/golden/graph/, where what differs in
each run (digests and key ids) is numbered; MARKET_GOLDEN_WRITE=1 writes them.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys

import world
from world import (AT, BRAND, CARRIER, CERTIFIER, NETWORK, SELLER, SHOP,
                   header)

LISTING = "importer.example/mi4-white"
LATER = "2016-02-02T00:00:00Z"
MVNO = SHOP + "/us"
GOLDEN = os.path.join(world.SRCDIR, "tests", "golden", "graph")
WHOLE = {"models": ["*"], "territories": ["*"], "channels": ["CHANNEL_ANY"],
         "marketplaces": ["*"], "conditions": ["CONDITION_ANY"]}
US = ["--territory", "US", "--channel", "online-store", "--network", NETWORK]


def digest(w, path):
    return json.loads(w.must("show", path))["digest"]


def pin(w, path):
    return base64.b64encode(bytes.fromhex(digest(w, path))).decode()


def told(done, status, *words):
    text = done.stderr.decode()
    assert done.returncode == status and text.count("\n") == 1, done
    for word in words:
        assert word in text, (word, text)


def without(files, *names):
    return {name: file for name, file in files.items() if name not in names}


# ---- worlds ----

def chain(w):
    """mi.com, hk.example (two of its three keys sign), dist.example, seller."""
    files = w.statements()
    first = files["authorization"] = w.sign("authorization", w.authorization(
        header={"id": "grant-hk"}, grantee="hk.example", scope=WHOLE,
        granteeKeys=w.keys("hk1", "hk2", "hk3", threshold=2),
        maxDelegations=2))
    second = files["second"] = w.sign("authorization", w.authorization(
        header={"issuer": "hk.example", "id": "grant-dist"}, scope=WHOLE,
        grantee="dist.example", granteeKeys=w.keys("dist"),
        maxDelegations=1, parentDigest=pin(w, first)), "hk1", "hk3")
    files["third"] = w.sign("authorization", w.authorization(
        header={"issuer": "dist.example", "id": "grant-shop"}, scope=WHOLE,
        parentDigest=pin(w, second)), "dist")
    return files


def middle_withdrawn(w, path):
    w.must("add", path, "--at", LATER, w.sign("withdrawal", w.withdrawal(
        header={"issuer": "hk.example"},
        target={"kind": "authorization", "issuer": "hk.example",
                "id": "grant-dist"}), "hk1", "hk2"))


def mvno(w):
    files = w.statements()
    root = w.root()
    root["parties"][0]["roles"].append(
        {"role": "ROLE_CARRIER", "networks": [MVNO]})
    files["root"] = w.sign("trust-root", root)
    files["mvno"] = w.sign("network", {
        "header": header(SHOP, "mvno-us"), "network": MVNO,
        "name": "US Mobile", "hostNetwork": NETWORK, "territories": ["US"]})
    files["offer"] = w.sign("offer", w.offer(networks=[NETWORK, MVNO]))
    return files


# ---- reading dot ----

TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|(->)|([{}\[\];,=])|'
                   r'([A-Za-z_][A-Za-z_0-9]*|[0-9]+))', re.S)


class Dot:
    """A strict reader of the part of dot's language that is written."""

    def __init__(self, text):
        self.tokens = []
        at = 0
        while text[at:].strip():
            match = TOKEN.match(text, at)
            assert match, text[at:at + 60]
            self.tokens.append(match.group().strip())
            at = match.end()
        self.nodes, self.edges = {}, []
        self.take("digraph")
        assert re.fullmatch("[a-z]+", self.next())
        self.take("{")
        while self.tokens[0] != "}":
            self.statement()
        self.take("}")
        assert not self.tokens, self.tokens
        for one, other, _ in self.edges:
            assert one in self.nodes and other in self.nodes, (one, other)

    def next(self):
        return self.tokens.pop(0)

    def take(self, token):
        assert self.next() == token, token

    def value(self):
        """Without its quotes; \\l ends a line, other escapes are literal."""
        token = self.next()
        if token[0] != '"':
            return token
        assert "\n" not in token, token
        for escape in re.findall(r"\\(.)", token[1:-1]):
            assert escape in 'l"\\', token
        return re.sub(r"\\(.)", lambda found: {"l": "\n"}.get(
            found.group(1), found.group(1)), token[1:-1])

    def attributes(self):
        found = {}
        if self.tokens[0] != "[":
            return found
        self.take("[")
        while self.tokens[0] != "]":
            name = self.next()
            self.take("=")
            assert name not in found, name
            found[name] = self.value()
            if self.tokens[0] == ",":
                self.take(",")
        self.take("]")
        return found

    def statement(self):
        name = self.next()
        if self.tokens[0] == "=":
            self.take("=")
            self.value()
        elif self.tokens[0] == "->":
            self.take("->")
            self.edges.append((name, self.next(), self.attributes()))
        else:
            attributes = self.attributes()
            if name not in ("node", "edge"):
                assert name not in self.nodes, name
                self.nodes[name] = attributes
        self.take(";")

    def node(self, words):
        """The one node whose label begins with these words."""
        name, = [name for name, node in self.nodes.items()
                 if re.sub(r"\n +", " ", node["label"]).startswith(words)]
        return self.nodes[name], name

    def color(self, words):
        return self.node(words)[0]["color"]

    def above(self, words):
        """The labels of the nodes with an edge to this one, and its word."""
        _, name = self.node(words)
        return {(edge["label"], self.nodes[one]["label"].split("\n")[0])
                for one, other, edge in self.edges if other == name}


def dot_of(w, path, *line, at=AT, verb="graph"):
    text = w.must(verb, path, *line, "--format", "dot", "--at", at).decode()
    if shutil.which("dot"):
        done = subprocess.run(["dot", "-Tplain"], input=text.encode(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False)
        assert done.returncode == 0 and done.stderr == b"", (done, text)
    return Dot(text)


def tree_of(w, path, *line, at=AT):
    text = w.must("graph", path, *line, "--at", at).decode()
    assert max(map(len, text.split("\n"))) <= 80, text
    assert not re.search(r" $", text, re.M), text
    return text


# ---- golden files ----

def numbered(text):
    """Digests and key ids by the order in which they first come."""
    seen = {}

    def number(found):
        key = found.group()[:12]
        seen.setdefault(key, "%0*d" % (12, len(seen) + 1))
        return seen[key] + found.group()[12:][:0]

    return re.sub(r"\b(?:[0-9a-f]{64}|[0-9a-f]{16}|[0-9a-f]{12})\b", number,
                  text)


def compare(name, text):
    path = os.path.join(GOLDEN, name)
    if os.environ.get("MARKET_GOLDEN_WRITE"):
        os.makedirs(GOLDEN, exist_ok=True)
        with open(path, "w", encoding="ascii") as file:
            file.write(numbered(text))
    with open(path, encoding="ascii") as file:
        want = file.read()
    assert numbered(text) == want, "%s is not\n%s\nbut\n%s" % (
        name, want, numbered(text))


def golden(w, path, name, at=AT):
    """Both forms as they are committed, and the same a second time."""
    tree = tree_of(w, path, LISTING, at=at)
    compare(name + ".txt", tree)
    assert tree_of(w, path, LISTING, at=at) == tree
    text = w.must("graph", path, LISTING, "--format", "dot", "--at",
                  at).decode()
    compare(name + ".dot", text)
    assert w.must("why", path, LISTING, "--format", "dot", "--at",
                  at).decode() == text


def test_a_permitted_listing(w):
    path = w.shop(chain(w))
    golden(w, path, "permitted")
    dot = dot_of(w, path, LISTING)
    for one, other, word in (
            ("mi.com", "authorization mi.com/grant-hk", "signed"),
            ("authorization mi.com/grant-hk",
             "authorization hk.example/grant-dist", "grants on to"),
            ("authorization hk.example/grant-dist",
             "authorization dist.example/grant-shop", "grants on to"),
            ("authorization dist.example/grant-shop",
             "offer importer.example/mi4-white", "authorises"),
            ("seller usmobile.com/seller-importer",
             "offer importer.example/mi4-white", "names the keys of"),
            ("offer importer.example/mi4-white", "US, ONLINE_STORE",
             "asks for")):
        assert any(label == word and text.startswith(one)
                   for label, text in dot.above(other)), (one, other)
    for node in dot.nodes.values():
        assert node["color"] in ("darkgreen", "gray40"), node
        assert "dashed" not in node.get("style", ""), node
    assert "2 of 3 keys signed, 2 needed: " in dot.node(
        "authorization hk.example/grant-dist")[0]["label"]


def test_a_grant_in_the_middle_was_withdrawn(w):
    path = w.shop(chain(w))
    middle_withdrawn(w, path)
    golden(w, path, "denied", at=LATER)
    dot = dot_of(w, path, LISTING, at=LATER)
    label = re.sub(r"\n +", " ", dot.node(
        "authorization hk.example/grant-dist")[0]["label"])
    assert ("STATEMENT_WITHDRAWN, link 2: " in label and
            "as of " + LATER in label), label
    assert dot.color("authorization mi.com/grant-hk") == "darkgreen"
    assert dot.color("authorization hk.example/grant-dist") == "red3"
    assert dot.color("authorization dist.example/grant-shop") == "gray40"
    assert dot.color("offer importer.example/mi4-white") == "gray40"
    assert dot.color("US, ONLINE_STORE") == "red3"
    missing, _ = dot.node("missing: authorization of importer.example")
    assert missing["style"] == "dashed", missing
    # As the store knew it before.
    assert dot_of(w, path, LISTING).color(
        "authorization hk.example/grant-dist") == "darkgreen"


def test_what_is_missing_is_dashed(w):
    files = w.statements()
    path = w.shop(without(files, "product"))
    golden(w, path, "indeterminate")
    path = w.shop(without(files, "product", "fcc"), "less.db")
    dot = dot_of(w, path, LISTING)
    for words in ("missing: product statement by mi.com",
                  "missing: fcc certification by fcc.gov"):
        node, name = dot.node(words)
        assert node["style"] == "dashed", node
        edge, = [edge for one, _, edge in dot.edges if one == name]
        assert edge == {"label": "is missing", "style": "dashed"}, edge
    assert dot.color("PRODUCT_UNKNOWN") == "orange3"
    assert dot.color("CERTIFICATION_MISSING") == "red3"
    assert dot.color("certification t-mobile.com/") == "darkgreen"


def test_an_mvno_stands_beneath_its_host(w):
    path = w.shop(mvno(w))
    golden(w, path, "mvno")
    dot = dot_of(w, path, LISTING)
    assert ("hosts", "network t-mobile.com/network-us, revision 1 [" + digest(
        w, w.sign("network", w.network()))[:12] + "]:") in dot.above(
            "network usmobile.com/mvno-us"), dot.above(
                "network usmobile.com/mvno-us")
    assert dot.above("US, ONLINE_STORE, t-mobile.com/us") != dot.above(
        "US, ONLINE_STORE, usmobile.com/us")
    counting = [text.split()[1].rstrip(",") for label, text in dot.above(
        "US, ONLINE_STORE, usmobile.com/us") if label == "counts for"]
    assert "usmobile.com/mvno-us" in counting, counting
    assert "t-mobile.com/network-us" not in counting, counting


# ---- which cells ----

def test_cells_are_chosen(w):
    path = w.shop(mvno(w))
    both = dot_of(w, path, LISTING)
    own = dot_of(w, path, LISTING, "--network", MVNO)
    for words in ("network usmobile.com/", "network t-mobile.com/"):
        both.node(words)
        own.node(words)
    host = dot_of(w, path, LISTING, *US)
    assert not any(node["label"].startswith("network usmobile.com/")
                   for node in host.nodes.values())
    for dot, n in ((both, 2), (own, 1), (host, 1)):
        assert sum(node["label"].startswith("US, ")
                   for node in dot.nodes.values()) == n
    effects = w.tell("impact", path, "--issuer", BRAND)["effects"]
    assert sorted(effect["network"] for effect in effects) == [
        NETWORK, MVNO]
    for effect in effects:
        by_number = tree_of(w, path, str(effect["question"]))
        assert by_number == tree_of(
            w, path, LISTING, "--network", effect["network"]), by_number


def test_wrong_use_is_told(w):
    path = w.shop()
    for line, status, words in (
            ([], 64, "one QUESTION"), ([LISTING, "x"], 64, "x is too much"),
            (["0"], 64, "from 1 on"),
            (["1", "--territory", "US"], 64, "leave out --territory"),
            ([LISTING, "--channel", "any"], 64, "there are ONLINE_STORE"),
            ([LISTING, "--format", "svg"], 64, "there are text dot json"),
            ([LISTING, "--format", "dot", "--json"], 64, "--format json"),
            (["99"], 65, "no question 99"),
            (["12345678901234567890"], 65, ""),
            ([SELLER + "/none"], 65, SELLER + "/none"),
            ([LISTING, "--territory", "CA"], 65, "does not ask for that"),
            ([LISTING, "--channel", "wholesale"], 65, "does not ask"),
            ([LISTING, "--network", "x"], 65, "does not ask")):
        done = w.run("graph", path, *line)
        told(done, status, words)
        assert done.stdout == b"", done
    told(w.run("graph", w.path("none.db"), LISTING), 74, "there is no store")


def test_an_offer_that_was_replaced_asks_no_more(w):
    path = w.shop(mvno(w))
    number, = [effect["question"] for effect in w.tell(
        "impact", path, "--issuer", BRAND)["effects"]
               if effect["network"] == MVNO]
    w.must("submit", path, "--at", LATER, w.sign("offer", w.offer(
        header={"revision": "2"})))
    done = w.run("graph", path, str(number))
    told(done, 65, "any more")
    # As of an instant at which it still did, by its name.
    dot_of(w, path, LISTING, "--network", MVNO).node("network usmobile.com/")


# ---- what does not hold ----

def colors(w, files, words):
    path = w.path("-".join(sorted(files)) + str(w.count) + ".db")
    if not os.path.exists(path):
        w.shop(files, os.path.basename(path))
    dot = dot_of(w, path, LISTING)
    node, _ = dot.node(words)
    return node["color"], re.sub(r"\n +", " ", node["label"])


def test_what_does_not_hold_is_red_with_code_and_instant(w):
    files = w.statements()
    ended = dict(files, certification=w.sign(
        "certification", w.certification(
            header={"notAfter": "2016-01-20T00:00:00Z"})))
    color, label = colors(w, ended, "certification t-mobile.com/")
    assert color == "red3" and "STATEMENT_EXPIRED" in label and (
        "ended at 2016-01-20T00:00:00Z") in label, label
    tested = dict(files, certification=w.sign(
        "certification", w.certification(
            state="CERTIFICATION_STATE_SUSPENDED")))
    color, label = colors(w, tested, "certification t-mobile.com/")
    assert color == "red3" and "CERTIFICATION_SUSPENDED" in label, label
    suspended = dict(files, seller=w.sign("seller", w.seller(
        suspended=True, suspensionReason="counterfeits")))
    color, label = colors(w, suspended, "seller ")
    assert color == "red3" and "SELLER_SUSPENDED" in label and (
        "counterfeits" in label), label
    assert colors(w, suspended, "offer ")[0] == "gray40"
    disavowed = dict(files, disavowal=w.sign("disavowal", w.disavowal()))
    color, label = colors(w, disavowed, "disavowal mi.com/no-us")
    assert color == "red3" and "BRAND_DISAVOWED" in label, label
    held = dict(files, hold=w.sign("hold", w.hold(target={
        "offerId": "mi4-white"})))
    color, label = colors(w, held, "hold usmobile.com/hold-importer")
    assert color == "red3" and "HELD_BY_MARKETPLACE" in label and (
        "is in force" in label), label
    forked = dict(files, other=w.sign("network", w.network(name="Other")))
    path = w.init(forked, "forked.db")
    done = w.run("add", path, "--at", AT, *[
        file for name, file in forked.items()
        if name not in ("root", "policy", "offer")])
    assert b"FORK" in done.stdout, done
    w.run("submit", path, forked["offer"], "--at", AT)
    dot = dot_of(w, path, LISTING)
    node = [node for node in dot.nodes.values()
            if node["label"].startswith("network t-mobile.com/")]
    assert {one["color"] for one in node} == {"red3"}, node
    assert any("STATEMENT_FORK" in one["label"] for one in node), node


def test_with_the_root_all_falls(w):
    path = w.shop()
    at = "2017-01-15T00:00:00Z"
    dot = dot_of(w, path, LISTING, at=at)
    root, name = dot.node("trust-root ")
    assert root["color"] == "red3" and "ROOT_EXPIRED" in root["label"], root
    assert not any(node["color"] == "darkgreen"
                   for node in dot.nodes.values()), dot.nodes
    for party in (SHOP, BRAND, CARRIER, CERTIFIER):
        assert dot.color(party + "\n") == "gray40", party
    assert {edge["color"] for one, _, edge in dot.edges if one == name} == {
        "red3"}, dot.edges
    # What is found against the offer itself stands at the offer.
    _, finding = dot.node("OFFER_EXPIRED: ended at " + at)
    _, offer = dot.node("offer ")
    assert [other for one, other, _ in dot.edges if one == finding] == [
        offer], dot.edges
    assert "`- OFFER_EXPIRED: " in tree_of(w, path, LISTING, at=at) or (
        "|- OFFER_EXPIRED: " in tree_of(w, path, LISTING, at=at))


def test_another_chain_that_failed_is_told(w):
    files = w.statements()
    files["far"] = w.sign("authorization", w.authorization(
        header={"id": "grant-far"}, scope=dict(WHOLE, territories=["CA"])))
    path = w.shop(files)
    dot = dot_of(w, path, LISTING)
    assert dot.color("authorization mi.com/grant-far") == "red3"
    assert dot.color("authorization mi.com/grant-importer") == "darkgreen"
    assert dot.color("offer ") == "darkgreen"
    assert "AUTHORIZATION_SCOPE_TERRITORY" in dot.node(
        "authorization mi.com/grant-far")[0]["label"].replace("\n  ", " ")


def test_key_sets_stand_beside_each_other(w):
    """However often a party rotates its keys, the tree is no deeper."""
    files = w.statements()
    old, revision, sets = BRAND, 1, {}
    for name in ("k2", "k3", "k4"):
        sets[name] = w.sign("key-set", {
            "header": header(BRAND, "keys", revision=str(revision)),
            "keys": w.keys(name)}, old, name)
        old, revision = name, revision + 1
    files["authorization"] = w.sign("authorization", w.authorization(),
                                    "k4")
    files["product"] = w.sign("product", w.product(), "k4")
    files = {**sets, **files}
    path = w.shop(files)
    tree = tree_of(w, path, LISTING)
    for revision in "123":
        assert "\n|  |- key-set mi.com/keys, revision " + revision in tree, (
            tree)
    dot = dot_of(w, path, LISTING)
    assert ("vouches for", "key-set mi.com/keys, revision 2 [" + digest(
        w, files["k3"])[:12] + "]") in dot.above(
            "key-set mi.com/keys, revision 3"), dot.edges
    assert any(word == "vouches for" for word, _ in dot.above(
        "authorization mi.com/"))


# ---- hostile names ----

def test_hostile_names_stay_within_their_quotes(w):
    """TRAPS: dot reads \\N as the node's name, and \\" ends nothing."""
    name = 'a"b\\N\\l];evil[label="x\\'
    files = w.statements()
    files["offer"] = w.sign("offer", w.offer(header={"id": name}))
    path = w.shop(files)
    listing = SELLER + "/" + name
    w.must("add", path, "--at", LATER, w.sign("withdrawal", w.withdrawal(
        note='first\nsecond "quoted" \\N \x1b[31m }; evil -> n0;')))
    w.must("add", path, "--at", LATER, w.sign("hold", w.hold(
        note="%s%n\\G <b>&\u202e")))
    dot = dot_of(w, path, listing, at=LATER)
    assert not any("evil" in name for name in dot.nodes), dot.nodes
    label = dot.node("offer ")[0]["label"].replace("\n  ", " ")
    # Shown as everywhere else: a backslash is told as \x5c.
    assert 'a"b\\x5cN\\x5cl];evil[label="x\\x5c, revision 1' in label, label
    label = dot.node("authorization ")[0]["label"]
    assert "first\\x0asecond" in label.replace("\n  ", " "), label
    tree = tree_of(w, path, listing, at=LATER)
    assert all(" " <= letter <= "~" or letter == "\n"
               for letter in tree.split("\n", 1)[1]), tree
    assert [line for line in tree.split("\n") if line.startswith("second")
            ] == [], tree


def test_long_names_are_cut_at_the_page(w):
    name = "x" * 128
    files = chain(w)
    files["offer"] = w.sign("offer", w.offer(header={"id": name}))
    path = w.shop(files)
    text = w.must("graph", path, SELLER + "/" + name, "--at", AT).decode()
    assert max(map(len, text.split("\n")[1:])) <= 80, text
    assert re.sub(r"[\n |]", "", text).count(name) >= 2, text


# ---- JSON ----

def test_json_has_nodes_and_edges(w):
    path = w.shop(chain(w))
    middle_withdrawn(w, path)
    found = w.tell("graph", path, LISTING, at=LATER)
    assert list(found) == ["listing", "status", "at", "nodes", "edges"]
    assert (found["listing"], found["status"], found["at"]) == (
        LISTING, "SUSPENDED", LATER)
    for number, node in enumerate(found["nodes"]):
        assert list(node) == ["node", "kind", "state", "digest", "label",
                              "codes"], node
        assert node["node"] == number, node
        assert (node["digest"] is None) == (node["kind"] != "statement")
    for edge in found["edges"]:
        assert list(edge) == ["from", "to", "what"], edge
        assert edge["from"] < len(found["nodes"]), edge
        assert edge["to"] < len(found["nodes"]), edge
    middle, = [node for node in found["nodes"]
               if node["label"].startswith("authorization hk.example/")]
    assert middle["state"] == "FAILS", middle
    assert middle["codes"] == ["STATEMENT_WITHDRAWN"], middle
    states = {node["kind"]: node["state"] for node in found["nodes"]}
    assert states["cell"] == "FAILS" and states["missing"] == "MISSING"
    done = w.run("graph", path, LISTING, "--format", "JSON", "--at", LATER)
    assert json.loads(done.stdout) == found
    assert {CARRIER, CERTIFIER, SHOP, BRAND} == {
        node["label"] for node in found["nodes"] if node["kind"] == "party"}


if __name__ == "__main__":
    sys.exit(world.main(globals(), stores=True))
