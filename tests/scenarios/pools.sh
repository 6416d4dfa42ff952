#!/bin/bash
# pools.sh: do list and snapshot show a pool that works, a program without one, and a pool that was killed?
. tests/tap.sh

start() { # TROUBLE [NAME]: $pid is the program's
	local line
	coproc PROGRAM { exec "$programs/pool_trouble" "$@"; }
	to=${PROGRAM[1]} process=$PROGRAM_PID
	started+=("$process")
	read -r line <&"${PROGRAM[0]}"
	pid=${line#ready }
}
finish() {
	exec {to}>&-
	wait "$process"
}
# Root sees the pools of others too: those of $pid alone
of_pid() { jq -c --argjson pid "$pid" '[.pools[] | select(.pid == $pid)]' "$place/out"; }

start healthy io
exits 0 "$scope" list --json && holds '.schema == "poolscope/1"'; ok "list --json"
of_pid >"$place/ours" && jq -e --argjson pid "$pid" 'length == 1 and (.[0] |
	.pid == $pid and .start > 0 and .name == "io" and .kind == "process" and .start_method == "fork" and
	.state == "open" and .source == "runtime" and .workers_busy == 0 and .workers_total == 2 and .queued == 0 and
	.findings == 0)' "$place/ours" >/dev/null; ok "a pool in it, whole" || cat "$place/ours"
exits 0 "$scope" list --jsonl && is "$(jq -c . "$place/out" | wc -l)" "$(wc -l <"$place/out")" &&
	holds '[.[] | select(.pid == $pid)] | length == 1' -s --argjson pid "$pid"; ok "list --jsonl: one a line"
exits 0 "$scope" list && grep -qE "^ *$pid io +process +fork +open +runtime +0/2 +0 +0" "$place/out"; ok "list, for people"

exits 0 "$scope" snapshot --json "$pid"
holds '.schema == "poolscope/1" and ([has("pool", "workers", "helpers", "queues", "processes", "probes", "findings",
	"lost")] | all)'; ok "snapshot --json has every part"
holds '.pool | .pid == $pid and .start > 0 and .name == "io" and .kind == "process" and .start_method == "fork" and
	.state == "open" and .source == "runtime"' --argjson pid "$pid"; ok "its pool"
holds '(.workers | length == 2) and ([.workers[].slot] == [0, 1] or [.workers[].slot] == [1, 0]) and all(.workers[];
	.pid > 0 and .ppid == $pid and .state == "idle" and .since_ns > 0 and .thread == "waiting" and .task == null and
	.failed == 0) and ([.workers[].done] | add == 1)' --argjson pid "$pid"; ok "its workers, and what they have done"
holds '[.helpers[].role] | sort == ["result_handler", "task_handler", "worker_handler"]' &&
	holds 'all(.helpers[]; .tid > 0 and (.name | startswith("io:")) and has("state"))'; ok "its helper threads"
holds '[.queues[].name] | sort == ["backlog", "results", "tasks"]' &&
	holds 'all(.queues[]; .depth == 0 and has("bytes") and has("capacity") and .high >= 0)'; ok "its queues"
holds '(.processes | length == 3) and all(.processes[]; .pid > 0 and .start > 0 and .ppid > 0 and has("born_of") and
	has("cow_copies") and (.threads | length >= 1) and all(.threads[]; has("tid") and has("name") and has("state")))'
ok "its processes and their threads"
holds 'all(.probes[]; has("name") and has("state") and has("reason"))'; ok "its probes"
worker=$(jq '.workers[0].pid' "$place/out")
exits 0 "$scope" snapshot --json "$worker" && holds '.pool.pid == $pid and (.workers | length == 2)' --argjson pid "$pid"
ok "a worker's pid stands for its pool"
exits 0 "$scope" snapshot "$pid" && grep -q "pool io" "$place/out"; ok "snapshot, for people"
finish

exits 0 "$scope" list --json && is "$(of_pid)" "[]"; ok "a pool that was closed is gone"

start reaped
exits 0 "$scope" snapshot --json "$pid"
holds '.pool.kind == "program" and .pool.name == "pool_trouble" and .pool.start_method == null and .pool.source == "proc" and
	.workers == [] and .queues == [] and (.processes | length == 1) and .processes[0].pid == $pid' --argjson pid "$pid"
ok "a program without a pool, and what cannot be known is null"
finish

start healthy $'\e]0;gone\a\xff\n"'
exits 0 "$scope" list && ! grep -qP '[\x00-\x09\x0b-\x1f\x7f]' "$place/out"; ok "list makes a hostile name safe"
exits 0 "$scope" snapshot "$pid" && ! grep -qP '[\x00-\x09\x0b-\x1f\x7f]' "$place/out"; ok "so does snapshot"
exits 0 "$scope" snapshot --json "$pid" && holds '.pool.name | type == "string"'; ok "and JSON stays JSON"
finish

start healthy io
segment=$(ls "$place/poolscope")
kill -KILL "$process"
wait "$process" 2>/dev/null
[ -e "$place/poolscope/$segment" ]; ok "a killed pool leaves its segment"
exits 0 "$scope" list --json; of_pid >"$place/ours" && jq -e 'length == 1 and .[0].state == "dead" and .[0].name == "io" and
	.[0].workers_total == 2' "$place/ours" >/dev/null; ok "and is listed as dead" || cat "$place/ours"
if can_be_alone; then
	start healthy other
	alive=$(ls "$place/poolscope" | grep "^$pid\.")
	exits 0 alone "$scope" list --clean && is "$(ls "$place/poolscope")" "$alive"; ok "list --clean removes it, and no other"
	finish
	exits 0 alone "$scope" list --clean && is "$(ls "$place/poolscope")" ""; ok "list --clean where nothing is left"
else
	skip "list --clean" "a mount namespace of our own needs root"
fi
done_testing
