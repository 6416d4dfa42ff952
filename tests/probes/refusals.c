/* refusals.c: does it work with two capabilities and no root, and say what is missing where it does not? */
#include "watched.h"

#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* Becomes nobody, with these capabilities and no others. */
static void become_nobody(uint64_t capabilities)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++)
		data[i] = (struct __user_cap_data_struct){ .effective = capabilities >> i * 32,
		                                           .permitted = capabilities >> i * 32 };
	if (prctl(PR_SET_KEEPCAPS, 1) || setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534) ||
	    syscall(SYS_capset, &header, data))
		_exit(100);
}

struct outcome {
	int opened;
	struct probe_report report[PROBE_COUNT];
	size_t born, exited, lost;
};

static void try(struct outcome *outcome)
{
	struct watched run = {};

	outcome->opened = probes_open(&run.probes);
	for (enum probe probe = 0; probe < PROBE_COUNT; probe++)
		probes_report(run.probes, probe, &outcome->report[probe]);
	if (!outcome->opened) {
		probes_need(run.probes, ASK_COW, true);
		launch(&run, (const char *[]){ "/bin/sh", "-c", "/bin/true; /bin/true; :", NULL }, 0);
		if (probes_watch(run.probes, run.root) != 1 || write(run.go, "x", 1) != 1)
			_exit(101);
		watch_until_gone(&run, 0);
		outcome->born = facts(&run, EV_PROCESS_FORKED);
		outcome->exited = facts(&run, EV_PROCESS_EXITED);
		outcome->lost = probes_lost(run.probes);
	} else if (probes_watch(run.probes, getpid()) != -ENOTSUP ||
	           probes_need(run.probes, ASK_COW, true) != -ENOTSUP || probes_fd(run.probes) != -1 || probes_drain(run.probes, watch_take, &run) != 0) {
		_exit(102);
	}
	forget(&run);
}

static struct outcome as_nobody_with(uint64_t capabilities)
{
	struct outcome *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct outcome outcome;
	pid_t child = fork();
	int status;

	if (child == 0) {
		become_nobody(capabilities);
		try(shared);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	outcome = *shared;
	munmap(shared, sizeof(*shared));
	return outcome;
}

#define CAPABILITY(number) (1ull << (number))

static void two_capabilities_are_enough(void **state)
{
	struct outcome outcome = as_nobody_with(CAPABILITY(CAP_BPF) | CAPABILITY(CAP_PERFMON));

	(void)state;
	assert_int_equal(outcome.opened, 0);
	assert_int_equal(outcome.report[ASK_SEED].state, PROBE_ON);
	assert_int_equal(outcome.report[ASK_LIFE].state, PROBE_ON);
	assert_int_equal(outcome.born, 2);
	assert_int_equal(outcome.exited, 3);
	assert_int_equal(outcome.lost, 0);
}

static void says(uint64_t capabilities, const char *what)
{
	struct outcome outcome = as_nobody_with(capabilities);

	assert_int_equal(outcome.opened, -EPERM);
	for (enum probe probe = 0; probe < PROBE_COUNT; probe++) {
		assert_int_equal(outcome.report[probe].state, PROBE_OFF);
		assert_ptr_equal(strstr(outcome.report[probe].reason, what), outcome.report[probe].reason);
		assert_non_null(strstr(outcome.report[probe].reason, "setcap cap_bpf,cap_perfmon+ep /"));
	}
}

static void says_what_is_missing(void **state)
{
	(void)state;
	says(0, "needs CAP_BPF and CAP_PERFMON: ");
	says(CAPABILITY(CAP_BPF), "needs CAP_PERFMON: ");
	says(CAPABILITY(CAP_PERFMON), "needs CAP_BPF: ");
}

static void says_that_nobody_asked(void **state)
{
	struct probe_report report;

	(void)state;
	probes_report(NULL, ASK_COW, &report);
	assert_int_equal(report.state, PROBE_OFF);
	assert_string_equal(report.reason, "not asked");
	assert_string_equal(report.name, "cow");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_capabilities_are_enough), cmocka_unit_test(says_what_is_missing),
		cmocka_unit_test(says_that_nobody_asked),
	};

	return skipped() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
