#!/bin/sh
# The demo hall: it opens, it goes away with all that is its own; one that is killed takes its centre with it
# and leaves a folder that the next hall removes. TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
work=$(mktemp -d) || exit 3
hall=
trap '[ -z "$hall" ] || kill -9 $hall 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
export TMPDIR="$work/tmp" LANGUAGE=zh LC_ALL=C.UTF-8 TZ=Asia/Shanghai
mkdir "$TMPDIR"
say() { if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; fi; }
halls() { find "$TMPDIR" -maxdepth 1 -name 'yimen-demo-*' | wc -l; }
centres() { cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep -c "^$TMPDIR/.*/centre\$"; }
said() { # the hall says this, within half a minute
	timeout 30 tail -n +1 -f "$work/out" 2>/dev/null | grep -q -m1 "$1"
}
# The hall asks on a pipe that nobody ends, until the test does. It and all programs that it starts hold
# another one: that ends with the last of them.
begin_hall() {
	rm -f "$work/keys" "$work/alive" && mkfifo "$work/keys" "$work/alive"
	: >"$work/out" # what the hall before it said is no word of this one
	"$build/yimen" demo --plain "$@" <"$work/keys" >"$work/out" 2>&1 9>"$work/alive" &
	hall=$!
	exec 3>"$work/keys" 8<"$work/alive"
}
open_hall() {
	begin_hall "$@"
	said "就绪"
}
gone() { # every program of the hall, within ten seconds
	timeout 10 cat <&8
	over=$?
	exec 8<&-
	[ $over = 0 ] && [ "$(centres)" = 0 ]
}

open_hall
[ "$(halls)" = 1 ] && [ "$(centres)" -ge 1 ]
say $? "a hall has its folder and its centre"
# a window beside it hands in a case: its number begins with the hall's county
number() {
	export YIMEN_HOME="$work/window"
	YIMEN_CENTRE_URL=$(sed -n 's/^centre.url = //p' "$TMPDIR"/yimen-demo-*/station/yimen.conf)
	export YIMEN_CENTRE_URL
	"$build/yimen" catalogue import data/demo/matters.jsonl >"$work/log" 2>&1
	printf '%s' '{"applicant_name": "李样例", "applicant_id": "371323199003070001", "applicant_mobile": "13800000001",
		"applicant_town": "371323103", "applicant_address": "示范村人民路18号", "home_address": "河南省示范市示范县示范路1号",
		"stay_since": "2026-01-10", "stay_why": "family", "stay_kind": "own", "confirmed": "OK",
		"materials": {"照片": "received", "住所、就业或就读证明": "received"}}' |
		"$build/yimen" apply "$("$build/yimen" search --limit 1 居住证申领 | cut -f1)" --answers - >>"$work/log" 2>&1
	"$build/yimen" deliver --once 2>>"$work/log" | cut -f3
}
given=$(number)
case $given in
371323202[0-9]*) say 0 "its case numbers begin with its county" ;;
*) say 1 "its case numbers begin with its county, not $given" ;;
esac
exec 3>&-
wait "$hall"
gone
say $? "when it closes no program of it is left"
[ "$(halls)" = 0 ]
say $? "nor its folder"

# ended by a signal, once, twice or while it opens: it goes as if it had been closed
ends() { # what it is, signals
	what=$1
	shift
	for signal; do kill "-$signal" "$hall" 2>/dev/null; done
	wait "$hall" 2>/dev/null
	exec 3>&-
	[ "$(halls)" = 0 ] && gone
	say $? "$what: nothing of it is left"
}
open_hall --no-office
ends "a hall whose terminal is gone" HUP
open_hall --no-office
ends "one that is told to end, and again" TERM HUP TERM
begin_hall --no-office
said "启动中心服务"
ends "one that is told to end while it opens" TERM

open_hall
kill -9 "$hall"
wait "$hall" 2>/dev/null
gone
say $? "a hall that is killed takes its centre and its office with it"
exec 3>&-
[ "$(halls)" = 1 ]
say $? "its folder is left"
mkdir "$TMPDIR/yimen-demo-other"
open_hall
[ "$(halls)" = 2 ] && [ -d "$TMPDIR/yimen-demo-other" ]
say $? "the next hall removes it, and nothing that is not a hall's"
first=$hall
"$build/yimen" demo --plain --no-office </dev/null >"$work/second" 2>&1
kill -0 "$first" 2>/dev/null && [ "$(halls)" = 2 ] && [ "$(centres)" -ge 1 ]
say $? "a second hall beside it leaves the first alone"
exec 3>&-
wait "$hall"
hall=
gone
say $? "all of them are gone"

"$build/yimen" demo </dev/null >"$work/out" 2>&1
[ $? -eq 3 ] && [ "$(wc -l <"$work/out")" = 1 ] && [ "$(halls)" = 1 ]
say $? "without a terminal that is said at once, and no hall is made"

"$build/yimen" demo --plain --fault nonsense=1 </dev/null >"$work/out" 2>&1
[ $? -ne 0 ] && grep -q 'nonsense=1' "$work/out" && [ "$(halls)" = 1 ]
say $? "a trouble that is none is told by name, and nothing is left"
open_hall --fault refuse=100
trouble() { cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -c "$TMPDIR/.*--fault refuse=100"; }
[ "$(trouble)" -ge 1 ]
say $? "a trainer's trouble reaches the hall's centre"
exec 3>&-
wait "$hall"
hall=

# the exercise: the line is cut and mended by a command of the hall
state() { # of the hall's centre: T is stopped
	for p in /proc/[0-9]*; do
		cat "$p/cmdline" 2>/dev/null | tr '\0' '\n' | grep -q "^$TMPDIR/.*/centre\$" || continue
		sed 's/.*) \(.\).*/\1/' "$p/stat" 2>/dev/null
	done
}
open_hall --no-office
echo ':yxdw' >&3
said "演习: 线路断了" && [ "$(state)" = T ]
say $? "the exercise cuts the line: the centre answers nobody"
echo ':yxdw' >&3
said "演习: 线路恢复了" && [ "$(state)" != T ]
say $? "and mends it"
echo ':yxdw' >&3
exec 3>&-
wait "$hall"
gone
say $? "a hall closed in the middle of the exercise leaves no centre"
hall=
