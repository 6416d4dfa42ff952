#!/bin/bash
# commands.sh: does every command keep its promises: help, exit status, what goes where?
. tests/tap.sh

silent() { [ ! -s "$place/$1" ] || { echo "# on std$1: $(head -1 "$place/$1")"; return 1; }; }
says() { grep -qF -- "$1" "$place/err" || { echo "# standard error: $(cat "$place/err")"; return 1; }; }

# ---- help and wrong usage ----
for command in dashboard run list snapshot events record replay check demo doctor; do
	exits 0 "$scope" $command --help && silent err && is "$(head -1 "$place/out" | cut -d' ' -f1-3)" "Usage: poolscope $command"
	ok "$command --help"
	usage=2
	[ $command = run ] && usage=125
	exits $usage "$scope" $command --nonsense && silent out && says "unrecognized option '--nonsense'"
	ok "$command does not know --nonsense"
done
exits 0 "$scope" --help && silent err && grep -q "^Usage: poolscope" "$place/out"; ok "--help"
exits 0 "$scope" --version && is "$(wc -l <"$place/out")" 1 && grep -qE '^poolscope [0-9]+\.[0-9]+\.[0-9]+$' "$place/out"; ok "--version"
while read -r arguments; do
	# shellcheck disable=SC2086
	exits 2 "$scope" $arguments && silent out && says "poolscope"
	ok "wrong usage: poolscope $arguments"
done <<-END
	unheard-of
	list pools
	list --json=yes
	snapshot
	snapshot 1 1
	snapshot x
	snapshot 0
	snapshot -
	snapshot 2147483647
	snapshot 99999999999999999999
	events x
	events 1 2
	events --
	events 2147483647
	record 1
	record -o
	replay
	replay one two
	replay /dev/null
	replay /not/there
	check /not/there
	check 2147483647
	check 1 1
	demo unheard-of
	demo pool pool
	doctor too
	2147483647
END

# ---- run: the program's own status ----
exits 0 "$scope" run -- true && silent out && says "poolscope run: "; ok "run true"
exits 7 "$scope" run -- sh -c 'exit 7'; ok "run: CMD's status"
exits 137 "$scope" run -- sh -c 'kill -KILL $$'; ok "run: 128 + SIGKILL"
exits 143 "$scope" run -- sh -c 'kill -TERM $$'; ok "run: 128 + SIGTERM"
exits 127 "$scope" run -- /not/there && says "cannot run '/not/there'"; ok "run: 127 for what is not there"
exits 126 "$scope" run -- / && says "cannot run '/'"; ok "run: 126 for what cannot be executed"
exits 125 "$scope" run && says "a program to run is needed"; ok "run: 125 without a program"
exits 125 "$scope" run --; ok "run --: 125 without a program"
exits 0 "$scope" run echo hello && is "$(cat "$place/out")" hello; ok "run needs no --, and CMD keeps its standard output"
exits 0 "$scope" run -- echo --plain -o && is "$(cat "$place/out")" "--plain -o"; ok "run leaves CMD's options alone"
"$scope" run -- cat <<<"from outside" >"$place/out" 2>"$place/err" && is "$(cat "$place/out")" "from outside"; ok "and its standard input"
exits 3 "$scope" run --json -- sh -c 'exit 3' && silent out &&
	jq -e '.schema == "poolscope/1" and .status == 3 and .exited == 1' "$place/err" >/dev/null; ok "run --json: the totals"
(trap '' HUP; exits 0 "$scope" run -- sh -c 'kill -HUP $$'); ok "run: a signal that was ignored stays ignored in CMD"

# ---- recordings ----
exits 0 "$scope" run -o "$place/recording" -- "$programs/forks" 3; ok "run -o"
exits 0 "$scope" replay --jsonl "$place/recording" && silent err && cp "$place/out" "$place/replayed" &&
	holds '[.[] | select(.event == "process.forked")] | length >= 3' -s; ok "replay --jsonl"
exits 0 "$scope" replay --plain "$place/recording" && is "$(wc -l <"$place/out")" "$(wc -l <"$place/replayed")"
ok "replay --plain: as many lines"
exits 0 "$scope" check "$place/recording" && is "$(cat "$place/out")" "nothing found"; ok "check FILE"
head -c $(($(stat -c %s "$place/recording") - 20)) "$place/recording" >"$place/cut"
exits 0 "$scope" replay --jsonl "$place/cut" && says "ends in the middle"; ok "replay of a file that is cut"
exits 0 "$scope" record -o "$place/recording" -- "$programs/forks" 1 && says "facts in $place/recording"; ok "record replaces a recording"
echo "dear diary" >"$place/diary"
exits 125 "$scope" run -o "$place/diary" -- touch "$place/ran" && says "it is there and is no recording" &&
	is "$(cat "$place/diary")" "dear diary" && [ ! -e "$place/ran" ]; ok "run -o spares what is no recording"
exits 125 "$scope" run -o /dev/full -- touch "$place/ran" && says "No space left on device" && [ ! -e "$place/ran" ]
ok "run -o: no room for a beginning"
mkdir "$place/small"
if mount -t tmpfs -o size=64k none "$place/small" 2>/dev/null; then
	exits 125 "$scope" run -o "$place/small/recording" -- sh -c "$programs/forks 400 && echo all of it" &&
		says "cannot write $place/small/recording: No space left on device" && is "$(cat "$place/out")" "all of it" &&
		is "$(grep -c "cannot write" "$place/err")" 1
	ok "run -o on a disk that fills up: says so once, and CMD runs to its end"
	umount "$place/small"
else
	skip "run -o on a disk that fills up" "mounting a small tmpfs needs root"
fi

# ---- events ----
exits 0 "$scope" events --jsonl -- sh -c "echo words; $programs/forks 5" && says words &&
	holds 'all(.[]; .t_ns > 0 and (.event | type) == "string" and (.source | IN("runtime", "kernel", "proc")) and
		has("pid") and has("start")) and ([.[].t_ns] | . == sort)' -s
ok "events --jsonl: JSON line by line, in order; CMD's output is elsewhere"
is "$(jq -c . "$place/out" | wc -l)" "$(wc -l <"$place/out")"; ok "one object a line"
exits 0 "$scope" events -- true && grep -q "process.exited" "$place/out"; ok "events: words"
exits 127 "$scope" events -- /not/there; ok "events: 127 for what is not there"

# ---- doctor ----
quiet "$scope" doctor --json
[ $? -le 1 ] && holds '.schema == "poolscope/1" and (.abilities | length > 3) and
	all(.abilities[]; has("name") and has("state") and has("words"))'; ok "doctor --json"
done_testing
