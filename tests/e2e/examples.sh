#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The examples run, answer as they tell, and fit on a screen. TAP.
#
#	UPDATE=1 tests/e2e/examples.sh		writes the golden file anew

SRCDIR=${SRCDIR-.}
BUILDDIR=${BUILDDIR-_build}
bin=$BUILDDIR/examples
golden=$SRCDIR/tests/golden/story_2016.txt
n=0
failed=0

tmp=$(mktemp -d "${TMPDIR-/tmp}/examples-XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT

# ok STATUS LABEL [FILE...]: the files are shown where it failed
ok() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
		return
	fi
	failed=1
	echo "not ok $n - $2"
	shift 2
	[ $# -eq 0 ] || sed 's/^/# /' "$@"
}

# exits WANT LABEL PROGRAM...: its output is in $tmp/out and $tmp/err
exits() {
	want=$1
	label=$2
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	[ "$got" -eq "$want" ]
	ok $? "$label" "$tmp/err"
}

# What the reports decide; digests and keys are new in each run.
verdicts() {
	sed -n -e '/^[0-9]\. /p' -e '/ \(PERMIT\|DENY\|INDETERMINATE\)$/p' \
	    -e 's/^\(  as of [^,]*\),.*/\1/p' -e '/^    service /p' \
	    -e 's/^    \(DENY\|INDET\|WARN\|NOTE\)  *\([A-Z0-9_]*\).*/    \1 \2/p' \
	    -e 's/^    rests on .* statements*; /    /p'
}

on_a_screen() {
	awk 'length($0) > 80 { print; wide = 1 } END { exit wide }' "$1" \
	    >"$tmp/wide"
	ok $? "$2: at most 80 columns" "$tmp/wide"
	grep -q "$(printf '\033')" "$1"
	[ $? -eq 1 ]
	ok $? "$2: no escape code off a terminal"
}

exits 64 "01_check: without files there is no answer" "$bin/01_check"
exits 74 "01_check: a file that is not there is never ignored" \
    "$bin/01_check" "$tmp/none" "$tmp/none" "$tmp/none"
exits 1 "01_check: what is no root is refused" \
    "$bin/01_check" "$0" "$0" "$0"

if [ ! -x "$bin/story_2016" ]; then
	echo "1..$n # the other examples need jansson"
	exit $failed
fi

exits 0 "story_2016: each step comes out as it tells" "$bin/story_2016"
[ ! -s "$tmp/err" ]
ok $? "story_2016: nothing to complain about" "$tmp/err"
on_a_screen "$tmp/out" story_2016
verdicts <"$tmp/out" >"$tmp/verdicts"
[ -z "$UPDATE" ] || cp "$tmp/verdicts" "$golden"
diff "$golden" "$tmp/verdicts" >"$tmp/diff"
ok $? "story_2016: decides as it did" "$tmp/diff"
for fact in "model codes of the four phones: they are assumed" "supposed" \
    "IN_TEST" "Wi-Fi only"; do
	tr '\n' ' ' <"$tmp/out" | tr -s ' ' | grep -q "$fact"
	ok $? "story_2016: says \"$fact\""
done
exits 74 "story_2016: a folder without documents is no story" \
    "$bin/story_2016" "$tmp"

echo "1..$n"
exit $failed
