#!/bin/sh
# Every text that a person reads has its English: all msgids of the sources stand translated in
# data/messages/en/*.po, with the same printf directives, and each text of a shipped form has an
# English one in the column beside it. Prints TAP lines, and before one that is
# not ok what is wrong or missing; exits 1 if any.
set -u
cd "$(dirname "$0")/.." || exit 3
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
number=0 failed=0

# ok WHAT COMMAND: one test; says what the command said when it fails
ok() {
	what=$1
	shift
	number=$((number + 1))
	if "$@" >"$work/log" 2>&1; then
		echo "ok $number - $what"
		return 0
	fi
	cat "$work/log"
	echo "not ok $number - $what"
	failed=1
	return 1
}

texts_are_read() {
	git ls-files -co --exclude-standard 'core/*.c' 'forms/*.c' 'tui/*.c' 'core/*.h' 'forms/*.h' \
		'tui/*.h' |
		xgettext --from-code=UTF-8 -k -ktr -kN_ --flag=tr:1:pass-c-format -f - -o "$work/all.pot"
}

english_is_well_formed() {
	msgcat --use-first -o "$work/en.po" data/messages/en/*.po &&
		msgfmt -c -o /dev/null "$work/en.po"
}

each_has_its_english() {
	msgmerge -q --no-fuzzy-matching -o "$work/merged.po" "$work/en.po" "$work/all.pot" || return 1
	msgattrib --untranslated --no-obsolete "$work/merged.po" >"$work/missing.po"
	if grep -q '^msgid "..*"\|^"' "$work/missing.po" &&
		[ -n "$(sed -n '/^msgid/,$p' "$work/missing.po" | sed 1,3d)" ]; then
		echo "no English yet (data/messages/en):"
		grep -v '^#,' "$work/missing.po" | sed -n '/^#:/,$p'
		return 1
	fi
}

# A row with a Chinese text of a kind and no English one is told with its place.
english_of_forms() {
	find forms -name survey.csv -o -name choices.csv | sort | xargs awk '
	function cut(row,    n, i, c, quoted) {
		n = 1; cell[1] = ""
		for (i = 1; i <= length(row); i++) {
			c = substr(row, i, 1)
			if (c == "\"") quoted = !quoted
			else if (c == "," && !quoted) cell[++n] = ""
			else cell[n] = cell[n] c
		}
		return n
	}
	FNR == 1 {
		split("", kind); split("", english)
		for (n = cut($0); n > 0; n--) {
			name = cell[n]
			sub(/::.*/, "", name)
			if (cell[n] ~ /::English/) english[name] = n
			else if (name ~ /^(label|hint|.*_message)$/) kind[name] = n
		}
		next
	}
	{
		cut($0)
		for (k in kind)
			if (cell[kind[k]] != "" && (!(k in english) || cell[english[k]] == "")) {
				print FILENAME ":" FNR ": " k ": " cell[kind[k]]
				bad = 1
			}
	}
	END { exit bad }'
}

ok "each text of a shipped form has its English" english_of_forms
ok "the texts of the sources are read" texts_are_read &&
	ok "the English messages are well formed" english_is_well_formed &&
	ok "each text has its English" each_has_its_english
exit $failed
