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
# a name that will be good in 2040
certificate_of_2040() {
	printf '[ca]\ndefault_ca = it\n[it]\ndatabase = %s\nserial = %s\nnew_certs_dir = %s\ndefault_md = sha256\npolicy = any\n[any]\ncommonName = supplied\n' \
		"$work/index" "$work/serial" "$work" >"$work/ca.conf"
	: >"$work/index"
	echo 01 >"$work/serial"
	certificate "$1" 1 "$2" &&
		openssl ca -batch -config "$work/ca.conf" -cert "$work/ca.pem" -keyfile "$work/ca.key" -notext \
			-extfile "$work/$1.ext" -startdate 20400101000000Z -enddate 20410101000000Z \
			-in "$work/$1.csr" -out "$work/$1.pem" 2>/dev/null
}
authority other && authority ca &&
	certificate good 90 IP:127.0.0.1,DNS:localhost &&
	certificate soon 20 IP:127.0.0.1,DNS:localhost &&
	certificate next 200 IP:127.0.0.1,DNS:localhost &&
	certificate expired -1 IP:127.0.0.1,DNS:localhost &&
	certificate_of_2040 later IP:127.0.0.1,DNS:localhost &&
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
# the same centre without; the station is to use https still
serve_plain() {
	kill "$centre" && wait "$centre"
	mkfifo "$work/ready"
	"$build/yimen-central" --data "$work/centre" --listen 127.0.0.1:0 --open --quiet >"$work/ready" 2>"$work/err" &
	centre=$!
	read -r line <"$work/ready" || line=
	rm "$work/ready"
	line=${line##* }
	export YIMEN_CENTRE_URL="https${line#http}"
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

# authority that the station trusts, what it says, what is wrong
is_refused() {
	YIMEN_CENTRE_CA="$work/$1.pem" "$build/yimen" deliver --once >"$work/out" 2>&1
	"$build/yimen" outbox list --json >>"$work/out" 2>&1
	grep -q '"state":"waiting"' "$work/out" && grep -q "$2" "$work/out"
	say $? "$3 is refused, and the station says so"
	YIMEN_CENTRE_CA="$work/$1.pem" "$build/yimen" enrol "$YIMEN_CENTRE_URL" AAAA-BBBB-CCCC >"$work/out" 2>&1
	[ $? = 3 ] && grep -q "$2" "$work/out"
	say $? "and so does enrol"
}
# each has its own sentence, with what to do now
serve expired && is_refused ca "已过期或还没有生效; 请先核对本机日期" "a certificate that is expired"
serve later && is_refused ca "已过期或还没有生效; 请先核对本机日期" "a certificate that is not valid yet"
serve elsewhere && is_refused ca "是给别的网址的; 请管理员核对中心网址" "a certificate for another name"
serve good && is_refused other "不是本机信任的机构签发的; 请管理员用设置 centre.ca" "a certificate of an unknown issuer"
is_refused nothing "读不了设置 centre.ca 写的证书文件" "to go without the file of authorities"
serve_plain
is_refused ca "对方不是 https" "a centre that does not encrypt"

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

# ---- what the administrator hears of it ----

# certificate, sentence, what
warns_of() {
	serve "$1"
	cp "$work/err" "$work/out"
	[ -n "$line" ] && grep -q "$work/$1.pem.*$2" "$work/out"
	say $? "$3"
}
warns_of expired "到期.*reload" "at the start the centre tells of a certificate that is over"
warns_of soon "只有 19 天" "and of one that ends soon"
warns_of later "生效.*日期" "and of one that has not begun"
serve good
cp "$work/err" "$work/out"
[ -n "$line" ] && ! grep -q 证书 "$work/out"
say $? "one that is good for months needs no word"

does_not_start() { # certificate, key, sentence, what
	serve "$1" "$2"
	cp "$work/err" "$work/out"
	[ -z "$line" ] && grep -q "$3" "$work/out"
	say $? "$4"
	centre=
}
cp "$work/good.pem" "$work/swapped.key" && cp "$work/good.key" "$work/swapped.pem"
openssl pkey -aes256 -passout pass:x -in "$work/good.key" -out "$work/locked.key"
does_not_start good other "other.key.*good.pem 不配对" "a key that is not the certificate's is told at the start"
does_not_start swapped good "swapped.pem 里没有证书.*--tls-cert" "so is a file that holds no certificate"
does_not_start good swapped "swapped.key 里没有私钥.*--tls-key" "and one that holds no key"
does_not_start good locked "locked.key 有口令" "and a key that nobody can open at night"

# ---- a renewed one, while it runs ----

# certificate, key: they are put in the place of the files that the centre was started with
put() {
	cp "$work/$1.pem" "$work/served.pem" && cp "$work/${2:-$1}.key" "$work/served.key"
}
shown() { # certificate that whoever comes now is shown
	openssl s_client -connect "${YIMEN_CENTRE_URL#https://}" </dev/null 2>/dev/null |
		openssl x509 -noout -fingerprint >"$work/out" 2>&1
	openssl x509 -noout -fingerprint -in "$work/$1.pem" | cmp -s - "$work/out"
}
sends() { # on the line that was opened before
	printf 'GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n' >&3
	while read -r word value; do
		case $word in
		yimen_tls_certificate_not_after_timestamp_seconds) until=$value && return 0 ;;
		HTTP/1.1) : ;;
		esac
	done <&4
	return 1
}
put good
serve served
shown good
say $? "the certificate is shown"
mkfifo "$work/asks" "$work/told"
timeout 60 openssl s_client -quiet -connect "${YIMEN_CENTRE_URL#https://}" <"$work/asks" >"$work/told" 2>/dev/null &
line_of_old=$!
exec 3>"$work/asks" 4<"$work/told"
sends && [ "$until" = "$(date -d "$(openssl x509 -noout -enddate -in "$work/good.pem" | cut -d= -f2)" +%s)" ]
say $? "the figures tell when it ends"
put next good
kill -HUP "$centre"
shown good
say $? "a renewed certificate with the key of the old one is not taken"
cp "$work/err" "$work/out"
grep -q "还用原来的.*不配对" "$work/out"
say $? "and the log says why"
put expired
kill -HUP "$centre"
shown good
say $? "nor is one that is over"
put later
kill -HUP "$centre"
shown good
say $? "nor one that has not begun"
put next
kill -HUP "$centre"
shown next
say $? "the renewed pair is shown to those who come after it"
sends && [ "$until" = "$(date -d "$(openssl x509 -noout -enddate -in "$work/next.pem" | cut -d= -f2)" +%s)" ]
say $? "a line that was open goes on, and the figures tell of the new one"
exec 3>&- 4<&-
kill "$line_of_old" 2>/dev/null
serve_plain
kill -HUP "$centre"
"$build/yimen-central" --data "$work/centre" station list >"$work/out" 2>&1
say $? "without TLS there is nothing to renew, and the centre goes on"
exit $failed
