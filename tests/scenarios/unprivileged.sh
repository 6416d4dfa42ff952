#!/bin/bash
# unprivileged.sh: what remains without privileges? /proc and the segments of one's own, and it is said what is off.
. tests/tap.sh

if ! setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	skip "as an ordinary user" "to become one needs root"
	done_testing
fi
bin=$(mktemp -d)
trap 'leave; rm -rf "$bin"' EXIT
cp -r "$scope" "$B/examples" "$programs" "$bin" # our build folder may be nobody else's business
chmod -R go+rX "$bin" "$place"
install -d -m 700 -o 65534 "$place/run"
scope="$bin/poolscope" programs="$bin/programs"
user() { setpriv --reuid=65534 --regid=65534 --clear-groups env XDG_RUNTIME_DIR="$place/run" "$@"; }
says() { grep -qF -- "$1" "$place/err" || { echo "# standard error: $(cat "$place/err")"; return 1; }; }

exits 5 user "$scope" run -- sh -c "sleep 0.5 & wait; exit 5" && says "needs CAP_BPF" && says "sampled from /proc"
ok "run: CMD's status, and why births and deaths are sampled"
exits 0 user "$scope" run -- sh -c "exec $programs/pool_trouble healthy"; ok "run ends although its workers lived between two looks"
exits 0 user "$scope" events --jsonl -- sh -c 'sleep 0.7 & wait' && holds '[.[] | select(.event == "process.forked")] |
	length == 1 and .[0].sampled and .[0].source == "proc" and .[0].how == null' -s
ok "events: a birth, marked as sampled, and what cannot be known is null"
holds '[.[] | select(.event == "process.exited")] | length == 2 and all(.[]; .exit_code == null and .cow_copies == null)' -s
ok "and the deaths"

coproc PROGRAM { user "$programs/pool_trouble" kept; }
to=${PROGRAM[1]} process=$PROGRAM_PID
started+=("$process")
read -r line <&"${PROGRAM[0]}"
exits 1 user "$scope" check --json "${line#ready }" && holds '.findings[0].id == "zombie-not-reaped"'; ok "check finds a zombie"
exec {to}>&-
wait "$process"

exits 0 user "$scope" demo zombie --headless; ok "demo zombie"
exits 77 user "$scope" demo cow --headless && says "CAP_BPF"; ok "demo cow: 77, and why"
exits 1 user "$scope" doctor --json && holds '[.abilities[] | select(.name == "life")][0] | .state == "off" and
	(.words | contains("CAP_BPF"))'; ok "doctor says what is off, and what turns it on"
is "$(ls -A "$place/run")/$(ls -A "$place/run/poolscope")" poolscope/; ok "no segment is left behind"
done_testing
