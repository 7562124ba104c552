#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Calls that the library never makes, and what to use."""

import os
import re
import sys

import house

TEXT = "market__text_*() or snprintf()"
MEMORY = "market__alloc() and market__free()"
CLOCK = "the caller's `at`"
LOCALE = "a comparison of ASCII"
FILES = "slices that the caller read"

# Names -> what to use; where they may stand all the same.
RULES = [
    ("strcpy strncpy stpcpy strcat strncat sprintf vsprintf gets strtok "
     "strtok_r asprintf vasprintf", TEXT, ()),
    ("atoi atol atoll atof strtod strtof strtold sscanf scanf",
     "a parser that knows every byte", ()),
    ("malloc calloc realloc reallocarray free strdup strndup alloca", MEMORY,
     ("libmarket/base/alloc.c",)),
    ("time ctime gmtime gmtime_r localtime localtime_r mktime timegm strftime "
     "strptime gettimeofday", CLOCK, ()),
    ("clock_gettime", CLOCK,
     ("libmarket/cli/", "libmarket/base/deadline.c")),
    ("setlocale isalpha isdigit isalnum isupper islower isspace isxdigit "
     "isprint ispunct toupper tolower strcoll strcasecmp strncasecmp", LOCALE,
     ()),
    ("getenv setenv putenv secure_getenv", "an argument of the caller",
     ("libmarket/cli/",)),
    ("open openat creat fopen fdopen freopen read write close socket connect "
     "bind", FILES, ("libmarket/cli/", "libmarket/store/")),
    ("printf puts putchar fprintf fputs fwrite perror", "market__log()",
     ("libmarket/cli/",)),
    ("exit abort _exit", "a status", ("libmarket/cli/",)),
    ("assert", "MARKET_E_INTERNAL", ("libmarket/cli/",)),
    ("rand srand random drand48", "OpenSSL's generator", ()),
    ("system popen execl execlp execv execvp fork",
     "nothing: the library runs no program", ()),
    ("signal sigaction", "nothing: that is the caller's",
     ("libmarket/cli/",)),
    ("pthread_create", "nothing: that is the caller's",
     ("libmarket/api/check_many.c", "libmarket/base/crew.c")),
]

CALL = re.compile(r"(?<![\w.>])([A-Za-z_]\w*)[ \t\n]*\(")
STATE = re.compile(
    r"^(?:static[ \t]+)?(?:_Thread_local|__thread|thread_local)\b", re.M)


def table():
    return {name: (use, where) for names, use, where in RULES
            for name in names.split()}


def check(root):
    rules = table()
    for path in house.files(root, "libmarket", ".c", ".h"):
        text = house.code(house.read(root, path))
        place = path.replace(os.sep, "/")
        for match in CALL.finditer(text):
            name = match.group(1)
            use, where = rules.get(name, (None, ()))
            if use and not place.startswith(tuple(where) or ("\0",)):
                yield "%s:%d: %s(): use %s" % (
                    path, house.line_of(text, match.start()), name, use)
        for match in STATE.finditer(text):
            yield "%s:%d: thread-local state" % (
                path, house.line_of(text, match.start()))


GOOD = """\
/* strcpy() is never called */
static const char text[] = "malloc(3)";
void f(const market_allocator_t *a) { a->free(a->user, x); memory.alloc(1); }
void market__time_format(int64_t t); int my_isalpha(int c);
"""


def main():
    tap = house.Tap()
    with house.Tree({"libmarket/model/a.c": GOOD,
                     "libmarket/base/alloc.c": "f() { free(malloc(1)); }\n",
                     "libmarket/cli/a.c": "f() { clock_gettime(a, b); }\n",
                     }) as root:
        tap.clean(check(root), "a tree in order passes")
    for names, _, _ in RULES:
        for name in names.split():
            tree = {"libmarket/verify/a.c": "int x = %s (1);\n" % name}
            with house.Tree(tree) as root:
                faults = list(check(root))
            if not faults:
                tap.ok(False, "finds %s()" % name)
        tap.ok(True, "finds " + names.split()[0] + "() and its like")
    with house.Tree({"libmarket/cli/a.c": "x = time(NULL);\n"}) as root:
        tap.finds(check(root), "time() in the command", "time()")
    with house.Tree({"libmarket/api/a.c": "static __thread int x;\n"}) as root:
        tap.finds(check(root), "thread-local state", "thread-local")
    tap.clean(check(house.SRCDIR), "no banned call in the library")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
