#!/bin/bash
# kill_parent.sh: a publishing pool's parent is killed at any instant. Can the rest be read, shown as dead, and cleaned away?
. tests/tap.sh
ROUNDS=40

if ! can_be_alone; then
	skip "killed parents" "a mount namespace of our own needs root"
	done_testing
fi
unreadable=0 wrong=0 dead=0 left=0
for ((round = 0; round < ROUNDS; round++)); do
	"$B/examples/pool" 30 >/dev/null 2>&1 &
	pid=$!
	started+=($pid)
	sleep "0.0$((RANDOM % 10))$((RANDOM % 10))" # the instant is any: before its segment is there, or in the midst of work
	kill -KILL $pid
	wait $pid 2>/dev/null
	segments=$(ls "$place/poolscope" 2>/dev/null | wc -l)
	quiet alone "$scope" list --json || unreadable=$((unreadable + 1))
	listed=$(jq --argjson pid $pid '[.pools[] | select(.pid == $pid and .state == "dead" and .workers_total > 0)] | length' "$place/out")
	[ "$listed" = "$segments" ] || { wrong=$((wrong + 1)); echo "# $segments segments, $listed dead pools"; }
	dead=$((dead + listed))
	quiet alone "$scope" list --clean || unreadable=$((unreadable + 1))
	left=$((left + $(ls -A "$place/poolscope" 2>/dev/null | wc -l)))
done
is $unreadable 0; ok "$ROUNDS killed pools: list never failed"
is $wrong 0; ok "each that had a segment is shown as dead, whole"
[ $dead -gt $((ROUNDS / 4)) ]; ok "and many had ($dead)"
is $left 0; ok "list --clean left nothing behind"
done_testing
