#!/bin/sh
# What the peers of screen_bench look at: sixty lines of Chinese each, and settings that ask nothing.
# usage: peers.sh FOLDER
set -eu
dir=$1
rm -rf "$dir" && mkdir -p "$dir/repo"
cd "$dir"
lines() {
	i=0
	while [ $i -lt 60 ]; do
		i=$((i + 1))
		echo "第 $i 件 残疾人证新办和老年人优待证办理的通知"
	done
}

if command -v tig >/dev/null && command -v git >/dev/null; then
	git init -q repo
	lines | while read -r line; do
		git -C repo -c user.name=王示范 -c user.email=w@example.invalid commit -q --allow-empty -m "$line"
	done
fi

lines | while read -r line; do
	printf 'From w@example.invalid Tue Nov 24 14:32:00 2026\nFrom: 王示范 <w@example.invalid>\nTo: z@example.invalid\n'
	printf 'Date: Tue, 24 Nov 2026 14:32:00 +0800\nSubject: %s\nContent-Type: text/plain; charset=utf-8\n\n%s\n\n' "$line" "$line"
done >mbox
mkdir Mail
echo 'set sleep_time=0' >muttrc

{
	echo '<rss version="2.0"><channel><title>通知</title><link>http://example.invalid/</link>'
	lines | while read -r line; do
		echo "<item><title>$line</title><guid>$line</guid><description>$line</description></item>"
	done
	echo '</channel></rss>'
} >feed.xml
echo "\"exec:cat $dir/feed.xml\"" >urls
printf 'confirm-exit no\nnotify-always no\n' >config
if command -v newsboat >/dev/null; then
	HOME=$dir newsboat -u urls -c cache.db -C config -x reload >/dev/null 2>&1 || true
fi
