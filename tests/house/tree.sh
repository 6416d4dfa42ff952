#!/bin/bash
# tree.sh: is the house in order: top level, first lines, lengths, lists, and nothing of anybody's machine in it?
. tests/tap.sh
files() { git ls-files -co --exclude-standard -- "$@"; }
sources=$(files 'pool-runtime/*.[ch]' 'probes/*.[ch]' 'tui/*.[ch]' 'tests/*.[ch]')

report "the top level stays as it is" "$(files | sed 's|/.*||' | sort -u |
	grep -vxE '\.ci|\.gitignore|LICENSE|Makefile|README\.md|pool-runtime|probes|tests|tui')"
report "every source says in its first line which question it answers" "$(for file in $sources; do
	head -n 1 "$file" | grep -qE "^/\* $(basename "$file"): .*" || echo "$file"; done)"
report "no file is longer than 400 lines" "$(wc -l $sources | awk '$2 != "total" && $1 > 400 { print $1, $2 }')"
report "nothing is unfinished" "$(git grep -nIE '\b(TODO|FIXME|XXX|HACK)\b|[f]or now|not [i]mplemented' -- ':!tests/house')"
report "no path of one machine" "$(git grep -nIE '/[w]ork/|/[f]arm/|/[r]oot/|/[h]ome/[a-z]' -- ':!tests/house')"
report "no // comments" "$(grep -nE '^[^"]*[^:"]//' $sources | grep -vE '"[^"]*//[^"]*"|/\*.*//')"

# lists: each file of a room is on its list, each line of the list has its file
on_list() { # what, header, macro, folder, suffix, exceptions
	local listed there
	listed=$(grep -oE "^[[:space:]]+$3\([a-z_]+[,)]" "$2" | sed -E "s/.*\(([a-z_]+).*/\1/" | sort -u)
	there=$(files "$4" | grep -E "^${4%/*}/[a-z_]+$5\$" | sed -E "s|.*/([a-z_]+)$5|\1|" | grep -vxE "$6" | sort -u)
	report "$1" "$(diff <(echo "$listed") <(echo "$there"))"
}
on_list "every lesson is on its list" pool-runtime/examples/examples.h LESSON 'pool-runtime/examples/*' '\.c' none
on_list "every finding is on its list" tui/findings/findings.h FINDING 'tui/findings/*' '\.c' finding
done_testing
