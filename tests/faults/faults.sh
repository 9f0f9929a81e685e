#!/bin/sh
# The proofs that nothing is lost and nothing is twice. usage: faults.sh [long]
# Without "long": a very short run of each, as TAP lines, for make test. With it: the table, with
# N kills and SEEDS stories, closed by the count. FAULTS names the parts (programs in
# $BUILD/tests/faults); all of them unless set.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
parts=${FAULTS:-simulator journal power promises mounted disk catalogue kills line hostile syscalls typing}
export BUILD="$build"
rows=$(mktemp) || exit 3
trap 'rm -f "$rows"' EXIT

if [ "${1:-}" = long ]; then
	printf '%-9s %-37s %7s %5s %5s %5s\n' part case count lost twice other
	printf '%-9s %-37s %7s %5s %5s %5s\n' '' limit '' 0 0 0
	for part in $parts; do
		"$build/tests/faults/$part" 2>&1 | tee "$rows.part"
		# a part that dies has not proved anything
		grep -qE ' (ok|NOT OK)$| skipped: ' "$rows.part" || printf '%-9s died %46s NOT OK\n' "$part" '' | tee -a "$rows.part"
		cat "$rows.part" >>"$rows"
		rm -f "$rows.part"
	done
	passed=$(grep -c ' ok$' "$rows") failed=$(grep -c ' NOT OK$' "$rows")
	printf '%d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ]
	exit
fi

for part in $parts; do
	SHORT=1 "$build/tests/faults/$part" >"$rows" 2>&1
	status=$?
	sed -n -e 's/  *\([0-9 ]*\) ok$/: \1/' -e 's/^\([^#].*: [0-9 ]*\)$/ok \1/p' \
		-e 's/^\(.*\) skipped: \(.*\)$/ok \1 # skipped: \2/p' -e 's/^\(.*\) NOT OK$/not ok \1/p' \
		-e '/^#/p' "$rows"
	[ $status -eq 0 ] || grep -q ' NOT OK$' "$rows" || {
		sed 's/^/# /' "$rows"
		echo "not ok $part ended with $status"
	}
done
