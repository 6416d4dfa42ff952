#!/bin/bash
# documents.sh: is what the README, the manual and --help say true?
. tests/tap.sh
# The block behind `<!-- screen: NAME -->` must be what the screen test NAME expects.
screen=$(sed -n 's/^<!-- screen: \(.*\) -->$/\1/p' README.md)
shown=$(awk '/^<!-- screen: /{ on = 1; next } on && /^```/{ if (++fence == 2) exit; next } on' README.md)
report "the README's screen is a screen that a test keeps true" \
	"$(diff <(echo "$shown") <(sed '1,/^----$/d' "tests/screens/$screen.screen"))"

# The C in the README compiles, as a user would compile it, and says 16.
awk '/^```c$/{ on = 1; next } /^```$/{ on = 0 } on' README.md >"$place/squares.c"
report "the README's program works" "$(
	# shellcheck disable=SC2046
	${CC:-gcc} -Wall -Werror -Ipool-runtime $([ -n "${SAN:-}" ] && echo "-fsanitize=$SAN,undefined") \
		-o "$place/squares" "$place/squares.c" "$B/libpoolscope.a" -pthread 2>&1 && "$place/squares" 2>&1 | grep -vx 16)"

missing_files() {
	grep -oE '`(pool-runtime|probes|tui|tests)/[a-zA-Z0-9_./]*`' README.md | tr -d '\`' | grep -v NAME | sort -u |
		while read -r path; do [ -e "$path" ] || echo "$path"; done
}
report "every path in the README is there" "$(missing_files)"
report "the manual is clean mdoc" "$(mandoc -T lint -W warning "$B/poolscope.1" 2>&1)"

helpless() {
	"$B/poolscope" --help | awk '/^  [a-z]/ { print $1 }' | while read -r command; do
		"$B/poolscope" "$command" --help | grep -q "^Usage: poolscope $command" || echo "$command has no --help"
		grep -q "^.Ss poolscope $command" "$B/poolscope.1" || echo "$command is not in the manual"
	done
}
report "every command has its help and its section of the manual" "$(helpless)"
report "every view in the README's table is there, and none is missing" "$(diff \
	<(awk -F'|' '/^\| (.) \| [a-z]+ \|/ { gsub(/ /, "", $3); print $3 }' README.md) \
	<(grep -oE '^[[:space:]]+VIEW\([a-z]+' tui/views/views.h | sed 's/.*(//'))"
done_testing
