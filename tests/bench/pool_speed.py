"""pool_speed.py: the same questions as pool_speed.c, put to CPython's multiprocessing.Pool."""
import multiprocessing
import time

WORKERS, TASKS, APPLIES, IDLE_APPLIES, STARTS, BIG, BIGS = 2, 40000, 2000, 100, 5, 1 << 20, 50


def same(value):
    return value


def map_speed(pool, name, chunk):
    begin = time.perf_counter()
    assert pool.map(same, range(TASKS), chunk)[-1] == TASKS - 1
    print(name, round(TASKS / (time.perf_counter() - begin)), "tasks/s")


def apply_speed(pool, name, count, idle):
    took = []
    for i in range(count):
        time.sleep(idle)
        begin = time.perf_counter()
        pool.apply(same, (i,))
        took.append((time.perf_counter() - begin) * 1e6)
    took.sort()
    print(f"{name}_p50 {took[count // 2]:.2f} us")
    print(f"{name}_p99 {took[count * 99 // 100]:.2f} us")


def main():
    with multiprocessing.Pool(WORKERS) as pool:
        map_speed(pool, "map_chunk_1", 1)
        map_speed(pool, "map_chunk_default", None)
        apply_speed(pool, "apply", APPLIES, 0)
        apply_speed(pool, "apply_after_5ms_idle", IDLE_APPLIES, 0.005)
        data = bytes(BIG)
        begin = time.perf_counter()
        for _ in range(BIGS):
            pool.apply(same, (data,))
        print(f"payload_1MiB_both_ways {2 * BIGS * BIG / (time.perf_counter() - begin) / 1e9:.3f} GB/s")
    begin = time.perf_counter()
    for _ in range(STARTS):
        pool = multiprocessing.Pool(WORKERS)
        pool.close()
        pool.join()
    print(f"start_and_stop {(time.perf_counter() - begin) / STARTS * 1e6:.0f} us")


if __name__ == "__main__":
    main()
