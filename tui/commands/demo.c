/* demo.c: which lessons are there? Runs one under the dashboard, or headless and holds it to what it promised. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/dashboard.h"
#include "commands/line.h"
#include "commands/watch.h"
#include "model/vocabulary.h"
#include "pool-runtime/examples/examples.h"

enum { ANY = -1, NEEDS_NOTHING = 0, NEEDS_COW = 1 };

struct promise {
	enum event event;
	enum event_field field; /* F_NONE: count the events */
	int64_t from, to;       /* to ANY: no upper end */
	const char *words;
};

struct lesson {
	const char *name, *question, *seconds;
	int needs;
	const struct promise *promises;
};

#define PROMISE(EVENT, at_least, at_most, words) { EV_##EVENT, F_NONE, at_least, at_most, words },
#define PROMISE_FIELD(EVENT, FIELD, from, to, words) { EV_##EVENT, F_##FIELD, from, to, words },
#define PROMISES(list) (const struct promise[]){ list { .event = EV_NONE } }
#define LESSON(name, question, seconds, needs, promises) { #name, question, #seconds, NEEDS_##needs, promises },
static const struct lesson lessons[] = { LESSONS(LESSON) };
enum { NR_LESSONS = sizeof(lessons) / sizeof(lessons[0]), PROMISES_MAX = 16 };

static const struct option options[] = {
	{ "headless", no_argument, NULL, 'H' }, { "help", no_argument, NULL, 'h' }, { 0 },
};

/* ---- holding a lesson to its promises ---- */

struct holding {
	const struct lesson *lesson;
	struct watch *watch;
	int64_t kept[PROMISES_MAX];
};

static bool in_range(int64_t value, const struct promise *promise)
{
	return value >= promise->from && (promise->to == ANY || value <= promise->to);
}

static bool is_worth_a_line(const struct fact *fact)
{
	return fact->event != EV_TASK_QUEUED && fact->event != EV_TASK_STARTED && fact->event != EV_TASK_DELIVERED &&
	       fact->event != EV_WORKER_IDLE && fact->event != EV_WORKER_BUSY;
}

static void hold(void *context, const struct fact *fact)
{
	struct holding *holding = context;
	const struct promise *promise = holding->lesson->promises;

	if (fact->flags & FACT_STATE)
		return;
	for (int i = 0; promise[i].event; i++) {
		int64_t value;
		if (promise[i].event != fact->event)
			continue;
		if (promise[i].field == F_NONE)
			holding->kept[i]++;
		else if (fact_get(fact, promise[i].field, &value) && in_range(value, &promise[i]))
			holding->kept[i]++;
	}
	if (is_worth_a_line(fact))
		print_fact(stdout, &holding->watch->session.history.now, holding->watch->session.names, fact);
}

static int judge(const struct holding *holding)
{
	const struct promise *promise = holding->lesson->promises;
	int broken = 0;

	printf("\n");
	for (int i = 0; promise[i].event; i++) {
		bool kept = promise[i].field == F_NONE ? in_range(holding->kept[i], &promise[i]) : holding->kept[i] > 0;
		printf("%s %s", kept ? "seen:    " : "NOT SEEN:", promise[i].words);
		if (promise[i].field == F_NONE)
			printf(" (%lld x %s)", (long long)holding->kept[i], event_entry(promise[i].event)->name);
		printf("\n");
		broken += !kept;
	}
	return broken ? EXIT_FINDING : EXIT_FINE;
}

static int cannot(const struct lesson *lesson, struct watch *watch)
{
	const struct model *model = &watch->session.history.now;
	const struct probe_status *cow = store_find(&model->probes, &(struct probe_key){
		.name = names_id(watch->session.names, "cow") });

	if (lesson->needs != NEEDS_COW || (cow && cow->state == PROBE_ON))
		return EXIT_FINE;
	fprintf(stderr, "poolscope demo: %s cannot be shown here: copy-on-write is told by kernel probes, and they are off: %s\n",
	        lesson->name, cow ? names_text(watch->session.names, cow->reason) : session_kernel_reason(&watch->session));
	return EXIT_CANNOT;
}

static int run_headless(const struct lesson *lesson, struct watch *watch)
{
	struct holding holding = { .lesson = lesson, .watch = watch };
	int status;

	printf("%s: %s\n\n", lesson->name, lesson->question);
	fflush(stdout);
	status = watch_begin(watch, LAUNCH_TO_STDERR, hold, &holding);
	if (status)
		return status;
	status = cannot(lesson, watch); /* then it never began, and leaves nothing behind */
	if (!status && (status = watch_release(watch)))
		return status;
	while (!status && watch_goes_on(watch))
		fflush(stdout);
	launch_end(&watch->launch);
	int own = watch_close(watch);
	if (status || own)
		return status ? status : own;
	if (launch_exit_status(&watch->launch)) {
		command_fails(&command_demo, "%s ended with status %d", lesson->name, launch_exit_status(&watch->launch));
		return EXIT_FINDING;
	}
	return judge(&holding);
}

/* ---- finding and starting one ---- */

/* Beside the program when it stands in its build folder, else where `make install` put them. */
static int program_of(const struct lesson *lesson, char path[PATH_MAX])
{
	static const char *const folders[] = { "examples", "../libexec/poolscope" };
	char self[PATH_MAX - 64];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length < 0)
		return -errno;
	self[length] = '\0';
	*strrchr(self, '/') = '\0';
	for (int i = 0; i < 2; i++) {
		snprintf(path, PATH_MAX, "%s/%s/%s", self, folders[i], lesson->name);
		if (!access(path, X_OK))
			return 0;
	}
	return -ENOENT;
}

static const struct lesson *lesson_by_name(const char *name)
{
	for (int i = 0; i < NR_LESSONS; i++)
		if (!strcmp(lessons[i].name, name))
			return &lessons[i];
	return NULL;
}

static int list_lessons(void)
{
	for (int i = 0; i < NR_LESSONS; i++)
		printf("%-10s %s\n", lessons[i].name, lessons[i].question);
	return EXIT_FINE;
}

static int start(const struct lesson *lesson, bool headless)
{
	static char path[PATH_MAX];
	char *program[] = { path, headless ? (char *)lesson->seconds : NULL, NULL };
	struct watch watch = watch_of(&command_demo, program);

	if (program_of(lesson, path))
		return command_fails(&command_demo, "the lesson's program is not installed: %s", path);
	return headless ? run_headless(lesson, &watch) : dashboard_run(&watch, lesson->question);
}

static int run(int argc, char **argv)
{
	bool headless = !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO);
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			command_help(&command_demo, stdout);
			return EXIT_FINE;
		}
		if (option == '?')
			return EXIT_USAGE;
		headless = true;
	}
	if (optind == argc)
		return list_lessons();
	const struct lesson *lesson = lesson_by_name(argv[optind]);
	if (!lesson)
		return command_fails(&command_demo, "there is no lesson '%s'; poolscope demo lists them", argv[optind]);
	if (optind + 1 < argc)
		return command_fails(&command_demo, "too many arguments: '%s'", argv[optind + 1]);
	return start(lesson, headless);
}

const struct command command_demo = {
	.name = "demo",
	.synopsis = "[NAME] [--headless]",
	.summary = "The lessons: lists them, or runs one.",
	.help = "  --headless   no dashboard: prints what happens and checks it against what the lesson promises\n"
	        "\nOn a terminal a lesson opens the dashboard, with a line of narration. Headless, the exit status is 0 if every\n"
	        "promise was kept, 1 if not, 77 if this kernel or this user cannot show it.\n",
	.run = run,
};
