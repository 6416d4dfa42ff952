"""dashboard.py: what does looking cost? Percent of one processor of poolscope, top and htop in turn, each looking for
SECONDS at the same PROCESSES processes (a tree of sleepers), on a terminal of 200x50; and bytes sent to the terminal.
Prints "name median_percent bytes_a_second"."""
import fcntl
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import sys
import termios
import time

PROCESSES, SECONDS, ROUNDS = 2000, 8, 3


def sleepers():
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        for _ in range(PROCESSES - 1):
            if os.fork() == 0:
                signal.pause()
        signal.pause()
    time.sleep(2)
    return pid


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def drain(terminal, seconds):
    count, end = 0, time.time() + seconds
    while time.time() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            count += len(os.read(terminal, 65536))
    return count


def look(command):
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8")
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
    drain(terminal, 3)  # starting is another question
    before = cpu_seconds(pid)
    sent = drain(terminal, SECONDS)
    percent = 100 * (cpu_seconds(pid) - before) / SECONDS
    os.kill(pid, signal.SIGTERM)
    os.close(terminal)
    os.waitpid(pid, 0)
    return percent, sent / SECONDS


def main():
    root = sleepers()
    peers = {"poolscope": [sys.argv[1], str(root)], "top": ["top", "-d", "1"], "htop": ["htop", "-d", "10"]}
    try:
        results = {name: [] for name, command in peers.items() if shutil.which(command[0])}
        for _ in range(ROUNDS):
            for name in results:
                results[name].append(look(peers[name]))
        for name, rows in results.items():
            print(name, f"{statistics.median(r[0] for r in rows):.2f}", f"{statistics.median(r[1] for r in rows):.0f}")
    finally:
        os.killpg(root, signal.SIGKILL)


if __name__ == "__main__":
    main()
