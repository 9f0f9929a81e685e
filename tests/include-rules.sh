#!/bin/sh
# Who may include whom, and which outside library has which one home. Prints each breach; exits 1 if any.
#
#   tui          -> core/station forms core/domain core/base
#   tui/plain    -> the same and what of tui has no screen: no app, canvas, terminal, form view
#   core/central -> forms core/domain core/base
#   core/station -> core/domain core/base
#   core/print   -> the paper of core/station/documents, core/base
#   forms        -> core/domain core/base
#   core/domain  -> core/base
#   core/base    -> nothing of ours
set -u
cd "$(dirname "$0")/.." || exit 3
bad=$(mktemp) || exit 3
trap 'rm -f "$bad"' EXIT

# module, then an extended regular expression of what it may include besides itself
rule() {
	git ls-files -co --exclude-standard "$1/*.c" "$1/*.h" | while read -r file; do
		grep -nE '^#include "(core|forms|tui|tests)/' "$file" | grep -vE "\"($2)" |
			sed "s|^|$file:|; s|\$|  (not allowed in $1)|"
	done >>"$bad"
}
rule tui 'tui/|core/station/|forms/|core/domain/|core/base/'
rule tui/plain 'tui/plain/|tui/[a-z_]+\.h|core/station/|forms/|core/domain/|core/base/'
git ls-files -co --exclude-standard 'tui/plain/*.[ch]' | xargs grep -nE \
	'^#include "tui/(app|app_private|canvas|decode|flow|form_view|frame|glyph|hand|screen|terminal|theme|widget_l)[a-z_]*\.h' /dev/null |
	grep -v 'tui/app_options\.h' | sed 's|$|  (not allowed in tui/plain)|' >>"$bad"
rule core/central 'core/central/|forms/|core/domain/|core/base/'
rule core/station 'core/station/|core/domain/|core/base/'
rule core/print 'core/print/|core/station/documents/paper|core/base/'
rule forms 'forms/|core/domain/|core/base/'
rule core/domain 'core/domain/|core/base/'
rule core/base 'core/base/'

# header, then the one file that may include it
home() {
	git ls-files -co --exclude-standard 'core/*.[ch]' 'forms/*.[ch]' 'tui/*.[ch]' |
		grep -vxE "$2" | xargs grep -nE "^#include <($1)" /dev/null |
		sed "s~\$~  (its home is $2)~" >>"$bad"
}
home 'sqlite3.h' 'core/base/db(_copy|_journal|_gather|_peek|_wal)?\.c'
home 'cjson/|cJSON' 'core/base/json\.c'
home 'gcrypt' 'core/base/crypto\.c'
home 'utf8proc' 'core/base/text\.c'
home 'libintl' 'core/base/msg\.c'
home 'curl/' 'core/station/http\.c'
home 'gnutls' 'core/central/certificate\.c'
home 'microhttpd' 'core/central/http[a-z_]*\.[ch]'
home 'pcre2' 'forms/regex\.c'
home 'zip\.h' 'forms/package\.c'
home 'expat' 'forms/(xlsx|xml_rows)\.c'
home 'n?curses|term\.h' 'tui/terminal(_[a-z]+)?\.[ch]'
home 'libpq' 'core/central/pg[a-z_]*\.[ch]'
home 'cairo|pango|fontconfig' 'core/print/.*'
home 'qrencode' 'core/print/code\.c'

# function-like macros are for X-tables only
git ls-files -co --exclude-standard '*.c' '*.h' | xargs grep -nE '^#define [A-Za-z_]+\(' /dev/null |
	grep -vE '#define (N_|X)\(|#define [A-Z_]+\(X\)' | sed 's|$|  (a function-like macro)|' >>"$bad"

cat "$bad"
[ ! -s "$bad" ]
