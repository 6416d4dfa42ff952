/* proc_threads.c: what does /proc alone tell of threads, and of a process that lost its first one? */
#include "tests/proc_look.h"

#include <pthread.h>
#include <stdio.h>

static void *wait_in_a_thread(void *unused)
{
	(void)unused;
	pthread_setname_np(pthread_self(), "still here");
	say(0);
	wait_for_word();
	return NULL;
}

static void end_the_first_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, wait_in_a_thread, NULL);
	pthread_exit(NULL);
}

/* Such a process shows the letter of a zombie, and lives. */
static void a_process_lives_on_in_its_other_threads(void **state)
{
	enum thread_state its = THREAD_NEW;
	char letter = 0, path[32];

	(void)state;
	start(end_the_first_thread);
	hear();
	snprintf(path, sizeof(path), "/proc/%d/stat", child);
	while (letter != 'Z') {
		FILE *file = fopen(path, "r");
		assert_non_null(file);
		assert_int_equal(fscanf(file, "%*d (%*[^)]) %c", &letter), 1);
		fclose(file);
	}
	proc_source_watch(proc, child);
	look();
	its = (enum thread_state)fact_value(told(EV_PROCESS_SEEN, child), F_STATE, THREAD_ZOMBIE);
	assert_int_equal(its, THREAD_WAITING);
	look();
	assert_null(told(EV_PROCESS_EXITED, 0));
	assert_null(told(EV_PROCESS_ZOMBIE, 0));
	give_word();
}

static void thread_with_a_name(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, wait_in_a_thread, NULL);
	pthread_join(thread, NULL);
	prctl(PR_SET_NAME, "renamed");
	say(0);
	wait_for_word();
}

static void threads_and_names_are_told(void **state)
{
	(void)state;
	start(thread_with_a_name);
	hear();
	proc_source_watch(proc, child);
	look();
	const struct fact *thread = told(EV_THREAD_STARTED, child);
	assert_non_null(thread);
	assert_int_not_equal(thread->tid, child);
	assert_string_equal(names_text(names, (uint32_t)fact_value(thread, F_NAME, 0)), "still here");
	uint32_t tid = thread->tid;
	give_word();
	hear();
	look();
	assert_int_equal(told(EV_THREAD_EXITED, child)->tid, tid);
	assert_string_equal(names_text(names, (uint32_t)fact_value(told(EV_THREAD_NAMED, child), F_NAME, 0)), "renamed");
	give_word();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_process_lives_on_in_its_other_threads),
		TEST(threads_and_names_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
