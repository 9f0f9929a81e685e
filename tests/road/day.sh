#!/bin/sh
# A day by commands, with the real programs: letters late and offline, decisions, a result, a refusal; handed
# over, reconciled; every figure of the day and of the month counted again from the audit trail. TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
work=$(mktemp -d) || exit 3
centre=
trap '[ -z "$centre" ] || kill -9 $centre 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
export YIMEN_HOME="$work/station" LANGUAGE=zh LC_ALL=C.UTF-8 TZ=Asia/Shanghai
say() { if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; fi; }
same() { [ "$1" = "$2" ] && say 0 "$3" || { echo "# have: $1"; echo "# want: $2"; say 1 "$3"; }; }

start_centre() {
	rm -f "$work/ready"
	mkfifo "$work/ready"
	"$build/yimen-central" --data "$work/centre" --listen "127.0.0.1:${port:-0}" --open >"$work/ready" 2>"$work/err" &
	centre=$!
	read -r line <"$work/ready" || line=
	url=${line##* }
	port=${url##*:}
	export YIMEN_CENTRE_URL="$url"
}
kill_centre() { kill -9 "$centre" 2>/dev/null; wait "$centre" 2>/dev/null; centre=; }
y() { "$build/yimen" "$@"; }
apply() { y apply "$code" --answers "$work/answers.json" --operator "$1" --window "$2"; }
deliver() { y deliver --once >"$work/out" 2>&1; }
# figure GROUP KEY NAME: of today's lines
figure() { grep "\"group\":\"$1\",\"key\":\"$2\"" "$work/day" | sed "s/.*\"$3\":\([0-9]*\).*/\1/"; }

y catalogue import data/demo/matters.jsonl >"$work/out" 2>&1
"$build/yimen-central" --data "$work/centre" import data/demo/matters.jsonl >"$work/out" 2>&1
echo xiaoming0317 | y operator add 0317 王小明
echo zhaoshili0318 | y operator add 0318 赵示例
code=$(y search --limit 1 居住证申领 | cut -f1)
cat >"$work/answers.json" <<'J'
{"applicant_name": "李样例", "applicant_id": "371323199003070001", "applicant_mobile": "13800000001",
 "applicant_town": "371323103", "applicant_address": "示范村人民路18号",
 "home_address": "河南省示范市示范县示范路1号", "stay_since": "2026-01-10", "stay_why": "family",
 "stay_kind": "own", "confirmed": "OK",
 "materials": {"照片": "received", "住所、就业或就读证明": "received"}}
J

# two with the line, two without it, of which one after it was found down
start_centre
first=$(apply 0317 03)
second=$(apply 0318 05)
deliver
kill_centre
third=$(apply 0317 03)
deliver # finds the line down
apply 0318 05 >"$work/out"
start_centre
deliver
say $? "four applications are at the centre"

# decided at the window, and a result from the back office
today=$(date +%Y-%m-%d)
echo "{\"due_date\": \"$today\"}" >"$work/accept.json"
y case act "$first" accept --answers "$work/accept.json" >"$work/out" 2>&1
say $? "one is accepted"
echo '{"corrections": [{"which": "other", "which_other": "照片", "defect": "不是白底", "how": "重拍"}]}' >"$work/correct.json"
y case act "$second" correction --answers "$work/correct.json" >"$work/out" 2>&1 || cat "$work/out"
say $? "one wants correcting"
deliver
number=$(y outbox show "$first" --json | sed 's/.*"project_no":"\([^"]*\)".*/\1/')
"$build/yimen-central" --data "$work/centre" case advance "$number" >"$work/out" 2>&1
say $? "the back office decides one"
y sync >"$work/out" 2>&1

# the day in figures
y day --json >"$work/day"
say $? "the day in figures"
same "$(figure all '' submitted)" 4 "four submitted"
same "$(figure operator 0317 submitted)" 2 "two of them by 0317"
same "$(figure all '' accepted)" 1 "one accepted"
same "$(figure all '' corrections)" 1 "one to be corrected"
same "$(figure all '' decided)" 1 "one decided"
same "$(figure all '' offline)" 1 "one written while the line was down"
same "$(figure all '' waiting)" 0 "none waits"
same "$(figure all '' timed)" 4 "the time of four is known"
"$build/tests/day/recount" "$YIMEN_HOME" "$today" <"$work/day"
say $? "each figure of the day is found again in the trail"
y month --json | "$build/tests/day/recount" "$YIMEN_HOME" "$(date +%Y-%m)"
say $? "and of the month"
sed 's/"submitted":4/"submitted":5/' "$work/day" | "$build/tests/day/recount" "$YIMEN_HOME" "$today" >"$work/out"
same $? 1 "one that was changed is found out"
y report day "$today" --json | cmp -s - "$work/day"
say $? "report day is the same"

# as text, as a table, and what is wrong with an argument
y day | grep -q '收件数 *4'
say $? "as text"
y day --csv | head -1 | grep -q '^.*分类,编码,名称,收件数'
say $? "as a table"
y day 2026-13-01 >"$work/out" 2>&1
same $? 2 "a day that is none"
y month 2026-11-99 >"$work/out" 2>&1
same $? 2 "a month that is none"
y day --what >"$work/out" 2>&1
same $? 2 "an option that is none"
y day --pdf "$work/none/day.pdf" >"$work/out" 2>&1
[ $? -ne 0 ] && [ ! -e "$work/none" ]
say $? "a PDF that cannot be written is said"
if [ -x "$build/yimen-print" ]; then
	y day --pdf "$work/day.pdf" && head -c 5 "$work/day.pdf" | grep -q '%PDF-'
	say $? "as PDF"
fi

# reconciled, and kept for the day's end
y reconcile >"$work/out" 2>&1
same $? 0 "nothing differs from the centre's list"

# handed over by command: named, waited for, taken; or why not
y hand give "$third" --to 0399 --operator 0317 --window 03 >"$work/out" 2>&1
same $? 1 "not to somebody unknown"
y hand give "$third" --to 0318 --note 等他的照片 --operator 0317 --window 03
say $? "a case is handed over"
y hand list --operator 0318 | grep -q 等他的照片
say $? "and waits for the other"
y case show "$third" | grep -q '已交 0318'
say $? "which is told of the case"
y hand take "$third" --operator 0317 --window 03 >"$work/out" 2>&1
y hand list --operator 0318 | grep -q 等他的照片
same $? 1 "its own clerk takes it back"
y hand give "$third" --to-window 05 --operator 0317 --window 03
y hand take "$third" --operator 0318 --window 06 >"$work/out" 2>&1
same $? 1 "another window does not get it"
y hand take "$third" --operator 0318 --window 05
say $? "this one does"
y case show "$third" | grep -q '0318 (05号窗口)'
say $? "and has it now"
same "$(y hand list --json | wc -l)" 0 "nothing is on its way"
y audit verify >"$work/out"
say $? "the trail is whole"
