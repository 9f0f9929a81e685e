#!/bin/sh
# The centre speaks to each window in its language, with the real programs: figures included, by a deliverer of another
# language too. Prints TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
work=$(mktemp -d) || exit 3
centre= helper=
trap '[ -z "$centre" ] || kill -9 $centre 2>/dev/null; [ -z "$helper" ] || kill -9 $helper 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
export LANGUAGE=zh LC_ALL=C.UTF-8 TZ=Asia/Shanghai YIMEN_HOME="$work/station"
say() { if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; cat "$work/out" "$work/err" 2>/dev/null | sed 's/^/# /'; fi; }
has() { grep -q "$2" "$1"; say $? "$3"; }
start_centre() { # its language
	rm -f "$work/ready"
	mkfifo "$work/ready"
	LANGUAGE=$1 "$build/yimen-central" --data "$work/centre" --listen 127.0.0.1:0 >"$work/ready" 2>"$work/central.err" &
	centre=$!
	read -r line <"$work/ready" || line=
	url=${line##* }
}
stop_centre() { kill "$centre" 2>/dev/null; wait "$centre" 2>/dev/null; centre=; }
window() { # language, command
	spoken=$1
	shift
	LANGUAGE=$spoken "$build/yimen" "$@" >"$work/out" 2>"$work/err"
}
wrong_code="XXXX-XXXX-XXXX"

# the first word of all, before a window is known
start_centre zh
window en enrol "$url" $wrong_code
has "$work/err" 'valid for 72 hours' "an English window is told in English, figures included"
window zh enrol "$url" $wrong_code
has "$work/err" '有效 72 小时' "a Chinese one in Chinese"
stop_centre
start_centre en
window en enrol "$url" $wrong_code
has "$work/err" 'valid for 72 hours' "by a centre of English as well"
window zh enrol "$url" $wrong_code
has "$work/err" '有效 72 小时' "and Chinese by it"
stop_centre

# letters: one that is refused with a figure
start_centre zh
admission=$("$build/yimen-central" --data "$work/centre" station add window 2>/dev/null | tail -1)
window zh enrol "$url" "${admission##* }"
long=$(printf '%0600d' 0)
grep -m 1 居住证申领 data/demo/matters.jsonl | sed "s/\"task_name\": *\"[^\"]*\"/\"task_name\": \"居住证$long\"/" >"$work/matters.jsonl"
window zh catalogue import "$work/matters.jsonl"
code=$("$build/yimen" search --limit 1 居住证 | cut -f1)
cat >"$work/answers.json" <<'J'
{"applicant_name": "李样例", "applicant_id": "371323199003070001", "applicant_mobile": "13800000001",
 "applicant_town": "371323103", "applicant_address": "示范村人民路18号",
 "home_address": "河南省示范市示范县示范路1号", "stay_since": "2026-01-10", "stay_why": "family",
 "stay_kind": "own", "confirmed": "OK",
 "materials": {"照片": "received", "住所、就业或就读证明": "received"}}
J
apply() {
	receipt=$("$build/yimen" apply "$code" --answers "$work/answers.json" 2>"$work/err")
	case $receipt in L*) ;; *) say 1 "an application is taken: $receipt" ;; esac
}
shown() { # language
	window "$1" outbox show "$receipt"
}
apply
window en deliver --once
shown en
has "$work/out" 'task_name has more characters than 500' "what is wrong with a letter is told to who sent it in their language"
shown zh
has "$work/out" 'task_name 超过 500 个字' "and of the same letter in Chinese to who reads Chinese"
apply
window zh deliver --once
shown zh
has "$work/out" 'task_name 超过 500 个字' "and in Chinese for who sends in Chinese"
shown en
has "$work/out" 'task_name has more characters than 500' "and of that one in English to who reads English"

# the deliverer in the background was started in another language than the screen has
mkfifo "$work/wishes" "$work/heard" "$work/watched"
link=up
screen() { # language: a workstation is open for a while
	LANGUAGE=$1 "$build/yimen-deliver" --events <"$work/wishes" >"$work/heard" 2>"$work/err" &
	helper=$!
	exec 4>"$work/wishes" 5<"$work/heard"
	while IFS="	" read -r got state rest <&5 && [ "$got $state" != "link $link" ]; do :; done
	exec 4>&-
	wait $helper
	helper=
	exec 5<&-
}
background() { # language: delivers one letter
	apply
	LANGUAGE=$1 "$build/yimen" deliver --watch >"$work/watched" 2>"$work/err" &
	helper=$!
	exec 3<"$work/watched"
	while read -r got rest <&3 && [ "$got" != "$receipt" ]; do :; done
	kill $helper
	wait $helper
	helper=
	exec 3<&-
}
background en
shown zh
has "$work/out" 'task_name 超过 500 个字' "sent in the background, before any screen, it is told to who reads Chinese"
screen zh
background en
shown zh
has "$work/out" 'task_name 超过 500 个字' "after a Chinese screen Chinese, however the deliverer was started"
screen en
background zh
shown en
has "$work/out" 'task_name has more characters than 500' "after an English screen English"

# a refusal has both languages; what the deliverer itself says of the line is worded once, in the screen's
stop_centre
link=down
screen zh
background en
shown zh
has "$work/out" '连不上中心' "of a dead line it speaks the Chinese of the screen, started in English"
screen en
background zh
shown en
has "$work/out" 'the centre cannot be reached' "and English after an English screen, started in Chinese"
