# poolscope: see inside running pools.
#
#   make            the program, the library and the lessons, in build/
#   make demo       installs what is missing, builds, opens the dashboard on a live pool
#   make test       installs what is missing, builds, runs every test   (make test-unit: one folder of them)
#   make bench      how fast, side by side with whom
#   make install    DESTDIR=, PREFIX=/usr/local
#   make clean
#
# V=1 shows the commands; SAN=address or SAN=thread builds with that sanitizer in build/SAN/.

PREFIX ?= /usr/local
VERSION := 0.1.0
SOVERSION := 0
B := build$(if $(SAN),/$(SAN))
Q := $(if $(V),,@)

# ---- what must be on the machine (Debian's names; Ubuntu has bpftool in linux-tools-common) -----------------------
PACKAGES := gcc binutils libc6-dev pkg-config clang llvm bpftool libbpf-dev libelf-dev zlib1g-dev libncurses-dev libproc2-dev libjson-c-dev
TEST_PACKAGES := libcmocka-dev libvterm-dev tmux jq mandoc procps git

# ---- flags -------------------------------------------------------------------------------------------------------
CC := gcc
CFLAGS ?= -O2 -g
, := ,
SANFLAGS := $(if $(SAN),-fno-omit-frame-pointer $(if $(filter address,$(SAN)),-fsanitize=address$(,)undefined \
            -fno-sanitize-recover=undefined,-fsanitize=$(SAN)))
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla -Wno-missing-field-initializers
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -DPOOLSCOPE_VERSION='"$(VERSION)"' $(WARNINGS) -fvisibility=hidden -fPIC -pthread \
             -MMD -MP -I. $(addprefix -I,$(patsubst tests,tui pool-runtime,$(firstword $(subst /, ,$<)))) -I$(B) $(SANFLAGS) $(CFLAGS)
LIBS = -lbpf -lelf -lz -lproc2 -ljson-c -lncursesw -ltinfo -lutil -pthread
TEST_LIBS = -lcmocka -lvterm

# ---- what is built from what -------------------------------------------------------------------------------------
object = $(patsubst %.c,$(B)/obj/%.o,$1)
RUNTIME := $(call object,$(wildcard pool-runtime/*.c))
INSPECTOR := $(call object,$(wildcard probes/[a-z]*.c tui/*/*.c))
INSPECTOR := $(filter-out %.bpf.o,$(INSPECTOR))
BPF := $(patsubst probes/%.bpf.c,$(B)/obj/probes/%.bpf.o,$(wildcard probes/*.bpf.c))
EXAMPLES := $(patsubst pool-runtime/examples/%.c,$(B)/examples/%,$(wildcard pool-runtime/examples/*.c))
PROGRAMS := $(patsubst %.c,$(B)/%,$(wildcard tests/programs/*.c))
tests_in = $(patsubst %.c,$(B)/%,$(wildcard tests/$1/*.c)) $(wildcard tests/$1/*.sh)

all: $(B)/poolscope $(B)/poolscope.1 $(B)/libpoolscope.a $(B)/libpoolscope.so $(EXAMPLES)

$(B)/poolscope: $(B)/obj/tui/main.o $(B)/inspector.a $(B)/runtime.a
	$(Q)$(CC) $(SANFLAGS) -o $@ $^ $(LIBS)
$(B)/poolscope.1: $(B)/manual
	$(Q)$< > $@
$(B)/manual: $(B)/obj/tui/manual.o $(B)/inspector.a $(B)/runtime.a
	$(Q)$(CC) $(SANFLAGS) -o $@ $^ $(LIBS)
$(B)/runtime.a: $(RUNTIME)
	$(Q)rm -f $@ && ar rcs $@ $^
# for users: one object, in which only what the header declares is global
$(B)/libpoolscope.a: $(RUNTIME)
	$(Q)ld -r -o $(B)/libpoolscope.o $^ && objcopy --localize-hidden $(B)/libpoolscope.o
	$(Q)rm -f $@ && ar rcs $@ $(B)/libpoolscope.o
$(B)/inspector.a: $(INSPECTOR)
	$(Q)rm -f $@ && ar rcs $@ $^
$(B)/libpoolscope.so: $(RUNTIME)
	$(Q)$(CC) $(SANFLAGS) -shared -Wl,-soname,libpoolscope.so.$(SOVERSION) -o $@ $^ -pthread
	$(Q)ln -sf libpoolscope.so $(B)/libpoolscope.so.$(SOVERSION)
$(B)/examples/%: $(B)/obj/pool-runtime/examples/%.o $(B)/libpoolscope.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(SANFLAGS) -o $@ $^ -pthread
$(B)/tests/%: $(B)/obj/tests/%.o $(B)/inspector.a $(B)/runtime.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(SANFLAGS) -o $@ $^ $(LIBS) $(TEST_LIBS)
$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC   $<")
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# The kernel's side: each program compiled alone, joined, and turned into a header that holds it.
BPF_ARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(shell uname -m)))
$(B)/obj/probes/%.bpf.o: probes/%.bpf.c
	@mkdir -p $(@D)
	$(if $(V),,@echo "  BPF  $<")
	$(Q)clang -target bpf -mcpu=v3 -O2 -g -Wall -D__TARGET_ARCH_$(BPF_ARCH) -I. -Iprobes -MMD -MP \
	  -idirafter /usr/include/$(shell $(CC) -print-multiarch) -c -o $@ $<
$(B)/probes.skel.h: $(BPF)
	$(Q)bpftool gen object $(B)/obj/probes/probes.bpf.linked.o $^
	$(Q)bpftool gen skeleton $(B)/obj/probes/probes.bpf.linked.o name probes_bpf > $@.tmp && mv $@.tmp $@
$(call object,$(wildcard probes/loader*.c)): $(B)/probes.skel.h

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

# ---- set-up ------------------------------------------------------------------------------------------------------
setup:
	@tests/setup $(PACKAGES)
setup-test:
	@tests/setup $(PACKAGES) $(TEST_PACKAGES)

demo: setup
	@$(MAKE) --no-print-directory all
	@$(B)/poolscope demo pool

# ---- tests: every folder answers one question; tests/run counts --------------------------------------------------
SUITES := house unit screens races probes scenarios chaos fuzz
test: setup-test
	@rm -f build/results
	@KEEP_GOING=1 $(MAKE) --no-print-directory $(SUITES:%=test-%)
	@KEEP_GOING=1 $(MAKE) --no-print-directory SAN=address test-unit test-races test-screens test-fuzz test-scenarios
	@KEEP_GOING=1 $(MAKE) --no-print-directory SAN=thread test-races
	@tests/run --total build/results
programs: all $(PROGRAMS)
define suite
test-$1: programs $$(call tests_in,$1)
	@B=$$(B) SAN=$$(SAN) tests/run build/results $1 $$(call tests_in,$1)
endef
$(foreach s,$(SUITES),$(eval $(call suite,$s)))

bench: all $(call tests_in,bench)
	@B=$(B) tests/bench/bench

# ---- install -----------------------------------------------------------------------------------------------------
install: all
	install -D $(B)/poolscope $(DESTDIR)$(PREFIX)/bin/poolscope
	install -d $(DESTDIR)$(PREFIX)/libexec/poolscope $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/share/man/man1
	install $(EXAMPLES) $(DESTDIR)$(PREFIX)/libexec/poolscope
	install -D -m 644 pool-runtime/poolscope/pool.h $(DESTDIR)$(PREFIX)/include/poolscope/pool.h
	install -m 644 $(B)/libpoolscope.a $(DESTDIR)$(PREFIX)/lib
	install -m 755 $(B)/libpoolscope.so $(DESTDIR)$(PREFIX)/lib/libpoolscope.so.$(VERSION)
	ln -sf libpoolscope.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libpoolscope.so.$(SOVERSION)
	ln -sf libpoolscope.so.$(SOVERSION) $(DESTDIR)$(PREFIX)/lib/libpoolscope.so
	install -m 644 $(B)/poolscope.1 $(DESTDIR)$(PREFIX)/share/man/man1

clean:
	rm -rf build

.PHONY: all setup setup-test demo test programs bench install clean $(SUITES:%=test-%)
.SECONDARY:
.DELETE_ON_ERROR:
