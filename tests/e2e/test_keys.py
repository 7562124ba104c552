#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""keygen and keyid, against openssl's own reading and writing of keys."""

import hashlib
import json
import os
import subprocess
import sys

import world

ALGORITHMS = ["ed25519", "p256"]


def openssl(*argv, **options):
    return subprocess.run(["openssl"] + list(argv), check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          **options).stdout


def spki(path):
    return openssl("pkey", "-in", path, "-pubout", "-outform", "DER")


def made_by_openssl(w, algorithm):
    path = w.path("openssl-%s.pem" % algorithm)
    options = {"ed25519": ["-algorithm", "ed25519"],
               "p256": ["-algorithm", "EC", "-pkeyopt",
                        "ec_paramgen_curve:P-256"]}[algorithm]
    openssl("genpkey", *options, "-out", path)
    return path


def test_keygen_makes_keys_that_openssl_reads(w):
    for algorithm in ALGORITHMS:
        path = w.path(algorithm + ".pem")
        told = w.must("keygen", "--algorithm", algorithm, "-o", path)
        want = hashlib.sha256(spki(path)).hexdigest()
        assert told.decode() == want + "\n", algorithm
        openssl("pkey", "-in", path, "-noout", "-check")
        assert os.stat(path).st_mode & 0o7777 == 0o600
        assert os.listdir(w.dir).count(algorithm + ".pem") == 1


def test_keygen_is_ed25519_where_nothing_is_said(w):
    told = json.loads(w.must("keygen", "--json", "-o", w.path("k")))
    assert list(told) == ["file", "keyid", "algorithm"]
    assert told["algorithm"] == "ed25519" and told["file"] == w.path("k")


def test_keygen_takes_names_in_any_case(w):
    for name in ("ED25519", "P256", "p-256"):
        w.must("keygen", "--algorithm=" + name, "-o", w.path(name))
    done = w.run("keygen", "--algorithm", "rsa", "-o", w.path("rsa"))
    assert done.returncode == 64 and b"ed25519 and p256" in done.stderr
    assert not os.path.exists(w.path("rsa"))


def test_keygen_never_replaces_a_file(w):
    path = w.write("there", b"precious")
    done = w.run("keygen", "-o", path)
    assert done.returncode == 74 and done.stdout == b""
    assert b"is there already" in done.stderr
    with open(path, "rb") as file:
        assert file.read() == b"precious"
    assert os.listdir(w.dir) == ["there"]
    os.symlink(w.path("nowhere"), w.path("link"))
    assert w.run("keygen", "-o", w.path("link")).returncode == 74
    assert not os.path.exists(w.path("nowhere"))


def test_keygen_leaves_nothing_where_it_fails(w):
    done = w.run("keygen", "-o", w.path("no/such/folder/key"))
    assert done.returncode == 74 and done.stdout == b""
    assert os.listdir(w.dir) == []


def test_keygen_writes_to_stdout_when_asked(w):
    done = w.run("keygen", "-o", "-")
    assert done.returncode == 0 and done.stderr.startswith(b"market: key id ")
    told = w.must("keyid", "-", stdin=done.stdout)
    assert told.strip() == done.stderr.split()[-1]
    assert w.run("keygen", "-o", "-", "--json").returncode == 64


def test_keygen_makes_another_key_each_time(w):
    ids = {w.must("keygen", "-o", w.path("k%d" % i)) for i in range(8)}
    assert len(ids) == 8


def test_keyid_is_the_hash_of_the_public_key(w):
    for algorithm in ALGORITHMS:
        path = made_by_openssl(w, algorithm)
        der = spki(path)
        public = w.path(algorithm + ".pub")
        openssl("pkey", "-in", path, "-pubout", "-out", public)
        want = hashlib.sha256(der).hexdigest()
        for file in (path, public):
            assert w.must("keyid", file).decode() == want + "\n"
        told = json.loads(w.must("keyid", public, "--json"))
        assert list(told) == ["keyid", "algorithm", "spki"]
        assert told["keyid"] == want and told["algorithm"] == algorithm
        assert openssl("base64", "-A", input=der).decode() == told["spki"]


def test_keyid_opens_encrypted_keys(w):
    for algorithm in ALGORITHMS:
        path = made_by_openssl(w, algorithm)
        locked = w.path(algorithm + "-locked.pem")
        openssl("pkey", "-in", path, "-aes256", "-passout", "pass:tiger",
                "-out", locked)
        want = w.must("keyid", path)
        right = w.write("right", "tiger\n")
        wrong = w.write("wrong", "lion\r\n")
        assert w.must("keyid", locked,
                      env={"MARKET_PASSPHRASE": "tiger"}) == want
        assert w.must("keyid", locked, "--passphrase-file", right) == want
        assert w.must("keyid", locked, "--passphrase-file", wrong,
                      "--passphrase-file", right) == want
        assert w.must("keyid", locked, "--passphrase-file", "-",
                      stdin=b"tiger") == want
        for options, env, what in (
                ([], {}, b"--passphrase-file FILE, or in MARKET_PASSPHRASE"),
                ([], {"MARKET_PASSPHRASE": "lion"}, b"wrong passphrase"),
                (["--passphrase-file", wrong],
                 {"MARKET_PASSPHRASE": "tiger"}, b"wrong passphrase")):
            done = w.run("keyid", locked, *options, env=env)
            assert done.returncode == 65, (options, env, done)
            assert what in done.stderr, done.stderr
        done = w.run("keyid", locked, "--passphrase-file", w.path("none"))
        assert done.returncode == 74


def test_keyid_refuses_what_is_no_key(w):
    rsa = w.path("rsa.pem")
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt",
            "rsa_keygen_bits:1024", "-out", rsa)
    for file in (rsa, w.write("empty", b""), w.write("text", b"hello\n")):
        done = w.run("keyid", file)
        assert done.returncode == 65 and done.stdout == b"", file
        assert done.stderr.startswith(b"market: " + file.encode() + b": ")


def test_sign_takes_encrypted_keys(w):
    document = w.write("o.json", w.offer())
    files = []
    for word in ("tiger", "lion"):
        path = w.path(word + ".pem")
        openssl("genpkey", "-algorithm", "ed25519", "-aes256", "-pass",
                "pass:" + word, "-out", path)
        files += ["--key", path, "--passphrase-file", w.write(word, word)]
    done = json.loads(w.must("sign", "offer", document, "-o", w.path("o"),
                             "--json", *files))
    assert len(set(done["keyids"])) == 2


if __name__ == "__main__":
    sys.exit(world.main(globals()))
