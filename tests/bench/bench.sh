#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bench.sh LISTINGS ROUNDS: measures a store of LISTINGS listings against one
# of 1,000, with 2,000 questions and with 20,000. To be run in the build
# folder. A store is made once and kept in bench-stores/.
set -eu

source=$(cd "$(dirname "$0")/../.." && pwd)
listings=$1
rounds=$2
programs=tests/bench
# Made anew when the form of a store, or what is put into it, has changed.
made_by=$(cat "$source/libmarket/store/schema.c" "$source/tests/bench/kit.c" \
	"$source/libmarket/api/store_bytes.c" | cksum | cut -d ' ' -f 1)
stores=bench-stores/$made_by
mkdir -p "$stores"
for old in bench-stores/*; do
	if [ "$old" != "$stores" ]; then
		rm -rf "$old"
	fi
done

# make_store LISTINGS QUESTIONS
make_store()
{
	store=$stores/$1-$2.market
	if [ -f "$store.report" ]; then
		return
	fi
	rm -f "$store" "$store-wal" "$store-shm"
	"$programs/build_store" "$store" "$1" "$2" >"$store.made"
	mv "$store.made" "$store.report"
}

# What a takedown writes stays in the history: it is measured in a copy.
copy()
{
	cp "$stores/$1-$2.market" "$stores/$1-$2.copy"
	rm -f "$stores/$1-$2.copy-wal" "$stores/$1-$2.copy-shm"
}

make_store 1000 2000
make_store "$listings" 2000
make_store "$listings" 20000

# Everything is told as it comes, and the table once more at the end.
told=bench-stores/told
measure()
{
	echo "== taking in, and the size of the database =="
	cat "$stores/1000-2000.market.report" \
		"$stores/$listings-2000.market.report" \
		"$stores/$listings-20000.market.report"

	echo "== takedown and return =="
	copy 1000 2000
	copy "$listings" 2000
	copy "$listings" 20000
	"$programs/takedown" "$rounds" "$stores/1000-2000.copy" 1000 2000 \
		"$stores/$listings-2000.copy" "$listings" 2000 \
		"$stores/$listings-20000.copy" "$listings" 20000
	rm -f "$stores"/*.copy "$stores"/*.copy-wal "$stores"/*.copy-shm

	echo "== memory =="
	"$programs/resident" "$stores/$listings-2000.market" "$listings" 2000 \
		20000
	"$programs/cached"

	echo "== decisions =="
	"$programs/warm"
	"$programs/cold"
	"$programs/threads"
	"$programs/over_peers"

	echo "== a store: publishing, and selling =="
	"$programs/publish"
	"$programs/sale" "$stores/$listings-2000.market" "$listings" 2000

	echo "== feeds =="
	"$programs/feed" "$listings"
	"$programs/intake" "$listings"

	echo "== refusing junk, and what is hostile =="
	"$programs/junk"
	"$programs/refusal"

	devices=${MARKET_SHARED:-$source/../shared}/data/android_devices.csv
	if [ -f "$devices" ]; then
		echo "== an offer for each device of a list =="
		"$programs/devices" "$devices"
	fi
}

measure >"$told.new" 2>&1 || {
	cat "$told.new"
	exit 1
}
mv "$told.new" "$told"
cat "$told"
echo "== the table: ratios, their middle 80 %, and what is asked =="
grep '^machine' "$told" | head -n 1
grep '^=[^=]' "$told"
