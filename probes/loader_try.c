/* loader_try.c: which probes does this kernel, or this user's lack of rights, refuse, and why? */
#include "inside.h"

#include <bpf/btf.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probes.skel.h"

#define PROBE_WORD_(SYMBOL, name, tells, needed) [ASK_##SYMBOL] = name,
static const char *const words[] = { PROBES(PROBE_WORD_) };

/* libbpf tells why it failed by printing, to one function for the whole process. The first warning names the cause; what
 * follows are consequences. */
static __thread char first_warning[256];

static int keep_warning(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN && !first_warning[0])
		vsnprintf(first_warning, sizeof(first_warning), format, args);
	return 0;
}

/* ---- reasons that can be told before anything is tried ------------------------------------------------------ */

static bool has_capability(const struct __user_cap_data_struct data[2], int capability)
{
	return data[capability / 32].effective & (1u << capability % 32);
}

static bool lacks_rights(char *reason, size_t size)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {};
	char path[96] = "";
	bool bpf, perfmon;

	if (syscall(SYS_capget, &header, data) || has_capability(data, CAP_SYS_ADMIN))
		return false;
	bpf = has_capability(data, CAP_BPF);
	perfmon = has_capability(data, CAP_PERFMON);
	if (bpf && perfmon)
		return false;
	if (readlink("/proc/self/exe", path, sizeof(path) - 1) == sizeof(path) - 1)
		strcpy(path, "\"$(command -v poolscope)\"");
	snprintf(reason, size, "needs %s: run it with sudo, or: sudo setcap cap_bpf,cap_perfmon+ep %s",
	         bpf ? "CAP_PERFMON" : perfmon ? "CAP_BPF" : "CAP_BPF and CAP_PERFMON", path);
	return true;
}

static bool file_has(const char *path, const char *text)
{
	FILE *file = fopen(path, "re");
	char line[128] = "";
	bool has = file && fgets(line, sizeof(line), file) && strstr(line, text);

	if (file)
		fclose(file);
	return has;
}

static bool lacks_kernel(char *reason, size_t size)
{
	if (access("/sys/kernel/btf/vmlinux", R_OK)) {
		snprintf(reason, size, "this kernel does not describe its types (/sys/kernel/btf/vmlinux): "
		         "it must be built with CONFIG_DEBUG_INFO_BTF=y");
		return true;
	}
	if (file_has("/sys/kernel/security/lockdown", "[confidentiality]")) {
		snprintf(reason, size, "kernel lockdown keeps kernel memory from being read: "
		         "boot without lockdown=confidentiality");
		return true;
	}
	return false;
}

/* ---- trying ------------------------------------------------------------------------------------------------- */

enum probe try_probe_of(const struct bpf_program *program)
{
	const char *name = bpf_program__name(program);
	enum probe probe = 0;

	while (probe < PROBE_COUNT && (strncmp(name, words[probe], strlen(words[probe])) != 0 ||
	                               name[strlen(words[probe])] != '_'))
		probe++;
	return probe;
}

/* Loads the programs of the probes in `mask`, and nothing of the others. */
static int load(struct probes *probes, unsigned mask)
{
	struct probes_bpf *skeleton = probes_bpf__open();
	struct bpf_program *program;
	int error;

	if (!skeleton)
		return -errno;
	bpf_object__for_each_program(program, skeleton->obj)
		if (!(mask & 1u << try_probe_of(program)))
			bpf_program__set_autoload(program, false);
	skeleton->rodata->our_pid_namespace = probes->here.pid_namespace;
	skeleton->rodata->our_pid = getpid();
	error = probes_bpf__load(skeleton);
	if (error) {
		probes_bpf__destroy(skeleton);
		return error;
	}
	probes->skeleton = skeleton;
	return 0;
}

/* The tracepoint of a program that this kernel does not have; NULL if it has all of a probe's. */
static const char *lacks_tracepoint(const struct bpf_object *object, const struct btf *kernel, enum probe probe)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object) {
		const char *section = bpf_program__section_name(program);
		char type[80];

		if (try_probe_of(program) != probe || strncmp(section, "tp_btf/", 7) != 0)
			continue;
		snprintf(type, sizeof(type), "btf_trace_%s", section + 7);
		if (btf__find_by_name_kind(kernel, type, BTF_KIND_TYPEDEF) < 0)
			return section + 7;
	}
	return NULL;
}

void try_refuse(struct probes *probes, enum probe probe, int error)
{
	char *reason = probes->reason[probe];
	size_t size = sizeof(probes->reason[probe]);

	probes->state[probe] = PROBE_OFF;
	if (error == -EPERM && !file_has("/proc/self/uid_map", "4294967295"))
		snprintf(reason, size, "the kernel allows probes only outside of user namespaces: "
		         "run it on the host, not in the container");
	else
		snprintf(reason, size, "the kernel refuses it (%s): %.*s", strerror(-error),
		         (int)strcspn(first_warning, "\n"), first_warning);
	first_warning[0] = 0;
}

/* Which of the probes can be loaded alone? Those that cannot are off, each with its own reason. */
static unsigned try_each(struct probes *probes)
{
	struct probes_bpf *names = probes_bpf__open();
	struct btf *kernel = btf__load_vmlinux_btf();
	unsigned mask = 0;

	for (enum probe probe = 0; probe < PROBE_COUNT; probe++) {
		const char *missing = names && kernel ? lacks_tracepoint(names->obj, kernel, probe) : NULL;
		int error = missing ? -ENOENT : load(probes, 1u << probe);

		if (missing)
			snprintf(probes->reason[probe], sizeof(probes->reason[probe]),
			         "this kernel has no tracepoint %s", missing);
		else if (error)
			try_refuse(probes, probe, error);
		else
			mask |= 1u << probe;
		probes_bpf__destroy(probes->skeleton);
		probes->skeleton = NULL;
	}
	btf__free(kernel);
	probes_bpf__destroy(names);
	return mask;
}

/* Every program is loaded, or none: libbpf knows no third way. So all together first, as it mostly works; if it does
 * not, each question alone, and then together those that the kernel answers. */
int try_load(struct probes *probes)
{
	unsigned mask = (1u << PROBE_COUNT) - 1;
	char *reason = probes->reason[0];
	int error;

	libbpf_set_print(keep_warning);
	if (lacks_rights(reason, sizeof(probes->reason[0])) || lacks_kernel(reason, sizeof(probes->reason[0]))) {
		for (enum probe probe = 1; probe < PROBE_COUNT; probe++)
			strcpy(probes->reason[probe], reason);
		return -EPERM;
	}
	error = load(probes, mask);
	if (error) {
		mask = try_each(probes);
		error = mask ? load(probes, mask) : error;
	}
	for (enum probe probe = 0; probe < PROBE_COUNT && !error; probe++)
		if (mask & 1u << probe)
			probes->state[probe] = PROBE_READY;
	return error;
}
