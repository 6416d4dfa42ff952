# tap.sh: what the shell tests share: a private place, TAP, programs that are started and ended. To be sourced.
set -u
B=${B:-build}
scope=$B/poolscope
programs=$B/tests/programs
place=$(mktemp -d /dev/shm/poolscope-test-XXXXXX) || exit 1
export XDG_RUNTIME_DIR=$place
started=()
nr=0
bad=0
leave() {
	local pid
	for pid in "${started[@]}"; do kill -KILL "$pid"; done 2>/dev/null
	wait 2>/dev/null
	rm -rf "$place"
}
trap leave EXIT

ok() { # what: the last command decided
	local status=$?
	nr=$((nr + 1))
	if [ $status -eq 0 ]; then echo "ok $nr - $1"; else
		echo "not ok $nr - $1"
		bad=1
	fi
}
report() { # what, the lines that break it: none where it holds
	[ -z "$2" ] || { echo "$2" | head -n 30 | sed 's/^/# /'; false; }
	ok "$1"
}
skip() { # what, why
	nr=$((nr + 1))
	echo "ok $nr - $1 # SKIP $2"
}
done_testing() {
	echo "1..$nr"
	exit $bad
}
# is GOT EXPECTED: says both where they differ
is() {
	[ "$1" = "$2" ] && return 0
	echo "# got '$1', expected '$2'"
	return 1
}
# quiet COMMAND...: its output goes to $place/out and $place/err; returns its status
quiet() { "$@" >"$place/out" 2>"$place/err"; }
# exits STATUS COMMAND...
exits() {
	local expected=$1 status
	shift
	quiet "$@" </dev/null
	status=$?
	[ $status -eq "$expected" ] && return 0
	echo "# status $status, expected $expected: $*"
	sed 's/^/#   /' "$place/err"
	return 1
}
# holds FILTER [JQ'S OPTIONS...]: is it true of the JSON in $place/out? (jq -e takes no input for true)
holds() {
	local filter=$1
	shift
	[ -s "$place/out" ] && jq -e "$@" "$filter" "$place/out" >/dev/null && return 0
	head -c 2000 "$place/out" | sed 's/^/# /'
	return 1
}
# alone COMMAND...: where no segments are but those in $place: `list --clean` must not touch what is not the test's.
alone() {
	unshare -m bash -c 'place=$1; shift
		mount --bind "$place" /mnt && mount -t tmpfs none /dev/shm && mkdir "$place" && mount --bind /mnt "$place" &&
			{ [ ! -d /run/user ] || mount -t tmpfs none /run/user; } && exec "$@"' - "$place" "$@"
}
can_be_alone() { alone true 2>/dev/null; }
