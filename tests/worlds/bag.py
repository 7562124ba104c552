# SPDX-License-Identifier: Apache-2.0
"""What is believed of a bag of signed statements, in the most obvious way.

Written from the design (Names, Keys, Time, Status, what counts as evidence) and
not from the library. Whatever is asked is looked for among all statements, each
time anew. Signatures were verified before: a statement comes with the ids of
the keys that signed it. All of it is seen at the instant that is asked about.

`off` names rules that are left out, so that a test can see that they matter.
"""

import base64
import calendar
import collections
import hashlib
import time

Key = collections.namedtuple("Key", "id environment begins ends")
Ring = collections.namedtuple("Ring", "threshold keys")


def instant(text):
    """Unix seconds; 0 where nothing is said."""
    if not text:
        return 0
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def hexed(text):
    """Bytes of a JSON document, in hex."""
    return base64.b64decode(text or "").hex()


def ring_of(keys):
    """A key set, or None."""
    if not keys:
        return None
    return Ring(keys["threshold"], [
        Key(hashlib.sha256(base64.b64decode(key["spki"])).hexdigest(),
            key["environment"], instant(key.get("notBefore")),
            instant(key.get("notAfter"))) for key in keys["keys"]])


class Statement:
    """A parsed statement; `body` is its JSON for what only one kind has."""

    def __init__(self, entry):
        self.name = entry["name"]
        self.kind = entry["kind"]
        self.digest = entry["digest"]
        self.keyids = set(entry["keyids"])
        self.body = entry["json"]
        header = self.body["header"]
        self.issuer = header["issuer"]
        self.id = header["id"]
        self.revision = int(header["revision"])
        self.issued_at = instant(header.get("issuedAt"))
        self.not_before = instant(header.get("notBefore"))
        self.not_after = instant(header.get("notAfter"))
        self.parent = ""
        if self.kind == "authorization":
            self.parent = hexed(self.body.get("parentDigest"))
        self.ring = ring_of(self.body.get("granteeKeys") or
                            self.body.get("keys"))


class Root:
    """The parties of the trust root, with their keys and roles."""

    def __init__(self, entry):
        parties = entry["json"]["parties"]
        self.rings = {p["id"]: ring_of(p["keys"]) for p in parties}
        self.roles = {p["id"]: p.get("roles", []) for p in parties}

    def has(self, party, role, **axes):
        """Has the party a role that names all these values?"""
        for one in self.roles.get(party, []):
            if one["role"] == "ROLE_" + role and all(
                    value in one.get(axis, []) or "*" in one.get(axis, [])
                    for axis, value in axes.items()):
                return True
        return False


class Bag:
    """Statements under a root and a policy, at an instant."""

    def __init__(self, root, policy, statements, at, off=()):
        self.root = root
        self.policy = policy
        self.statements = statements
        self.at = at
        self.skew = int(policy.get("clockSkewSeconds", 0))
        self.off = off
        self.key_sets = {party: self.row(party) for party in root.rings}
        self.believed = []
        self.by_kind = {}
        # What stands beneath a grant is believed after the grant.
        while True:
            more = [s for s in statements
                    if s not in self.believed and self.is_evidence(s)]
            if not more:
                break
            self.believed += more
            for one in more:
                self.by_kind.setdefault(one.kind, []).append(one)

    def of(self, kind):
        return self.by_kind.get(kind, [])

    # ---- whose keys, and is it evidence ----

    def reached(self, ring, keys):
        """Are so many of its keys enough?"""
        return len(keys) >= (1 if "threshold" in self.off else ring.threshold)

    def signed(self, statement, ring):
        return self.reached(ring, {key.id for key in ring.keys} &
                            statement.keyids)

    def row(self, party):
        """The party's key sets in a row from the root, up to the last."""
        ring, row = self.root.rings[party], []
        sets = [s for s in self.statements
                if s.kind == "key-set" and s.issuer == party]
        for one in sorted(sets, key=lambda s: s.revision):
            if [s.revision for s in sets].count(one.revision) > 1:
                continue
            if row and one.revision != row[-1].revision + 1:
                continue
            if self.signed(one, ring) and self.signed(one, one.ring):
                ring = one.ring
                row.append(one)
        return row

    def rings(self, statement):
        """The key sets that may have signed it; one suffices."""
        if statement.kind == "authorization" and statement.parent:
            return [g.ring for g in self.of("authorization")
                    if g.digest == statement.parent and g.ring]
        if statement.issuer in self.root.rings:
            rings = [self.root.rings[statement.issuer]]
            for one in self.key_sets[statement.issuer]:
                if one is statement:
                    break
                rings.append(one.ring)
            return rings[-1:]
        if statement.kind in ("withdrawal", "status"):
            return [g.ring for g in self.of("authorization")
                    if g.body["grantee"] == statement.issuer and g.ring]
        return []

    def has_role(self, statement):
        root, issuer, body = self.root, statement.issuer, statement.body
        if statement.kind == "authorization":
            return bool(statement.parent) or root.has(
                issuer, "BRAND", brands=body["brand"])
        if statement.kind in ("product", "disavowal"):
            return root.has(issuer, "BRAND", brands=body["brand"])
        if statement.kind in ("seller", "hold"):
            return root.has(issuer, "MARKETPLACE")
        if statement.kind == "network":
            return root.has(issuer, "CARRIER", networks=body["network"])
        if statement.kind == "certification":
            if body["scheme"] == "carrier":
                return root.has(issuer, "CARRIER")
            return root.has(issuer, "CERTIFIER", schemes=body["scheme"])
        return True  # withdrawals, statuses, key sets: of one's own

    def is_evidence(self, statement):
        return self.has_role(statement) and any(
            self.signed(statement, ring) for ring in self.rings(statement))

    # ---- names ----

    def production(self, statement):
        """Do keys of the policy's environment suffice?"""
        if "environment" in self.off:
            return True
        for ring in self.rings(statement):
            keys = [key for key in ring.keys if key.id in statement.keyids and
                    key.environment == self.policy["environment"]]
            if self.reached(ring, keys):
                return True
        return False

    def revisions(self, statement):
        """All of its name. Sub-grants are named with the grant above them."""
        return [s for s in self.of(statement.kind)
                if (s.issuer, s.id, s.parent) ==
                (statement.issuer, statement.id, statement.parent) and
                self.production(s) == self.production(statement)]

    def superseded(self, statement):
        return "revision" not in self.off and any(
            s.revision > statement.revision
            for s in self.revisions(statement))

    def forked(self, statement):
        return "fork" not in self.off and any(
            s.revision == statement.revision and s.digest != statement.digest
            for s in self.revisions(statement))

    # ---- withdrawals ----

    def line(self, statement):
        """It and the grants above it."""
        found = [statement]
        while found[-1].parent:
            above = [g for g in self.of("authorization")
                     if g.digest == found[-1].parent]
            if not above or above[0] in found:
                break
            found.append(above[0])
        return found

    def standing(self, withdrawal, statement):
        """Is it from who said it, from who stands above, or the marketplace?"""
        who = withdrawal.issuer
        if self.root.has(who, "MARKETPLACE") or "standing" in self.off:
            return True
        for one in self.line(statement):
            if one.issuer != who:
                continue
            if not one.parent:
                return who in self.root.rings
            # A party beneath a grant is known by the keys of that grant.
            for grant in self.line(one)[1:2]:
                if any(g.ring and self.signed(withdrawal, g.ring)
                       for g in self.revisions(grant)):
                    return True
        return False

    def in_force(self, withdrawal):
        if not self.production(withdrawal):
            return False
        if "withdrawal withdrawn" in self.off and self.withdrawn(withdrawal):
            return False
        if "effective" in self.off:
            return True
        effective = instant(withdrawal.body.get("effectiveAt"))
        return self.at >= (effective or withdrawal.not_before)

    def status_lists(self, issuer):
        """The issuer's lists that speak already, oldest first."""
        lists = [s for s in self.of("status") if s.issuer == issuer and
                 self.production(s) and
                 max(s.issued_at, s.not_before) <= self.at + self.skew]
        return sorted(lists, key=lambda s: s.revision)

    def withdrawn(self, statement, giving=False):
        """`giving`: by whose keys still count, since it gives something back."""
        for one in self.of("withdrawal"):
            target = one.body.get("target")
            hit = hexed(one.body.get("targetDigest")) == statement.digest or (
                target and (target["kind"], target["issuer"], target["id"]) ==
                (statement.kind, statement.issuer, statement.id))
            if hit and self.in_force(one) and self.standing(one, statement) \
                    and (not giving or self.good_keys(one)):
                return True
        if "status list" in self.off:
            return False
        return any(statement.digest == hexed(digest)
                   for one in self.status_lists(statement.issuer)
                   if self.standing(one, statement) and
                   (not giving or self.good_keys(one))
                   for digest in one.body.get("withdrawn", []))

    # ---- keys that count ----

    def key_withdrawn(self, key_id, statement):
        """By who said what the key signed, or named the key, or is above."""
        return "key withdrawn" not in self.off and any(
            hexed(one.body.get("targetKey")) == key_id and
            self.in_force(one) and self.standing(one, statement)
            for one in self.of("withdrawal"))

    def enough(self, statement, ring, named_by=None):
        """Do as many of the ring's keys vouch for it as must?

        The keys of an offer are those that a seller statement or a grant
        names, and fall by the word of who has standing over that.
        """
        keys = [key for key in ring.keys if key.id in statement.keyids and
                ("environment" in self.off or
                 key.environment == self.policy["environment"]) and
                key.begins <= self.at and
                (not key.ends or self.at < key.ends or
                 "key window" in self.off) and
                not self.key_withdrawn(key.id, named_by or statement)]
        return self.reached(ring, keys)

    def good_keys(self, statement):
        if not any(self.enough(statement, r) for r in self.rings(statement)):
            return False
        if statement.parent or statement.issuer not in self.root.rings or \
                statement.kind == "key-set":
            return True
        row = self.key_sets[statement.issuer]
        return all(not self.withdrawn(one) and self.good_keys(one) and
                   self.enough(one, one.ring) for one in row) and \
            all(self.in_time(one) for one in row[-1:])

    # ---- does it stand ----

    def in_time(self, statement):
        if "time" in self.off:
            return True
        return max(statement.not_before, statement.issued_at) <= \
            self.at + self.skew and self.at < statement.not_after

    def status_trouble(self, issuer, age):
        """A status is demanded of this issuer."""
        lists = [s for s in self.status_lists(issuer) if self.good_keys(s)]
        if not lists:
            return True
        newest = lists[-1]
        if self.at >= min(newest.not_after, newest.issued_at + age):
            return "status age" not in self.off
        vanished = [d for one in lists for d in one.body.get("withdrawn", [])
                    if d not in newest.body.get("withdrawn", [])]
        return bool(vanished) and "status vanished" not in self.off

    def trouble(self, statement, role=None):
        """What speaks against evidence that is needed: D, I, or nothing."""
        told = set()
        if self.withdrawn(statement) or not self.in_time(statement) or \
                not self.good_keys(statement):
            told.add("D")
        if self.forked(statement):
            told.add("I")
        for rule in self.policy.get("statusRules", []):
            if role and rule["role"] == "ROLE_" + role and \
                    self.status_trouble(statement.issuer,
                                        int(rule["maxAgeSeconds"])):
                told.add("I")
        return told

    def still_said(self, statement):
        """Does what takes away still stand? Only what counts takes it back."""
        if not self.production(statement):
            return False
        if statement.not_before > self.at and "not begun" not in self.off:
            return False
        if self.withdrawn(statement, giving=True):
            return False
        if "lapse" in self.off and not self.in_time(statement):
            return False
        if "revision" in self.off:
            return True
        return not any(
            s.revision > statement.revision and
            (s.not_before <= self.at or "begun" in self.off) and
            (self.good_keys(s) or "giving back" in self.off)
            for s in self.revisions(statement))
