#!/bin/sh
# Commands that are given what they cannot take: each says in the person's language what is wrong, with what, and
# what to do, prints nothing that looks like a result, and ends with the code of its meaning: 1 what was given must
# change, 2 called wrongly, 3 the environment failed. Prints TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
export YIMEN_HOME="$work/home" LANGUAGE=zh LC_ALL=C.UTF-8 TZ=Asia/Shanghai
say() { if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; fi; }
same() { [ "$1" = "$2" ] && say 0 "$3" || { echo "# have: $1"; echo "# want: $2"; say 1 "$3"; }; }

program=yimen folder=
# Its code, and what its only line on the standard error begins with.
wrong() { # language, code, the beginning, command line
	language=$1 code=$2 begins=$3
	shift 3
	# shellcheck disable=SC2086 # two words or none
	LANGUAGE=$language timeout 60 "$build/$program" $folder "$@" >"$work/out" 2>"$work/err" </dev/null
	have=$?
	if [ $have = "$code" ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" = 1 ] &&
		case $(cat "$work/err") in "$begins"*) true ;; *) false ;; esac; then
		echo "ok $language: $*"
	else
		echo "not ok $language: $*"
		echo "# exit $have, want $code, and: $begins"
		sed 's/^/# /' "$work/out" "$work/err"
	fi
}

# A wrong call: its first line says what is wrong with it, the usage may follow.
called() { # language, what the first line on the standard error begins with, command line
	language=$1 begins=$2
	shift 2
	# shellcheck disable=SC2086 # two words or none
	LANGUAGE=$language timeout 60 "$build/$program" $folder "$@" >"$work/out" 2>"$work/err" </dev/null
	have=$?
	if [ $have = 2 ] && [ ! -s "$work/out" ] && case $(head -1 "$work/err") in "$begins"*) true ;; *) false ;; esac; then
		echo "ok $language called: $*"
	else
		echo "not ok $language called: $*"
		echo "# exit $have, want 2, and: $begins"
		sed 's/^/# /' "$work/out" "$work/err"
	fi
}

"$build/yimen" catalogue import data/demo/matters.jsonl >"$work/out" 2>&1
say $? "a catalogue"
matter=$("$build/yimen" search --limit 1 居住证申领 | cut -f1)
cat >"$work/answers.json" <<'J'
{"applicant_name": "李样例", "applicant_id": "371323199003070001", "applicant_mobile": "13800000001",
 "applicant_town": "371323103", "applicant_address": "示范村人民路18号",
 "home_address": "河南省示范市示范县示范路1号", "stay_since": "2026-01-10", "stay_why": "family",
 "stay_kind": "own", "confirmed": "OK",
 "materials": {"照片": "received", "住所、就业或就读证明": "received"}}
J
number=$("$build/yimen" apply "$matter" --answers "$work/answers.json")
say $? "a case"
mkdir "$work/folder"
: >"$work/nothing"
printf '{"a": \n' >"$work/half"
none=$work/none/file

# a file that is not there, a folder in its place, an empty one, one that is cut
for command in "apply $matter --answers" "form fill residence-permit --answers" "case correct $number --answers" \
	"case act $number refuse --answers" "slip rejection $number --facts" "queue feed" "catalogue import" \
	"catalogue check" "outbox import"; do
	# shellcheck disable=SC2086 # the words of the command
	set -- $command
	wrong zh 1 "读不了 $none: 没有这个文件。请检查" "$@" "$none"
	wrong en 1 "$none cannot be read: there is no such file. Check" "$@" "$none"
	wrong zh 1 "读不了 $work/folder: 这是文件夹" "$@" "$work/folder"
	wrong en 1 "$work/folder cannot be read: it is a folder" "$@" "$work/folder"
	case $command in *--answers | *--facts)
		wrong zh 1 "$work/nothing 是空的。应是一个 JSON 对象" "$@" "$work/nothing"
		wrong en 1 "The standard input is empty. It should be a JSON object" "$@" -
		wrong zh 1 "$work/half 读不懂: " "$@" "$work/half"
		wrong en 1 "$work/half makes no sense: " "$@" "$work/half"
		;;
	esac
done

# a place that cannot be written: before a number is used up, and before anything is announced
for command in "slip receipt $number --to" "slip receipt $number --pdf" "day --pdf" "month --pdf"; do
	case $command in *--pdf) [ -x "$build/yimen-print" ] || continue ;; esac
	# shellcheck disable=SC2086
	set -- $command
	wrong zh 3 "写不了 $none: 没有这个文件或目录。请检查" "$@" "$none"
	wrong en 3 "$none cannot be written: there is no such file or folder. Check" "$@" "$none"
	wrong zh 3 "写不了 $work/folder: 这是一个目录。" "$@" "$work/folder"
	wrong zh 3 "写不了 /dev/null: 那不是普通文件。" "$@" /dev/null
done
same "$("$build/yimen" slip list --json | wc -l)" 0 "no number was used up by what could not be written"
same "$(ls "$work/folder")" "" "and nothing lies about"
"$build/yimen" slip receipt "$number" >/dev/full 2>"$work/err"
same "$? $(head -1 "$work/err" | grep -c '已经记入台账, 纸没有出来')" "3 1" "a slip whose text is lost is not said to be issued"
"$build/yimen" slip receipt "$number" --to "$work/slip" 2>"$work/err"
same "$? $(cut -d' ' -f1 "$work/err")" "0 补打" "the next one is a reprint, and said to be when it is out"
for command in version help "help slip"; do
	# shellcheck disable=SC2086
	LANGUAGE=zh "$build/yimen" $command >/dev/full 2>"$work/err"
	same "$? $(grep -c 结果写不出去 "$work/err")" "3 1" "$command that could not be written is no success"
done

# what each command of the line to the centre expects, and no other's
wrong zh 2 "用法: yimen reconcile [日期] [--send-again] [--json]" reconcile 2026-11-24 2026-11-25
wrong en 2 "usage: yimen reconcile [DATE] [--send-again] [--json]" reconcile --all
wrong zh 2 "用法: yimen sync" sync now
wrong en 2 "usage: yimen enrol URL CODE" enrol https://zwfw.example.cn
wrong zh 2 "用法: yimen deliver [--once|--watch]" deliver --often

# a letter that cannot be given up: what it is, and what to do instead
wrong zh 1 "没有 999 这封信件, 请用 yimen outbox list 查看" outbox give-up 999
wrong zh 1 "$number 没有放弃: 它还在待发, 中心没有退回过。先不报用 yimen outbox hold $number" outbox give-up "$number"
wrong en 1 "$number is not given up: it waits to go, and the centre has not refused it. Keep it back" outbox give-up "$number"
"$build/yimen" outbox hold "$number" --reason 等材料 >"$work/out"
wrong zh 1 "$number 没有放弃: 它是暂缓, 中心没有退回过。怎样继续见 yimen outbox show $number" outbox give-up "$number"
"$build/yimen" outbox release "$number" >"$work/out"
same "$("$build/yimen" outbox list --json | sed 's/.*"state":"\([a-z]*\)".*/\1/')" waiting "and it goes on as it was"

# what is not among a few that there are: those are told
wrong zh 2 "没有 blink 这种文书。能开的有: receipt (收件凭证), acceptance (受理通知书)" slip blink "$number"
wrong en 2 "There is no slip blink. These can be issued: receipt (Receipt)" slip blink "$number"
wrong zh 2 "没有 foo 这种状态。可写的有: received (收件), correcting (待补正)" case find 李 --state foo
wrong en 2 "There is no state foo. One can write: received (received)" case find 李 --state foo
wrong zh 1 "工号或口令不对" case act "$number" void --second nobody

# in whose name: whom the station knows, when it knows anybody
"$build/yimen" apply "$matter" --answers "$work/answers.json" --again --operator 0399 >"$work/out"
say $? "where no operator was made any name will do"
echo yimen-demo | "$build/yimen" operator add 0317 王示范 && echo yimen-demo | "$build/yimen" operator add 0318 李样例 &&
	"$build/yimen" operator lock 0318
say $? "two operators, one of them locked"
before=$("$build/yimen" case list | wc -l)
for command in "apply $matter --again --answers $work/answers.json" "case correct $number --answers $work/answers.json" \
	"case act $number accept" "hand give $number --to-window 05" "hand back $number" "queue take" \
	"queue next --window 03" "evaluate decline $number --source paper" "ledger verify 1 --text 属实" \
	"slip receipt $number" "slip receipt $number --preview"; do
	# shellcheck disable=SC2086
	set -- $command
	wrong zh 1 "本机没有工号 0399, 没有办。请核对 (yimen operator list)" "$@" --operator 0399
	wrong en 1 "Operator 0318 is locked, nothing was done. Take one that is not" "$@" --operator 0318
	called zh "选项 --operator 后面没有值。" "$@" --operator ""
	called en "Option --operator has no value." "$@" --operator --window
done
same "$("$build/yimen" case list | wc -l) $("$build/yimen" queue list 2>/dev/null | wc -l)" "$before 0" "nothing was done in any of these names"
"$build/yimen" apply "$matter" --answers "$work/answers.json" --again >"$work/out"
say $? "a script without a name goes on"
"$build/yimen" apply "$matter" --answers "$work/answers.json" --again --operator 0317 >"$work/out"
say $? "and so does who is known"
for verb in passwd lock unlock; do
	wrong zh 1 "没有工号 nosuch, 请用 yimen operator list 查看" operator $verb nosuch
done
wrong en 1 "There is no operator nosuch; yimen operator list" operator passwd nosuch
wrong zh 1 "工号 0317 已经有了" operator add 0317 王示范
wrong zh 1 "工号不能为空, 也不能有空格" operator add "a b"

# to a window where nobody could take it; without a list of windows any may be meant
YIMEN_STATION_WINDOWS="03 综合受理, 05 社保医保"
export YIMEN_STATION_WINDOWS
wrong zh 1 "没有 77 号窗口, 没有移交。有的是 03 综合受理, 05 社保医保" hand give "$number" --to-window 77
wrong en 1 "There is no window 77, nothing was handed over. There are 03" hand give "$number" --to-window 77
called zh "选项 --to-window 后面没有值。" hand give "$number" --to-window ""
same "$("$build/yimen" hand list 2>/dev/null)" "" "nothing is on its way"
"$build/yimen" hand give "$number" --to-window 05 && "$build/yimen" hand back "$number" --operator 0317
say $? "to a window there is, and back"
unset YIMEN_STATION_WINDOWS
"$build/yimen" hand give "$number" --to-window 77 && "$build/yimen" hand back "$number" --operator 0317
say $? "without a list any window is believed"

# options that there are not, without a value, of another act, or that contradict each other
called zh "没有选项 --foo。" case find 李 --foo
called en "There is no option --foo." case find --foo
called zh "选项 --state 后面没有值。" case find 李 --state
called zh "没有选项 --foo。" case show --foo
called zh "没有选项 --foo。" slip list --foo
wrong zh 1 "没有找到。" case find -- --foo
same "$("$build/yimen" case find --json -- 李样例 | grep -c "$number")" 1 "what stands behind -- is looked for"
called zh "用法: yimen case act 编号" case act "$number" --answers "$work/answers.json"
called zh "用法: yimen day [日期]" day --csv --json
called en "usage: yimen day [DATE]" month --pdf "$work/month.pdf" --text
wrong zh 2 "日期 foo 看不懂, 应像 2026-11-24" evaluate list foo
wrong en 2 "Date foo is not understood" evaluate list foo
wrong zh 2 "评价应是 1 (非常满意) 到 5 (非常不满意)" evaluate answer "$number" --mark 9 --source paper
wrong zh 2 "评价从哪里来: " evaluate answer "$number" --mark 3 --source screen
called zh "用法: yimen evaluate" evaluate list --mark 3
called zh "用法: yimen ledger" ledger verify 1 --text 属实 --all
wrong zh 2 "没有 foo 这种状态。可写的有: waiting, held" outbox list --state foo
called zh "用法: yimen outbox" outbox retry "$number" --refused
called zh "用法: yimen outbox" outbox give-up "$number" --all
called zh "用法: yimen outbox" outbox show "$number" --state held
wrong zh 2 "叫号要说明在哪个窗口 (--window)。" queue next
wrong zh 2 "办完要说明在哪个窗口 (--window)。" queue finish A001
called zh "用法: yimen queue" queue transfer A001
called zh "用法: yimen queue" queue take --as accepted
called zh "用法: yimen version" version 2
called en "usage: yimen help [COMMAND]" help slip receipt
for command in "case show" "case act" "case find" "outbox show" "outbox retry" "outbox export" "slip receipt" matter \
	receipt search "hand give" "queue call" "evaluate decline" "ledger verify" apply; do
	# shellcheck disable=SC2086
	called zh "有一个词是空的: 是不是脚本里的变量没有值?" $command ""
	# shellcheck disable=SC2086
	called en "One word is empty: a variable of a script" $command ""
done
wrong zh 1 "那一天在 1 年以前或 9999 年以后" workday 9999-12-31 +1
wrong zh 1 "没有表单 nothing。请写自带或导入的表单的名称" form check nothing
wrong zh 1 "没有表单 elder-cart, 是不是 elder-card?" form check elder-cart
wrong en 1 "There is no form elder-cart; did you mean elder-card?" form fill elder-cart --answers "$work/answers.json"
called zh "有一个词是空的: " form check ""
called zh "没有选项 --foo。" form check --foo
called zh "用法: yimen form check" form import --older
called zh "没有选项 --foo。" catalogue import --foo
called zh "有一个词是空的: " enrol "" code
called zh "用法: yimen hand" hand give "$number" --to 0317 --to-window 05

# nothing is decided with the answers of something else, or with a part of them
wrong zh 1 "这一步没有 applicant_name 这一栏, 没有办。能写的有: " case act "$number" accept --answers "$work/answers.json"
echo '{"due_day": "2026-12-31"}' >"$work/typed"
wrong en 1 "This step has no field due_day, nothing was done. It has: accept_date, " case act "$number" accept --answers "$work/typed"
same "$("$build/yimen" case show "$number" | head -1 | cut -f3)" 收件 "and it is as it was"

# letters do not go over a file that is something else
cp "$work/answers.json" "$work/mine"
wrong zh 1 "$work/mine 已经有了, 不是导出的信件, 没有盖掉它" outbox export "$work/mine"
wrong en 1 "$work/mine is there already and holds no exported letters" outbox export "$work/mine"
cmp -s "$work/mine" "$work/answers.json" && "$build/yimen" outbox export "$work/nothing" >"$work/out" &&
	"$build/yimen" outbox export "$work/nothing" >"$work/out"
say $? "an empty file and an earlier export are replaced"
called en "usage: yimen form eval [--tz ZONE] EXPRESSION|-" form eval

# a standard output that is closed takes no other file's place, and what it should have had is missed
for command in "case list" "outbox list --json" "day" "search 居住证"; do
	# shellcheck disable=SC2086
	"$build/yimen" $command >&- 2>"$work/err"
	same "$? $(cut -c1-200 "$work/err" | grep -c '^结果写不出去 (没有打开)')" "3 1" "$command without a standard output is no success"
done
grep -rl "$number" "$work/home" >"$work/out"
grep -q 'yimen.log' "$work/out"
same $? 1 "and it is not in the log"
"$build/yimen" validate id-card <&- >"$work/out" 2>"$work/err"
same "$? $(grep -c 标准输入没有读出来 "$work/err")" "3 1" "nor is an input that cannot be read"

# the file of a ticket machine, however long
day=$(date +%Y-%m-%d)
awk -v day="$day" 'BEGIN {
	for (i = 1; i <= 12000; i++) printf "# %sT09:00:00+08:00 this line says nothing\n", day
	printf "%sT00:00:01+08:00\tA001\n", day
}' >"$work/tickets"
"$build/yimen" queue feed "$work/tickets" >"$work/out"
same "$? $(cut -d, -f1 "$work/out")" "0 收下 1 个号" "a long file is read to its end"

# the centre's commands, while it runs
mkfifo "$work/ready"
"$build/yimen-central" --data "$work/centre" --listen 127.0.0.1:0 --region 371323 --quiet >"$work/ready" &
centre=$!
trap 'kill $centre 2>/dev/null; rm -rf "$work"' EXIT
read -r url <"$work/ready"
[ -n "$url" ]
say $? "a centre"
program=yimen-central folder="--data $work/centre"
for command in "import" "letters import" "case act 1 accept --facts"; do
	# shellcheck disable=SC2086
	set -- $command
	wrong zh 1 "读不了 $none: 没有这个文件。请检查" "$@" "$none"
	wrong en 1 "$none cannot be read: there is no such file. Check" "$@" "$none"
	wrong zh 1 "读不了 $work/folder: 这是文件夹" "$@" "$work/folder"
done
wrong zh 1 "没有 dance 这种办理。审批部门能办的有: accept (受理), request-correction (一次性告知补正), refuse" case act 1 dance
wrong en 1 "There is no act called dance. The office can do: accept (Accept), request-correction" case act 1 dance
grep -q 'withdraw\|void\|submit' "$work/err"
same $? 1 "and what only the window does is not among it"
wrong en 1 "there is no case 1" case act 1 accept
# what was mistyped is neither done nor sent nor made: no notice, no station, no folder, no decision
YIMEN_CENTRE_URL=${url##* } "$build/yimen" deliver --once >"$work/out" 2>&1
case=$(YIMEN_CENTRE_URL=${url##* } "$build/yimen" case show "$number" | head -1 | cut -f2)
"$build/yimen-central" --data "$work/centre" case advance "$case" accepted >"$work/out"
say $? "a case at the centre is accepted"
for command in "notice" "station add" "station revoke" "backup" "move" "import" "letters import" "case show" \
	"case list" "station list" "evaluation list" "case advance" "case act $case" "backoffice --once"; do
	# shellcheck disable=SC2086
	called zh "没有选项 --urgent。" $command --urgent
	# shellcheck disable=SC2086
	called en "One word is empty: a variable of a script" $command ""
done
called zh "选项 --refuse 后面没有值, 或写了两次。" case finish "$case" --refuse --remedy 复议
called en "Option --refuse has no value, or stands there twice." case finish "$case" --refuse ""
called zh "用法: yimen-central --data 目录 case finish" case finish "$case" --remedy 复议
called zh "用法: yimen-central --data 目录 case finish" case finish "$case" --document "居住证: 12: 许多"
called zh "选项 --note 后面没有值, 或写了两次。" case advance "$case" --note
called zh "选项 --renew 后面没有值, 或写了两次。" station add 03号窗口 --renew --renew
called zh "没有命令 dance。可用的命令:" dance
"$build/yimen-central" --data "$work/centre" case extend "$case" --reason 复杂 --days many >"$work/out" 2>"$work/err"
same "$? $(grep -c '延长应是 1 到 10 个工作日' "$work/err")" "1 1" "days that are no number are not taken for the usual ones"
wrong zh 1 "通知没有内容" notice "   "
for command in "notice --help" "station add --help" "case finish $case --help" "backup --help"; do
	# shellcheck disable=SC2086
	"$build/yimen-central" --data "$work/centre" $command >"$work/out" 2>"$work/err"
	same "$? $(head -1 "$work/out") $(wc -c <"$work/err")" "0 用法: 0" "$command is told"
done
"$build/yimen-central" --data "$work/centre" notice -- --help >"$work/out"
same "$? $(wc -c <"$work/out")" "0 0" "behind -- a text may begin like an option"
same "$("$build/yimen-central" --data "$work/centre" case show "$case" | sed -n 2p)" "状态: 受理" "the case is as it was"
same "$("$build/yimen-central" --data "$work/centre" station list 2>/dev/null)" "" "no station was made"
same "$(ls -d ./--* 2>/dev/null)" "" "no folder of such a name lies about"
rm -rf ./--urgent ./--help
folder="--data $work/centre"
for option in --log --region --store --tls-cert; do
	wrong zh 2 "$option 后面缺少内容; 用法见 yimen-central --help" --listen 127.0.0.1:0 $option --quiet
done
folder=
wrong zh 2 "--data 后面缺少内容; 用法见 yimen-central --help" --data --listen 127.0.0.1:0
kill $centre
wait $centre
