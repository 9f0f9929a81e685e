#!/bin/sh
# The outbox and its owner, by commands, with the real programs: two enrolled windows and a centre; scans, holding
# back, correcting, carrying letters by hand, receipts, the day's end. Prints TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
work=$(mktemp -d) || exit 3
centre=
trap '[ -z "$centre" ] || kill -9 $centre 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
export LANGUAGE=zh LC_ALL=C.UTF-8 TZ=Asia/Shanghai
say() { if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; cat "$work/err" 2>/dev/null | sed 's/^/# /'; fi; }
same() { [ "$1" = "$2" ] && say 0 "$3" || { echo "# have: $1"; echo "# want: $2"; say 1 "$3"; }; }
start_centre() {
	rm -f "$work/ready"
	mkfifo "$work/ready"
	"$build/yimen-central" --data "$work/centre" --listen "127.0.0.1:${port:-0}" >"$work/ready" 2>"$work/central.err" &
	centre=$!
	read -r line <"$work/ready" || line=
	url=${line##* }
	port=${url##*:}
}
stop_centre() { kill "$centre" 2>/dev/null; wait "$centre" 2>/dev/null; centre=; }
at() { # window, command
	window_of=$1
	shift
	YIMEN_HOME="$work/$window_of" "$build/yimen" "$@" 2>"$work/err"
}
apply() { at "$1" apply "$code" --answers "$work/${2:-answers}.json"; }
member() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }
cases() { "$build/yimen-central" --data "$work/centre" case list --json; }

for part in centre one two; do
	case $part in
	centre) "$build/yimen-central" --data "$work/centre" import data/demo/matters.jsonl >/dev/null 2>"$work/err" ;;
	*) at $part catalogue import data/demo/matters.jsonl >/dev/null ;;
	esac
done
start_centre
for window in one two; do
	admission=$("$build/yimen-central" --data "$work/centre" station add "window-$window" 2>/dev/null | tail -1)
	at $window enrol "$url" "${admission##* }" >"$work/out"
	say $? "window $window is admitted"
	grep -q "window-$window" "$work/err"
	say $? "and told under which name"
done
code=$(at one search --limit 1 居住证申领 | cut -f1)
printf '%%PDF-1.4 %0200000d' 7 >"$work/scan.pdf"
cat >"$work/answers.json" <<J
{"applicant_name": "李样例", "applicant_id": "371323199003070001", "applicant_mobile": "13800000001",
 "applicant_town": "371323103", "applicant_address": "示范村人民路18号",
 "home_address": "河南省示范市示范县示范路1号", "stay_since": "2026-01-10", "stay_why": "family",
 "stay_kind": "own", "confirmed": "OK",
 "materials": {"照片": "received", "住所、就业或就读证明": "received"}}
J
cat >"$work/bundle.json" <<J
{"dead_name": "王老例", "dead_id": "371323194501019935", "dead_on": "2026-11-02", "dead_cert_no": "SW20261102001",
 "dead_relation": "child", "dead_pension": "resident", "dead_retired": "no", "id_back": "yes", "heirs_agree": "yes",
 "applicant_name": "陈试例", "applicant_id": "371323199205129964", "applicant_mobile": "13800000002",
 "applicant_bank_name": "示范农商银行沂水支行", "applicant_bank_card": "6217000000000000012",
 "fund_no": "37132300001", "confirmed": "OK",
 "materials": {"死亡证明": "received", "死者户口簿和身份证": "received", "申请人居民身份证": "received",
  "其他继承人同意代领的声明": "received",
  "本人银行卡": "received"}}
J
sed 's|"materials"|"attachments": {"照片": ["'"$work"'/scan.pdf"]}, "materials"|' "$work/answers.json" >"$work/scans.json"
sed 's|scan.pdf|none.pdf|' "$work/scans.json" >"$work/lost.json"

# scans
apply one lost >"$work/out"
same $? 1 "a scan that is not there is refused"
same "$(at one draft list --json | wc -l)" 0 "and leaves no draft behind"
first=$(apply one scans)
say $? "an application with a scan"
apply one scans >/dev/null
at one deliver --once >"$work/out"
say $? "and another with the same scan are delivered"
sha=$(sha256sum "$work/scan.pdf" | cut -d' ' -f1)
at one doctor | grep -q "^正常  中心 .*连通"
say $? "the doctor asks the centre"
cmp -s "$work/scan.pdf" "$work/centre/papers/$sha"
say $? "the centre has the scan, once"
same "$(ls "$work/centre/papers" | wc -l)" 1 "and nothing else"

at one apply "$code" --answers "$work/answers.json" --again >"$work/out"
[ ! -s "$work/err" ]
say $? "what is meant is not warned of"
apply one >"$work/out"
grep -q -- "--again" "$work/err"
say $? "another of the same person on the same day is taken and said"
at one deliver --once >"$work/out"

# a letter that waits for its owner
kept=$(apply one)
full() { # a command of window one when its file can take nothing more; what it says comes through a pipe
	(trap '' XFSZ; ulimit -f 8; YIMEN_HOME="$work/one" "$build/yimen" "$@" 2>&1)
}
for act in "hold $kept --reason 等" "retry $kept"; do
	# shellcheck disable=SC2086
	full outbox $act | grep -q .
	say $? "where nothing can be written outbox ${act%% *} says so"
done
at one outbox hold "$kept" --reason " " >"$work/out"
same $? 1 "a letter is not kept back without a reason"
grep -q 写明为什么 "$work/err"
say $? "and it is said that one is wanted"
at one outbox hold "$kept" --reason 等家属来签字 >"$work/out"
say $? "a letter is kept back"
at one deliver --once >"$work/out"
same $? 0 "what its owner keeps back is no failure of a round"
same "$(at one outbox list --state held --json | member hold)" kept "it is seen as kept back"
at one outbox show "$kept" | grep -q "outbox release"
say $? "with what one can do"
at one case show "$kept" | grep -q "现在由  命令行 (00号窗口)"
say $? "what a command did is of no person, in Chinese"
at one case show "$kept" | grep -q "提交  命令行" && ! at one case show "$kept" | grep -q command
say $? "also in its story"
at one outbox release "$kept" && at one deliver --once >"$work/out"
say $? "released, it goes"
at one outbox retry "$kept" >"$work/out"
same $? 1 "what has arrived is not sent again"
same "$(at one outbox list --text "$kept" --json | wc -l)" 1 "the list can be filtered"

# a correction is a new version of the same case
echo '{"applicant_mobile": "13800000002"}' >"$work/correct.json"
same "$(at one case correct "$kept" --answers "$work/correct.json" --operator 0318)" "$kept" "a case is corrected under its receipt"
at one case show "$kept" | tail -1 | grep -q 0318
say $? "and its story tells by whom"
at one deliver --once >"$work/out"
say $? "the new version is delivered"
same "$(at one case show "$kept" --json | sed 's/.*"version":\([0-9]*\).*/\1/')" 2 "it is the second version"
same "$(cases | wc -l)" 5 "the centre has as many cases as before"
at one case correct "$kept" --answers "$work/correct.json" >"$work/out"
same "$? $(cat "$work/out")" "0 $kept" "one that changes nothing goes"
grep -q "与上一版相同" "$work/err"
say $? "and says so"
at one deliver --once >"$work/out"
same "$(at one outbox list --text "$kept" | cut -f5 | cut -d: -f1 | tr "\n" " ")" "第 2 次更正 更正 居住证申领 " "the list tells its letters apart"
echo '{"applicant_mobile": "1"}' >"$work/correct.json"
at one case correct "$kept" --answers "$work/correct.json" >"$work/out"
same $? 1 "a wrong correction is refused"
same "$(at one case show "$kept" --json | sed 's/.*"revising":\([a-z]*\).*/\1/')" false "and leaves the case as it was"

# by hand, while the line is dead
stop_centre
carried=$(apply one scans)
apply one >/dev/null
at one deliver --once >"$work/out"
same $? 3 "the line is dead"
at one doctor | grep -q "^注意  中心 .*连不上"
say $? "as the doctor finds when it asks"
at one reconcile >"$work/out"
same $? 3 "there is nothing to compare with"
at one outbox export "$work/no stick/letters.yimen" >"$work/out"
same "$? $(grep -c U "$work/err")" "3 1" "a stick that is not in is thought of"
at one outbox export "$work" >"$work/out"
grep -q 文件夹 "$work/err"
say $? "a folder is told from a file"
mkfifo "$work/pipe" && at one outbox export "$work/pipe" >"$work/out"
[ -p "$work/pipe" ]
say $? "and what is no file is not replaced by one"
at one outbox export "$work/letters.yimen" >"$work/out"
say $? "two letters into a file"
grep -q 李样例 "$work/letters.yimen"
same $? 1 "which nobody can read"
at two outbox import "$work/letters.yimen" >"$work/out"
say $? "another window takes them in"
grep -q "已收 2 件 (替别的窗口送的 2 件), 扫描件 1 份。" "$work/out"
say $? "and is told for whom"
at two outbox import "$work/letters.yimen" >"$work/out"
same "$(at two outbox list --json | wc -l)" 2 "twice is as good as once"
same "$(at two case list --json | wc -l)" 0 "they are not its own cases"
at one outbox import "$work/letters.yimen" >"$work/out"
same "$(cat "$work/out")" "没有新的: 文件里的 2 件以前收过。" "their own window carries nothing for another and says nothing of it"
at one outbox show "$carried" | grep -q "没有程序在报送.*yimen deliver --once"
say $? "and where nothing delivers it is said how to"
at three outbox import "$work/letters.yimen" >"$work/out"
same $? 1 "another hall cannot open it"
head -c 5000 "$work/letters.yimen" >"$work/cut.yimen"
at two outbox import "$work/cut.yimen" >"$work/out"
same $? 1 "a cut file is refused"
start_centre
at two deliver --once >"$work/out"
say $? "the other window delivers them"
at one deliver --once >"$work/out"
say $? "and so does their own"
same "$(cases | wc -l)" 7 "the centre has each once"
same "$(at one outbox show "$carried" --json | member project_no)" \
	"$(at two outbox show "$carried" --json | member project_no)" "both windows know the same number"

# what is decided on a case before its application has gone
stop_centre
both=$(apply one)
at one case act "$both" accept >"$work/out"
say $? "a case is accepted while its application waits"
same "$(at one outbox list --text "$both" | cut -f5 | cut -d: -f1 | head -1)" 受理 "the list says which step a letter is"
at one outbox hold "$both" --reason 等家属 >"$work/out"
same "$(at one outbox list --text "$both" | cut -f2 | tr '\n' ' ')" "待发 暂缓 " "by its number the letter in the way is kept back"
step=$(at one outbox list --text "$both" --json | head -1 | member id)
at one outbox show "$step" | grep -q "暂缓.*先处理那一封"
say $? "the other says what it waits for"
LANGUAGE=en at one outbox show "$step" | grep -q "of this case goes first (Kept)"
say $? "in English as well"
at one outbox show "$step" | grep -q "一有线路就报"
same $? 1 "and not that it goes with the line"
start_centre
at one deliver --once >"$work/out"
same "$? $(grep -c "排在" "$work/err")" "0 1" "a round that can do nothing for them says so, and is no failure of the line"
stop_centre
at one outbox release "$both" >"$work/out"
same "$? $(at one outbox list --text "$both" | cut -f2 | tr '\n' ' ')" "0 待发 待发 " "by its number it is let go"
at one outbox export "$work/both.seal" "$both" >"$work/out"
same "$? $(grep -c ' 2 ' "$work/out")" "0 1" "both travel together"
start_centre
at two outbox import "$work/both.seal" >"$work/out" && at two deliver --once >"$work/out"
say $? "and are taken from another window"
at one deliver --once >"$work/out"
say $? "and from their own"
same "$(cases | grep "$(at one outbox show "$both" --json | member project_no)" | member state)" accepted "once"

# by hand, and the scan of one letter is gone: the others go all the same
stop_centre
printf '%%PDF-1.4 %0200000d' 8 >"$work/scan8.pdf"
sed 's|scan.pdf|scan8.pdf|' "$work/scans.json" >"$work/scan8.json"
lost=$(apply one scan8)
apply one >/dev/null
rm "$work/one/papers/$(sha256sum <"$work/scan8.pdf" | cut -d' ' -f1)"
at one outbox export "$work/rest.seal" >"$work/out"
same "$? $(grep -c ' 1 ' "$work/out")" "1 1" "the letter whose scan is gone is left out, the other goes"
same "$(grep -c "没有导出: $lost.*照片.*重新扫描" "$work/err") $(wc -l <"$work/err")" "1 1" "it is named, with what to do"
LANGUAGE=en at one outbox export "$work/rest.seal" "$lost" >"$work/out"
same "$? $(grep -c "scan the paper again" "$work/err") $(grep -c "No file" "$work/err")" "1 1 1" "alone it makes no file"
echo "{\"attachments\": {\"照片\": [\"$work/scan.pdf\"]}}" >"$work/again.json"
at one case correct "$lost" --answers "$work/again.json" >"$work/out"
at one outbox export "$work/rest.seal" >"$work/out"
same "$? $(grep -c ' 2 ' "$work/out")" "0 1" "scanned again it goes, too"
start_centre
"$build/yimen-central" --data "$work/centre" letters import "$work/rest.seal" >"$work/out" 2>"$work/err"
same "$? $(grep -c taken "$work/out")" "0 2" "and the centre takes both"
at one deliver --once >"$work/out"
same "$? $(cases | grep -c "$(at one outbox show "$lost" --json | member project_no)")" "0 1" "once, also from their own window"

# a centre that has room for letters and none for a scan
stop_centre
{ echo %PDF-1.4; head -c 17000000 /dev/zero; } >"$work/scan9.pdf"
sed 's|scan.pdf|scan9.pdf|' "$work/scans.json" >"$work/scan9.json"
(trap '' XFSZ; ulimit -f 32000; exec "$build/yimen-central" --data "$work/centre" --listen "127.0.0.1:$port" >"$work/ready" 2>"$work/central.err") &
centre=$!
read -r line <"$work/ready"
apply one scan9 >/dev/null
at one deliver --once >"$work/out"
same "$? $(grep -c '中心的磁盘快满了' "$work/err")" "3 1" "a round after which a letter waits for its scan says why"
stop_centre
start_centre
at one deliver --once >"$work/out"
say $? "and when there is room it goes"

# a centre restored from a copy that is older than a step of a case
stepped=$(apply one)
at one deliver --once >"$work/out"
"$build/yimen-central" --data "$work/centre" backup "$work/copy" >"$work/out" 2>"$work/err"
at one case act "$stepped" accept >"$work/out" && at one deliver --once >"$work/out"
say $? "a case is accepted after the centre was copied"
at one reconcile >"$work/out"
grep -q "$stepped" "$work/out"
same $? 1 "the day's end finds no fault with it"
stop_centre
rm "$work"/centre/central.db* && cp "$work/copy/central.db" "$work/centre/"
start_centre
at one reconcile >"$work/out"
same "$? $(grep "$stepped" "$work/out" | grep -c '后来的步骤')" "1 1" "the day's end names the step that the copy has not"
at one reconcile --send-again >"$work/out"
at one deliver --once >"$work/out"
say $? "it is sent once more"
same "$(cases | grep "$(at one outbox show "$stepped" --json | member project_no)" | member state)" accepted "and the centre has it"
at one reconcile >"$work/out"
grep -q "$stepped" "$work/out"
same $? 1 "and nothing is left of the difference"

# receipts and the day's end
at two receipt "$first" | grep -q 本大厅
say $? "the other window knows a receipt of the hall"
at two receipt "$(echo "$first" | tr 'L0' 'lo')" >"$work/out"
say $? "also as it is typed"
at two receipt "$(echo "$first" | sed 's/....$/0000/')" >"$work/out"
same $? 1 "and a false one"
bundle=$(at one apply "$(at one search --limit 1 公民身后一件事 | cut -f1)" --answers "$work/bundle.json")
say $? "several matters in one application"
at one receipt "$bundle" >"$work/out"
say $? "have a receipt of their own"
same "$(grep -c 中心尚未给出 "$work/out")" 4 "which names each of them, before there are numbers"
at one outbox show "$bundle" >"$work/out"
same "$? $(grep -c '^本地收件号' "$work/out")" "0 4" "the outbox shows the letters of its matters by the number of the whole"
at one outbox show "$bundle" --json >"$work/out"
same "$? $(grep -c '"state":"waiting"' "$work/out")" "0 4" "a line each for programs"
at one outbox hold "$bundle" --reason 等材料 >"$work/out"
same "$? $(grep -c '	暂缓	' "$work/out")" "0 4" "keeps all of them back"
at one outbox hold "$bundle" --reason 等材料 >"$work/out"
same "$? $(grep -c 不能暂缓 "$work/err")" "1 4" "once"
at one outbox release "$bundle" >"$work/out"
same "$? $(grep -c '	待发	' "$work/out")" "0 4" "and lets all of them go"
at one outbox retry "$bundle" >"$work/out"
same "$? $(grep -c '	待发	' "$work/out")" "0 4" "or tries all of them again"
parts=$(at one outbox show "$bundle" --json | member local_receipt)
at one outbox export "$work/bundle.seal" "$bundle" "$(echo "$parts" | head -1)" >"$work/out"
same "$? $(grep -c ' 4 ' "$work/out")" "0 1" "or puts all of them into a file, each once"
at one outbox hold "$(echo "$parts" | head -1)" --reason 等材料 >"$work/out" && at one outbox release "$bundle" >"$work/out"
same "$? $(grep -c 不用放行 "$work/err")" "0 3" "what can be done to some is done, and the others are named"
at one outbox give-up "$bundle" >"$work/out"
same "$?" 1 "to give one up it must be said which"
for part in $parts; do grep -q "$part" "$work/err" || echo "$part"; done >"$work/out"
same "$(cat "$work/out")" "" "and they are named"
LANGUAGE=en at one outbox give-up "$bundle" >"$work/out"
grep -q "is a bundle" "$work/err"
say $? "in English as well"
at one outbox show L000000-00-00000-000 >"$work/out"
same "$?" 1 "a number that nothing has is told"
at one deliver --once >"$work/sent"
at one receipt "$bundle" >"$work/out"
numbers=$(cut -f3 "$work/sent" | sort)
same "$(grep -oE ' [0-9]{15,} ' "$work/out" | tr -d ' ' | sort)" "$numbers" "and with the numbers that the centre gave"
at one outbox export "$work/bundle.seal" "$bundle" >"$work/out"
same "$? $(grep -c 已经了结 "$work/err")" "1 1" "what has arrived needs no file"
same "$(at one receipt "$bundle" | grep -c 1970)" 0 "its time is that of the submission"
same "$(LANGUAGE=en at one receipt "$bundle" | grep -oE ' [0-9]{15,} ' | tr -d ' ' | sort)" "$numbers" "in English as well"
at one case show "$bundle" | grep -q "一件事	$(date +%Y)"
say $? "the case of the receipt says what it is, and since when"
same "$(at one slip receipt "$bundle" --preview | grep -c "您于 $(date +%Y)")" 1 "and its paper has the day"
at two receipt "$bundle" >"$work/out"
say $? "the other window knows that receipt, too"
same "$(grep -c 别的窗口 "$work/out")" 1 "but not the case"
at one reconcile >"$work/out"
say $? "the day has no difference"
waits=$(apply one)
at one reconcile --json >"$work/out"
same $? 1 "a letter that waits is one"
same "$(member local_receipt <"$work/out")" "$waits" "named by its receipt"
at one reconcile yesterday >"$work/out"
same $? 2 "a day is a date"
at one deliver --once >"$work/out"

# a deliverer in the background, beside commands and a workstation
mkfifo "$work/watched" "$work/heard" "$work/wishes"
YIMEN_HOME="$work/one" "$build/yimen" deliver --watch >"$work/watched" 2>"$work/err" &
watcher=$!
exec 3<"$work/watched"
receipt=$(apply one)
read -r got rest <&3
same "$got" "$receipt" "the deliverer in the background delivers by itself"
at one deliver --once >"$work/out"
say $? "beside it a single round finds nothing left to do"
YIMEN_HOME="$work/one" "$build/yimen-deliver" --events <"$work/wishes" >"$work/heard" 2>"$work/err" &
helper=$!
exec 4>"$work/wishes" 5<"$work/heard"
read -r got rest <&5
same "$got" link "it gives way to a workstation"
apply one >/dev/null
while read -r got rest <&5 && [ "$got" != changed ]; do :; done
same "$got" changed "which delivers and hears of it"
mkfifo "$work/wishes2" "$work/heard2"
YIMEN_HOME="$work/one" "$build/yimen-deliver" --events <"$work/wishes2" >"$work/heard2" 2>"$work/err" &
second=$!
exec 6>"$work/wishes2" 7<"$work/heard2"
IFS="	" read -r got state rest <&7
same "$got $state" "link up" "a second workstation beside it is told how the line is"
read -r got rest <&7
apply one >/dev/null
read -r got rest <&7
same "$got" changed "and hears of what the first one delivers"
exec 6>&-
wait $second
exec 7<&-
sed 's/"task_code": *"[^"]*"/"task_code":"11371323MB00000000400999999901"/; s/"task_name": *"[^"]*"/"task_name":"新事项试办"/; 1q' data/demo/matters.jsonl >"$work/new.jsonl"
"$build/yimen-central" --data "$work/centre" import "$work/new.jsonl" >"$work/imported" 2>"$work/err"
say $? "the centre takes a new matter"
while read -r got rest <&5; do
	at one matter 11371323MB00000000400999999901 >"$work/out" && break
done
grep -q 新事项试办 "$work/out"
say $? "and the window has it by itself"
# the matter can be read a moment before the version is noted; then it tells once more
version=$(awk '{print $NF}' "$work/imported")
at one doctor >"$work/out"
until grep -q "$version" "$work/out" || ! read -r got rest <&5; do at one doctor >"$work/out"; done
grep -q "$version" "$work/out"
say $? "its doctor calls the version as the centre does"
kill -9 $helper
exec 4>&- 5<&-
receipt=$(apply one)
read -r got rest <&3
same "$got" "$receipt" "and takes its turn again when that was killed"
kill -STOP "$centre" # it takes the line and never answers
for question in sync reconcile; do
	YIMEN_HOME="$work/two" timeout -s INT -k 5 1 "$build/yimen" $question >"$work/out" 2>"$work/err"
	same $? 124 "Ctrl-C ends $question, answered or not"
done
kill -CONT "$centre"
kill $watcher
wait $watcher
say $? "told to stop, it ends well"
exec 3<&-

# what can never be right: a matter that the centre does not have
grep "$code" data/demo/matters.jsonl | sed "s/\"task_code\": *\"[^\"]*\"/\"task_code\":\"11371323MB00000000400888888801\"/" >"$work/old.jsonl"
at two catalogue import "$work/old.jsonl" >"$work/out"
never=$(at two apply 11371323MB00000000400888888801 --answers "$work/answers.json")
at two deliver --once >"$work/out"
same "$(at two outbox show "$never" --json | member hold)" refused "an application for a matter that is no more is refused"
at two outbox show "$never" | grep -q "outbox give-up $never"
say $? "one can give it up"
at two outbox give-up "$never" >"$work/out"
same "$? $(at two case show "$never" --json | member state)" "0 withdrawn" "and the case is withdrawn"
at two outbox show "$never" | grep -q 已放弃
say $? "its letter says so"
at two reconcile --json >"$work/out"
grep -q "$never" "$work/out"
same $? 1 "and it is no difference at the day's end"

# before a station is enrolled, and what it could not send then
denied=$(apply one)
"$build/yimen-central" --data "$work/centre" station revoke window-one 2>"$work/err"
LANGUAGE=en at one deliver --once >"$work/out"
same $? 1 "a round whose letter is not admitted says so by its exit code"
grep -q "this station is not enrolled" "$work/out"
say $? "and in the window's language, whatever the centre speaks"
same "$(at one outbox show "$denied" --json | member state)" held "the letter waits for a person"
LANGUAGE=en at one doctor | grep -q '^note  outbox .*this station is not enrolled'
say $? "and the doctor, to whom it sends, says why"
LANGUAGE=en at one doctor | grep -q "^note  centre .*this station is not enrolled"
say $? "also when it asks the centre itself"
at one deliver --once >"$work/out"
same $? 0 "what was held before is no failure of the next round"
admission=$("$build/yimen-central" --data "$work/centre" station add window-one --renew 2>/dev/null | tail -1)
at one enrol "$url" "${admission##* }" >"$work/out"
grep -q "window-one.*没有被接纳的 1 件" "$work/err" && same "$(at one outbox show "$denied" --json | member state)" waiting "enrolled again, it waits to go"
at one deliver --once >"$work/out"
say $? "and goes"
same "$(at one outbox show "$denied" --json | member state)" delivered "for good"
# the same beside deliverers that run
YIMEN_HOME="$work/one" "$build/yimen" deliver --watch >"$work/watched" 2>"$work/err" &
watcher=$!
exec 3<"$work/watched"
"$build/yimen-central" --data "$work/centre" station revoke window-one 2>"$work/err"
denied=$(apply one)
read -r got state rest <&3
same "$got $state" "$denied held" "a deliverer in the background is not admitted any more"
admission=$("$build/yimen-central" --data "$work/centre" station add window-one --renew 2>/dev/null | tail -1)
at one enrol "$url" "${admission##* }" >"$work/out"
read -r got state rest <&3
same "$got $state" "$denied delivered" "enrolled again, it goes on by itself"
YIMEN_HOME="$work/one" "$build/yimen-deliver" --events <"$work/wishes" >"$work/heard" 2>"$work/err" &
helper=$!
exec 4>"$work/wishes" 5<"$work/heard"
while IFS="	" read -r got state rest <&5 && [ "$got $state" != "link up" ]; do :; done
"$build/yimen-central" --data "$work/centre" station revoke window-one 2>"$work/err"
at one sync
same "$? $(grep -c "yimen enrol" "$work/err")" "3 1" "who asks for news and is not admitted is told what to do"
denied=$(apply one)
while read -r got rest <&5 && [ "$(at one outbox show "$denied" --json | member state)" != held ]; do :; done
say $? "nor is that of a workstation"
admission=$("$build/yimen-central" --data "$work/centre" station add window-one --renew 2>/dev/null | tail -1)
at one enrol "$url" "${admission##* }" >"$work/out"
while read -r got rest <&5 && [ "$(at one outbox show "$denied" --json | member state)" != delivered ]; do :; done
same "$(at one outbox show "$denied" --json | member state)" delivered "and that goes on by itself as well"
exec 4>&-
wait $helper
exec 5<&-
kill $watcher
wait $watcher
exec 3<&-
at one deliver --often >"$work/out"
same $? 2 "an option that there is not is a mistake of the call"
at fresh deliver --once >"$work/out"
same $? 3 "without a centre nothing can be delivered"
grep -q "yimen enrol" "$work/err"
say $? "and it says what to do"
at fresh deliver --watch >"$work/out"
same $? 3 "nor in the background"
sed -n 's/^RestartPreventExitStatus=//p' data/yimen-deliver.service | grep -qw 3
same $? 1 "where it is begun again until there is one"
mkfifo "$work/told" "$work/asked"
YIMEN_HOME="$work/fresh" "$build/yimen-deliver" --events <"$work/asked" >"$work/told" 2>"$work/err" &
helper=$!
exec 4>"$work/asked" 5<"$work/told"
IFS="	" read -r got state rest <&5
same "$got $state" "link none" "a workstation without a centre is told so"
admission=$("$build/yimen-central" --data "$work/centre" station add window-fresh 2>/dev/null | tail -1)
at fresh enrol "$url" "${admission##* }" >"$work/out"
while IFS="	" read -r got state rest <&5 && [ "$got $state" != "link up" ]; do :; done
same "$got $state" "link up" "enrolled beside it, it is on the line by itself"
exec 4>&-
wait $helper
say $? "and it ends with the workstation"
exec 5<&-

# a deliverer that dies leaves nothing behind, and is missed
mkfifo "$work/typed"
echo xiaoming0317 | at two operator add 0317 王小明 >"$work/out"
YIMEN_HOME="$work/two" "$build/yimen" --plain <"$work/typed" >"$work/said" 2>"$work/err" &
clerk=$!
exec 4>"$work/typed"
# Nothing tells that a program has begun another, or has buried it: its children are looked at.
child_of() { grep -l "^PPid:	$1\$" /proc/[0-9]*/status 2>/dev/null | sed 's|/proc/||; s|/status||'; }
tries=0
while [ -z "$(child_of $clerk)" ] && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
helper=$(child_of $clerk)
[ -n "$helper" ] && kill -9 "$helper"
tries=0
while [ -e "/proc/$helper" ] && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
[ -n "$helper" ] && [ ! -e "/proc/$helper" ]
say $? "a deliverer that was killed leaves no zombie"
tries=0
while [ -z "$(child_of $clerk)" ] && [ $tries -lt 300 ]; do sleep 0.1; tries=$((tries + 1)); done
[ -n "$(child_of $clerk)" ]
say $? "and another one is begun in its place"
exec 4>&-
wait $clerk

# a centre that takes the call and says nothing
cat >"$work/two/yimen.conf" <<C
centre.timeout = 1
C
kill -STOP $centre
before=$(date +%s)
at two reconcile >"$work/out"
same $? 3 "a silent centre is no centre to compare with"
[ $(($(date +%s) - before)) -lt 8 ]
say $? "and is not waited for beyond the setting"
apply two >/dev/null
leave() { printf '0317\nxiaoming0317\n\n0\n' | at two --plain; }
leave | grep -q 下次打开时送出
say $? "who leaves with letters waiting is told that they go at the next start"
YIMEN_HOME="$work/two" "$build/yimen" deliver --watch >"$work/out" 2>"$work/err" &
watcher=$!
tries=0
until leave | grep -q 后台接着报送 || [ $tries -ge 20 ]; do tries=$((tries + 1)); done
[ $tries -lt 20 ]
say $? "or in the background, where a deliverer runs"
kill $watcher
kill -CONT $centre

# another deliverer is at work, and does not come to an end
apply one >/dev/null
YIMEN_HOME="$work/one" flock "$work/one/deliver.lock" timeout 3 "$build/yimen" deliver --once >"$work/out" 2>"$work/err"
grep -q "另一个报送程序正在运行.*最多 30 秒" "$work/err"
say $? "a round by hand says that it waits for another deliverer"

# a letter that the station itself has to hold, because its scan is gone, came back in this round as any other
at one deliver --once >"$work/out"
printf '%%PDF-1.4 %0200000d' 77 >"$work/scan77.pdf"
sed 's|scan.pdf|scan77.pdf|' "$work/scans.json" >"$work/scans77.json"
gone=$(apply one scans77)
rm "$work/one/papers/$(sha256sum <"$work/scan77.pdf" | cut -d' ' -f1)"
at one deliver --once >"$work/out"
same $? 1 "a round in which a scan was found to be lost is no success"
grep -q "^$gone	held	材料扫描件送不上去" "$work/out"
say $? "and names the letter"
grep -q "这一轮有 1 件被退回或待处理" "$work/err"
say $? "and counts it"
at one deliver --once >"$work/out"
same "$?$(cat "$work/out")" 0 "once: what was held before is not of this round"

at one audit verify >"$work/out"
say $? "the audit trail is whole"

# an application that the disk has no room for is not half there: sent again it would be two
refused=0 tries=0
while [ $refused = 0 ] && [ $tries -lt 20 ]; do
	room=$(($(wc -c <"$work/one/station.db") / 512)) # it may overwrite, not grow
	(trap '' XFSZ; ulimit -f $room; apply one >/dev/null) || refused=$?
	tries=$((tries + 1))
done
same $refused 3 "where nothing more can be written an application is refused"
cp "$work/err" "$work/refused"
grep -q "^没有提交成功: .*再提交一次" "$work/err"
say $? "and it says what to do"
left=$(at one draft list --json 2>"$work/list" | wc -l)
[ "$left" = 0 ] || grep -q "填的还留在草稿里.*放弃" "$work/refused"
say $? "and no draft of it stays, or it says so"
