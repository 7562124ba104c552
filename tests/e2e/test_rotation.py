#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Rotation of root keys and of parties' keys, by the command.

The cases are those of tuf-conformance (shared/vectors/tuf): a version of a
root, its keys, its threshold, who signed it, and whether a client must accept
it. Each becomes a chain of trust roots here, and the same chain as key sets of
a party, whose first version is what the root says. Those of one role become
statements of a party. Other files of this form may be named in
MARKET_ROTATION_CASES, with ":" between them.
"""

import json
import os
import sys

import world
from world import AT, BRAND, SHOP, header

AFTER = "2017-06-01T00:00:00Z"


def read_cases(path):
    """name -> [(version, keys, threshold, signers, accepted)]"""
    cases = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            name, version, keys, threshold, signers, accepted = (
                line.split("\t"))
            cases.setdefault(name, []).append((
                int(version), ["tuf" + k for k in keys.split(",")],
                int(threshold), ["tuf" + k for k in signers.split(",")],
                accepted == "1"))
    return cases


def case_files():
    shared = os.environ.get("MARKET_SHARED") or os.path.join(
        world.SRCDIR, "..", "shared")
    files = [os.path.join(shared, "vectors", "tuf", "rotation-cases.tsv")]
    more = os.environ.get("MARKET_ROTATION_CASES", "")
    return files + [name for name in more.split(":") if name]


def root_file(w, version, keys, threshold, signers, **changes):
    document = w.root(header={"revision": str(version)},
                      rootKeys=w.keys(*keys, threshold=threshold), **changes)
    return w.sign("trust-root", document, *signers)


def key_set(w, revision, keys, threshold, signers, **changes):
    return w.sign("key-set", world.merge({
        "header": header(BRAND, "keys", revision=str(revision)),
        "keys": w.keys(*keys, threshold=threshold)}, changes), *signers)


def root_with(w, keys, threshold):
    """A root whose brand has these keys, and its policy."""
    document = w.root()
    document["parties"][1]["keys"] = w.keys(*keys, threshold=threshold)
    return {"root": w.sign("trust-root", document),
            "policy": w.sign("policy", w.policy())}


def verify(w, *line, at=AT):
    done = w.run("root", "verify", "--json", "--at", at, *line)
    return done.returncode, [json.loads(text)
                             for text in done.stdout.splitlines()]


# the cases

def as_roots(w, name, versions):
    files = [root_file(w, *version[:4]) for version in versions]
    status, told = verify(w, *files)
    want = [version[4] for version in versions]
    got = [line["result"] in ("PINNED", "FOLLOWS") for line in told]
    assert got == want, (name, told)
    assert status == (0 if all(want) else 1), (name, status)


def as_key_sets(w, name, versions):
    """By `check`, which has no store, and by a store."""
    files = root_with(w, *versions[0][1:3])
    steps = [(key_set(w, number - 1, keys, threshold, signers), accepted)
             for number, keys, threshold, signers, accepted in versions[1:]]
    path = w.init(files, name="party.db")
    for file, accepted in steps:
        added = json.loads(w.run(
            "add", path, file, "--at", AT, "--json").stdout)
        assert (added["result"] == "ACCEPTED") == accepted, (name, added)
    os.remove(path)
    for number, (file, accepted) in enumerate(steps):
        files["with%d" % number] = file
    files["offer"] = w.sign("offer", w.offer())
    ignored = [i["file"] for i in w.check(files).decisions[0]["ignored"]]
    for file, accepted in steps:
        assert (file not in ignored) == accepted, (name, ignored)


def as_statement(w, name, versions):
    for _, keys, threshold, signers, accepted in versions:
        files = root_with(w, keys, threshold)
        file = w.sign("product", w.product(), *signers)
        told = json.loads(w.run(
            "show", "--json", "--root", files["root"], file).stdout)
        assert told["verified"] == accepted, (name, told)
        path = w.init(files, name="role.db")
        added = json.loads(w.run(
            "add", path, file, "--at", AT, "--json").stdout)
        assert (added["result"] == "ACCEPTED") == accepted, (name, added)
        os.remove(path)


def test_rotation_cases(w):
    number = 0
    for file in case_files():
        if not os.path.exists(file):
            raise world.Skipped("%s is missing: set MARKET_SHARED" % file)
        for name, versions in read_cases(file).items():
            if name.startswith("root/"):
                as_roots(w, name, versions)
                as_key_sets(w, name, versions)
            else:
                as_statement(w, name, versions)
            number += 1
    assert number >= 17, number
    print("# %d cases of rotation" % number)


# what the cases leave out

def test_root_steps_are_not_left_out(w):
    files = [root_file(w, n, ["a"], 1, ["a"]) for n in (1, 2, 3)]
    assert verify(w, *files)[0] == 0
    assert verify(w, *reversed(files))[0] == 0
    status, told = verify(w, files[0], files[2])
    assert status == 1 and told[1]["result"] == "REFUSED", told
    assert "revision 3 cannot follow revision 1" in told[1]["message"], told
    status, told = verify(w, files[0], files[1], files[1])
    assert status == 1 and told[2]["result"] == "REFUSED", told


def test_root_of_the_same_revision_is_a_fork(w):
    one = root_file(w, 1, ["a"], 1, ["a"])
    two = root_file(w, 2, ["a"], 1, ["a"])
    other = root_file(w, 2, ["a", "b"], 1, ["a"])
    status, told = verify(w, one, two, other)
    assert status == 1 and told[2]["result"] == "REFUSED", told
    path = w.init({"root": one, "policy": w.sign("policy", w.policy())})
    done = w.run("root", "step", path, two, "--at", AT)
    assert done.returncode == 0, done
    done = w.run("root", "step", path, other, "--at", AT, "--json")
    added = json.loads(done.stdout)
    assert done.returncode == 65 and added["result"] == "REFUSED", added
    assert [f["code"] for f in added["findings"]] == ["STATEMENT_FORK"], added
    added = json.loads(w.run(
        "root", "step", path, one, "--at", AT, "--json").stdout)
    assert added["result"] == "DUPLICATE", added


def test_root_walks_256_steps_at_most(w):
    """255, 256 and 257 of them, without a store and with one."""
    files = [root_file(w, n, ["a"], 1, ["a"]) for n in range(1, 259)]
    for steps in (255, 256):
        status, told = verify(w, *files[:steps + 1])
        assert status == 0 and len(told) == steps + 1, (steps, status)
        assert told[-1]["revision"] == steps + 1, told[-1]
    done = w.run("root", "verify", *files)
    assert done.returncode == 64 and b"256 steps" in done.stderr, done
    path = w.init({"root": files[0], "policy": w.sign("policy", w.policy())})
    done = w.run("root", "step", path, *files[1:], "--at", AT)
    assert done.returncode == 64 and b"256 steps" in done.stderr, done
    done = w.run("root", "step", path, *files[1:257], "--at", AT, "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(told) == 256, done
    assert all(t["result"] == "ACCEPTED" for t in told), told
    # What is left is one step from there.
    done = w.run("root", "step", path, files[257], "--at", AT, "--json")
    assert json.loads(done.stdout)["result"] == "ACCEPTED", done


def test_a_test_key_makes_no_root(w):
    one = w.root(header={"revision": "1"}, rootKeys=w.keys("a", "t"))
    one["rootKeys"]["keys"][1]["environment"] = "ENVIRONMENT_TEST"
    one = w.sign("trust-root", one, "a")
    status, told = verify(w, one, root_file(w, 2, ["b"], 1, ["t", "b"]))
    assert status == 1 and told[1]["result"] == "REFUSED", told
    assert "test key" in told[1]["message"], told
    assert verify(w, one, root_file(w, 2, ["b"], 1, ["a", "b"]))[0] == 0


def test_a_test_key_makes_no_key_set(w):
    files = w.statements()
    root = w.root()
    root["parties"][1]["keys"] = w.keys(BRAND, "t")
    root["parties"][1]["keys"]["keys"][1]["environment"] = "ENVIRONMENT_TEST"
    files["root"] = w.sign("trust-root", root)
    by_test = key_set(w, 1, ["x"], 1, ["t", "x"])
    done = w.check(dict(files, k1=by_test)).decisions[0]
    assert [(i["file"], i["code"]) for i in done["ignored"]] == [
        (by_test, "STATEMENT_SIGNATURE_INVALID")], done["ignored"]
    assert done["verdict"] == "PERMIT", done
    good = key_set(w, 1, ["x"], 1, [BRAND, "x"])
    done = w.check(dict(files, k1=good)).decisions[0]
    assert done["verdict"] == "DENY", done


def test_key_sets_behind_one_root_are_256(w):
    files = w.statements()
    steps = [key_set(w, n, [BRAND, "x"], 1, [BRAND]) for n in range(1, 258)]
    for n in (256, 257):
        more = {"k%d" % i: step for i, step in enumerate(steps[:n])}
        done = w.check(dict(files, **more)).decisions[0]
        assert done["verdict"] == "PERMIT", done
        assert [(i["file"], i["code"]) for i in done["ignored"]] == (
            [(steps[256], "LIMIT_EXCEEDED")] if n == 257 else []), (
                n, done["ignored"])


def test_root_is_pinned_by_its_digest(w):
    one = root_file(w, 1, ["a"], 1, ["a"])
    two = root_file(w, 2, ["a"], 1, ["a"])
    digest = json.loads(w.must("show", one))["digest"]
    assert verify(w, "--pin", digest, one, two)[0] == 0
    status, told = verify(w, "--pin", digest, two)
    assert status == 1 and "pinned" in told[0]["message"], told
    assert verify(w, "--pin", "00" * 32, one)[0] == 1
    done = w.run("root", "verify", "--pin", "zz", one)
    assert done.returncode == 64, done


def test_ended_roots_are_walked_through(w):
    ended = {"notAfter": "2016-01-20T00:00:00Z"}
    old = w.sign("trust-root", w.root(
        header=ended, rootKeys=w.keys("a")), "a")
    new = root_file(w, 2, ["b"], 1, ["a", "b"])
    assert verify(w, old, new)[0] == 0
    status, told = verify(w, old)
    assert status == 2 and told[-1]["result"] == "EXPIRED", told
    status, told = verify(w, old, new, at=AFTER)
    assert status == 2 and told[-1]["revision"] == 2, told


def test_root_step_takes_a_store_along(w):
    one = root_file(w, 1, ["a"], 1, ["a"])
    two = root_file(w, 2, ["b"], 1, ["a", "b"])
    three = root_file(w, 3, ["b", "c"], 2, ["b", "c"])
    path = w.init({"root": one, "policy": w.sign("policy", w.policy())})
    done = w.run("root", "step", path, three, two, "--at", AT, "--json")
    assert done.returncode == 0, done
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [t["result"] for t in told] == ["ACCEPTED"] * 2, told
    assert [t["revision"] for t in told] == [2, 3], told
    four = root_file(w, 4, ["d"], 1, ["b", "d"])
    done = w.run("root", "step", path, four, "--at", AT)
    assert done.returncode == 65, done
    policy = w.sign("policy", w.policy(header={"revision": "2"}))
    done = w.run("root", "step", path, policy, "--at", AT)
    assert done.returncode == 65, done


def test_root_show_wants_a_root_that_holds_together(w):
    good = root_file(w, 1, ["a", "b"], 2, ["a", "b"])
    told = json.loads(w.must("root", "show", good))
    assert told["verified"] and told["kind"] == "trust-root", told
    assert [s["party"] for s in told["signatures"]] == [SHOP] * 2, told
    bad = root_file(w, 1, ["a", "b"], 2, ["a"])
    done = w.run("root", "show", bad)
    assert done.returncode == 65 and b"1 of its root keys" in done.stderr, done
    for line in (["root"], ["root", "show"], ["root", "verify"],
                 ["root", "step", good], ["root", "shew", good]):
        assert w.run(*line).returncode == 64, line


def test_key_sets_in_a_check(w):
    """What the old key signed is no evidence any more, in any order."""
    files = w.statements()
    before = w.check(files).decisions[0]
    assert before["verdict"] == "PERMIT", before
    new = [key_set(w, 1, ["x"], 1, [BRAND, "x"]),
           key_set(w, 2, ["y"], 1, ["x", "y"])]
    for order in (new, new[::-1]):
        done = w.check(dict(files, k1=order[0], k2=order[1])).decisions[0]
        assert done["verdict"] == "DENY", done
        assert {i["code"] for i in done["ignored"]} == {
            "STATEMENT_SIGNATURE_INVALID"}, done["ignored"]
        again = dict(files, k1=order[0], k2=order[1],
                     product=w.sign("product", w.product(), "y"),
                     authorization=w.sign(
                         "authorization", w.authorization(), "y"))
        done = w.check(again).decisions[0]
        assert done["verdict"] == "PERMIT" and not done["ignored"], done
        digests = [json.loads(w.must("show", f))["digest"] for f in order]
        used = done["cells"][0]["used"]
        assert all(d in used for d in digests), (digests, used)


def test_key_sets_that_do_not_follow_are_told(w):
    files = w.statements()
    k1 = key_set(w, 1, [BRAND, "x"], 1, [BRAND])
    rows = [
        (key_set(w, 3, ["x"], 1, [BRAND, "x"]), "STATEMENT_NO_STANDING"),
        (key_set(w, 2, ["x"], 1, ["y"]), "STATEMENT_SIGNATURE_INVALID"),
        (key_set(w, 2, [BRAND, "t-mobile.com"], 1, [BRAND]),
         "STATEMENT_SIGNATURE_INVALID"),
        (w.sign("key-set", {"header": header("nobody.example", "keys"),
                            "keys": w.keys("x")}, "x"),
         "STATEMENT_ISSUER_UNKNOWN"),
    ]
    for file, code in rows:
        done = w.check(dict(files, k1=k1, k2=file)).decisions[0]
        assert [(i["file"], i["code"]) for i in done["ignored"]] == [
            (file, code)], (done["ignored"], code)
        assert done["verdict"] == "PERMIT", done
    a = key_set(w, 2, [BRAND, "y"], 1, [BRAND])
    b = key_set(w, 2, [BRAND, "z"], 1, [BRAND])
    done = w.check(dict(files, k1=k1, a=a, b=b)).decisions[0]
    assert {(i["file"], i["code"]) for i in done["ignored"]} == {
        (a, "STATEMENT_FORK"), (b, "STATEMENT_FORK")}, done["ignored"]
    # A copy of one is no fork, and nothing that is ignored.
    done = w.check(dict(files, k1=k1, a=a, copy=a)).decisions[0]
    assert not done["ignored"], done["ignored"]


if __name__ == "__main__":
    sys.exit(world.main(globals()))
