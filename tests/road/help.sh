#!/bin/sh
# Whoever asks a command what it expects is told, on the standard output and in the language of the session,
# and nothing else is done: no station is made. Prints TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 YIMEN_HOME="$work/home"

told() { # language, "usage" in it, command line
	language=$1 usage=$2
	shift 2
	LANGUAGE=$language "$build/yimen" "$@" >"$work/out" 2>"$work/err" </dev/null
	code=$?
	if [ $code = 0 ] && [ ! -s "$work/err" ] && grep -q "$usage" "$work/out" && [ ! -e "$work/home" ] &&
		{ [ "$language" = zh ] || ! grep -q '[^ -~[:space:]…]' "$work/out"; }; then
		echo "ok $language: $*"
	else
		echo "not ok $language: $*"
		sed 's/^/# /' "$work/out" "$work/err"
	fi
}

commands=$(LANGUAGE=zh "$build/yimen" help | sed -n 's/^  yimen \([a-z][a-z]*\) .*/\1/p' | grep -v '^version$')
[ "$(echo "$commands" | wc -l)" -ge 25 ] && echo "ok every command is listed" || echo "not ok every command is listed"
for command in $commands; do
	told zh "^用法: yimen " help "$command"
	told en "^usage: yimen " "$command" --help
done
LANGUAGE=zh "$build/yimen" help sync | grep -qx '用法: yimen sync \[--restored\]' && echo "ok each tells its own, not its neighbours'" ||
	echo "not ok each tells its own, not its neighbours'"

# a line with an option that there is not: it is named, before what is expected
unknown() { # language, its sentence, command line
	language=$1 sentence=$2
	shift 2
	LANGUAGE=$language "$build/yimen" "$@" >"$work/out" 2>"$work/err" </dev/null
	[ $? = 2 ] && [ ! -s "$work/out" ] && [ "$(sed -n 1p "$work/err")" = "$sentence" ] && [ "$(wc -l <"$work/err")" = 2 ]
	[ $? = 0 ] && echo "ok $language: $* has an unknown option" || {
		echo "not ok $language: $* has an unknown option"
		sed 's/^/# /' "$work/out" "$work/err"
	}
}
unknown zh "没有选项 --operater。" case correct 1 --answers - --operater 0317
unknown en "There is no option --answer." apply 1 --answer -
unknown zh "没有选项 --all-of-them。" outbox retry --all-of-them
LANGUAGE=zh "$build/yimen" outbox hold 2>"$work/err"
[ "$(cut -d: -f1 "$work/err")" = 用法 ] && echo "ok what is only lacking is not called unknown" ||
	echo "not ok what is only lacking is not called unknown"

# the manual and the programs know the same options
options() { grep -o -- '--[a-z][a-z-]*' | grep -vx -e --help -e --version | sort -u; }
manual() { grep -o 'Fl -[a-z][a-z-]*' "data/man/$1.1" | sed 's/Fl -/--/' | options; }
same() { # what is compared; the files said and written
	if [ -s "$work/said" ] && cmp -s "$work/said" "$work/written"; then
		echo "ok $1"
	else
		echo "not ok $1"
		diff "$work/said" "$work/written" | sed 's/^/# /'
	fi
}
{
	"$build/yimen" help
	for command in $commands; do "$build/yimen" help "$command"; done
	"$build/yimen" case act
} 2>&1 | options >"$work/said"
manual yimen >"$work/written"
same "yimen and its manual know the same options"
# of the centre's commands the usage names the ordinary options only
"$build/yimen-central" --help | options >"$work/usage"
manual yimen-central >"$work/written"
comm -12 "$work/usage" "$work/written" >"$work/said"
cp "$work/usage" "$work/written"
same "what the centre's usage names is in its manual"

# so do the manual and the doctor, of the settings
mkdir -m 700 "$work/home"
LANGUAGE=en "$build/yimen" doctor | sed -n 's/^  \([a-z]*\.[a-z_]*\) .*/\1/p' | sort >"$work/said"
sed -n '/^\.Sh SETTINGS/,/^\.Sh ENV/s/^\.It Cm //p' data/man/yimen.1 | tr -s ' ,' '\n' | sort >"$work/written"
same "the manual has the settings that the doctor lists"

"$build/yimen" help nonsense >"$work/out" 2>"$work/err"
code=$?
[ $code = 2 ] && [ ! -s "$work/out" ] && grep -q nonsense "$work/err" && echo "ok what is no command is said" ||
	echo "not ok what is no command is said"
