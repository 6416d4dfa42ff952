#!/bin/bash
# kill_poolscope.sh: poolscope is killed at any instant. Does the program that it watches go on, and is nothing left in the kernel?
. tests/tap.sh
ROUNDS=12

# Says that it began, works a little, says that it is done.
program='echo begun >"$0"; for i in 1 2 3 4 5; do sleep 0.02; (:); done; echo done >"$0"'

within() { # SECONDS COMMAND...: does it come true?
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -ge $end ] && return 1
		sleep 0.01
	done
}
held_by() { cat "/proc/$1"/fdinfo/* 2>/dev/null | awk '$1 == "prog_id:" { print $2 }'; }
are_gone() {
	local id
	for id in $1; do ! bpftool prog show id "$id" >/dev/null 2>&1 || return 1; done
}
is_done() { [ "$(cat "$place/state" 2>/dev/null)" = done ]; }

cut_short=0 watched=0 bpf_left=0 bpf_seen=0
for command in "run --plain --" "events --"; do
	for ((round = 0; round < ROUNDS; round++)); do
		rm -f "$place/state"
		# shellcheck disable=SC2086
		"$scope" $command bash -c "$program" "$place/state" >/dev/null 2>&1 </dev/null &
		pid=$!
		started+=($pid)
		if ((round % 2)); then # in the midst of it, else at any instant
			within 10 [ -s "$place/state" ]
			ids=$(held_by $pid)
		else
			sleep "0.$((RANDOM % 4))$((RANDOM % 10))"
			ids=
		fi
		kill -KILL $pid 2>/dev/null # it may have come to its end
		wait $pid 2>/dev/null
		[ -z "$ids" ] || bpf_seen=$((bpf_seen + 1))
		within 5 are_gone "$ids" || bpf_left=$((bpf_left + 1))
		[ -e "$place/state" ] || continue # it was not yet let go, and ended with us
		watched=$((watched + 1))
		within 10 is_done || cut_short=$((cut_short + 1))
	done
done
[ $watched -ge $ROUNDS ]; ok "poolscope was killed while it watched ($watched of $((2 * ROUNDS)) times)"
is $cut_short 0; ok "every program that had begun went on to its end"
if [ $bpf_seen -gt 0 ]; then
	is $bpf_left 0; ok "no BPF program stays behind ($bpf_seen times there were some)"
else
	skip "no BPF program stays behind" "probes cannot be loaded here"
fi
done_testing
