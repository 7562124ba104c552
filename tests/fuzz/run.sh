#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh SECONDS SRCDIR DRIVER...: each driver that long under libFuzzer, as
# many at a time as there are processors (or FUZZ_JOBS). What is new is kept in
# fuzz-corpus/ of the build directory, for the next run; a crash is a file
# beside it, whose path is told. The end counts as automake's summary does.
set -u
seconds=$1
source=$2
shift 2
jobs=${FUZZ_JOBS:-$(nproc 2>/dev/null || echo 2)}
mkdir -p fuzz-corpus

# one DRIVER
one()
{
	name=${1##*/fuzz_}
	mkdir -p "fuzz-corpus/$name"
	# A database that need not outlive its input is in memory.
	temporary=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
	rm -f "fuzz-corpus/$name.ok"
	# Worlds, stores and feeds are slow and short; there each value that
	# was compared is no feature.
	case $name in
	world) how="-max_len=160 -len_control=20 -entropic=0" ;;
	store) how="-max_len=96 -len_control=20 -entropic=0" ;;
	feed) how="-max_len=1024 -len_control=20 -entropic=0" ;;
	cli) how="-max_len=2048 -entropic=0" ;;
	*) how="-max_len=8192 -use_value_profile=1" ;;
	esac
	TMPDIR=$temporary \
	ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:malloc_context_size=8 \
	UBSAN_OPTIONS=print_stacktrace=1 \
	"./$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		$how -print_final_stats=1 \
		-artifact_prefix="fuzz-corpus/$name-" \
		"fuzz-corpus/$name" "$source/tests/fuzz/corpus/$name" \
		>"fuzz-corpus/$name.log" 2>&1 &&
		: >"fuzz-corpus/$name.ok"
	rm -rf "$temporary"
}

running=0
for driver in "$@"; do
	one "$driver" &
	running=$((running + 1))
	if [ "$running" -ge "$jobs" ]; then
		wait
		running=0
	fi
done
wait

passed=0
failed=0
for driver in "$@"; do
	name=${driver##*/fuzz_}
	log=fuzz-corpus/$name.log
	units=$(awk '/^stat::number_of_executed_units:/{print $2}' "$log")
	edges=$(awk '/ cov: /{for (i = 1; i < NF; i++)
		if ($i == "cov:") n = $(i + 1)} END {print n + 0}' "$log")
	if [ -f "fuzz-corpus/$name.ok" ]; then
		passed=$((passed + 1))
		echo "ok - $name: $units inputs in $seconds s, $edges edges"
		continue
	fi
	failed=$((failed + 1))
	echo "not ok - $name: the end of $PWD/$log:"
	tail -n 30 "$log"
	sed -n "s|^artifact_prefix=.*Test unit written to |not ok - $PWD/|p" \
		"$log"
done
echo "# PASS:  $passed"
echo "# SKIP:  0"
echo "# FAIL:  $failed"
[ "$failed" -eq 0 ]
