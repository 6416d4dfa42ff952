/* examples.h: which lessons are there, and what does each promise to show?
 *
 * LESSON(name, question, seconds, needs, promises): the program `name` is run with `seconds` as its argument when nobody
 * looks (--headless); with a dashboard it gets none and takes its time. needs: NOTHING, or COW where only the kernel's
 * probes can see it.
 *
 * PROMISE(EVENT, at_least, at_most, words): so many of these facts. PROMISE_FIELD(EVENT, FIELD, from, to, words): one
 * such fact has this field in this range. */
#ifndef EXAMPLES_H
#define EXAMPLES_H

#define LESSONS(LESSON) \
	LESSON(pool, "What does a busy pool look like: bursts, a slow task, a killed worker?", 6, NOTHING, PROMISES( \
		PROMISE(WORKER_STARTING, 5, ANY, "four workers start, and one takes the place of the killed one") \
		PROMISE(TASK_FINISHED, 60, ANY, "a burst of tasks is finished") \
		PROMISE(WORKER_DIED, 1, 1, "one worker is killed in the middle of a task") \
		PROMISE(TASK_LOST, 1, 1, "its task is lost with it, and no other") \
		PROMISE(WORKER_REPLACED, 1, 1, "the worker handler replaces it") \
		PROMISE(POOL_JOINED, 1, 1, "the pool ends in good order"))) \
	LESSON(helpers, "Who are the threads of a pool?", 2, NOTHING, PROMISES( \
		PROMISE_FIELD(HELPER_STARTED, ROLE, ROLE_WORKER_HANDLER, ROLE_WORKER_HANDLER, "a worker handler") \
		PROMISE_FIELD(HELPER_STARTED, ROLE, ROLE_TASK_HANDLER, ROLE_TASK_HANDLER, "a task handler") \
		PROMISE_FIELD(HELPER_STARTED, ROLE, ROLE_RESULT_HANDLER, ROLE_RESULT_HANDLER, "a result handler") \
		PROMISE(HELPER_STARTED, 3, 3, "and no other helper") \
		PROMISE(TASK_FINISHED, 10, 10, "ten items drain") \
		PROMISE(HELPER_EXITED, 3, 3, "the helpers end with the pool"))) \
	LESSON(zombie, "What is a zombie, and who ends it?", 2, NOTHING, PROMISES( \
		PROMISE(PROCESS_FORKED, 1, 1, "one child is born") \
		PROMISE(PROCESS_ZOMBIE, 1, 2, "it dies and becomes a zombie") \
		PROMISE_FIELD(PROCESS_REAPED, ZOMBIE_NS, 1000000000, ANY, "its parent reaps it only seconds later"))) \
	LESSON(orphan, "What becomes of a child whose parent dies?", 2, NOTHING, PROMISES( \
		PROMISE(PROCESS_FORKED, 2, 2, "a parent and its child are born") \
		PROMISE(PROCESS_ORPHANED, 1, 1, "the parent dies first: the child gets another parent") \
		PROMISE(PROCESS_EXITED, 2, 3, "both end"))) \
	LESSON(cow, "What does fork copy, and when?", 2, COW, PROMISES( \
		PROMISE_FIELD(PROCESS_EXITED, COW_COPIES, 64, 128, "the child's 64 writes make 64 copies, and a few of its own") \
		PROMISE_FIELD(PROCESS_EXITED, COW_REUSES, 64, 256, "the parent's 64 writes then find nobody sharing: no copy") \
		PROMISE(MEMORY_COW_COPIED, 1, ANY, "addresses of copied pages are seen")))

#endif
