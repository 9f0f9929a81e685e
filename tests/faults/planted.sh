#!/bin/sh
# A check that cannot fail proves nothing: each tests/faults/planted/NAME.patch plants one bug into a
# copy of the sources, where only what differs is built anew, and the part that its "Found by:" names
# must fail there. A bug that is not found is a failure, so is a patch that no longer applies.
# usage: planted.sh [NAME...]
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
here=tests/faults/planted
copy=$build/planted
passed=0 failed=0
row() {
	printf '%-9s %-37s %7s %5s %5s %5s %s\n' planted "$1" "$2" '' '' '' "$3"
	case $3 in ok) passed=$((passed + 1)) ;; *) failed=$((failed + 1)) ;; esac
}
[ $# -gt 0 ] || set -- "$here"/*.patch

rm -rf "$copy"
mkdir -p "$copy" || exit 3
git ls-files -co --exclude-standard | tar -cf - --ignore-failed-read -T - 2>/dev/null | tar -xf - -C "$copy"
# what is built already is built from the same sources, and older than any patch
mkdir "$copy/build"
(cd "$build" && tar -cf - --exclude=./planted .) | tar -xf - -C "$copy/build"
unset BUILD

for patch; do
	name=$(basename "$patch" .patch)
	patch=$PWD/$here/$name.patch
	part=$(sed -n 's/^Found by: //p' "$patch")
	if ! patch -d "$copy" -p0 -s -f <"$patch" >"$copy/log" 2>&1; then
		sed 's/^/# /' "$copy/log"
		row "$name: its patch does not apply" 0 'NOT OK'
		sed -n 's/^+++ //p' "$patch" | while read -r file _; do cp "$file" "$copy/$file"; done
		continue
	fi
	if ! make -s -C "$copy" BUILD=build all "build/tests/faults/$part" >"$copy/log" 2>&1; then
		grep -E 'error' "$copy/log" | head -3 | sed 's/^/# /'
		row "$name: does not build" 0 'NOT OK'
	elif (cd "$copy" && BUILD=build FIRST=1 N=100 SEEDS=2000 CUTS=100 "build/tests/faults/$part") >"$copy/log" 2>&1; then
		row "$name: NOT FOUND by $part" 0 'NOT OK'
	else
		# where: the first story, or the first row that is not right
		story=$(sed -n 's/^# story \([0-9]*\):.*/\1/p' "$copy/log" | head -1)
		count=$(grep ' NOT OK$' "$copy/log" | head -1 | cut -c48-55 | tr -d ' ')
		row "$name: found by $part" "${story:-${count:-?}}" ok
	fi
	sed -n 's/^+++ //p' "$patch" | while read -r file _; do cp "$file" "$copy/$file"; done
done
printf '%d planted bugs found, %d not\n' $passed $failed
[ $failed -eq 0 ]
