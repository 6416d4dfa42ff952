/* pool.h: how does a program give work to a pool of processes, and get the results back?
 *
 *	static int square(const void *argument, size_t size, struct pool_output *output)
 *	{
 *		long n = *(const long *)argument;
 *
 *		n *= n;
 *		return pool_output_write(output, &n, sizeof(n));
 *	}
 *
 *	struct pool *pool;
 *	struct pool_result *result;
 *
 *	pool_create(&(struct pool_options){ .name = "io", .workers = 4 }, &pool);
 *	pool_apply(pool, square, &(long){ 7 }, sizeof(long), &result);
 *	printf("%ld\n", *(const long *)pool_result_value(result, 0).data);
 *	pool_result_release(result);
 *	pool_destroy(pool);
 *
 * The roles and words are those of CPython's multiprocessing.Pool:
 *
 *	caller -> backlog -> [task handler] -> tasks -> workers -> results -> [result handler] -> results, callbacks
 *	                             [worker handler]: forks, watches and replaces the workers
 *
 * A worker is a process, forked from this one; it runs one task at a time. A task is a function and the bytes of its
 * argument (of a map: of some items, its chunk); its result is bytes too, of any size. A worker that dies takes only
 * the task that it was running with it: that task fails with an error that names the cause (or is tried again, if
 * `retries` allows), and another worker takes the place.
 *
 * Errors: what can fail returns 0 or a negative errno. Those that belong to no single function:
 *   -EINVAL           an argument makes no sense; or the pool belongs to another process: a process forked from its
 *                     owner (a worker too) cannot use it, and harms nothing by trying or by exiting
 *   -ESHUTDOWN        the pool was closed or terminated and takes no more work
 *   -ENOTRECOVERABLE  the pool is broken (pool_broken_reason() says why)
 *   -ENOMEM           no memory
 *
 * Threads: every function may be called by any thread of the process that created the pool, unless it says otherwise;
 * none is async-signal-safe. SIGCHLD stays the program's: it may ignore it or reap our workers; then only the cause of
 * a death is unknown. The library changes no signal handler, prints nothing and never exits the program. */
#ifndef POOLSCOPE_POOL_H
#define POOLSCOPE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define POOL_API __attribute__((visibility("default")))

struct pool;
struct pool_result; /* of one call: apply, map ...: one value an item */
struct pool_output; /* where a task's function writes its value */

/* Bytes that somebody else owns. An empty value has size 0 and data that may be NULL. */
struct pool_bytes {
	const void *data;
	size_t size;
};

/* ---- tasks: what runs in a worker -------------------------------------------------------------------------------- */

/* A task's function. `argument` is aligned for every type up to its size (16 at most), is gone once the function
 * returns, and must not be written to. Returns 0, or anything else if it failed (pool_fail() gives the words).
 * It may block, crash, exit or be killed. What it prints through stdout is flushed before its result is handed over. */
typedef int pool_function(const void *argument, size_t size, struct pool_output *output);

/* Appends to the value. 0, or -ENOMEM: then the task fails with that, whatever its function returns. */
POOL_API int pool_output_write(struct pool_output *output, const void *data, size_t size);

/* Appends `size` bytes for the function to fill, and gives where they are: valid until the next call for the same
 * output. Large values are built in place so, without a copy. NULL: no memory; then the task fails with that. */
POOL_API void *pool_output_reserve(struct pool_output *output, size_t size);

/* Fails the task: its value is dropped, its error has this text (cut at 4095 bytes). Returns -EREMOTEIO, so that
 * `return pool_fail(output, "cannot read %s", name)` ends a function. Only the first text of a task counts. */
POOL_API int pool_fail(struct pool_output *output, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Where am I? In a worker its place in the pool, from 0, the pool's whole name, and the number of the task that it
 * runs, from 1 (0 in the initializer). Elsewhere -1, NULL and 0. From any thread of the worker. */
POOL_API int pool_worker_slot(void);
POOL_API const char *pool_worker_pool_name(void);
POOL_API uint64_t pool_worker_task(void);

/* ---- a pool's life: open -> closing or terminating -> joined ------------------------------------------------------ */

enum pool_of { POOL_OF_PROCESSES, POOL_OF_THREADS };

/* How workers come to life. The default is fork. */
enum pool_by { POOL_BY_DEFAULT, POOL_BY_FORK, POOL_BY_SPAWN, POOL_BY_FORKSERVER };

/* Runs once in each new worker before its first task. Returns 0; anything else fails that worker's start. Workers that
 * fail or die in it POOL_MAX_FAILED_STARTS times in a row break the pool. */
typedef int pool_initializer(void *argument);

enum { POOL_MAX_WORKERS = 16384, POOL_MAX_FAILED_STARTS = 5, POOL_MAX_RETRIES = 250 };

/* Everything left 0 has its default. */
struct pool_options {
	const char *name;               /* copied; default: the program's. OS thread names show its first 7 bytes */
	enum pool_of of;                /* default: processes */
	enum pool_by start_method;
	unsigned workers;               /* default: the processors that this process may use; POOL_MAX_WORKERS at most */
	pool_initializer *initializer;
	void *initializer_argument;     /* handed over as it is */
	uint64_t max_tasks_per_worker;  /* a worker that has run so many (chunks count as one) is replaced; default: never */
	unsigned retries;               /* how often a task whose worker died is tried again; POOL_MAX_RETRIES at most */
};

/* Makes a pool and returns once all workers are forked; their initializers may still run. options NULL: all defaults.
 * In a worker: SIGINT is ignored (Ctrl-C is for the program to handle; if that dies, its workers die with it); handlers
 * that the program installed are reset, but for those of faults (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT,
 * SIGSYS); ignored signals stay ignored; the signal mask is that of the thread that calls this. Descriptors stay open.
 * Memory is a copy, as ever after a fork: start pools before threads that hold locks which tasks need.
 * -ENOTSUP: that start method or kind; else what the kernel refused (-EAGAIN, -EMFILE, -ENOMEM ...): nothing is left. */
POOL_API int pool_create(const struct pool_options *options, struct pool **pool);

/* Takes no more work; what was taken is finished, then the workers leave. Does not wait. 0 also if it is closed already;
 * of a terminated or broken pool nothing changes. */
POOL_API int pool_close(struct pool *pool);

/* Stops without finishing: workers get SIGTERM and, those that are still there 100 ms later, SIGKILL; tasks not yet done
 * are cancelled, and whoever waits for them gets -ECANCELED. Does not wait. 0 also if it is over already. */
POOL_API int pool_terminate(struct pool *pool);

/* Waits until all workers and helper threads of a closed, terminated or broken pool are gone and all callbacks have
 * run. -EBUSY: it is still open. -EDEADLK: called by one of its callbacks. 0 also if it was joined before. */
POOL_API int pool_join(struct pool *pool);

/* Terminates (if it is still open or closing), joins, frees. NULL is fine. In a forked child it only gives back memory.
 * Results that were not released stay valid. No other thread may use the pool any more. -EDEADLK: called by one of its
 * callbacks; nothing was done. A pool that is still there when the program calls exit() is terminated. */
POOL_API int pool_destroy(struct pool *pool);

/* Questions, at any time. The name whole; how many workers it keeps; the pid in a slot, 0 if nobody is there now; NULL
 * or why it is broken; NULL or why no segment shows it to others (it works all the same). Texts live as the pool. */
POOL_API const char *pool_name(const struct pool *pool);
POOL_API unsigned pool_workers(const struct pool *pool);
POOL_API pid_t pool_worker_pid(struct pool *pool, unsigned slot);
POOL_API const char *pool_broken_reason(struct pool *pool);
POOL_API const char *pool_unobserved_reason(const struct pool *pool);

/* ---- work --------------------------------------------------------------------------------------------------------
 * The macros below the declarations add the function's name, by which errors and the inspector know it. `name` is kept,
 * not copied: a string literal. Who calls owns what it hands over; async calls copy it before they return. */

/* Called by the result handler once a call's result is complete, before the result is ready for anyone else (as in
 * CPython): `done` if every item succeeded, else `failed`; either may be NULL. They may use the pool (but not join or
 * destroy it) and the result, and need not release it. While one runs no other does. */
struct pool_callbacks {
	void (*done)(struct pool_result *result, void *context);
	void (*failed)(struct pool_result *result, void *context);
	void *context;
};

/* One task. Waits for it. Returns what pool_result_get() would; *result is set whenever the task was taken, also if it
 * failed (its error is there), and must be released; else *result is NULL. `result` may be NULL. */
POOL_API int pool_apply_named(struct pool *pool, pool_function *function, const char *name, const void *argument,
                              size_t size, struct pool_result **result);

/* The same, without waiting. callbacks NULL: none. result NULL: nobody will ask. */
POOL_API int pool_apply_async_named(struct pool *pool, pool_function *function, const char *name, const void *argument,
                                    size_t size, const struct pool_callbacks *callbacks, struct pool_result **result);

/* One call of the function for each of the items, `chunk` of them a task, values in the order of the items. chunk 0:
 * CPython's rule, pool_default_chunk(). An item that fails ends its chunk and fails the whole result; the other chunks
 * run. No items: an empty result, at once. Waits, and returns, as pool_apply() does. */
POOL_API int pool_map_named(struct pool *pool, pool_function *function, const char *name,
                            const struct pool_bytes *items, size_t nr_items, size_t chunk,
                            struct pool_result **result);
POOL_API int pool_map_async_named(struct pool *pool, pool_function *function, const char *name,
                                  const struct pool_bytes *items, size_t nr_items, size_t chunk,
                                  const struct pool_callbacks *callbacks, struct pool_result **result);

/* The same for an array of nr_items items of item_size bytes each. */
POOL_API int pool_map_array_named(struct pool *pool, pool_function *function, const char *name, const void *array,
                                  size_t item_size, size_t nr_items, size_t chunk, struct pool_result **result);
POOL_API int pool_map_array_async_named(struct pool *pool, pool_function *function, const char *name,
                                        const void *array, size_t item_size, size_t nr_items, size_t chunk,
                                        const struct pool_callbacks *callbacks, struct pool_result **result);

#define pool_apply(pool, function, ...) pool_apply_named(pool, function, #function, __VA_ARGS__)
#define pool_apply_async(pool, function, ...) pool_apply_async_named(pool, function, #function, __VA_ARGS__)
#define pool_map(pool, function, ...) pool_map_named(pool, function, #function, __VA_ARGS__)
#define pool_map_async(pool, function, ...) pool_map_async_named(pool, function, #function, __VA_ARGS__)
#define pool_map_array(pool, function, ...) pool_map_array_named(pool, function, #function, __VA_ARGS__)
#define pool_map_array_async(pool, function, ...) pool_map_array_async_named(pool, function, #function, __VA_ARGS__)

/* Items a task, so that each worker gets about four: nr_items / (4 * workers), rounded up; 0 for no items. */
POOL_API size_t pool_default_chunk(size_t nr_items, unsigned workers);

/* ---- results ------------------------------------------------------------------------------------------------------ */

enum { POOL_FOREVER = -1 };

/* Waits up to timeout_ms milliseconds (POOL_FOREVER: as long as it takes; 0: only looks) until the result is complete.
 * 0 or -ETIMEDOUT; the tasks go on. */
POOL_API int pool_result_wait(struct pool_result *result, int timeout_ms);

/* Waits so, and tells how it ended:
 *   0                 every item has its value
 *   -ETIMEDOUT        not yet
 *   -EREMOTEIO        a function failed: its text is in the error
 *   -EOWNERDEAD       a worker died while it ran one of the tasks
 *   -ECANCELED        the pool was terminated before
 *   -ENOTRECOVERABLE  the pool broke before
 *   -ENOMEM           no memory for an argument or a value */
POOL_API int pool_result_get(struct pool_result *result, int timeout_ms);

/* Is it complete? Did every item succeed (false while it is not complete)? Neither waits. */
POOL_API bool pool_result_ready(const struct pool_result *result);
POOL_API bool pool_result_successful(const struct pool_result *result);

/* How many items; how many tasks, and how many of these have ended by now. */
POOL_API size_t pool_result_count(const struct pool_result *result);
POOL_API size_t pool_result_tasks(const struct pool_result *result);
POOL_API size_t pool_result_tasks_done(const struct pool_result *result);

/* The value of an item of a complete result: the library's memory, aligned as an argument is, valid until the result is
 * released. Empty if there is none: not complete, an item that failed or was never run, or no such item. */
POOL_API struct pool_bytes pool_result_value(const struct pool_result *result, size_t item);

/* Why a complete result is not successful: of its first failed task. */
struct pool_error {
	int code;         /* what pool_result_get() returns: -EREMOTEIO, -EOWNERDEAD ... */
	const char *text; /* "worker 1234 died of SIGKILL while running square", or the words of pool_fail() */
	size_t item;      /* the item, where one can be named, else the first of its chunk */
	uint64_t task;    /* the task's number in its pool, from 1 */
	int slot;         /* the worker's, -1 if it had none */
	pid_t pid;        /* the worker's, 0 if it had none */
	int signal;       /* that ended the worker, else 0 */
	int exit_code;    /* with which the worker exited, else -1 */
	int returned;     /* by the function, else 0 */
};

/* NULL while it is not complete, and if it is successful. Lives as long as the result. */
POOL_API const struct pool_error *pool_result_error(const struct pool_result *result);

/* Gives it back; the tasks, if any are left, go on without it. NULL is fine. */
POOL_API void pool_result_release(struct pool_result *result);

/* ---- words for people --------------------------------------------------------------------------------------------- */

/* Tells whoever watches something in the program's own words (cut at 119 bytes): in a worker through its pool, else
 * through the pool that this process opened last, else through a publisher of its own that is opened at the first call.
 * Never waits, but for that opening. Without an observer it does nothing. */
POOL_API void poolscope_note(const char *text);

/* A publisher for a program without a pool, under this name (NULL: the program's). Not needed for notes: it only chooses
 * the name and the moment. 0 also if it is open already; else why it cannot be watched: -ECANCELED (POOLSCOPE=off) or
 * what the system refused. close may be left to exit(). */
POOL_API int poolscope_open(const char *name);
POOL_API void poolscope_close(void);

#ifdef __cplusplus
}
#endif

#endif
