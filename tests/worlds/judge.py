# SPDX-License-Identifier: Apache-2.0
"""The verdict on a cell of an offer, computed a second time.

Written from the design (Scopes, Evaluate, the kinds, the findings) and not from
the library, in the most obvious way: each family looks at all that is believed
(bag.py) and tells D (deny), I (cannot tell) or nothing; any D denies, else any
I makes it indeterminate. Among alternatives the best counts.
"""

import time

import bag as bags

FINAL = {"REFUSED", "REVOKED", "WITHDRAWN", "VOID"}
SERVICES = ["RAT_GSM", "RAT_UMTS", "RAT_LTE", "RAT_NR"]
SERVICE = {"SERVICE_NONE": 0, "SERVICE_2G": 1, "SERVICE_3G": 2,
           "SERVICE_4G": 3, "SERVICE_5G": 4}
DISCLOSURE = ["DISCLOSURE_WIFI_ONLY", "DISCLOSURE_SERVICE_2G_ONLY",
              "DISCLOSURE_SERVICE_3G_ONLY", "DISCLOSURE_SERVICE_4G_ONLY"]
RADIO = {"RAT_GSM": "gsmMhz", "RAT_UMTS": "umtsBands", "RAT_LTE": "lteBands",
         "RAT_NR": "nrBands"}

# Rules that can be left out; each must be seen to matter.
RULES = [
    "standing", "fork", "revision", "threshold", "environment", "effective",
    "withdrawal withdrawn", "status list", "status age", "status vanished",
    "key withdrawn", "key window", "time", "lapse", "begun",
    "not begun", "giving back",
    "widened model", "widened territory", "widened time",
    "widened delegation", "delegation", "parent current", "cycle",
    "offer key", "channel", "excluded", "disavowal of a party", "part",
    "hold", "final", "suspended", "bands",
]


def letter(told):
    return "D" if "D" in told else "I" if "I" in told else "P"


def best(alternatives, none):
    """Of several the best counts; `none` is told where there is none."""
    if not alternatives:
        return {none}
    return min(alternatives, key=lambda told: "PID".index(letter(told)))


# ---- axes ----

def within(value, values, any_name="*"):
    return value in values or any_name in values


def contains(outer, inner):
    """Territories: a country contains its subdivisions."""
    return outer in ("*", inner) or inner.startswith(outer + "-")


def overlaps(one, other):
    return contains(one, other) or contains(other, one)


class Cell:
    def __init__(self, bag, offer, territory, channel, network):
        self.bag = bag
        self.offer = offer
        self.territory = territory
        self.channel = channel
        self.network = network

    def on(self, rule):
        return rule not in self.bag.off

    # ---- authorization ----

    def rest_within(self, scope):
        body = self.offer.body
        return within(body["model"], scope["models"]) and \
            (within(self.channel, scope["channels"], "CHANNEL_ANY") or
             not self.on("channel")) and \
            within(body["marketplace"], scope["marketplaces"]) and \
            within(body["condition"], scope["conditions"], "CONDITION_ANY")

    def covered(self, scope):
        """What permits must contain the cell."""
        excluded = scope.get("excludedTerritories", [])
        return self.rest_within(scope) and \
            any(contains(t, self.territory) for t in scope["territories"]) \
            and not (self.on("excluded") and
                     any(overlaps(t, self.territory) for t in excluded))

    def touched(self, scope):
        """What forbids applies where it overlaps the cell."""
        if not self.rest_within(scope):
            return False
        for territory in scope["territories"]:
            if not overlaps(territory, self.territory):
                continue
            if not self.on("part") and \
                    not contains(territory, self.territory):
                continue
            common = max(territory, self.territory, key=len)
            if not any(contains(t, common)
                       for t in scope.get("excludedTerritories", [])):
                return True
        return False

    def disavowed(self, parties):
        return any(
            d.body["brand"] == self.offer.body["brand"] and
            set(parties) & set(d.body["parties"]) and
            self.bag.still_said(d) and self.touched(d.body["scope"])
            for d in self.bag.of("disavowal"))

    def wider(self, child, parent):
        """Does the child grant more than the parent, on any axis?"""
        mine, theirs = child.body["scope"], parent.body["scope"]
        if self.on("widened model") and not all(
                within(m, theirs["models"]) for m in mine["models"]):
            return True
        for axis, any_name in (("channels", "CHANNEL_ANY"),
                               ("marketplaces", "*"),
                               ("conditions", "CONDITION_ANY")):
            if not all(within(v, theirs[axis], any_name)
                       for v in mine[axis]):
                return True
        if self.on("widened territory") and self.wider_territory(mine, theirs):
            return True
        if self.on("widened time") and (
                child.not_before < parent.not_before or
                child.not_after > parent.not_after):
            return True
        return self.on("widened delegation") and \
            child.body.get("maxDelegations", 0) >= \
            parent.body.get("maxDelegations", 0) > 0

    @staticmethod
    def wider_territory(mine, theirs):
        for territory in mine["territories"]:
            if not any(contains(t, territory) for t in theirs["territories"]):
                return True
            for hole in theirs.get("excludedTerritories", []):
                if overlaps(hole, territory) and not any(
                        contains(t, hole)
                        for t in mine.get("excludedTerritories", [])):
                    return True
        return False

    def chain(self, leaf):
        """What speaks against the chain from the brand to this grant."""
        bag, told = self.bag, set()
        links = bag.line(leaf)
        for link in links:
            told |= bag.trouble(link, "BRAND")
            if link is not leaf and bag.superseded(link) and \
                    self.on("parent current"):
                told.add("D")
            if self.on("disavowal of a party") and \
                    self.disavowed([link.body["grantee"]]):
                told.add("D")
        for child, parent in zip(links, links[1:]):
            if child.issuer != parent.body["grantee"] or \
                    child.body["brand"] != parent.body["brand"] or \
                    self.wider(child, parent):
                told.add("D")
            if self.on("delegation") and \
                    not parent.body.get("maxDelegations", 0):
                told.add("D")
        parties = [links[-1].issuer] + [g.body["grantee"] for g in links]
        if self.on("cycle") and len(set(parties)) < len(parties):
            told.add("D")
        if len(links) > (bag.policy.get("maxChain") or 8):
            told.add("D")
        if not self.covered(leaf.body["scope"]):
            told.add("D")
        if leaf.ring and self.on("offer key") and not bag.enough(
                self.offer, bags.Ring(1, leaf.ring.keys), leaf):
            told.add("D")
        return told

    def authorization(self):
        """Each leaf grant has one chain; the best counts."""
        body = self.offer.body
        if self.disavowed(["*", self.offer.issuer]):
            return {"D"}
        return best([self.chain(g) for g in self.bag.of("authorization")
                     if g.body["brand"] == body["brand"] and
                     g.body["grantee"] == self.offer.issuer and
                     not self.bag.superseded(g)], "D")

    # ---- seller, holds ----

    def seller(self):
        """The one counts that names the keys which signed the offer."""
        bag = self.bag
        sellers = [s for s in bag.of("seller")
                   if s.body["seller"] == self.offer.issuer]
        if self.on("suspended") and any(
                s.body.get("suspended") and bag.still_said(s)
                for s in sellers):
            return {"D"}
        return best([
            bag.trouble(s, "MARKETPLACE") |
            (set() if bag.enough(self.offer, s.ring, s) else {"D"})
            for s in sellers if not bag.superseded(s)], "D")

    def holds(self):
        bag, offer = self.bag, self.offer
        is_now = {"seller": offer.issuer, "brand": offer.body["brand"],
                  "model": offer.body["model"], "offerId": offer.id}
        for hold in bag.of("hold"):
            target = hold.body.get("target", {})
            if not self.on("hold") or \
                    any(is_now[name] != target[name] for name in target):
                continue
            if hold.body.get("final") and self.on("final"):
                if bag.production(hold) and hold.not_before <= bag.at:
                    return {"D"}
            elif bag.still_said(hold) and \
                    (not hold.not_after or bag.at < hold.not_after):
                return {"D"}
        return set()

    # ---- product, network, certifications ----

    def of_slot(self, kind, role, **fields):
        """The statement of the kind that counts, or None; what is told."""
        found = [s for s in self.bag.of(kind) if not self.bag.superseded(s) and
                 all(s.body[name] == value for name, value in fields.items())]
        if not found:
            return None, {"I"}
        one = min(found, key=lambda s: "PID".index(
            letter(self.bag.trouble(s, role))))
        told = self.bag.trouble(one, role)
        return None if told else one, told

    def same_device(self, certification):
        body, offer = certification.body, self.offer.body
        return body["brand"] == offer["brand"] and \
            body["model"] == offer["model"] and \
            within(offer["hardwareVersion"], body["hardwareVersions"]) and \
            within(offer["softwareVersion"], body["softwareVersions"]) and \
            within(self.network, body["networks"])

    def kept_out(self, one):
        """Does this certification keep the device out of the cell?"""
        bag = self.bag
        state = one.body["state"].replace("CERTIFICATION_STATE_", "")
        if state == "CERTIFIED":
            return False
        if state in FINAL:
            stands = bag.production(one)
        else:
            stands = bag.still_said(one) and bag.at < one.not_after
        # A state before the end of the tests is none of other territories.
        reaches = contains
        if self.on("part") and (state in FINAL or state == "SUSPENDED"):
            reaches = overlaps
        return stands and any(reaches(t, self.territory)
                              for t in one.body["territories"])

    def certification(self, scheme):
        """What is told, and the certifications that count."""
        bag = self.bag
        role = "CARRIER" if scheme == "carrier" else "CERTIFIER"
        found = [c for c in bag.of("certification")
                 if c.body["scheme"] == scheme and self.same_device(c)]
        if any(self.kept_out(one) for one in found):
            return {"D"}, []
        found = [c for c in found if not bag.superseded(c) and
                 c.body["state"] == "CERTIFICATION_STATE_CERTIFIED" and
                 any(contains(t, self.territory)
                     for t in c.body["territories"])]
        against = [bag.trouble(one, role) for one in found]
        return best(against, "D"), [
            one for one, told in zip(found, against) if "D" not in told]

    def schemes(self, product, network):
        """Of a product that is not known any category may be meant."""
        found = set()
        if network:
            found |= set(network.body.get("requiredSchemes", []))
        category = product.body.get("category") if product else None
        for one in self.bag.policy.get("requirements", []):
            if any(overlaps(t, self.territory) for t in one["territories"]) \
                    and within(self.network, one["networks"]) \
                    and (within(category, one["categories"])
                         if category else one["categories"]):
                found |= set(one["schemes"])
        return found

    def common(self, rat, product, network, certifications):
        """Bands that device and network have and all certifications cover."""
        found = set(product.body["radio"].get(RADIO[rat], []))
        found &= {d["band"] for d in network.body.get("deployments", [])
                  if d["rat"] == rat and
                  bags.instant(d.get("from")) <= self.bag.at and
                  (not d.get("until") or
                   self.bag.at < bags.instant(d["until"]))}
        for one in certifications:
            found &= {band for bands in one.body.get("bands", [])
                      if bands["rat"] == rat for band in bands["bands"]}
        return found

    def compatibility(self, product, network, certifications):
        if "radio" not in product.body:
            return {"I"}
        if self.on("bands") and \
                any(not c.body.get("bands") for c in certifications):
            return {"I"}
        certifications = [c for c in certifications if c.body.get("bands")]
        service = 0
        for number, rat in enumerate(SERVICES, 1):
            if self.common(rat, product, network, certifications):
                service = number
        told = set()
        if service < SERVICE[self.bag.policy["minimumService"]]:
            told.add("D")
        if service < SERVICE[self.bag.policy["discloseBelow"]] and \
                DISCLOSURE[service] not in \
                self.offer.body.get("disclosures", []):
            told.add("D")
        return told

    def device(self):
        """Product, network, certifications and bands: each needs those before."""
        body = self.offer.body
        product, told = self.of_slot("product", "BRAND", brand=body["brand"],
                                     model=body["model"])
        network, more = self.of_slot("network", "CARRIER",
                                     network=self.network)
        told = told | more
        if network and not any(contains(t, self.territory)
                               for t in network.body["territories"]):
            told.add("D")
        counting = []
        for scheme in self.schemes(product, network):
            against, good = self.certification(scheme)
            told |= against
            counting += good
        if product and network:
            told |= self.compatibility(product, network, counting)
        return told

    def verdict(self):
        """Of the offer itself nothing is wrong in these worlds."""
        return letter(self.seller() | self.holds() | self.authorization() |
                      self.device())


class World:
    """The JSON of `worlds FILE world`."""

    def __init__(self, document):
        self.root = bags.Root(document["root"])
        self.policy = document["policy"]["json"]
        self.base = [bags.Statement(s) for s in document["base"]]
        self.pool = [bags.Statement(s) for s in document["pool"]]
        self.offers = {s["name"]: bags.Statement(s)
                       for s in document["offers"]}
        self.questions = [(self.offers[q["offer"]], bags.instant(q["at"]))
                          for q in document["questions"]]

    def judge(self, numbers, off=()):
        """A letter for each cell of each question, as `worlds FILE judge`."""
        letters = []
        statements = self.base + [self.pool[number] for number in numbers]
        made = {}
        for offer, at in self.questions:
            if at not in made:
                made[at] = bags.Bag(self.root, self.policy, statements, at,
                                    off)
            body = offer.body
            letters += [Cell(made[at], offer, t, c, n).verdict()
                        for t in body["territories"]
                        for c in body["channels"] for n in body["networks"]]
        return "".join(letters)

    def labels(self):
        """What the letters are of."""
        return ["%s, %s, %s, %s" % (
            offer.name, territory, channel.replace("CHANNEL_", ""),
            time.strftime("%Y-%m-%d", time.gmtime(at)))
                for offer, at in self.questions
                for territory in offer.body["territories"]
                for channel in offer.body["channels"]
                for _ in offer.body["networks"]]
