#!/bin/sh
# Slips of a case by commands: facts from case and matter, numbers, reprints, PDF, the code on it. Prints TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
export YIMEN_HOME="$work/station" LANGUAGE=zh LC_ALL=C.UTF-8 TZ=Asia/Shanghai
export YIMEN_CENTRE_PUBLIC_URL=https://zwfw.example.cn/ YIMEN_HALL_NAME=示范县政务服务中心
export YIMEN_STATION_WINDOWS="01 社会事务, 03 综合受理"
say() { if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; fi; }
same() { [ "$1" = "$2" ] && say 0 "$3" || { echo "# have: $1"; echo "# want: $2"; say 1 "$3"; }; }
slip() { "$build/yimen" slip "$@" 2>"$work/err"; }
pages() { pdfinfo "$1" | sed -n 's/^Pages: *//p'; }
year=$(date +%Y)

"$build/yimen" catalogue import data/demo/matters.jsonl >"$work/out" 2>&1
echo xiaoming0317 | "$build/yimen" operator add 0317 王小明 >"$work/out" 2>&1
say $? "an operator"
code=$("$build/yimen" search --limit 1 居住证申领 | cut -f1)
cat >"$work/answers.json" <<'J'
{"applicant_name": "李样例", "applicant_id": "371323199003070001", "applicant_mobile": "13800000001",
 "applicant_town": "371323103", "applicant_address": "示范村人民路18号",
 "home_address": "河南省示范市示范县示范路1号", "stay_since": "2026-01-10", "stay_why": "family",
 "stay_kind": "own", "confirmed": "OK",
 "materials": {"照片": "received", "住所、就业或就读证明": "received"}}
J
number=$("$build/yimen" apply "$code" --answers "$work/answers.json" --operator 0317 --window 03)
say $? "a case ($number)"
# a station without a name of its own is told from the hall's others by the mark of its receipts
mark=$(echo "$number" | cut -d- -f3 | cut -c1-3)
# the code on paper is the case's own id, not a number that one could count through
id=$("$build/yimen" case show "$number" --json | sed 's/.*"case_id":"\([^"]*\)".*/\1/')

slip check >"$work/out"
same "$?$(cat "$work/out")" 0 "the shipped templates have no faults"

# facts of the case, both copies, its number
slip receipt "$number" >"$work/receipt"
say $? "the receipt"
for want in 示范县政务服务中心 "收件字〔$year〕$mark-0001号" 李样例 居住证申领 "03 综合受理" 王小明 13800000001 \
	"住所、就业或就读证明" "https://zwfw.example.cn/q/$id" "[正本]" "[存根]"; do
	grep -qF "$want" "$work/receipt" || echo "# lacks: $want"
	grep -qF "$want" "$work/receipt"
	say $? "it says $want"
done
# a case that is only received is not accepted, and no paper says so
before=$("$build/yimen" slip list | wc -l)
slip acceptance "$number" >"$work/out"
same "$? $(wc -c <"$work/out") $("$build/yimen" slip list | wc -l)" "1 0 $before" "no notice of acceptance before the case is accepted"
grep -q 'accept_date (受理日期)、due_date (到期日)' "$work/err" && grep -q '请办完这一步' "$work/err"
say $? "and what lacks is said"
LANGUAGE=en "$build/yimen" slip acceptance "$number" 2>"$work/err"
grep -q 'accept_date (day of acceptance), due_date (due date) lacking. Finish that step' "$work/err"
say $? "in English as well"
# nor does one that is only looked at say what is not so: neither a day that is not there nor a made-up one
for kind in acceptance correction restart rejection return deferral delivery; do
	slip $kind "$number" --preview >"$work/out"
	same "$? $(wc -c <"$work/out") $(grep -c '还不能开' "$work/err")" "1 0 1" "no $kind to look at of what is only received"
done
slip restart "$number" >"$work/out"
same "$? $(wc -c <"$work/out")" "1 0" "a clock that never stopped is not started anew"
grep -q '这件现在是“收件”, 收下补正或恢复以后、办结以前才有。缺 due_date (到期日)' "$work/err"
say $? "and when there is one is said"
LANGUAGE=en slip delivery "$number"
grep -q 'the case is “received” now, and there is one once it is decided. documents .* lacking' "$work/err"
say $? "of a result that is not there, in English as well"
echo '{"documents": [{"name": "不予受理通知书"}]}' | slip delivery "$number" --facts - --preview >"$work/out"
say $? "what a person says is served all the same"
"$build/yimen" case act "$number" accept --operator 0317 --window 03 >"$work/out"
say $? "it is accepted"
slip acceptance "$number" --to "$work/acceptance"
grep -q '^到期日 ' "$work/acceptance" && grep -q '^承诺时限  7 个工作日 (法定 15 个工作日)$' "$work/acceptance"
say $? "the acceptance says the time and the due date"

# again: the same paper, marked; in the ledger and the trail
slip receipt "$number" --reprint --copy 正本 >"$work/again"
sed '/\f/,$d; /\[正本\]/d' "$work/receipt" >"$work/one"
sed '/\[正本 补打 第1次\]/d' "$work/again" >"$work/two"
cmp -s "$work/one" "$work/two"
say $? "a reprint is the same but for its mark"
grep -q '\[正本 补打 第1次\]' "$work/again"
say $? "and is marked"
same "$("$build/yimen" slip list "$number" --json | grep '"receipt"' | grep -c '"originals":2,"stubs":1')" 1 "the ledger counts copies"
"$build/yimen" audit verify >"$work/out" 2>&1
say $? "the audit trail is whole"
slip return "$number" --reprint >"$work/out"
same $? 1 "nothing to reprint is said"

# what the station does not know
slip rejection "$number" >"$work/out"
same $? 1 "no rejection without a reason"
grep -q 'reason (理由)' "$work/err"
say $? "and the name of what lacks is said"
echo '{"reason": "不属于本机关职权范围", "competent_body": "邻县公安局"}' | slip rejection "$number" --facts - >"$work/out"
say $? "with the reason it is issued"
grep -q 邻县公安局 "$work/out"
say $? "and names the body"
echo '{"reason": "别的理由"}' | slip rejection "$number" --facts - >"$work/out"
same $? 1 "other facts do not change an issued slip"
echo '{"reason": "别的理由"}' | slip 不予受理通知书 "$number" --facts - --new >"$work/out"
grep -q "不予受理字〔$year〕$mark-0002号" "$work/out"
say $? "a new one gets the next number"
echo '[1]' | slip return "$number" --facts - >"$work/out"
same $? 1 "facts that are no object are refused"
slip receipt 无此号码 >"$work/out"
same $? 1 "an unknown number is refused"
slip blink "$number" >"$work/out"
same $? 2 "an unknown kind is a wrong call"

# what was asked for comes as a corrected version: the clock runs anew from that day
second=$("$build/yimen" apply "$code" --answers "$work/answers.json" --again)
echo '{"corrections": [{"which": "照片", "defect": "不是近照", "how": "重拍"}]}' |
	"$build/yimen" case act "$second" request-correction --answers - >"$work/out"
say $? "a correction is asked for"
slip restart "$second" --preview >"$work/out"
same "$? $(grep -c '这件现在是“待补正”' "$work/err")" "1 1" "which stops the clock"
slip correction "$second" --preview | grep -q 不是近照
say $? "and can be put on paper"
"$build/yimen" case correct "$second" --answers "$work/answers.json" >"$work/out" 2>&1
slip restart "$second" --preview >"$work/out"
same "$? $(grep -c "计时自 $(date +%Y年%-m月%-d日) 起重新启动" "$work/out")" "0 1" "until the corrected version is there"

# a visitor without a case
slip notice "$code" --copy 正本 >"$work/notice"
say $? "a notice needs no case"
grep -q '^要带的材料$' "$work/notice" && grep -q '^    受理标准 ' "$work/notice"
say $? "it lists what to bring and the standard of each"
slip notice "$code" --copy 正本 >"$work/notice"
grep -q "告知字〔$year〕$mark-0002号" "$work/notice"
say $? "the next visitor's notice has a number of its own"
before=$("$build/yimen" slip list | wc -l)
slip notice "$code" --preview >"$work/out"
same "$?$("$build/yimen" slip list | wc -l)" "0$before" "a preview uses no number"

# the hall's own template
mkdir -m 700 "$YIMEN_HOME/slips"
printf '# 收件凭证\n{{applicant}} 的 {{matter}}\n{{nothing}}\n' >"$YIMEN_HOME/slips/receipt.tmpl"
slip check >"$work/out"
same $? 1 "a fault in the hall's template is found"
grep -q 'slips/receipt.tmpl:3: ' "$work/out"
say $? "and said as file and line"
printf '# 本厅的收件凭证\n{{applicant}} 的 {{matter}}\n' >"$YIMEN_HOME/slips/receipt.tmpl"
slip receipt "$number" --new --copy 正本 >"$work/out"
grep -q 本厅的收件凭证 "$work/out"
say $? "the hall's own wording is used"
rm -r "$YIMEN_HOME/slips"

# English
LANGUAGE=en "$build/yimen" slip acceptance "$number" --copy original >"$work/out" 2>"$work/err"
grep -q 'NOTICE OF ACCEPTANCE' "$work/out" && grep -q '(REPRINT 1)' "$work/out"
say $? "an English copy of the same slip"

# PDF: fonts, pages, the code
slip acceptance "$number" --pdf "$work/a.pdf"
say $? "a PDF"
same "$(stat -c %a "$work/a.pdf")" 600 "nobody else may read it"
same "$(pages "$work/a.pdf")" 2 "a page for each copy"
pdftotext "$work/a.pdf" "$work/a.txt"
grep -q 受理通知书 "$work/a.txt" && grep -q 李样例 "$work/a.txt" && grep -q 存根 "$work/a.txt"
say $? "its text is text"
same "$(pdffonts "$work/a.pdf" | tail -n +3 | grep -vc ' yes yes yes ')" 0 "every font is inside"
pdftoppm -r 150 -gray -png -f 1 -l 1 "$work/a.pdf" "$work/a"
same "$(zbarimg -q --raw "$work"/a-*.png 2>/dev/null)" "https://zwfw.example.cn/q/$id" "a reader decodes the code"
slip acceptance "$number" --pdf "$work/no/such/folder.pdf"
same $? 3 "a folder that is not there is said"
awk 'BEGIN { printf "{\"materials\": ["; for (i = 1; i <= 300; i++) printf "%s{\"name\": \"材料%d号\"}", (i > 1 ? "," : ""), i; print "]}" }' >"$work/many.json"
slip handover "$number" --facts "$work/many.json" --copy 正本 --pdf "$work/m.pdf"
pdftotext -layout "$work/m.pdf" "$work/m.txt"
same "$(grep -o '材料[0-9]*号' "$work/m.txt" | sort -u | wc -l)" 300 "three hundred materials are on paper"
same "$(pdftotext -layout -f 2 -l 3 "$work/m.pdf" - | grep -c 序号)" 2 "each page has the head of the table"
grep -q "$(pages "$work/m.pdf") / $(pages "$work/m.pdf")\|$(pages "$work/m.pdf")/$(pages "$work/m.pdf")" "$work/m.txt"
say $? "and says which page of how many"

# without yimen-print the rest works, and what to install is said before a number is used up
mkdir "$work/bin"
cp "$build/yimen" "$work/bin/yimen"
before=$("$build/yimen" slip list | wc -l)
YIMEN_SHARE=$PWD "$work/bin/yimen" slip notice "$code" --pdf "$work/x.pdf" >"$work/out" 2>"$work/err"
same "$?$("$build/yimen" slip list | wc -l)" "1$before" "without yimen-print there is no PDF, and no number is used"
grep -q 'make pdf' "$work/err"
say $? "and what to do is said"
YIMEN_SHARE=$PWD "$work/bin/yimen" slip notice "$code" --preview 2>"$work/err" | grep -q 一次性告知单
say $? "text comes all the same"

# the printer: a command that reads a PDF
YIMEN_PRINT_COMMAND="cat >$work/printed.pdf" slip acceptance "$number" --lp --copy 存根
say $? "to the printer"
same "$(pages "$work/printed.pdf")" 1 "which gets a PDF"
YIMEN_PRINT_COMMAND="echo 没有纸 >&2; exit 1" slip acceptance "$number" --lp
same $? 3 "a printer that fails is said"
grep -q 没有纸 "$work/err"
say $? "in its own words"
