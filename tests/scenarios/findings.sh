#!/bin/bash
# findings.sh: does a program that misbehaves raise its finding in `poolscope check`, and its healthy twin none?
. tests/tap.sh

# with TROUBLE COMMAND...: runs the command while the program makes trouble; $pid is the program's
with() {
	local trouble=$1 status line
	shift
	coproc PROGRAM { exec "$programs/pool_trouble" "$trouble"; }
	# the shell forgets these as soon as the program ends
	local to=${PROGRAM[1]} from=${PROGRAM[0]} process=$PROGRAM_PID
	started+=("$process")
	read -r line <&"$from"
	pid=${line#ready }
	"$@"
	status=$?
	exec {to}>&-
	wait "$process"
	return $status
}
check() { exits "$1" "$scope" check --json "$pid"; }
raises() { # finding
	check 1 && holds '.schema == "poolscope/1" and (.findings | length) == 1 and .findings[0].id == $id and
		(.findings[0] | .sentence != "" and .evidence != "" and .advice != "")' --arg id "$1"
}
raises_none() {
	check 0 && holds '.findings == []'
}

with kept raises zombie-not-reaped; ok "a zombie that is kept is found"
holds '.findings[0].advice | startswith("\($pid) must call waitpid()")' --arg pid "$pid"
ok "and who should reap it"
with reaped raises_none; ok "a child that is reaped is healthy"

with killed raises worker-died-holding-task; ok "a worker that died in mid-task is found"
holds '.findings[0] | (.sentence | test("of pool trouble died holding task [0-9]+ \\(kill_yourself\\)")) and
	(.evidence | contains("SIGKILL"))'
ok "and what it did, and how it ended"
with healthy raises_none; ok "a pool whose workers finish is healthy"

raises_in_time() { # finding: some are only raised after seconds of patience
	local round
	for ((round = 0; round < 10; round++)); do
		quiet "$scope" check --json "$pid" </dev/null
		[ $? -eq 1 ] && raises "$1" && return 0
	done
	return 1
}
with stuck raises_in_time no-progress; ok "a pool in which every worker waits is found"
stays_healthy() {
	local round
	for ((round = 0; round < 5; round++)); do raises_none || return 1; done
}
with working stays_healthy; ok "one whose workers end their tasks is healthy, however much is queued"

with flood raises records-lost; ok "records that came too fast are found"
with trickle raises_none; ok "records that can be read are no finding"

"$B/examples/pool" 60 >/dev/null 2>&1 &
pid=$!
started+=("$pid")
until ls "$place/poolscope/$pid."* >/dev/null 2>&1; do sleep 0.01; done
raises_none; ok "a pool that runs is healthy"
kill -KILL "$pid"
wait "$pid" 2>/dev/null
raises pool-lost; ok "a pool whose parent was killed is found, by the pid of the dead"
holds '.findings[0].evidence | test("; [0-9]+ tasks? (was|were) running, [0-9]+ waiting$")'
ok "and how much work it took along"
quiet "$scope" list --json
holds '.pools[0] | .workers_busy == 0 and .state == "dead"'; ok "and nobody is busy in it"
done_testing
