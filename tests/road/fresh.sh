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
"$build/yimen" catalogue import data/demo/matters.jsonl >"$work/out" 2>&1
says "a word that finds nothing is told" '^没有找到 zqzq xvxv。' C.UTF-8 search zqzq xvxv
"$build/yimen" search zqzq >"$work/out" 2>/dev/null
code=$?
[ $code = 1 ] && [ ! -s "$work/out" ] && echo "ok and no program reads it as a hit" || echo "not ok and no program reads it as a hit"
says "so is a case that nobody knows" '^没有找到。$' C.UTF-8 case find 王示例
"$build/yimen" search 高龄津贴发放 2>&1 >/dev/null | grep -q . && echo "not ok what is found needs no sentence" ||
	echo "ok what is found needs no sentence"

# what the centre can be told stands in its usage
mkdir -m 700 "$work/centre"
"$build/yimen-central" --data "$work/centre" import data/demo/matters.jsonl >"$work/out" 2>&1
"$build/yimen-central" --help >"$work/usage"
words=$("$build/yimen-central" --data "$work/centre" nonsense 2>&1 | grep -o '[a-z|]*|[a-z|]*' | head -1 | tr '|' ' ')
[ "$(echo "$words" | wc -w)" -ge 8 ] && echo "ok the centre names its commands" || echo "not ok the centre names its commands: $words"
for word in $words; do
	grep -q "^  $word " "$work/usage" && echo "ok $word is in its usage" || echo "not ok $word is in its usage"
done

# What the programs say of themselves is what CHANGES begins with.
newest=$(sed -n 's/^\*\*\([0-9.]*\)\*\*.*/\1/p' CHANGES | head -1)
for said in "$("$build/yimen" version)" "$("$build/yimen-central" --version)"; do
	[ "${said##* }" = "$newest" ] && echo "ok $said" || echo "not ok $said, and CHANGES begins with $newest"
done
