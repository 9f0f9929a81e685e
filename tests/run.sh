#!/bin/sh
# Runs test programs one after the other, shows what failed, and closes with the count.
# usage: run.sh PROGRAM...        a program is a cmocka runner, or a script that prints TAP lines
# The count is also left in $BUILD/tests/count.
build=${BUILD:-build}
TZ=Asia/Shanghai # of the tests and of the programs that they start: one day for both
export TZ
passed=0 failed=0
mkdir -p "$build/tests"
out=$(mktemp) || exit 3
trap 'rm -f "$out"' EXIT
for program; do
	case $program in
	*.sh) BUILD=$build sh "$program" >"$out" 2>&1 </dev/null ;;
	*) BUILD=$build "$program" >"$out" 2>&1 </dev/null ;;
	esac
	status=$?
	p=$(grep -cE '^\[       OK \]|^ok ' "$out")
	f=$(grep -cE '^not ok ' "$out")
	# cmocka sums up by itself
	named=$(sed -n 's/^ \([0-9]*\) FAILED TEST(S)$/\1/p' "$out" | tail -1)
	f=$((f + ${named:-0}))
	if [ $status -ne 0 ] && [ "$f" -eq 0 ] || [ $((p + f)) -eq 0 ]; then
		f=1 # died, or tested nothing
	fi
	passed=$((passed + p)) failed=$((failed + f))
	if [ "$f" -ne 0 ]; then
		printf '== %s (exit %s)\n' "$program" "$status"
		grep -vE '^\[ RUN|^\[       OK|^ok ' "$out" | tail -60
	else
		printf '%5d ok  %s\n' "$p" "${program##*/}"
	fi
done
printf '%d passed, %d failed\n' "$passed" "$failed" | tee "$build/tests/count"
[ "$failed" -eq 0 ]
