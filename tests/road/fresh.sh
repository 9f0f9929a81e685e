#!/bin/sh
# What an administrator sees on a new machine: what is missing is named, and what to do. Prints TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
export LANGUAGE=zh YIMEN_HOME="$work/home"
unset LANG LC_ALL LC_CTYPE

says() { # what is tried, pattern, locale ("": none), command line
	what=$1 pattern=$2 locale=$3
	shift 3
	env ${locale:+"LC_ALL=$locale"} "$build/yimen" "$@" >"$work/out" 2>&1 </dev/null
	if grep -q -- "$pattern" "$work/out"; then
		echo "ok $what"
	else
		echo "not ok $what"
		sed 's/^/# /' "$work/out"
	fi
}

says "a charset that has Chinese is named" '^正常  字符集 *UTF-8$' C.UTF-8 doctor
says "none is said: terminals of today have one" '^正常  字符集 *UTF-8$' "" doctor
says "one without Chinese is told" '^注意  字符集 .*LANG=' POSIX doctor
says "so is a locale that is not here" '^注意  字符集 .*LANG=' xx_XX.UTF-8 doctor
says "an empty catalogue is told" '^注意  事项目录 .*yimen catalogue import' C.UTF-8 doctor
says "and whoever searches in it hears so" '^事项目录是空的。.*yimen catalogue import' C.UTF-8 search 高龄
says "and whoever opens a guide" '^事项目录是空的。.*yimen catalogue import' C.UTF-8 matter 1234
"$build/yimen" catalogue import data/demo/matters.jsonl >"$work/out" 2>&1
says "a word that finds nothing is told" '^没有找到 zqzq xvxv。' C.UTF-8 search zqzq xvxv
"$build/yimen" search zqzq >"$work/out" 2>/dev/null
code=$?
[ $code = 1 ] && [ ! -s "$work/out" ] && echo "ok and no program reads it as a hit" || echo "not ok and no program reads it as a hit"
says "so is a case that nobody knows" '^没有找到。$' C.UTF-8 case find 王示例
"$build/yimen" search 高龄津贴发放 2>&1 >/dev/null | grep -q . && echo "not ok what is found needs no sentence" ||
	echo "ok what is found needs no sentence"

# a list with nothing in it says so, to a person; a program reads nothing
nothing() { # the sentence's beginning, command line
	pattern=$1
	shift
	"$build/yimen" "$@" >"$work/out" 2>"$work/err" </dev/null
	code=$?
	if [ $code = 0 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" = 1 ] && grep -q "^$pattern" "$work/err"; then
		echo "ok $*: $pattern"
	else
		echo "not ok $* ($code)"
		sed 's/^/# /' "$work/out" "$work/err"
	fi
}
silent() { # command line
	"$build/yimen" "$@" >"$work/out" 2>&1 </dev/null && [ ! -s "$work/out" ] && echo "ok $* says nothing" ||
		echo "not ok $* says something"
}
export LC_ALL=C.UTF-8
nothing 本机还没有办件 case list
nothing 没有信件 outbox
nothing 没有找到 outbox --state held
nothing 没有草稿 draft
nothing 没有受新版影响的草稿 draft --changed
nothing 没有移交中的 hand
nothing 这一天没有评价 evaluate
nothing 没有要处理的差评 ledger
nothing 没有差评 ledger --all
nothing 没有人等候 queue
nothing 今天还没有号 queue --all
nothing 还没有开过文书 slip list
nothing 文书模板没有错 slip check
nothing 还没有操作员 operator list
"$build/yimen" catalogue import data/demo/matters.jsonl >"$work/out" 2>&1
nothing 上一次导入没有改动什么 catalogue diff
YIMEN_HOME="$work/other" nothing 还没有导入过事项目录 catalogue diff
for list in case outbox draft hand evaluate ledger queue "slip list"; do
	silent $list --json
done
printf 'correct horse 1\n' >"$work/pass"
"$build/yimen" operator add 0317 王示范 <"$work/pass" >"$work/out" 2>&1 && [ ! -s "$work/out" ] &&
	echo "ok a pass phrase from a pipe is taken without a word" || echo "not ok a pass phrase from a pipe"
"$build/yimen" operator list 2>&1 | grep -q '^0317' && echo "ok and the operator is there" || echo "not ok and the operator is there"

# at a terminal, where the pass phrase is not seen, it is said that it is kept
mkfifo "$work/keys"
script -qefc "'$build/yimen' operator passwd 0317" /dev/null <"$work/keys" >"$work/typed" 2>&1 &
typist=$!
exec 3>"$work/keys"
asked() { timeout 30 tail -n +1 -f "$work/typed" 2>/dev/null | grep -q -m1 "$1"; }
asked 新口令 && echo 'other horse 2' >&3 && asked 再输一次 && echo 'other horse 2' >&3
exec 3>&-
wait $typist
grep -q '^操作员 0317 的口令已经记下' "$work/typed" && ! grep -q horse "$work/typed" &&
	echo "ok at a terminal the unseen pass phrase is told to be kept" ||
	echo "not ok at a terminal the unseen pass phrase is told to be kept"

# what the centre can be told stands in its usage
mkdir -m 700 "$work/centre"
"$build/yimen-central" --data "$work/centre" import data/demo/matters.jsonl >"$work/out" 2>&1
"$build/yimen-central" --help >"$work/usage"
words=$("$build/yimen-central" --data "$work/centre" nonsense 2>&1 | grep -o '[a-z|]*|[a-z|]*' | head -1 | tr '|' ' ')
[ "$(echo "$words" | wc -w)" -ge 8 ] && echo "ok the centre names its commands" || echo "not ok the centre names its commands: $words"
for list in "case list" "station list" "evaluation list"; do
	"$build/yimen-central" --data "$work/centre" $list >"$work/out" 2>"$work/err" && [ ! -s "$work/out" ] &&
		grep -q '^还没有' "$work/err" && echo "ok the centre's $list says that it is empty" ||
		echo "not ok the centre's $list says that it is empty"
done
for word in $words; do
	grep -q "^  $word " "$work/usage" && echo "ok $word is in its usage" || echo "not ok $word is in its usage"
done

# What the programs say of themselves is what CHANGES begins with.
newest=$(sed -n 's/^\*\*\([0-9.]*\)\*\*.*/\1/p' CHANGES | head -1)
for said in "$("$build/yimen" version)" "$("$build/yimen-central" --version)"; do
	[ "${said##* }" = "$newest" ] && echo "ok $said" || echo "not ok $said, and CHANGES begins with $newest"
done
