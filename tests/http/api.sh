#!/bin/sh
# The API contract: data/openapi.yaml is linted, then the road is run with a validating proxy between our two
# programs: what either side sends that the contract does not allow becomes an error. Prints TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
tools=$build/api/node_modules/.bin
work=$(mktemp -d) || exit 3
centre= proxy=
trap 'kill $centre $proxy 2>/dev/null; rm -rf "$work"' EXIT
export YIMEN_HOME="$work/station" LANGUAGE=zh LC_ALL=C.UTF-8
say() { if [ "$1" = 0 ]; then echo "ok $2"; else failed=1; echo "not ok $2"; fi; }
failed=0

"$tools/redocly" lint --config tests/http/api/redocly.yaml data/openapi.yaml >"$work/lint" 2>&1
say $? "the contract is well formed" || cat "$work/lint"
[ $failed = 0 ] || cat "$work/lint"

"$build/yimen-central" --data "$work/centre" import data/demo/matters.jsonl >/dev/null 2>&1
"$build/yimen" catalogue import data/demo/matters.jsonl >/dev/null 2>&1
mkfifo "$work/ready"
"$build/yimen-central" --data "$work/centre" --listen 127.0.0.1:0 --open >"$work/ready" 2>/dev/null &
centre=$!
read -r line <"$work/ready"
mkfifo "$work/proxy"
port=$((20000 + $$ % 20000))
"$tools/prism" proxy --errors --host 127.0.0.1 --port $port data/openapi.yaml "${line##* }" >"$work/proxy" 2>&1 &
proxy=$!
while read -r said; do
	echo "$said" >>"$work/log"
	case $said in *"is listening"*) break ;; esac
done <"$work/proxy"
cat "$work/proxy" >>"$work/log" &
export YIMEN_CENTRE_URL="http://127.0.0.1:$port"

code=$("$build/yimen" search --limit 1 居住证申领 | cut -f1)
cat >"$work/answers.json" <<'J'
{"applicant_name": "李样例", "applicant_id": "371323199003070001", "applicant_mobile": "13800000001",
 "applicant_town": "371323103", "applicant_address": "示范村人民路18号",
 "home_address": "河南省示范市示范县示范路1号", "stay_since": "2026-01-10", "stay_why": "family",
 "stay_kind": "own", "confirmed": "OK",
 "materials": {"照片": "received", "住所、就业或就读证明": "received"}}
J
"$build/yimen" apply "$code" --answers "$work/answers.json" >/dev/null 2>"$work/err"
"$build/yimen" deliver --once >"$work/out" 2>&1
say $? "an application goes through the validating proxy"
number=$("$build/yimen" outbox list --json | sed 's/.*"project_no":"\([^"]*\)".*/\1/')
"$build/yimen-central" --data "$work/centre" case advance "$number" >/dev/null 2>&1
"$build/yimen" sync >"$work/out" 2>&1
say $? "so do changes and catalogue" || cat "$work/out"
"$build/yimen" case show "$number" --json | grep -q '"state":"accepted"'
say $? "and the station knows the state"
grep -qi "violation" "$work/log"
[ $? -ne 0 ]
say $? "no violation of the contract was logged"
[ $failed = 0 ] || tail -40 "$work/log"
exit $failed
