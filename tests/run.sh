#!/bin/sh
# Runs test programs one after the other, shows what failed, and closes with the count.
# usage: run.sh PROGRAM...        a program is a cmocka runner or a script that prints TAP lines
passed=0 failed=0
out=$(mktemp) || exit 3
trap 'rm -f "$out"' EXIT
for program; do
	"$program" >"$out" 2>&1 </dev/null
	status=$?
	p=$(grep -cE '^\[       OK \]|^ok ' "$out")
	f=$(grep -cE '^\[  FAILED  \] [^0-9]|^not ok ' "$out")
	# cmocka names each failed test twice: once when it fails, once in the summary
	if grep -q '^\[==========\]' "$out"; then
		f=$(sed -n 's/^ \([0-9]*\) FAILED TEST(S)$/\1/p' "$out" | tail -1)
		f=${f:-0}
	fi
	if [ $status -ne 0 ] && [ "$f" -eq 0 ]; then
		f=1
	fi
	passed=$((passed + p)) failed=$((failed + f))
	if [ "$f" -ne 0 ]; then
		printf '== %s (exit %s)\n' "$program" "$status"
		grep -vE '^\[ RUN|^\[       OK|^ok ' "$out" | tail -60
	else
		printf '%4d ok  %s\n' "$p" "${program##*/}"
	fi
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
