#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a phone gets on a network, computed a second time.

Written from the design's rules and the notes of the data, not from the library:
every device of devices.tsv on every network of networks.tsv at five instants
must come out as in tests/second/bands.c, which asks the library.

The rules. A band is common where the network has it in service and the device
has it, or one that it is a part of, or a part of it (B17 and B12: "partly").
Downlink-only bands do not count. The best RAT with a common band is the
service; none is Wi-Fi only. Where the bands of a RAT are unknown that the
network has in service and that would be better, nothing can be told. An MVNO's
deployments are its host's. Service under 5G must be disclosed here. Where
neither 2G nor 3G is common, voice takes VoLTE and a common band of 4G: a device
that tells no features is unknown there, any other has no voice. All that stands
until a band goes that was told, or one comes or goes that changes the rest.
"""

import calendar
import functools
import re
import sys
import time

import kit

# The story; the last 2G in Australia; where 5G and Rakuten begin; the end of
# T-Mobile's 3G to the second; the end of Telstra's and Optus'.
DATES = ["2016-02-01T00:00:00Z", "2018-06-01T00:00:00Z",
         "2020-04-01T00:00:00Z", "2022-07-01T00:00:00Z",
         "2024-10-28T00:00:00Z"]
RATS = {"GSM": "gsm_mhz", "UMTS": "umts_bands", "LTE": "lte_bands",
        "NR": "nr_bands"}
SERVICES = {"GSM": "2G", "UMTS": "3G", "LTE": "4G", "NR": "5G"}
DOWNLINK_ONLY = {29, 32, 67, 75, 76}


def table(name):
    with open(kit.shared("data/" + name), encoding="utf-8") as file:
        lines = file.read().split("\n")
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:] if line]


def instant(text):
    """The first second of a year, a month, a day; None: no bound."""
    if not text:
        return None
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    numbers += [1, 1, 0, 0, 0][len(numbers) - 1:]
    return calendar.timegm(tuple(numbers[:6]) + (0, 0, 0))


def numbers(text, known):
    """Bands of a list that are bands at all; some rows have LTE 6."""
    return {int(part) for part in text.split(",")
            if part.isdigit()} & known


class Bands:
    """Which bands there are, and which are parts of others."""

    def __init__(self):
        self.known = {rat: set() for rat in RATS}
        self.whole = {}  # (rat, band): the bands that it is a part of
        for row in table("bands.tsv"):
            if row["rat"] not in RATS:
                continue
            band = int(row["band"].lstrip("n"))
            self.known[row["rat"]].add(band)
            self.whole[row["rat"], band] = {
                int(part.lstrip("n"))
                for part in row["subset_of"].split(",") if part}


class Device:
    """What a row says of a device."""

    def __init__(self, row, bands):
        self.model = row["model_code"]
        self.unknown = {rat for rat, column in RATS.items()
                        if row[column] == "unknown"}
        self.bands = {rat: numbers(row[column], bands.known[rat])
                      for rat, column in RATS.items()}
        # Claims that are neither yes nor no say nothing.
        self.volte = {"y": True, "n": False}.get(row["volte"])


class Network:
    """What is in service when."""

    def __init__(self, key, rows, bands):
        self.key = key
        self.country = rows[0]["iso2"]
        self.host = rows[0]["host_plmn"]
        self.deployments = []
        for row in rows:
            if row["rat"] not in RATS:
                continue
            for band in numbers(row["bands"], bands.known[row["rat"]]):
                self.deployments.append((
                    row["rat"], band, instant(row["valid_from"]),
                    instant(row["valid_to"])))

    @functools.lru_cache(None)
    def at(self, now):
        """RAT and band in service."""
        return {(rat, band) for rat, band, begin, end in self.deployments
                if (begin is None or begin <= now) and
                (end is None or now < end)}

    def changes(self):
        return {edge for *_, begin, end in self.deployments
                for edge in (begin, end) if edge is not None}


def common(device, network, bands, now):
    """RAT: {band of the device: is it all of a band of the network?}"""
    found = {}
    for rat in RATS:
        there = {band for other, band in network.at(now) if other == rat}
        there -= downlink_only(rat)
        shared = {
            band: band in there
            for band in device.bands[rat] - downlink_only(rat)
            if band in there or any(
                band in bands.whole[rat, other] or
                other in bands.whole[rat, band] for other in there)}
        if shared:
            found[rat] = shared
    return found


def downlink_only(rat):
    return DOWNLINK_ONLY if rat in ("LTE", "NR") else set()


def undecided(device, network, best, now):
    """Would a RAT be better whose bands are unknown?"""
    ranks = list(RATS)
    better = ranks[ranks.index(best) + 1:] if best else ranks
    return any(
        rat in device.unknown and band not in downlink_only(rat)
        for rat, band in network.at(now) if rat in better)


@functools.lru_cache(None)
def outcome(device, network, bands, now):
    """Verdict, service, disclosures, codes; and the bands of the best RAT."""
    found = common(device, network, bands, now)
    best = list(found)[-1] if found else None
    if undecided(device, network, best, now):
        return ("INDETERMINATE", "?", "", "BANDS_UNKNOWN"), None
    if best is None:
        return ("PERMIT", "NONE", "WIFI_ONLY", "SERVICE_LIMITED"), {}
    due, codes = [], ["SERVICE_LIMITED"]
    if best != "NR":
        due.append("SERVICE_%s_ONLY" % SERVICES[best])
    if not {"GSM", "UMTS"} & set(found):
        if device.volte is None:
            codes.append("VOICE_UNKNOWN")
        elif not (device.volte and "LTE" in found):
            due.append("NO_VOICE")
    return (("PERMIT", SERVICES[best], ",".join(due), ",".join(codes)),
            found[best])


@functools.lru_cache(None)
def until(device, network, bands, now):
    """When something comes or goes that changes what is told; a band that
    comes beside others changes nothing."""
    told, shared = outcome(device, network, bands, now)
    for edge in sorted(network.changes()):
        if edge <= now:
            continue
        then, left = outcome(device, network, bands, edge)
        if then != told or any(band not in left for band in shared or ()):
            return "until " + time.strftime(
                "%Y-%m-%dT%H:%M:%SZ", time.gmtime(edge))
    return "until further notice"


def sentence(service, due, shared, end):
    """What SERVICE_LIMITED says."""
    if service == "?":
        return ""
    if service == "NONE":
        return "no mobile service: no common certified band, Wi-Fi only"
    name = {"2G": "%d MHz", "5G": "n%d"}.get(service, "B%d")
    return "%s on %s %s%s" % (service, ", ".join(
        name % band + ("" if whole else " (partly)")
        for band, whole in sorted(shared.items())), end,
        ", without calls" if "NO_VOICE" in due else "")


def expected(devices, networks, bands):
    """Every line that the library should print."""
    for device in devices:
        for network in networks.values():
            host = networks[network.host] if network.host else network
            for date in DATES:
                now = instant(date)
                told, shared = outcome(device, host, bands, now)
                end = until(device, host, bands, now)
                yield "\t".join((device.model, network.key, date) + told + (
                    sentence(told[1], told[2], shared, end),))


def asked(program):
    """What the library prints."""
    files = [kit.shared("data/%s.tsv" % name)
             for name in ("devices", "networks", "bands")]
    return kit.run(program, *files, *DATES).decode().split("\n")[:-1]


def compare(ours, theirs):
    for line in sorted(set(ours) - set(theirs)):
        key = line.split("\t")[:3]
        other = [one for one in theirs if one.split("\t")[:3] == key]
        yield "here  %s\nthere %s" % (line, "\n".join(other))
    if len(ours) != len(theirs):
        yield "%d lines here, %d there" % (len(ours), len(theirs))


def main():
    program = kit.program("tests/second/bands")
    tap = kit.Tap()
    try:
        bands = Bands()
        rows = table("networks.tsv")
        networks = {
            key: Network(key, [r for r in rows if r["plmn"] == key], bands)
            for key in dict.fromkeys(row["plmn"] for row in rows)}
        ours = list(expected(
            [Device(row, bands) for row in table("devices.tsv")], networks,
            bands))
        theirs = asked(program)
    except kit.Missing as missing:
        tap.skip("bands of the data", str(missing))
        return tap.done()
    tap.ok("%d outcomes of bands are as the library's" % len(ours),
           compare(ours, theirs))
    tap.ok("each outcome was seen", (
        "no " + what for what in ("2G", "3G", "4G", "5G", "NONE", "?")
        if not any(line.split("\t")[4] == what for line in ours)))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
