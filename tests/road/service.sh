#!/bin/sh
# What an administrator of a centre meets: the unit that keeps it running, and what a centre says when it starts.
# Prints TAP lines.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=${BUILD:-build}
central=$build/yimen-central
work=$(mktemp -d) || exit 3
pid=
small=
trap '[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null; [ -z "$small" ] || umount "$small"; rm -rf "$work"' EXIT
export LANGUAGE=zh LC_ALL=C.UTF-8

judge() { # what, good (0) or not; what was printed stands in $work/out
	[ "$2" = 0 ] && echo "ok $1" && return
	echo "not ok $1"
	sed 's/^/# /' "$work/out"
}

# ---- the unit ----

command_line=$(sed -n 's/^ExecStart=[^ ]*env yimen-central //p' data/yimen-central.service)
[ -n "$command_line" ]
judge "the unit starts yimen-central" $?
grep -q '^ExecReload=/bin/kill -HUP \$MAINPID$' data/yimen-central.service
judge "and has it take a renewed certificate on reload" $?

# the lines of the example, those that are switched off too, as systemd would hand them over
sed -n 's/^#*YIMEN_CENTRAL=//p' data/yimen-central.conf >"$work/lines"
[ "$(wc -l <"$work/lines")" = 3 ]
judge "the example has a line for a hall, a proxy and a province" $?
while read -r YIMEN_CENTRAL; do
	STATE_DIRECTORY=$work/data
	eval "set -- $(echo "$command_line" | sed 's/?/\\?/g')"
	"$central" "$@" --help >"$work/out" 2>&1
	judge "the program knows the options of: $YIMEN_CENTRAL" $?
done <"$work/lines"
"$central" --data "$work/data" --no-such-option --help >"$work/out" 2>&1
[ $? = 2 ]
judge "and would say so of one that it does not know" $?

make -s install BUILD="$build" PREFIX=/opt/yimen DESTDIR="$work/root" >"$work/out" 2>&1
unit=$work/root/opt/yimen/lib/systemd/system/yimen-central.service
program=$(sed -n 's/^ExecStart=\([^ ]*\) .*/\1/p' "$unit")
[ "$program" = /opt/yimen/bin/yimen-central ] && [ -x "$work/root$program" ] &&
	[ -f "$work/root/opt/yimen/share/yimen/data/yimen-central.conf" ] &&
	[ -f "$work/root/opt/yimen/lib/sysusers.d/yimen-central.conf" ]
judge "make install puts the unit, its user and its example where the program is" $?
LANGUAGE=en "$work/root/opt/yimen/libexec/yimen/yimen-deliver" >"$work/out" 2>&1
grep -q "^usage: yimen deliver" "$work/out"
judge "an installed deliverer speaks English to whoever wishes it" $?

if command -v systemd-analyze >/dev/null 2>&1; then
	sed "s,^ExecStart=[^ ]*,ExecStart=$(realpath "$central"),; /^Documentation=/d" "$unit" >"$work/yimen-central.service"
	# what it finds wrong in other units of this machine is not ours
	systemd-analyze verify "$work/yimen-central.service" >"$work/all" 2>&1
	grep yimen-central "$work/all" >"$work/out"
	[ ! -s "$work/out" ]
	judge "systemd understands the unit" $?
else
	echo "ok systemd understands the unit # skipped: no systemd-analyze"
fi

# ---- the start ----

ends() { # what, exit code, sentence, options: it does not start
	what=$1 wanted=$2 sentence=$3
	shift 3
	timeout 60 "$central" --data "$work/data" "$@" >"$work/out" 2>&1
	[ $? = "$wanted" ] && grep -q -- "$sentence" "$work/out" && ! grep -q ready "$work/out"
	judge "$what" $?
}
begins() { # options: it starts and goes on; what it printed stands in $work/out
	mkfifo "$work/told"
	"$central" --data "$work/data" "$@" >"$work/told" 2>"$work/sighed" &
	pid=$!
	read -r line <"$work/told" || line=
	rm "$work/told"
	cat "$work/sighed" >"$work/out"
	[ -n "$line" ]
}
stop() {
	kill "$pid"
	wait "$pid"
	code=$?
	pid=
	return $code
}

ends "no number is given in earnest without a region" 1 '没有启动.*--region' --listen 0.0.0.0:0
ends "nor behind a proxy" 1 '没有启动.*--region' --listen 127.0.0.1:0 --behind 127.0.0.1
begins --listen 127.0.0.1:0 && grep -q '^提醒: .*--region' "$work/out"
judge "on this machine it starts, and warns" $?
stop
judge "and stops when asked to" $?
begins --listen 127.0.0.1:0 --region 000000 && ! grep -q 提醒 "$work/out"
judge "a classroom that says so hears no warning" $?
stop
begins --listen 0.0.0.0:0 && ! grep -q 提醒 "$work/out"
judge "and is asked no more, wherever it listens: the region is kept" $?
stop

# ---- what is wrong is named, with where and what to do ----

ends "a port that is none is no other one, and is not tried again" 2 '--listen 应写成.*99999' --listen 127.0.0.1:99999
ends "so is trouble for practice that is written wrongly" 2 '--fault 应写成.*drop-answer=200' --listen 127.0.0.1:0 --fault drop-answer=200
ends "a log that cannot be written is named" 3 "写不了日志 $work/no/log" --listen 127.0.0.1:0 --log "$work/no/log"
ends "so is a key that is not there" 3 "读不到 TLS 文件 $work/key" --listen 127.0.0.1:0 --tls-cert "$work/key" --tls-key "$work/key"
"$central" --data "$work/typo" station list >"$work/out" 2>&1
[ $? = 3 ] && grep -q "$work/typo 里没有中心的数据" "$work/out" && [ ! -e "$work/typo" ]
judge "a folder whose name was mistyped is not left behind" $?
"$central" station list --data "$work/data" >"$work/out" 2>&1
[ $? = 2 ] && grep -q -- '--data.*写在命令 station 前面' "$work/out"
judge "a command before its folder is told the order" $?
"$central" --data "$work/no/such" station list >"$work/out" 2>&1
[ $? = 3 ] && grep -q "$work/no/such: 它的上一级目录还没有" "$work/out"
judge "nor is a folder without the one above it made" $?
begins --listen 127.0.0.1:0
ends "a second centre on one folder does not start, and is told of the first" 3 "$work/data 正被另一个程序使用.*先停掉它" --listen 127.0.0.1:0
timeout 60 "$central" --data "$work/other" --region 000000 --listen "${line##*//}" >"$work/out" 2>&1
[ $? = 3 ] && grep -q "${line##*//} 上接听: 这个端口已被别的程序占用.*换一个端口" "$work/out"
judge "a port that is taken is named, with how to find who has it" $?
"$central" --data "$work/data" station list --jsn >"$work/out" 2>&1
[ $? = 2 ] && grep -q '用法.*station list' "$work/out"
judge "a word that station list does not know is not passed over" $?
"$central" --data "$work/data" import "$work" >"$work/out" 2>&1
[ $? = 1 ] && grep -q "^读不了 $work: 这是文件夹" "$work/out" && [ "$(wc -l <"$work/out")" = 1 ]
judge "a folder is no catalogue" $?
stop
if [ "$(id -u)" = 0 ]; then
	mkdir -m 700 "$work/others" && chown nobody "$work/others"
	ends "whose folder it is is told" 3 '属于用户 nobody.*sudo -u nobody' --data "$work/others" --listen 127.0.0.1:0
else
	echo "ok whose folder it is is told # skipped: only root can make one"
fi

cp "$work/data/central.db" "$work/kept"
echo "of no database at all" >"$work/data/central.db"
ends "data that are damaged are named, with what to do" 3 "$work/data/central.db 坏了.*备份" --listen 127.0.0.1:0
mv "$work/kept" "$work/data/central.db"
mv "$work/data/papers" "$work/papers" && ln -s "$work/not-mounted" "$work/data/papers"
ends "papers on a disk that is not mounted are not taken for lost" 3 "$work/data/papers 用不了.*没有挂上" --listen 127.0.0.1:0
rm "$work/data/papers" && mv "$work/papers" "$work/data/papers"

# a limit on the size of files fails in the midst of a copy, as a disk does that fills meanwhile
"$central" --data "$work/data" import data/demo/matters.jsonl >"$work/out" 2>&1
mkfifo "$work/told"
(
	ulimit -f 200
	exec "$central" --data "$work/data" --listen 127.0.0.1:0 >"$work/told" 2>"$work/sighed"
) &
pid=$!
read -r line <"$work/told"
rm "$work/told"
"$central" --data "$work/data" backup "$work/backup" >"$work/out" 2>&1
[ $? = 3 ] && grep -q "$work/data 里的副本没有写成" "$work/out" && [ ! -e "$work/backup" ] && [ ! -e "$work/data/backup.db" ]
judge "a backup whose copy does not get written says so, and leaves nothing" $?
stop
"$central" --data "$work/data" backup "$work/backup" >"$work/out" 2>&1
rm "$work/backup/central.db"
(
	ulimit -f 200
	exec "$central" --data "$work/data" backup "$work/backup" >"$work/out" 2>&1
)
[ $? = 3 ] && [ ! -e "$work/backup/central.db" ] && [ "$(grep -c 没有写成 "$work/out")" = 1 ]
judge "so does the command of a centre that is stopped, and is not killed by it" $?
rm -r "$work/backup"

# ---- a demo back office without its centre ----

timeout 60 "$central" --data "$work/data" backoffice --wait 1 --quiet >"$work/out" 2>&1
[ $? = 3 ] && grep -q "^$work/data 的中心没有开着: 演示后台等它 1 秒" "$work/out" &&
	grep -q "请先开中心 (yimen-central --data $work/data --listen" "$work/out"
judge "a back office without a centre says what it waits for, and in the end what to do" $?
mkfifo "$work/said"
"$central" --data "$work/data" backoffice --quiet >"$work/out" 2>"$work/said" &
office=$!
read -r line <"$work/said"
kill -0 "$office" 2>>"$work/out" && [ "${line#*等它 30 秒}" != "$line" ]
judge "it says so when it begins to wait" $?
kill "$office"
wait "$office" 2>>"$work/out"

# ---- a disk that letters need is not filled ----

mkdir -m 700 "$work/small"
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=40m,mode=700 tmpfs "$work/small" 2>"$work/out"; then
	small=$work/small
	begins --listen 127.0.0.1:0
	"$central" --data "$work/data" backup "$small/backup" >"$work/out" 2>&1
	[ $? = 3 ] && grep -q "$small/backup/central.db.*64 MB" "$work/out" && [ ! -e "$small/backup" ]
	judge "a backup leaves the disk that it goes to its last room" $?
	stop
	rmdir "$work/data/papers" && mkdir -m 700 "$small/papers" && ln -s "$small/papers" "$work/data/papers"
	begins --listen 127.0.0.1:0 && grep -q "^提醒: 附件目录 $work/data/papers 所在的磁盘只剩" "$work/out" &&
		! grep -q '提醒: 数据目录' "$work/out"
	judge "a disk that is nearly full is told at the start, by what it is for" $?
	echo '{"task_code":"T1","task_name":"1"}' >"$work/matters"
	"$central" --data "$work/data" import "$work/matters" >"$work/out" 2>&1 &&
		"$central" --data "$work/data" backup "$work/backup" >"$work/out" 2>&1
	judge "papers on another disk, which is full, stop no catalogue and no backup" $?
	stop
else
	for what in "a backup leaves the disk that it goes to its last room" \
		"a disk that is nearly full is told at the start, by what it is for" \
		"papers on another disk, which is full, stop no catalogue and no backup"; do
		echo "ok $what # skipped: no disk can be mounted"
	done
fi
