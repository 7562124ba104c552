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
	sed -n -e '/^[0-9]*\. /p' -e '/^  listing /p' -e '/^  sale /p' \
	    -e '/^  impact /p' -e '/^  forecast /p' -e '/ \(PERMIT\|DENY\|INDETERMINATE\)$/p' \
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

exits 64 "02_sign_offer: without files it tells its usage" \
    "$bin/02_sign_offer"
grep -q "usage: " "$tmp/err"
ok $? "02_sign_offer: usage" "$tmp/err"
exits 0 "02_sign_offer: makes a key and signs" \
    "$bin/02_sign_offer" "$tmp/key.pem" "$tmp/signed.json"
cp "$tmp/out" "$tmp/public.pem"
[ "$(stat -c %a "$tmp/key.pem")" = 600 ]
ok $? "02_sign_offer: the key is its owner's alone"
exits 0 "02_sign_offer: signs again with the same key" \
    "$bin/02_sign_offer" "$tmp/key.pem" "$tmp/signed.json"
cmp -s "$tmp/out" "$tmp/public.pem"
ok $? "02_sign_offer: the public key is the same"
if command -v openssl >/dev/null; then
	openssl pkey -in "$tmp/key.pem" -pubout 2>"$tmp/err" |
	    cmp -s - "$tmp/public.pem"
	ok $? "02_sign_offer: openssl reads the key" "$tmp/err"
fi
echo nonsense >"$tmp/bad.pem"
exits 65 "02_sign_offer: what is no key does not sign" \
    "$bin/02_sign_offer" "$tmp/bad.pem" "$tmp/unsigned.json"
[ ! -e "$tmp/unsigned.json" ]
ok $? "02_sign_offer: nothing is written then"

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

exits 0 "03_sub_distributor: permitted, and refused where it is wider" \
    "$bin/03_sub_distributor"
on_a_screen "$tmp/out" 03_sub_distributor
grep -q "AUTHORIZATION_WIDENED_TERRITORY, link 2" "$tmp/out"
ok $? "03_sub_distributor: names the link" "$tmp/out"

mkdir "$tmp/shop"
exits 0 "03_sub_distributor: writes what it signed today" \
    "$bin/03_sub_distributor" "$tmp/shop"
trust="$tmp/shop/root.json $tmp/shop/policy.json"
# shellcheck disable=SC2086
exits 0 "01_check: permits the shop's offer" \
    "$bin/01_check" $trust "$tmp/shop/offer.json" "$tmp/shop"/0*
grep -q "PERMIT$" "$tmp/out"
ok $? "01_check: reports it" "$tmp/out"
exits 1 "01_check: denies it without the brand's grant" \
    "$bin/01_check" $trust "$tmp/shop/offer.json" \
    "$tmp/shop"/01* "$tmp/shop"/0[3-8]*
grep -q AUTHORIZATION_CHAIN_BROKEN "$tmp/out"
ok $? "01_check: says why" "$tmp/out"
exits 1 "01_check: denies the same offer by a key that nobody knows" \
    "$bin/01_check" $trust "$tmp/signed.json" "$tmp/shop"/0*
grep -q OFFER_SIGNATURE_INVALID "$tmp/out"
ok $? "01_check: says why" "$tmp/out"

exits 0 "04_grey_importer: refused until the brand grants" \
    "$bin/04_grey_importer"
on_a_screen "$tmp/out" 04_grey_importer
[ "$(grep -c '^[^ ].* DENY$' "$tmp/out")" -eq 6 ] &&
    [ "$(grep -c '^[^ ].* PERMIT$' "$tmp/out")" -eq 1 ]
ok $? "04_grey_importer: six are denied, one is permitted" "$tmp/out"

exits 0 "05_forger: every try is refused" "$bin/05_forger"
on_a_screen "$tmp/out" 05_forger
diff "$SRCDIR/tests/golden/forger.txt" "$tmp/out" >"$tmp/diff" || {
	[ -n "$UPDATE" ] && cp "$tmp/out" "$SRCDIR/tests/golden/forger.txt"
}
ok $? "05_forger: for the reasons that it was" "$tmp/diff"

echo "1..$n"
exit $failed
