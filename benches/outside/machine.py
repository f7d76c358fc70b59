"""What a process takes of the machine, by /proc: time, wake-ups, memory, threads, files, sockets. Elsewhere nothing is known.

Not what it writes: that is `terminal.py`.
"""
import os
import re
import time

MIB = 1024 * 1024


def is_known():
    return os.path.exists("/proc/self/schedstat")


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def tree(root):
    """The process and all that it started."""
    found, children = [], {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (stat := read(f"/proc/{name}/stat")):
            children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(name))
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def time_of(pid):
    """Nanoseconds on a processor, and nanoseconds in which it wanted one and waited."""
    ran = waited = 0
    for process in tree(pid):
        try:
            tasks = os.listdir(f"/proc/{process}/task")
        except OSError:
            continue
        for task in tasks:
            if parts := read(f"/proc/{process}/task/{task}/schedstat").split():
                ran, waited = ran + int(parts[0]), waited + int(parts[1])
    return ran, waited


def spent_by(pid):
    """Nanoseconds of a processor that one process took, with those of its threads that have ended; none once it has."""
    try:
        # The clock of another process, as clock_getcpuclockid(3) makes its name.
        return time.clock_gettime_ns(~pid << 3 | 2)
    except OSError:
        return None


def wakes_of(pid):
    """How often its threads went to sleep of their own will: as often they were woken."""
    count = 0
    for process in tree(pid):
        try:
            tasks = os.listdir(f"/proc/{process}/task")
        except OSError:
            continue
        for task in tasks:
            if found := re.search(r"^voluntary_ctxt_switches:\s+(\d+)", read(f"/proc/{process}/task/{task}/status"), re.M):
                count += int(found[1])
    return count


def memory_of(pid):
    """Bytes: what is resident, of that what no file backs, and the most that ever was resident."""
    sums = [0, 0, 0]
    for process in tree(pid):
        status = read(f"/proc/{process}/status")
        for at, name in enumerate(("VmRSS", "RssAnon", "VmHWM")):
            if found := re.search(rf"^{name}:\s+(\d+)", status, re.M):
                sums[at] += int(found[1]) * 1024
    return tuple(sums)


def holdings_of(pid):
    """Threads, open files, and the sockets among them."""
    threads = int((re.search(r"^Threads:\s+(\d+)", read(f"/proc/{pid}/status"), re.M) or [0, 0])[1])
    sockets = files = 0
    try:
        names = os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return threads, 0, 0
    for name in names:
        try:
            sockets += os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:")
            files += 1
        except OSError:
            pass
    return threads, files, sockets


def go_ahead():
    """Runs this and what it starts before ordinary work, where that is allowed: a busy machine then tells less of itself."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(2))
        return True
    except (AttributeError, OSError):
        return False
