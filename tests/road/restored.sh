#!/bin/sh
# A window whose data folder was put back from an older copy, by commands, with the real programs: what it has lost is
# named at the day's end, and comes back from the centre. Prints TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
work=$(mktemp -d) || exit 3
centre=
trap '[ -z "$centre" ] || kill -9 $centre 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
export YIMEN_HOME="$work/station" LANGUAGE=zh LC_ALL=C.UTF-8 TZ=Asia/Shanghai
say() { if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; cat "$work/err" 2>/dev/null | sed 's/^/# /'; fi; }
same() { [ "$1" = "$2" ] && say 0 "$3" || { echo "# have: $1"; echo "# want: $2"; say 1 "$3"; }; }
at() { "$build/yimen" "$@" 2>"$work/err"; }
office() { "$build/yimen-central" --data "$work/centre" "$@" 2>"$work/err"; }
apply() { at apply "$code" --answers "$work/answers.json" --operator 0317 --window 03 --again; }
deliver() { at deliver --once >"$work/out"; }
member() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }
state() { at case show "$1" --json | member state; }
number() { at case show "$1" --json | member project_no; }
lines() { # of the day's end, without the words
	at reconcile --json | sed 's/.*"local_receipt":"\([^"]*\)","difference":"\([^"]*\)".*/\2 \1/' | sort
}
cases() { at case list --json | sed 's/.*"local_receipt":"\([^"]*\)","project_no":"\([^"]*\)","state":"\([^"]*\)".*/\1 \2 \3/' | sort; }

office import data/demo/matters.jsonl >/dev/null
mkfifo "$work/ready"
"$build/yimen-central" --data "$work/centre" --listen 127.0.0.1:0 >"$work/ready" 2>"$work/central.err" &
centre=$!
read -r line <"$work/ready" || line=
admission=$(office station add window-one | tail -1)
admission=${admission:-$(tail -1 "$work/err")}
at enrol "${line##* }" "${admission##* }" >"$work/out" && at sync >"$work/out"
say $? "the window is admitted"
code=$(at search --limit 1 居住证申领 | cut -f1)
cat >"$work/answers.json" <<J
{"applicant_name": "李样例", "applicant_id": "371323199003070001", "applicant_mobile": "13800000001",
 "applicant_town": "371323103", "applicant_address": "示范村人民路18号",
 "home_address": "河南省示范市示范县示范路1号", "stay_since": "2026-01-10", "stay_why": "family",
 "stay_kind": "own", "confirmed": "OK",
 "materials": {"照片": "received", "住所、就业或就读证明": "received"}}
J
printf '{"applicant_mobile": "13800000002"}' >"$work/second.json"
printf '{"applicant_mobile": "13800000003"}' >"$work/third.json"

# before the copy: one that is accepted later, one that is corrected later, one that stays
accepted=$(apply) && corrected=$(apply) && stays=$(apply) && deliver
say $? "three cases before the copy is made"
cp -a "$work/station" "$work/copy"

# after it
at case act "$accepted" accept --operator 0317 --window 03 >"$work/out" &&
	at case correct "$corrected" --answers "$work/second.json" --operator 0317 >"$work/out" && late=$(apply) &&
	decided=$(apply) && deliver
say $? "a step, a correction and two cases after it"
office case act "$(number "$decided")" accept >"$work/out"
say $? "the office accepts one of them"
at sync >"$work/out"
cases >"$work/before"
same "$(lines)" "" "nothing differs at the day's end"

# the copy is put in place
rm -rf "$work/station" && cp -a "$work/copy" "$work/station"
at sync >"$work/out"
say $? "changes alone"
same "$(state "$accepted")" received "do not bring back what this window did itself"
same "$(lines)" "$(printf 'elsewhere %s\nlags %s\n' "$corrected" "$accepted"; printf 'unknown %s\n' "$late" "$decided" | sort)" \
	"the day's end names each"
at reconcile >"$work/out"
same $? 1 "and it is not nought"
grep "$late" "$work/out" | grep -q -- '--restored'
say $? "it says how the lost ones come back"
at sync --restored >"$work/out"
say $? "they are fetched"
grep -q '取回申请和更正 3 封, 报送一次就又有回执$' "$work/err"
say $? "and counted"
same "$(at outbox list --json | grep -c '"state":"waiting"')" 3 "their letters wait, for their receipts"
deliver
say $? "which the next delivery gets"
cases >"$work/after"
cmp -s "$work/before" "$work/after" || diff "$work/before" "$work/after" | sed 's/^/# /'
cmp -s "$work/before" "$work/after"
say $? "all cases are as they were, with receipt, number and state"
at reconcile >"$work/out"
same "$?$(cat "$work/out")" 0 "the difference is nought"
same "$(office case list --json | wc -l)" 5 "and nothing is twice at the centre"
at case show "$accepted" | grep -q '受理  0317$'
say $? "who accepted it stands in its history"
at slip receipt "$late" --preview >"$work/out" && grep -q '查询密码  [0-9A-Z]\{8\}$' "$work/out"
say $? "the visitor's paper can be printed again"
at sync --restored >"$work/out"
grep -q '^新消息 0 条.*; 取回申请和更正 0 封$' "$work/err"
say $? "the same again finds nothing more"

# and they are worked on as any other: a correction goes on from the newest version
for receipt in "$corrected" "$late"; do
	at case correct "$receipt" --answers "$work/third.json" --operator 0317 >"$work/out" && deliver
	say $? "one is corrected and the centre takes it ($receipt)"
done
"$build/yimen" case correct "$corrected" --answers "$work/answers.json" --json >"$work/out" 2>"$work/err" && deliver
at reconcile >"$work/out"
same $? 0 "still nothing differs"
same "$(apply | cut -c12-14)" "$(apply | cut -c12-14)" "new receipts have one mark"
[ "$(apply | cut -c12-14)" != "$(echo "$late" | cut -c12-14)" ]
say $? "another one than before: of two copies of a folder none gives the other's numbers"
at audit verify >"$work/out"
say $? "the audit trail is whole"

# the computer is lost, and there is no copy: a new one under its name
deliver
cases >"$work/before"
rm -rf "$work/station"
admission=$(office station add window-one --renew | tail -1)
admission=${admission:-$(tail -1 "$work/err")}
at enrol "${line##* }" "${admission##* }" >"$work/out" && at sync --restored >"$work/out" && deliver
say $? "a new computer under the name of a lost one"
cases >"$work/after"
cmp -s "$work/before" "$work/after" || diff "$work/before" "$work/after" | sed 's/^/# /'
cmp -s "$work/before" "$work/after"
say $? "has every case that was sent"
at reconcile >"$work/out"
same "$?$(cat "$work/out")" 0 "and differs in nothing"
at audit verify >"$work/out"
say $? "the audit trail is whole"
at sync --restore >"$work/out"
same $? 2 "a wrong option is no sync"
