#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The command as a whole: help, options, streams, files, and explain."""

import json
import os
import re
import subprocess
import sys

import world

VERBS = ["keygen", "keyid", "template", "sign", "show", "pae", "check",
         "explain", "help", "init", "add", "submit", "pause", "resume",
         "end", "hold", "remove", "refresh", "fsck", "list", "why",
         "graph", "sale", "impact", "forecast", "changes", "feed", "root"]


def usage(done, *words):
    """Wrong use: told in one line on stderr, with each of the words."""
    told = done.stderr.decode()
    assert done.returncode == 64 and done.stdout == b"", done
    assert told.startswith("market: ") and told.count("\n") == 1, told
    for word in words:
        assert word in told, (word, told)


def test_help_begins_with_examples(w):
    text = w.must("--help").decode()
    assert text.startswith("  market keygen -o ")
    for verb in VERBS:
        assert "\n  %-10s " % verb in text, verb
    for line in (["-h"], ["help"], ["help", "--help"][:1]):
        assert w.must(*line).decode() == text


def test_help_of_each_verb(w):
    for verb in VERBS:
        text = w.must("help", verb).decode()
        assert text.startswith("  market " + verb), verb
        assert "\nusage: market " + verb in text, verb
        for line in ([verb, "--help"], [verb, "-h"],
                     [verb, "x", "y", "z", "--help"]):
            assert w.must(*line).decode() == text, line
        for line in text.split("\n"):
            assert len(line) <= 80, line


def test_help_names_every_option(w):
    done = w.run("help", "sign", "--json", "extra")
    assert done.returncode == 64
    for verb, options in (
            ("keygen", "--algorithm -o --output --json"),
            ("keyid", "--passphrase-file --json"),
            ("sign", "--key -o --output --binary --passphrase-file --json"),
            ("show", "--root --json"), ("template", "--json"),
            ("check", "--root --policy --with --at --json"),
            ("explain", "--json"), ("pae", "--json"),
            ("init", "--root --policy --at --json"), ("add", "--at --json"),
            ("submit", "--at --json"), ("pause", "--at --json"),
            ("resume", "--at --json"), ("end", "--at --json"),
            ("hold", "--key --reason --until --note --passphrase-file --at "
                     "--json"),
            ("remove", "--key --reason --note --passphrase-file --at --json"),
            ("refresh", "--at --json"), ("fsck", "--mark --json"),
            ("list", "--status --seller --brand --limit --after --at "
                     "--json"),
            ("why", "--at --format --json"),
            ("graph", "--territory --channel --network --at --format --json"),
            ("sale", "--territory --channel --network --at --json"),
            ("impact", "--digest --key --issuer --with --listings --at "
                       "--json"),
            ("forecast", "--until --listings --at --json"),
            ("changes", "--since --limit --follow --listings --json"),
            ("feed", "--key --passphrase-file -o --output --rows --binary "
                     "--root --policy --with --at --threads --results "
                     "--max-ended --offer --payload --json")):
        text = w.must("help", verb).decode()
        for option in options.split():
            assert "  " + option in text or ", " + option in text, (
                verb, option)


def test_the_manual_has_every_verb_option_and_status(w):
    page = os.path.join(world.SRCDIR, "libmarket", "man", "market.1")
    with open(page, encoding="utf-8") as file:
        manual = file.read()
    for verb in VERBS:
        assert "\n.Cm %s\n" % verb in manual, verb
        text = w.must("help", verb).decode().split("\nusage: ")[1]
        for option in set(re.findall(r"--[a-z][a-z-]*", text)):
            assert ".It Fl " + option[1:] in manual or (
                ", Fl " + option[1:] in manual), (verb, option)
    for status in (0, 1, 2, 3, 64, 65, 70, 74, 75):
        assert "\n.It %d\n" % status in manual, status


def test_version(w):
    for option in ("--version", "-V"):
        name, number = w.must(option).decode().split()
        assert name == "market" and number[0].isdigit()


def test_an_unknown_verb_is_told_its_neighbour(w):
    usage(w.run("chekc"), "`market check`")
    usage(w.run("Sing"), "`market sign`")
    usage(w.run("frobnicate"), "`market help`")
    usage(w.run(), "no verb")
    usage(w.run("--json"), "the verb comes first")
    usage(w.run("help", "chek"), "did you mean check?")
    usage(w.run("help", "frobnicate"), "no verb")
    usage(w.run("\x1b[31m"), "\\x1b[31m")


def test_an_unknown_option_is_told_its_neighbour(w):
    usage(w.run("check", "--rot", "x"), "--rot:", "did you mean --root?")
    usage(w.run("sign", "--kye=x"), "--kye:", "did you mean --key?")
    usage(w.run("show", "--jsno"), "did you mean --json?")
    usage(w.run("show", "--frobnicate=3"), "unknown option --frobnicate",
          "market help show")
    usage(w.run("show", "-x"), "unknown option -x")


def test_options_take_values_in_each_form(w):
    want = None
    for number, line in enumerate((["--algorithm", "p256", "-o"],
                                   ["--algorithm=p256", "--output"])):
        path = w.path("k%d" % number)
        w.must("keygen", *line, path)
        os.unlink(path)
        w.must("keygen", "--algorithm=p256", "--output=" + path)
        os.unlink(path)
        w.must("keygen", "--algorithm=p256", "-o" + path)
        want = w.must("keyid", path)
    assert w.must("keyid", "--", w.path("k1")) == want
    usage(w.run("keygen", "-o"), "needs a value")
    usage(w.run("keygen", "--output"), "needs a value")
    usage(w.run("keygen", "-o", "a", "-o", "b"), "given twice")
    usage(w.run("show", "--json=yes", "x"), "takes no value")


def test_operands_are_counted(w):
    for verb, line, word in (
            ("keyid", [], "one FILE"), ("keyid", ["a", "b"], "b is too much"),
            ("show", [], "one FILE"), ("pae", ["a", "b"], "too much"),
            ("template", [], "one KIND"), ("sign", ["offer"], "IN.json"),
            ("keygen", ["x", "-o", "y"], "too much"),
            ("keygen", [], "-o KEY.pem"),
            ("explain", ["a", "b"], "too much"),
            ("init", [], "the new STORE"), ("list", [], "one STORE"),
            ("add", ["a"], "at least one FILE"),
            ("submit", ["a"], "at least one OFFER"),
            ("check", ["a"], "at least one OFFER"),
            ("check", [], "--root and --policy"),
            ("refresh", ["a", "b"], "too much"), ("fsck", [], "one STORE"),
            ("changes", [], "one STORE"), ("why", ["a"], "one LISTING"),
            ("pause", ["a"], "one LISTING"), ("end", [], "one LISTING"),
            ("resume", ["a", "b", "c"], "c is too much")):
        usage(w.run(verb, *line), verb + ": ", word)


def test_a_dash_behind_two_dashes_is_a_file(w):
    w.must("keygen", "-o", w.path("k"))
    done = subprocess.run([world.MARKET, "keyid", "--", "--json"],
                          cwd=w.dir, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    assert done.returncode == 74 and b"--json: cannot be" in done.stderr


def test_what_cannot_be_written_is_an_error(w):
    signed = w.sign("offer", w.offer())
    lines = [["--help"], ["--version"], ["help", "sign"], ["explain"],
             ["explain", "3101"], ["template", "offer"], ["show", signed],
             ["pae", signed], ["keyid", w.key("k")],
             ["keygen", "-o", "-"]]
    lines.append(w.check_line(w.statements()))
    for line in lines:
        with open("/dev/full", "wb") as full:
            done = w.run(*line, stdout=full)
        assert done.returncode == 74, (line, done)
        assert b"(stdout): cannot be written: No space" in done.stderr
        here, there = os.pipe()
        os.close(here)
        done = w.run(*line, stdout=there)
        os.close(there)
        assert done.returncode == 74, (line, done)
        assert b"Broken pipe" in done.stderr, (line, done)
    document = w.write("o.json", w.offer())
    for out, why in (
            ("/dev/full", b"cannot be written: No space"),
            (w.dir, b"cannot be opened: Is a directory"),
            (w.path("none") + "/o", b"cannot be made: No such file"),
            (w.path("x" * 300), b"cannot be made: File name too long"),
            (w.path("x/" * 2500), b"cannot be made: File name too long")):
        done = w.run("sign", "offer", "--key", w.key("k"), document, "-o",
                     out)
        assert done.returncode == 74 and done.stdout == b"", done
        assert out.encode() + b": " + why in done.stderr, done.stderr


def test_closed_streams_harm_no_file(w):
    key = w.path("k")
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" keygen -o "$1" >&- 2>&-; echo $?',
         world.MARKET, key], stdout=subprocess.PIPE, check=False)
    assert done.stdout == b"74\n", done
    w.must("keyid", key)
    with open(key, "rb") as file:
        assert file.read().startswith(b"-----BEGIN PRIVATE KEY-----")
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" show - <&-; echo $?', world.MARKET],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    assert done.stdout == b"74\n", done


def test_what_cannot_be_read_is_an_error(w):
    for file, why in ((w.path("none"), b"No such file"),
                      (w.dir, b"Is a directory"),
                      (w.write("k", b"") + "/x", b"Not a directory")):
        for verb in ("show", "pae", "keyid"):
            done = w.run(verb, file)
            assert done.returncode == 74 and done.stdout == b"", done
            assert done.stderr.startswith(
                b"market: " + file.encode() + b": cannot be"), done.stderr
            assert why in done.stderr, done.stderr


def test_files_have_a_limit(w):
    limit = 2 * 1024 * 1024
    for size, word in ((limit, b"an envelope of 2097152 bytes"),
                       (limit + 1, b"larger than 2097152 bytes")):
        path = w.write("large", b" " * size)
        done = w.run("show", path)
        assert done.returncode == 65 and word in done.stderr, done
        with open(path, "rb") as file:
            done = w.run("show", "-", stdin=file.read())
        assert done.returncode == 65 and word in done.stderr, done
    with open("/dev/zero", "rb") as endless:
        done = w.run("show", "-", stdin=endless)
    assert done.returncode == 65 and b"larger than" in done.stderr


def test_slow_pipes_are_read_whole(w):
    signed = w.sign("offer", w.offer())
    done = subprocess.run(
        ["/bin/sh", "-c",
         'f=$1; { head -c 100 "$f"; sleep 0.2; tail -c +101 "$f"; } | '
         '"$0" show -', world.MARKET, signed], stdout=subprocess.PIPE,
        check=True)
    assert done.stdout == w.must("show", signed)


def test_explain_tells_each_code(w):
    found = json.loads(w.must("explain", "--json"))
    assert len(found) > 80
    numbers = [info["number"] for info in found]
    assert numbers == sorted(set(numbers))
    for info in found:
        assert list(info) == ["code", "number", "effect", "actor", "clears",
                              "meaning", "remedy"]
        assert info["remedy"] and info["meaning"]
    for info in found[::9]:
        for name in (info["code"], str(info["number"]),
                     info["code"].lower().replace("_", "-")):
            told = json.loads(w.must("explain", "--json", name))
            assert told == info, name
        text = w.must("explain", info["code"]).decode()
        flat = " ".join(text.split())
        assert text.startswith("%s (%d)\n" % (info["code"], info["number"]))
        assert info["meaning"] in flat and info["remedy"] in flat
        assert max(map(len, text.split("\n"))) <= 80


def test_explain_lists_all(w):
    text = w.must("explain").decode()
    found = json.loads(w.must("explain", "--json"))
    for info in found:
        assert "%d %-13s %s\n" % (info["number"], info["effect"],
                                  info["code"]) in text
    assert max(map(len, text.split("\n"))) <= 80


def test_explain_knows_the_registry_of_the_contract(w):
    shared = os.environ.get("MARKET_SHARED") or os.path.join(
        world.SRCDIR, "..", "shared")
    path = os.path.join(shared, "schema", "findings.tsv")
    if not os.path.exists(path):
        return
    told = {info["number"]: info
            for info in json.loads(w.must("explain", "--json"))}
    effects = {"D": "DENY", "I": "INDETERMINATE", "W": "WARN", "N": "NOTE"}
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file
                if line[0].isdigit()]
    assert len(rows) > 80
    for number, code, effect, actor, clears, _ in rows:
        info = told[int(number)]
        assert (info["code"], info["effect"], info["actor"],
                info["clears"]) == (code, effects[effect], actor,
                                    clears == "y"), info


def test_explain_does_not_know_everything(w):
    usage(w.run("explain", "BRAND_DISAVOWD"), "did you mean BRAND_DISAVOWED?")
    usage(w.run("explain", "9999"), "no code 9999")
    usage(w.run("explain", "frobnicate"), "`market explain` lists all")


if __name__ == "__main__":
    sys.exit(world.main(globals()))
