#!/bin/sh
# Every text that a person reads has its English: all msgids of the sources stand translated in
# data/messages/en/*.po, with the same printf directives. Prints what is missing; exits 1 if any.
set -u
cd "$(dirname "$0")/.." || exit 3
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
git ls-files -co --exclude-standard 'core/*.c' 'forms/*.c' 'tui/*.c' 'core/*.h' 'forms/*.h' 'tui/*.h' |
	xgettext --from-code=UTF-8 -k -ktr -kN_ --flag=tr:1:pass-c-format -f - -o "$work/all.pot" 2>"$work/log" || {
	cat "$work/log"
	exit 1
}
msgcat --use-first -o "$work/en.po" data/messages/en/*.po || exit 1
msgfmt -c -o /dev/null "$work/en.po" || exit 1
msgmerge -q --no-fuzzy-matching -o "$work/merged.po" "$work/en.po" "$work/all.pot" || exit 1
msgattrib --untranslated --no-obsolete "$work/merged.po" >"$work/missing.po"
if grep -q '^msgid "..*"\|^"' "$work/missing.po" && [ -n "$(sed -n '/^msgid/,$p' "$work/missing.po" | sed 1,3d)" ]; then
	echo "no English yet (data/messages/en):"
	grep -v '^#,' "$work/missing.po" | sed -n '/^#:/,$p'
	exit 1
fi
