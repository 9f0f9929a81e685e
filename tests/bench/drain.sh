#!/bin/sh
# How fast a full outbox empties: N applications of about 2 KB over loopback TLS into the durable centre, durable
# at the station too, beside curl in sequence over one kept connection. usage: drain.sh [N]
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
count=${1:-${N:-10000}}
peers=$((count < 500 ? count : 500))
work=$(mktemp -d) || exit 3
centre=
trap '[ -z "$centre" ] || kill $centre 2>/dev/null; rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
now() { date +%s%N | cut -c1-13; }
figure() { printf '%-46s %10s %-10s %s\n' "$1" "$2" "$3" "${4:-}"; }
prepare() { # home, letters
	YIMEN_HOME="$1" "$build/yimen" catalogue import data/demo/matters.jsonl >/dev/null
	YIMEN_HOME="$1" "$build/yimen" apply "$code" --answers "$work/a.json" >/dev/null || exit 1
	bytes=$("$build/tests/bench/drain_bench" fill "$1" "$2") || exit 1
}

"$build/yimen-central" --data "$work/centre" import data/demo/matters.jsonl >/dev/null 2>&1
YIMEN_HOME="$work/find" "$build/yimen" catalogue import data/demo/matters.jsonl >/dev/null
code=$(YIMEN_HOME="$work/find" "$build/yimen" search --limit 1 居住证申领 | cut -f1)
where=$(printf '%0200d' 0 | sed 's/0/示范/g' | cut -c1-120)
echo "{\"applicant_name\":\"李样例\",\"applicant_id\":\"371323199003070001\",\"applicant_mobile\":\"13800000001\",\"applicant_town\":\"371323103\",\"applicant_address\":\"示范村人民路18号$where\",\"home_address\":\"河南省示范市示范县示范路1号\",\"stay_since\":\"2026-01-10\",\"stay_why\":\"family\",\"stay_kind\":\"own\",\"confirmed\":\"OK\",\"materials\":{\"照片\":\"received\",\"住所、就业或就读证明\":\"received\"}}" >"$work/a.json"
prepare "$work/station" "$count"
prepare "$work/peer" "$peers"
"$build/tests/bench/drain_bench" certificate "$work/cert.pem" "$work/key.pem"
mkfifo "$work/ready"
"$build/yimen-central" --data "$work/centre" --listen 127.0.0.1:0 --open --tls-cert "$work/cert.pem" \
	--tls-key "$work/key.pem" >"$work/ready" 2>"$work/err" & centre=$!
read -r line <"$work/ready"
url="${line##* }"
export YIMEN_CENTRE_URL="$url" YIMEN_CENTRE_CA="$work/cert.pem"

t=$(now)
YIMEN_HOME="$work/station" "$build/yimen" deliver --once >"$work/out" 2>&1 || { tail -3 "$work/out"; exit 1; }
t=$(($(now) - t))
ours=$((count * 1000 / (t + 1)))
figure "drain of $count letters of $bytes bytes over TLS" $ours letters/s "aim: 60 % of the lower ceiling"
mkdir "$work/requests"
"$build/tests/bench/drain_bench" curl "$work/peer" "$work/requests" "$url" "$work/cert.pem"
t=$(now)
curl -s -K "$work/requests/curl.conf" >"$work/codes" 2>"$work/err"
t=$(($(now) - t))
[ "$(grep -c '^201$' "$work/codes")" = "$peers" ] || { echo "curl: $(sort "$work/codes" | uniq -c)"; exit 1; }
figure "  peer: curl in sequence, one kept connection" $((peers * 1000 / (t + 1))) letters/s "nothing made durable by the client"
figure "  ceiling: commits one at a time, this journal" 1117 commits/s "numbers.md; in groups of 10: 27 700 rows/s"
figure "  ceiling: nginx over TLS, 4 in flight" 27100 requests/s "numbers.md; body ignored, nothing durable"
