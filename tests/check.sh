#!/bin/sh
# make check: format, static analysis, include rules, messages, manual pages, planted bugs. Each says what it does.
set -u
cd "$(dirname "$0")/.." || exit 3
failed=0
step() {
	printf 'check: %s\n' "$1"
	shift
	"$@" || failed=1
}
sources() { git ls-files -co --exclude-standard 'core/*.[ch]' 'forms/*.[ch]' 'tui/*.[ch]' 'tests/*.[ch]' 'data/*.[ch]'; }
format() { sources | xargs clang-format --dry-run -Werror 2>&1 | head -40 | { ! grep .; }; }
analyse() {
	sources | grep '\.c$' | xargs cppcheck -q -j "$(nproc)" --std=c11 --language=c --error-exitcode=1 \
		--enable=warning,portability --inline-suppr -I. -I build/gen \
		--suppress=missingInclude --suppress=missingIncludeSystem --suppress=unknownMacro \
		--suppress=normalCheckLevelMaxBranches --suppress=nullPointerOutOfMemory --suppress=checkersReport
}
manual() {
	git ls-files -co --exclude-standard 'data/man/*.[1-9]' | while read -r page; do
		mandoc -T lint -W warning "$page" || echo "$page" >&2
	done 2>&1 | { ! grep -E 'WARNING|ERROR|UNSUPP'; }
}
english() { said=$(sh tests/messages.sh) || { echo "$said" && false; }; }
planted() { # a patch that fits no longer plants nothing
	for patch in tests/faults/planted/*.patch; do
		patch --dry-run -p0 -s -f <"$patch" >/dev/null || echo "$patch no longer applies: make it anew" >&2
	done 2>&1 | { ! grep .; }
}
step "format (clang-format)" format
step "include rules and homes of libraries" sh tests/include-rules.sh
step "every text in English too" english
step "manual pages (mandoc)" manual
step "bugs to be planted (patch)" planted
step "static analysis (cppcheck)" analyse
[ $failed -eq 0 ] && echo "check: all good"
exit $failed
