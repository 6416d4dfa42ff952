#!/bin/bash
# includes.sh: does every #include point the way that the design draws?
#
#   contract <- pool-runtime     contract <- probes     base <- model <- views, findings <- commands <- main
#                                                       model <- sources <- commands
. tests/tap.sh
# rule NAME FILES ALLOWED: each include of ours in FILES must match the pattern ALLOWED
rule() {
	local files
	files=$(git ls-files -co --exclude-standard -- $2 | grep -E '\.[ch]$' | grep -vE "${4:-^$}")
	if [ -z "$files" ]; then report "$1" "no files: $2"; return; fi
	report "$1" "$(grep -nE '^#include "' $files /dev/null | grep -vE "#include \"($3)\"")"
}
# only NAME HEADER WHERE: a library's header is included in these files alone
only() {
	report "$1" "$(git grep -nE "^#include <$2" -- 'pool-runtime/*' 'probes/*' 'tui/*' | grep -vE "^($3):")"
}
rule "the contract knows nobody" pool-runtime/contract 'contract/[a-z_]+\.h|[a-z_]+\.h'
report "the contract needs no library" "$(git grep -nE '^#include <' -- pool-runtime/contract | grep -vE '<(stdint|stdbool|stddef)\.h>')"
rule "the runtime knows the contract" 'pool-runtime/*.c pool-runtime/*.h' 'contract/[a-z_]+\.h|poolscope/pool\.h|[a-z_]+\.h' '^pool-runtime/(examples|python)/'
rule "the lessons know the public header" 'pool-runtime/examples/*.c' 'none'
rule "the probes know the contract" probes '[a-z_.]+\.h|pool-runtime/contract/[a-z_]+\.h'
rule "base knows nobody" tui/base 'base/[a-z_]+\.h'
rule "the model knows base" tui/model '(base|model)/[a-z_]+\.h|pool-runtime/contract/[a-z_]+\.h'
rule "findings know the model" tui/findings '(base|model|findings)/[a-z_]+\.h|pool-runtime/contract/[a-z_]+\.h'
rule "views know model and findings" tui/views '(base|model|findings|views)/[a-z_]+\.h|pool-runtime/contract/[a-z_]+\.h'
rule "sources know the model, the reader and the loader" tui/sources \
	'(base|model|sources)/[a-z_]+\.h|pool-runtime/(contract/[a-z_]+|reader|record)\.h|probes/loader\.h'
rule "commands know the inspector" tui/commands \
	'(base|model|sources|findings|views|commands)/[a-z_]+\.h|pool-runtime/(contract/[a-z_]+|reader|examples/examples)\.h|probes/loader\.h'
only "curses is base/term's alone" '(ncurses[a-z/]*|curses|term)\.h' 'tui/base/term[a-z_]*\.c'
only "procps is sources/procps.c's alone" libproc2 'tui/sources/procps\.c'
only "libbpf is the probes' alone" 'bpf/' 'probes/[a-z_.]+'
only "JSON is the commands' alone" json-c 'tui/commands/[a-z_]+\.[ch]'
done_testing
