#!/bin/sh
# The road of a datum by commands, with the real programs: apply, deliver, receive; offline; a centre that is
# killed and started again at random. Prints TAP lines. usage: road.sh [N]   (N applications under fire)
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
count=${1:-${N:-30}}
work=$(mktemp -d) || exit 3
centre=
trap '[ -z "$centre" ] || kill -9 $centre 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
export YIMEN_HOME="$work/station" LANGUAGE=zh LC_ALL=C.UTF-8 TZ=Asia/Shanghai
say() { if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; fi; }
same() { [ "$1" = "$2" ] && say 0 "$3" || { echo "# have: $1"; echo "# want: $2"; say 1 "$3"; }; }

# Starts the centre on the port it had before (any, the first time) and waits for its line.
start_centre() {
	rm -f "$work/ready"
	mkfifo "$work/ready"
	"$build/yimen-central" --data "$work/centre" --listen "127.0.0.1:${port:-0}" --open "$@" >"$work/ready" 2>"$work/err" &
	centre=$!
	read -r line <"$work/ready" || line=
	url=${line##* }
	port=${url##*:}
	export YIMEN_CENTRE_URL="$url"
}
kill_centre() { kill -9 "$centre" 2>/dev/null; wait "$centre" 2>/dev/null; centre=; }
apply() { "$build/yimen" apply "$code" --answers "$work/answers.json"; }

"$build/yimen" catalogue import data/demo/matters.jsonl >"$work/out" 2>&1
say $? "import the demo matters"
"$build/yimen-central" --data "$work/centre" import data/demo/matters.jsonl >"$work/out" 2>&1
say $? "import them at the centre"
code=$("$build/yimen" search --limit 1 居住证申领 | cut -f1)
cat >"$work/answers.json" <<'J'
{"applicant_name": "李样例", "applicant_id": "371323199003070001", "applicant_mobile": "13800000001",
 "applicant_town": "371323103", "applicant_address": "示范村人民路18号",
 "home_address": "河南省示范市示范县示范路1号", "stay_since": "2026-01-10", "stay_why": "family",
 "stay_kind": "own", "confirmed": "OK",
 "materials": {"照片": "received", "住所、就业或就读证明": "received"}}
J

# the same file tries the form alone; what is no field of a form is no fault of it
"$build/yimen" form fill residence-permit --answers "$work/answers.json" >"$work/out" 2>"$work/err"
same "$?$(cat "$work/err")" 0 "an answers file fills the form without a word"
sed 's/"stay_kind"/"stay_kinds"/' "$work/answers.json" | "$build/yimen" form fill residence-permit --answers - >"$work/out" 2>"$work/err"
grep -q '没有 stay_kinds 这一栏' "$work/err"
say $? "but a name that no field has is told"
sed 's/13800000001/0539-2251234/' "$work/answers.json" >"$work/landline.json"
"$build/yimen" form fill residence-permit --answers "$work/landline.json" >"$work/out" 2>"$work/err"
same "$?$(cut -f1,2 "$work/err")" "1warning	applicant_mobile" "what is rare waits for a reason"
sed 's/"confirmed"/"accept": {"applicant_mobile": "没有手机"}, &/' "$work/landline.json" |
	"$build/yimen" form fill residence-permit --answers - >"$work/out" 2>"$work/err"
same "$?$(cat "$work/err")" 0 "which the file may bring, as for apply"

# refused for what is wrong, with a sentence and exit code 1; nothing is left in the outbox
sed 's/13800000001/1380000/' "$work/answers.json" >"$work/wrong.json"
"$build/yimen" apply "$code" --answers "$work/wrong.json" >"$work/out" 2>"$work/err"
same $? 1 "a wrong mobile number is refused"
grep -q applicant_mobile "$work/err"
say $? "and the field is named"
sed 's/"住所、就业或就读证明": "received"/"住所、就业或就读证明": "missing"/' "$work/answers.json" >"$work/wrong.json"
"$build/yimen" apply "$code" --answers "$work/wrong.json" >"$work/out" 2>"$work/err"
same $? 1 "a missing material is refused"
same "$("$build/yimen" outbox list --json | wc -l)" 0 "nothing of it is in the outbox"

# online
start_centre
receipt=$(apply)
say $? "an application gets a local receipt ($receipt)"
"$build/yimen" deliver --once >"$work/out" 2>&1
say $? "and is delivered"
number=$("$build/yimen" outbox show "$receipt" --json | sed 's/.*"project_no":"\([^"]*\)".*/\1/')
same "$("$build/yimen-central" --data "$work/centre" case list --json | sed 's/.*"project_no":"\([^"]*\)".*/\1/')" \
	"$number" "both sides know the same number"

# the visitor says what he thinks of it, on a card; once a service, and the centre knows
"$build/yimen" evaluate answer "$receipt" --mark 4 --cause speed --source paper --operator 0317 >"$work/out" 2>&1
say $? "an evaluation on paper is taken"
"$build/yimen" evaluate answer "$receipt" --mark 1 --source paper >"$work/out" 2>&1
same $? 1 "and no second one"
"$build/yimen" deliver --once >"$work/out" 2>&1
same "$("$build/yimen-central" --data "$work/centre" evaluation list | cut -f2-4)" "$(printf '%s\t4\tspeed' "$number")" \
	"the centre has it"
"$build/yimen-central" --data "$work/centre" evaluation list | cut -f1 |
	grep -qx '20[0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]'
say $? "with the minute it was given in"
"$build/yimen-central" --data "$work/centre" case show "$number" >"$work/out" && grep -q '办事人已评价' "$work/out" &&
	! grep -q 'evaluation' "$work/out"
say $? "and tells it of the case, in words"
entry=$("$build/yimen" ledger | cut -f1)
"$build/yimen" ledger verify "$entry" --text 属实 --operator 0317 >"$work/out" 2>&1
same $? 1 "who served does not deal with the bad mark"
"$build/yimen" ledger verify "$entry" --text 属实 --operator 0318 >"$work/out" 2>&1 &&
	"$build/yimen" ledger mend "$entry" --text 已致歉 --operator 0318 >"$work/out" 2>&1
say $? "somebody else does"
same "$("$build/yimen" ledger | wc -l)" 0 "and the ledger has nothing open"

# a receipt that nobody could read is no success
apply >/dev/full 2>"$work/err"
same $? 3 "a receipt that cannot be written out is said"
"$build/yimen" deliver --once >"$work/out" 2>&1

# offline: waits, says so, exit code 3; then goes by itself when the centre is back
kill_centre
apply >/dev/null
"$build/yimen" deliver --once >"$work/out" 2>"$work/err"
same $? 3 "without a centre the letter waits"
grep -q '(连不上中心)$' "$work/err"
say $? "and what ails the line is said"
same "$("$build/yimen" outbox list --json | grep -c '"state":"waiting"')" 1 "and is seen waiting"
start_centre
"$build/yimen" deliver --once >"$work/out" 2>&1
say $? "with the centre back it goes"

# the state of a case comes back
"$build/yimen-central" --data "$work/centre" case advance "$number" >"$work/out" 2>&1
say $? "the back office accepts a case"
"$build/yimen" sync >"$work/out" 2>&1
grep -q '^新消息 [1-9][0-9]* 条; 事项目录是中心现在的版本 [0-9a-f]\{16\}$' "$work/out"
say $? "what came back is told"
"$build/yimen" sync >"$work/out" 2>&1
grep -q '^新消息 0 条; 事项目录是中心现在的版本 ' "$work/out"
say $? "nothing new, too"
same "$("$build/yimen" case show "$number" --json | sed 's/.*"state":"\([^"]*\)".*/\1/')" accepted \
	"and the station hears of it"
"$build/yimen" case show "$number" | grep -qx '  20[0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]  受理'
say $? "and tells when, to the minute"
kill_centre

# the window decides: what it says stands on the paper, and both sides have the same state
receipt=$(apply)
printf '%s' '{"last_day": "2099-12-31", "corrections": [{"which": "照片", "defect": "不是白底", "how": "重拍"}]}' |
	"$build/yimen" case act "$receipt" correction --answers - >"$work/out" 2>&1
say $? "a correction is asked for"
"$build/yimen" slip correction "$receipt" --preview >"$work/out" 2>&1 && grep -q '照片.*不是白底.*重拍' "$work/out"
say $? "and stands on the paper"
"$build/yimen" case act "$receipt" accept >"$work/out" 2>&1
same $? 1 "what is not possible now is refused"
printf '{"supplied": ["照片"]}' | "$build/yimen" case act "$receipt" supplement --answers - >"$work/out" 2>&1 &&
	"$build/yimen" case act "$receipt" accept >"$work/out" 2>&1
say $? "the supplement comes, the case is accepted"
start_centre
"$build/yimen" deliver --once >"$work/out" 2>&1
same "$("$build/yimen-central" --data "$work/centre" case list --json | grep -F "$receipt" | sed 's/.*"state":"\([^"]*\)".*/\1/')" \
	accepted "four letters of one case in their order: accepted at the centre too"
kill_centre

# under fire: answers and requests lost, the centre killed with SIGKILL again and again
i=0
while [ $i -lt "$count" ]; do
	[ -n "$centre" ] || start_centre --fault "drop-answer=15,drop-request=15,refuse=10,seed=$i"
	apply >>"$work/receipts" 2>>"$work/err" || echo "# apply failed"
	"$build/yimen" deliver --once >/dev/null 2>&1 &
	deliverer=$!
	case $i in
	*[37]) kill -9 $deliverer 2>/dev/null ;;
	*[159]) kill_centre ;;
	esac
	wait $deliverer 2>/dev/null
	i=$((i + 1))
done
kill_centre
start_centre
tries=0
while "$build/yimen" outbox list --json | grep -q '"state":"waiting"' && [ $tries -lt 50 ]; do
	"$build/yimen" deliver --once >/dev/null 2>&1
	tries=$((tries + 1))
done
"$build/yimen-central" --data "$work/centre" case list --json >"$work/cases"
same "$(wc -l <"$work/cases")" "$((count + 4))" "$count applications under fire: the centre holds each exactly once"
same "$("$build/yimen" outbox list --json | grep '"kind":"application"' | grep -c '"state":"delivered"')" "$((count + 4))" "the station has delivered each"
"$build/yimen" outbox list --json | grep '"kind":"application"' | sed 's/.*"local_receipt":"\([^"]*\)","project_no":"\([^"]*\)".*/\1 \2/' | sort >"$work/here"
sed 's/.*"project_no":"\([^"]*\)".*"local_receipt":"\([^"]*\)".*/\2 \1/' "$work/cases" | sort >"$work/there"
cmp -s "$work/here" "$work/there"
say $? "every receipt is the same on both sides"
"$build/yimen" audit verify >"$work/out" 2>&1
say $? "the audit trail is whole"
