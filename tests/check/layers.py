#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Includes go one way: base <- wire, crypto <- model <- verify <- api <- cli;
the store beside verify."""

import os
import re
import sys

import house

# Layer -> the layers whose headers it may include, besides <market/...>.
MAY = {
    "include": set(),
    "base": {"base"},
    "wire": {"base", "wire"},
    "crypto": {"base", "crypto"},
    "model": {"base", "wire", "crypto", "model"},
    "verify": {"base", "wire", "crypto", "model", "verify"},
    "store": {"base", "wire", "crypto", "model", "store"},
    "api": {"base", "wire", "crypto", "model", "verify", "store", "api"},
    "cli": {"base", "cli"},
}

# Nothing of the C library that knows a clock, a file, a locale or a thread.
PURE = {"assert.h", "inttypes.h", "limits.h", "stdalign.h", "stdarg.h",
        "stdatomic.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h",
        "stdlib.h", "string.h"}
PUBLIC = {"stddef.h", "stdint.h", "stdbool.h"}
# A store keeps files; above it a handle knows the process that opened it. Time
# comes from the caller alone.
MORE = {
    "store": {"errno.h", "fcntl.h", "sys/stat.h", "sys/types.h", "unistd.h"},
    "api": {"sys/types.h", "unistd.h"},
}

# Include of another library -> the only layers that may have it.
ONLY = [
    (re.compile(r"^openssl/"), {"crypto"}),
    (re.compile(r"^protobuf-c/|\.pb-c\.h$"), {"wire"}),
    (re.compile(r"^jansson\.h$"), {"wire", "cli"}),
    (re.compile(r"^sqlite3\.h$"), {"store"}),
    (re.compile(r"^uthash\.h$"), {"api"}),
    (re.compile(r"^pthread\.h$"), {"api", "base"}),
]

# What one file alone may have.
ALONE = {
    "libmarket/base/deadline.h": {"time.h"},  # a batch has a time limit
    "libmarket/base/pool.c": {"sanitizer/asan_interface.h"},
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def fault(layer, name, quoted):
    """Why this layer may not include `name`, or None."""
    for pattern, layers in ONLY:
        if pattern.search(name):
            if layer in layers:
                return None
            return "only %s may" % " and ".join(sorted(layers))
    if name.startswith("market/"):
        return None
    if name == "config.h":
        return None if layer != "include" else "it is not installed"
    top = name.split("/")[0]
    if top in MAY and "/" in name:
        if top in MAY[layer]:
            return None
        return "%s stands above %s" % (top, layer)
    if quoted:
        return "write it with its layer: \"%s/%s\"" % (layer, name)
    if layer == "cli":
        return None
    if layer == "include":
        return None if name in PUBLIC else "a public header stands alone"
    if name in MORE.get(layer, ()):
        return None
    return None if name in PURE else "the library keeps to what is pure"


def check(root):
    for path in house.files(root, "libmarket", ".c", ".h"):
        layer = path.split(os.sep)[1]
        if layer not in MAY:
            yield "%s: %s is no layer" % (path, layer)
            continue
        text = house.read(root, path)
        for match in INCLUDE.finditer(text):
            why = fault(layer, match.group(2), match.group(1) == '"')
            if why and match.group(2) not in ALONE.get(
                    path.replace(os.sep, "/"), ()):
                yield "%s:%d: includes %s: %s" % (
                    path, house.line_of(text, match.start()), match.group(2),
                    why)


BAD = [
    ("base/a.c", '#include "wire/wire.h"', "a higher layer"),
    ("base/a.c", "#include <openssl/evp.h>", "OpenSSL outside crypto"),
    ("wire/a.c", '#include "crypto/crypto.h"', "wire on crypto"),
    ("crypto/a.c", '#include "wire/wire.h"', "crypto on wire"),
    ("model/a.c", '#include "market/v1/offer.pb-c.h"',
     "generated code outside wire"),
    ("model/a.h", '#include "verify/verify.h"', "model on verify"),
    ("verify/a.c", '#include "api/api.h"', "verify on api"),
    ("verify/a.c", "#include <time.h>", "a clock in verify"),
    ("verify/a.c", "#include <sys/socket.h>", "a socket in verify"),
    ("verify/a.c", " # include <fcntl.h>", "files in verify"),
    ("verify/a.c", "#include <pthread.h>", "a lock in verify"),
    ("verify/a.c", '#include "store/store_backend.h"', "verify on store"),
    ("store/a.c", '#include "verify/verify.h"', "store on verify"),
    ("store/a.c", '#include "api/root.h"', "store on api"),
    ("store/a.c", "#include <time.h>", "a clock in store"),
    ("store/a.c", "#include <openssl/evp.h>", "OpenSSL in store"),
    ("api/a.c", "#include <sqlite3.h>", "SQLite outside store"),
    ("api/a.c", "#include <fcntl.h>", "files in api"),
    ("store/a.c", "#include <uthash.h>", "a hash table in store"),
    ("cli/a.c", '#include "store/store_backend.h"', "the command on store"),
    ("cli/a.c", '#include "model/model.h"', "the command inside the library"),
    ("include/market/a.h", "#include <openssl/evp.h>",
     "OpenSSL in a public header"),
    ("include/market/a.h", '#include "base/base.h"',
     "an inner header in a public one"),
    ("verify/a.c", '#include "helper.h"', "an include without its layer"),
    ("helpers/a.c", "", "a folder that is no layer"),
]

GOOD = {
    "libmarket/base/a.c": '#include "base/base.h"\n#include <string.h>\n',
    "libmarket/wire/a.c": '#include "market/v1/offer.pb-c.h"\n',
    "libmarket/crypto/a.c": "#include <openssl/evp.h>\n",
    "libmarket/verify/a.c": '#include "model/model.h"\n',
    "libmarket/store/a.c":
        '#include "model/model.h"\n#include <sqlite3.h>\n'
        "#include <errno.h>\n#include <fcntl.h>\n#include <sys/stat.h>\n",
    "libmarket/api/a.c":
        '#include "verify/verify.h"\n#include "store/store_backend.h"\n',
    "libmarket/cli/a.c": "#include <market/market.h>\n#include <time.h>\n",
}


def main():
    tap = house.Tap()
    with house.Tree(GOOD) as root:
        tap.clean(check(root), "a tree in order passes")
    for path, text, label in BAD:
        with house.Tree({"libmarket/" + path: text + "\n"}) as root:
            tap.finds(check(root), label, path)
    tap.clean(check(house.SRCDIR), "every include goes down the layers")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
