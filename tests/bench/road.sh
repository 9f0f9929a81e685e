#!/bin/sh
# Whole-program figures of the road, one a line: what, value, unit, limit or peer beside it where there is one.
# usage: road.sh [N]
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
count=${1:-${N:-300}}
work=$(mktemp -d) || exit 3
centre=
trap '[ -z "$centre" ] || kill $centre 2>/dev/null; rm -rf "$work"' EXIT
export YIMEN_HOME="$work/station" LC_ALL=C.UTF-8
now() { date +%s%N | cut -c1-13; }
figure() { printf '%-46s %10s %-10s %s\n' "$1" "$2" "$3" "${4:-}"; }

t=$(now); "$build/yimen" version >/dev/null; figure "start of a command" $(($(now) - t)) ms
t=$(now); "$build/yimen" catalogue import data/demo/matters.jsonl >/dev/null; figure "import of the demo catalogue and its index" $(($(now) - t)) ms
t=$(now); i=0; while [ $i -lt 50 ]; do "$build/yimen" search glbt >/dev/null; i=$((i + 1)); done
figure "search, whole command (mean of 50)" $((($(now) - t) / 50)) ms
t=$(now); i=0; while [ $i -lt 50 ]; do grep -c 高龄 data/demo/matters.jsonl >/dev/null; i=$((i + 1)); done
figure "  peer: grep of one word in the file (mean of 50)" $((($(now) - t) / 50)) ms
code=$("$build/yimen" search --limit 1 居住证申领 | cut -f1)
echo '{"applicant_name":"李样例","applicant_id":"371323199003070001","applicant_mobile":"13800000001","applicant_town":"371323103","applicant_address":"示范村人民路18号","home_address":"河南省示范市示范县示范路1号","stay_since":"2026-01-10","stay_why":"family","stay_kind":"own","confirmed":"OK","materials":{"照片":"received","住所、就业或就读证明":"received"}}' >"$work/a.json"
t=$(now); i=0; while [ $i -lt "$count" ]; do "$build/yimen" apply "$code" --answers "$work/a.json" >/dev/null; i=$((i + 1)); done
figure "apply, whole command, durable (mean of $count)" $((($(now) - t) / count)) ms
"$build/yimen-central" --data "$work/centre" import data/demo/matters.jsonl >/dev/null
mkfifo "$work/ready"
"$build/yimen-central" --data "$work/centre" --listen 127.0.0.1:0 --open >"$work/ready" 2>/dev/null & centre=$!
read -r line <"$work/ready"
export YIMEN_CENTRE_URL="${line##* }"
t=$(now); "$build/yimen" deliver --once >/dev/null; t=$(($(now) - t))
figure "drain of $count letters into the durable centre" $((count * 1000 / (t + 1))) letters/s "limit: 1 117 commits/s one at a time"
if command -v curl >/dev/null; then
	t=$(now); i=0; while [ $i -lt 50 ]; do curl -s --noproxy '*' "$YIMEN_CENTRE_URL/health" >/dev/null; i=$((i + 1)); done
	figure "  peer: curl in sequence, one GET each" $((50000 / ($(now) - t + 1))) requests/s
fi
