#!/bin/sh
# The centre with TLS by itself: a station delivers to a good certificate, and refuses one that is expired, for another
# name, or of an unknown issuer, and says so. Certificates are made here. Prints TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
work=$(mktemp -d) || exit 3
centre=
trap '[ -z "$centre" ] || kill -9 "$centre" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
export YIMEN_HOME="$work/station" LANGUAGE=zh LC_ALL=C.UTF-8
say() { if [ "$1" = 0 ]; then echo "ok $2"; else failed=1; echo "not ok $2"; sed 's/^/# /' "$work/out"; fi; }
failed=0

# name, days it is valid (from yesterday for a negative number), names it is for
certificate() {
	openssl req -newkey rsa:2048 -nodes -keyout "$work/$1.key" -subj "/CN=$1" -out "$work/$1.csr" 2>/dev/null &&
		printf 'subjectAltName=%s\n' "$3" >"$work/$1.ext" &&
		openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days "$2" \
			-extfile "$work/$1.ext" -out "$work/$1.pem" 2>/dev/null
}
authority() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/$1.key" -out "$work/$1.pem" -days 30 -subj "/CN=示范签发" 2>/dev/null
}
authority other && authority ca &&
	certificate good 30 IP:127.0.0.1,DNS:localhost &&
	certificate expired -1 IP:127.0.0.1,DNS:localhost &&
	certificate elsewhere 30 DNS:centre.example || exit 3

# certificate; the centre's address goes into YIMEN_CENTRE_URL
serve() {
	[ -z "$centre" ] || { kill "$centre" && wait "$centre"; }
	centre=
	mkfifo "$work/ready"
	"$build/yimen-central" --data "$work/centre" --listen 127.0.0.1:0 --open --quiet \
		--tls-cert "$work/$1.pem" --tls-key "$work/${2:-$1}.key" >"$work/ready" 2>"$work/err" &
	centre=$!
	read -r line <"$work/ready" || line=
	rm "$work/ready"
	export YIMEN_CENTRE_URL="${line##* }"
}

"$build/yimen-central" --data "$work/centre" import data/demo/matters.jsonl >/dev/null 2>&1
"$build/yimen" catalogue import data/demo/matters.jsonl >/dev/null 2>&1
code=$("$build/yimen" search --limit 1 居住证申领 | cut -f1)
cat >"$work/answers.json" <<'J'
{"applicant_name": "李样例", "applicant_id": "371323199003070001", "applicant_mobile": "13800000001",
 "applicant_town": "371323103", "applicant_address": "示范村人民路18号",
 "home_address": "河南省示范市示范县示范路1号", "stay_since": "2026-01-10", "stay_why": "family",
 "stay_kind": "own", "confirmed": "OK",
 "materials": {"照片": "received", "住所、就业或就读证明": "received"}}
J
"$build/yimen" apply "$code" --answers "$work/answers.json" >"$work/out" 2>&1
say $? "an application waits"

# certificate, authority that the station trusts, what it says
refuses() {
	serve "$1"
	YIMEN_CENTRE_CA="$work/$2.pem" "$build/yimen" deliver --once >"$work/out" 2>&1
	"$build/yimen" outbox list --json >>"$work/out" 2>&1
	grep -q '"state":"waiting"' "$work/out" && grep -qE "$3" "$work/out"
	say $? "a certificate that is $4 is refused, and the station says so"
}
refuses expired ca '证书' expired
refuses elsewhere ca '证书' "for another name"
refuses good other '证书' "of an unknown issuer"

serve good
case $YIMEN_CENTRE_URL in https://127.0.0.1:*) true ;; *) false ;; esac
say $? "the centre names its address with https"
YIMEN_CENTRE_CA="$work/ca.pem" "$build/yimen" deliver --once >"$work/out" 2>&1
"$build/yimen" outbox list --json >>"$work/out" 2>&1
grep -q '"state":"delivered"' "$work/out"
say $? "over a good certificate the application is delivered"
"$build/yimen-central" --data "$work/centre" case list --json >"$work/out" 2>&1
[ "$(grep -c project_no "$work/out")" = 1 ]
say $? "once"
for version in tls1_2 tls1_3; do
	openssl s_client -connect "${YIMEN_CENTRE_URL#https://}" -$version -CAfile "$work/ca.pem" </dev/null >"$work/out" 2>&1
	grep -q 'Verify return code: 0' "$work/out"
	say $? "$version is spoken"
done
for version in tls1 tls1_1; do
	openssl s_client -connect "${YIMEN_CENTRE_URL#https://}" -$version -cipher ALL:@SECLEVEL=0 </dev/null >"$work/out" 2>&1
	grep -qE 'alert|Cipher is \(NONE\)' "$work/out"
	say $? "$version is not spoken"
done
serve good other
[ -z "$line" ] && grep -q 私钥 "$work/err"
say $? "a key that is not the certificate's is told at the start"
centre=
exit $failed
