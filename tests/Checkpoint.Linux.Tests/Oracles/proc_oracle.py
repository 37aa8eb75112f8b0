#!/usr/bin/python3
"""Reads /proc on its own, sharing no code with the program under test, and prints what `ckpt inspect --json` should say.

Usage: proc_oracle.py [--tree] [--no-vmas] PID...    (--tree adds all descendants, found by ppid)
Prints {"processes": {PID: {...}}, "threads": {TID: {...}}, "vmas": {PID: [...]}}, keys as in ckpt.inspect/1.
"""
import json
import os
import pwd
import re
import signal
import sys

LAYOUT = {26: "start_code", 27: "end_code", 28: "start_stack", 45: "start_data", 46: "end_data", 47: "start_brk",
          48: "arg_start", 49: "arg_end", 50: "env_start", 51: "env_end"}
MEMORY = ["VmPeak", "VmSize", "VmLck", "VmPin", "VmHWM", "VmRSS", "RssAnon", "RssFile", "RssShmem", "VmData", "VmStk",
          "VmExe", "VmLib", "VmPTE", "VmSwap"]
COUNTERS = ["min_flt", "cmin_flt", "maj_flt", "cmaj_flt", "utime_ticks", "stime_ticks", "cutime_ticks", "cstime_ticks"]
POLICIES = {0: "other", 1: "fifo", 2: "rr", 3: "batch", 5: "idle", 6: "deadline", 7: "ext"}
STATES = {"R": "running", "S": "sleeping", "D": "disk-sleep", "T": "stopped", "t": "tracing-stop", "X": "dead",
          "Z": "zombie", "P": "parked", "I": "idle"}
NAMESPACES = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"]
DELETED = b" (deleted)"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def attempt(action, *args):
    """The value, or null when /proc has none or refuses it."""
    try:
        return action(*args)
    except OSError:
        return None


def text_of(value):
    """Kernel bytes as ckpt shows them in JSON: a string, or an object when they are not UTF-8."""
    if value is None:
        return None
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return {"bytes": value.hex()}


def strings_of(value):
    if value is None:
        return None
    if value.endswith(b"\0"):
        value = value[:-1]
        return [text_of(part) for part in value.split(b"\0")]
    return [text_of(part) for part in value.split(b"\0")] if value else []


def capability_names():
    names = {}
    for line in open("/usr/include/linux/capability.h", encoding="ascii"):
        match = re.match(r"#define (CAP_[A-Z_0-9]+)\s+([0-9]+)$", line.strip())
        if match:
            names[int(match.group(2))] = match.group(1).lower()
    return names


CAPABILITIES = capability_names()


def capabilities(mask):
    return sorted(CAPABILITIES.get(bit, f"cap_{bit}") for bit in range(64) if mask >> bit & 1)


def signal_name(number):
    return signal.Signals(number).name if number < 32 else f"SIG{number}"


def signals(mask):
    return [signal_name(bit + 1) for bit in range(64) if mask >> bit & 1]


def read_stat(path):
    text = read(path)
    return [None, int(text[:text.index(b"(")]), None] + text[text.rindex(b")") + 2:].decode().split()


def read_status(path):
    pairs = {}
    for line in read(path).decode("latin-1").split("\n"):
        key, colon, value = line.partition(":")
        if colon:
            pairs[key] = value.strip()
    return pairs


def counters(stat):
    return {name: int(stat[10 + i]) for i, name in enumerate(COUNTERS)}


def ids(text):
    return dict(zip(("real", "effective", "saved", "file_system"), map(int, text.split())))


def user_name(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def thread_part(base):
    """What a thread has of its own; the process object shows its leader's."""
    stat, status = read_stat(base + "/stat"), read_status(base + "/status")
    uid = ids(status["Uid"])
    label = attempt(read, base + "/attr/current")
    return {
        "comm": text_of(read(base + "/comm")[:-1]), "state": STATES[stat[3]], "state_letter": stat[3],
        "start_time_ticks": int(stat[22]), "flags": hex(int(stat[9])), "priority": int(stat[18]), "nice": int(stat[19]),
        "policy": POLICIES[int(stat[41])], "rt_priority": int(stat[40]), "processor": int(stat[39]),
        "tracer_pid": int(status["TracerPid"]), "ns_pids": [int(n) for n in status["NSpid"].split()],
        "user": user_name(uid["effective"]),
        "credentials": {
            "uid": uid, "gid": ids(status["Gid"]), "user": user_name(uid["effective"]),
            "groups": [int(n) for n in status["Groups"].split()],
            "cap_inheritable": capabilities(int(status["CapInh"], 16)),
            "cap_permitted": capabilities(int(status["CapPrm"], 16)),
            "cap_effective": capabilities(int(status["CapEff"], 16)),
            "cap_bounding": capabilities(int(status["CapBnd"], 16)),
            "cap_ambient": capabilities(int(status["CapAmb"], 16)),
            "no_new_privs": status["NoNewPrivs"] == "1",
            "seccomp": ("off", "strict", "filter")[int(status["Seccomp"])],
            "seccomp_filters": int(status["Seccomp_filters"]),
            "label": text_of(label.rstrip(b"\n\0")) if label else None,
        },
        "signals": {name: signals(int(status[key], 16)) for name, key in (
            ("pending", "SigPnd"), ("shared_pending", "ShdPnd"), ("blocked", "SigBlk"), ("ignored", "SigIgn"),
            ("caught", "SigCgt"))},
        "counters": counters(stat),
    }


def namespaces(base):
    found = {name: attempt(lambda name=name: os.stat(f"{base}/ns/{name}").st_ino) or 0 for name in NAMESPACES}
    return found if any(found.values()) else None


def executable(base):
    path = attempt(os.readlink, os.fsencode(base + "/exe"))
    if path is None:
        return None, False
    gone = os.stat(base + "/exe").st_nlink == 0
    return path[:-len(DELETED)] if gone else path, gone


def process(pid):
    base = f"/proc/{pid}"
    stat, status = read_stat(base + "/stat"), read_status(base + "/status")
    exe, gone = executable(base)
    exit_signal = int(stat[38])
    has_memory = "VmSize" in status
    return {
        "pid": stat[1], "ppid": int(stat[4]), "pgid": int(stat[5]), "sid": int(stat[6]), "tty_nr": int(stat[7]),
        "tpgid": int(stat[8]), "exit_signal": signal_name(exit_signal) if exit_signal > 0 else None,
        "exit_code": int(stat[52]), "thread_count": int(stat[20]),
        **thread_part(f"{base}/task/{pid}"),
        "cmdline": strings_of(attempt(read, base + "/cmdline")), "environ": strings_of(attempt(read, base + "/environ")),
        "exe": text_of(exe), "exe_deleted": gone,
        "cwd": text_of(attempt(os.readlink, os.fsencode(base + "/cwd"))),
        "root": text_of(attempt(os.readlink, os.fsencode(base + "/root"))),
        "umask": status.get("Umask"), "namespaces": namespaces(base), "process_counters": counters(stat),
        "memory": {re.sub("(?<=[a-z])(?=[A-Z])", "_", key).lower(): 1024 * int(status[key].split()[0]) for key in MEMORY}
        if has_memory else None,
        "layout": {name: hex(int(stat[index])) for index, name in LAYOUT.items()} if has_memory else None,
    }


def threads(pid):
    for tid in os.listdir(f"/proc/{pid}/task"):
        yield tid, {"pid": pid, "tid": int(tid), **thread_part(f"/proc/{pid}/task/{tid}")}


def mapped_name(base, words):
    """The name without the escaping of the text file, from map_files where its links may be read."""
    name = words[5].lstrip(b" ") if len(words) > 5 else b""
    if name.startswith(b"/"):
        start, end = (int(word, 16) for word in words[0].split(b"-"))
        link = attempt(os.readlink, os.fsencode(f"{base}/map_files/{start:x}-{end:x}"))
        return name.replace(b"\\012", b"\n") if link is None else link
    return name


def vmas(pid):
    base, found = f"/proc/{pid}", []
    for line in (attempt(read, base + "/maps") or b"").split(b"\n")[:-1]:
        words = line.split(b" ", 5)
        start, end = (hex(int(word, 16)) for word in words[0].split(b"-"))
        found.append({"start": start, "end": end, "perms": words[1].decode(), "offset": hex(int(words[2], 16)),
                      "dev": words[3].decode(), "inode": int(words[4]), "name": text_of(mapped_name(base, words))})
    return found


def descendants(roots):
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            stat = attempt(read_stat, f"/proc/{name}/stat")
            if stat:
                parents[int(name)] = int(stat[4])
    found = set(roots)
    grown = True
    while grown:
        more = {pid for pid, ppid in parents.items() if ppid in found} - found
        found |= more
        grown = bool(more)
    return sorted(found)


def main(args):
    pids = [int(arg) for arg in args if not arg.startswith("--")]
    if "--tree" in args:
        pids = descendants(pids)
    json.dump({
        "processes": {pid: process(pid) for pid in pids},
        "threads": {tid: thread for pid in pids for tid, thread in threads(pid)},
        "vmas": {} if "--no-vmas" in args else {pid: vmas(pid) for pid in pids},
    }, sys.stdout)


main(sys.argv[1:])
