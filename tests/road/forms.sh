#!/bin/sh
# What the command line says of forms: faults refuse, notes do not; the doctor looks at the station's own forms.
# Prints TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 YIMEN_HOME="$work/home"
mkdir -m 700 "$work/home" && mkdir -p "$work/home/forms/own" || exit 3

says() { # what is tried, exit code, pattern, language, command line
	what=$1 want=$2 pattern=$3 language=$4
	shift 4
	LANGUAGE=$language "$build/yimen" "$@" >"$work/out" 2>&1 </dev/null
	code=$?
	if { [ "$want" = any ] || [ $code = "$want" ]; } && grep -q -- "$pattern" "$work/out"; then
		echo "ok $what"
	else
		echo "not ok $what ($code)"
		sed 's/^/# /' "$work/out"
	fi
}

survey() { # the row of the one field, by its cells
	printf 'type,name,label,constraint\n%s\n' "$1" >"$work/home/forms/own/survey.csv"
}

survey 'date,born,生日,. > 1990'
says "a note stops nothing" 0 '^survey.csv:2:4: 提醒: born' zh form check "$work/home/forms/own"
says "a note in English" 0 '^survey.csv:2:4: note: born' en form check "$work/home/forms/own"
says "only a note is told" 0 '^没有错 (1 栏), 只有上面的提醒。$' zh form check own
says "a form without faults is told so" 0 '^没有错 ([0-9]* 栏)。$' zh form check elder-card
says "one in English" 0 '^No faults; fields: [0-9]*\.$' en form check elder-card
"$build/yimen" form check elder-card 2>/dev/null | grep -q . && echo "not ok among the faults it says nothing" ||
	echo "ok among the faults it says nothing"
says "a form with a note opens" 0 born zh form check own
says "the doctor finds it whole" any '^正常  本厅表单 *1 张, 没有错; own 有提醒' zh doctor
survey 'date,born,生日,. > 1990-01-01'
says "a fault refuses" 1 "^survey.csv:2:4: .*'1990-01-01'" zh form check "$work/home/forms/own"
says "a fault in English" 1 "^survey.csv:2:4: .*write 1990-01-01 as '1990-01-01'" en form check own
printf 'type,name,label,constraint\ntext,a,甲,. > 1990-01-01\ndate,born,生日,. > 1990\n' >"$work/home/forms/own/survey.csv"
says "of a refused form the notes are told too" 1 '^survey.csv:3:4: 提醒: born' zh form check own
says "the doctor names it" any '^注意  本厅表单 *own 打不开: survey.csv:2:4: ' zh doctor
for mark in ';' '\t'; do
	printf "type${mark}name${mark}label\ntext${mark}a${mark}A\n" >"$work/home/forms/own/survey.csv"
	says "columns parted by $mark" 1 '^survey.csv:1:1: .*逗号分隔' zh form check "$work/home/forms/own"
done
rm -r "$work/home/forms/own"
mkdir "$work/home/forms/elder-card"
printf 'type,name,label,relevant\nhidden,agent,,\ntext,t,字,${agent} = '"'%s'"'\n' yess >"$work/home/forms/elder-card/survey.csv"
"$build/yimen" form check elder-card 2>/dev/null | grep -q . && echo "not ok no guides, no answers of theirs" ||
	echo "ok no guides, no answers of theirs"
"$build/yimen" catalogue import data/demo/matters.jsonl >"$work/out" 2>&1
says "an answer that no guide has" 0 "^survey.csv:3:4: 提醒: t .*'yess' .*'yes'" zh form check elder-card
says "the doctor has the guides too" any 'elder-card 有提醒' zh doctor
rm -r "$work/home/forms/elder-card"
says "what is no form is named as it was typed" 1 '^没有文件 nothing.xlsx$' zh form check nothing.xlsx
says "a name that no form has, too" 1 '^没有表单 nothing。请写' zh form check nothing
says "a file that is not there is not imported" 1 '^没有文件 nothing.xlsx$' zh form import nothing.xlsx
! grep -q '^$' "$work/out" && echo "ok in one line" || echo "not ok in one line"
says "no forms, no line" any '文书模板' zh doctor
grep -q 本厅表单 "$work/out" && echo "not ok of no forms nothing is said" || echo "ok of no forms nothing is said"
