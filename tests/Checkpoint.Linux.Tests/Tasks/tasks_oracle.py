"""Holds `ckpt tasks` against /proc, read by nothing but Python's standard library.

tasks_oracle.py STRATEGY PID FLAGS -- CKPT...

Reads /proc, runs the program with the strategy, the pid (0: none) and the flags (comma separated), as JSON lines and
as columns, and reads /proc again. Prints a count, then one line for each difference; what moved between the two readings
is not compared, tasks that came or went neither. The program under test maps files that others map too: what of a
file's pages is private, and the share of them, may move while it runs, within bounds. Of all tasks some always do something: there, states and the names of
the kernel's threads are not compared either.
"""
import json
import os
import re
import subprocess
import sys

STATES = {"R": "running", "S": "sleeping", "D": "disk-sleep", "T": "stopped", "t": "tracing-stop", "X": "dead",
          "Z": "zombie", "P": "parked", "I": "idle"}
CAPS = """chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service
net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin
sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override
mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore""".split()
WIRE_FLAGS = "rd wr ex sh mr mw me ms gd pf dw mp lo io sr rr dc de ac nr ht ar dd sd mm hg nh mg wf lf um uw ui dp sl gu ss sf".split()
SMAPS = {"Rss": "rss", "Pss": "pss", "Shared_Clean": "shared_clean", "Shared_Dirty": "shared_dirty",
         "Private_Clean": "private_clean", "Private_Dirty": "private_dirty", "Referenced": "referenced",
         "Anonymous": "anonymous", "AnonHugePages": "anon_huge_pages", "Swap": "swap", "Locked": "locked",
         "ShmemPmdMapped": "shmem_pmd_mapped", "FilePmdMapped": "file_pmd_mapped", "Shared_Hugetlb": "shared_hugetlb",
         "Private_Hugetlb": "private_hugetlb", "SwapPss": "swap_pss"}
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
GONE = (FileNotFoundError, ProcessLookupError, NotADirectoryError)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def numbers(folder):
    return sorted(int(name) for name in os.listdir(folder) if name.isdigit())


def status(folder):
    lines = read(folder + "/status").decode("utf-8", "surrogateescape").splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def fields(folder):
    text = read(folder + "/stat")
    close = text.rindex(b")")
    return text[text.index(b"(") + 1:close], text[close + 2:].split()


def hidden(pid):
    try:
        os.readlink(f"/proc/{pid}/ns/user")
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def text_of(raw):
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return {"bytes": raw.hex()}


def caps(value):
    return sorted("cap_" + name for bit, name in enumerate(CAPS) if int(value, 16) >> bit & 1)


def ids(value):
    return dict(zip(("real", "effective", "saved", "file_system"), map(int, value.split())))


def maps(folder, with_smaps):
    vmas = []
    for line in read(folder + ("/smaps" if with_smaps else "/maps")).split(b"\n"):
        words = line.split()
        if not words:
            continue
        if not words[0].endswith(b":"):
            start, end = words[0].split(b"-")
            name = line.split(None, 5)[5] if len(words) > 5 else b""
            vmas.append({"start": hex(int(start, 16)), "end": hex(int(end, 16)), "perms": words[1].decode(),
                         "offset": hex(int(words[2], 16)), "dev": words[3].decode(), "inode": int(words[4]),
                         "name": text_of(name.replace(b"\\012", b"\n"))})
        elif words[0] == b"VmFlags:":
            told = [word.decode() for word in words[1:]]
            vmas[-1]["flags"] = [f for f in WIRE_FLAGS if f in told or f == "sh" and vmas[-1]["perms"][3] == "s"]
        elif words[0][:-1].decode() in SMAPS:
            vmas[-1][SMAPS[words[0][:-1].decode()]] = int(words[1]) * 1024
    return vmas


def task(tid, tgid, own, shared, whole, flags):
    """What /proc says of one task: what is its own below one folder, what the threads share below another."""
    comm, stat = fields(own)
    letter = stat[0].decode()
    values = status(own)
    said = {"pid": tid, "tgid": tgid, "ppid": int(stat[1]), "pgid": int(stat[2]), "sid": int(stat[3]),
            "state": STATES[letter], "state_letter": letter, "comm": text_of(comm[:15])}
    if "cred" in flags:
        said["cred"] = {"uid": ids(values["Uid"]), "gid": ids(values["Gid"]),
                        "cap_inheritable": caps(values["CapInh"]), "cap_permitted": caps(values["CapPrm"]),
                        "cap_effective": caps(values["CapEff"]), "cap_bounding": caps(values["CapBnd"])}
    if "stat" in flags:
        said["thread_count"] = int(stat[17])
        said["counters"] = dict(zip(("min_flt", "cmin_flt", "maj_flt", "cmaj_flt", "utime_ticks", "stime_ticks",
                                     "cutime_ticks", "cstime_ticks"), map(int, stat[7:15])))
    sizes = status(shared)
    has_memory = whole and "VmSize" in sizes
    if "statm" in flags:
        pages = lambda key: int(sizes.get(key, "0 kB").split()[0]) // PAGE_KB
        said["statm"] = None if not has_memory else {
            "anon": pages("RssAnon"), "file": pages("RssFile"), "shmem": pages("RssShmem"), "total_vm": pages("VmSize"),
            "total_rss": pages("VmRSS"), "hiwater_vm": pages("VmPeak"), "hiwater_rss": pages("VmHWM"),
            "text": pages("VmExe"), "lib": pages("VmLib"), "swap": pages("VmSwap"),
            "ptes_bytes": int(sizes["VmPTE"].split()[0]) * 1024, "locked_vm": pages("VmLck"),
            "pinned_vm": pages("VmPin"), "data_vm": pages("VmData"), "stack_vm": pages("VmStk")}
    said["tracer_pid"] = int(values["TracerPid"]) if "cred" in flags or "statm" in flags and has_memory else None
    if "cmdline" in flags:
        raw = read(shared + "/cmdline") if whole else b""
        said["cmdline"] = [text_of(part) for part in raw.removesuffix(b"\0").split(b"\0")] if raw else None
    if "maps" in flags or "smaps" in flags:
        said["vmas"] = maps(shared, "smaps" in flags) if has_memory else None
    return said


def living(tgid):
    """The folder for what the threads share: a zombie leader shows none of it, another thread does."""
    leader = f"/proc/{tgid}"
    if fields(leader)[1][0] != b"Z":
        return leader
    for tid in numbers(leader + "/task"):
        folder = f"{leader}/task/{tid}"
        if tid != tgid and fields(folder)[1][0] not in (b"Z", b"X"):
            return folder
    return leader


def tasks(strategy, pid, flags):
    found = {}

    def add(tid, tgid, per_thread):
        try:
            own = f"/proc/{tgid}/task/{tid}" if per_thread else f"/proc/{tid}"
            shared = living(tgid) if per_thread else own
            found[tid] = task(tid, tgid, own, shared, not per_thread or tid == tgid, flags)
        except GONE:
            pass

    if strategy == "one":
        add(pid, int(status(f"/proc/{pid}")["Tgid"]), False)
    elif strategy == "children":
        for child in read(f"/proc/{pid}/task/{pid}/children").split():
            add(int(child), int(child), False)
    elif strategy == "threads":
        tgid = int(status(f"/proc/{pid}")["Tgid"])
        for tid in numbers(f"/proc/{tgid}/task"):
            add(tid, tgid, True)
    else:
        for tgid in numbers("/proc"):
            if hidden(tgid):
                continue
            try:
                for tid in numbers(f"/proc/{tgid}/task") if strategy == "all-threads" else [tgid]:
                    add(tid, tgid, strategy == "all-threads")
            except GONE:
                pass
    return found


def run(command, strategy, pid, flags, *more):
    line = [*command, "tasks", strategy, *(["-p", str(pid)] if pid else []), *("--" + f for f in flags if f), *more]
    return subprocess.run(line, check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")


def settle(vmas, got):
    """Takes back what the mere run of the program changes in the sizes of mapped files."""
    for old, new in zip(vmas or [], got or []):
        if old["inode"] and "pss" in old and old["rss"] == new["rss"]:
            clean = "shared_clean", "private_clean"
            if old["pss"] <= 2 * new["pss"] + 1024 and new["pss"] <= 2 * old["pss"] + 1024:
                new["pss"] = old["pss"]
            if sum(old[key] for key in clean) == sum(new[key] for key in clean):
                new.update({key: old[key] for key in clean})


def same(path, before, after, got, differences):
    if isinstance(before, dict) and isinstance(after, dict) and isinstance(got, dict):
        for key in before.keys() | got.keys():
            if key not in got or key not in before:
                differences.append(f"{path}.{key}: {'missing' if key not in got else 'not expected'}")
            elif key in after:
                same(f"{path}.{key}", before[key], after[key], got[key], differences)
    elif isinstance(before, list) and isinstance(after, list) and isinstance(got, list) and len(before) == len(after) == len(got):
        for at, (old, new, value) in enumerate(zip(before, after, got)):
            same(f"{path}[{at}]", old, new, value, differences)
    elif before == after and got != before:
        differences.append(f"{path}: {got!r} instead of {before!r}")


def columns(said, flags):
    """The cells of a task's line that hold no blanks."""
    dash = lambda value: "-" if value is None else str(value)
    cells = [said["pid"], said["tgid"], said["ppid"], said["pgid"], said["sid"], dash(said["tracer_pid"]), said["state_letter"]]
    if "cred" in flags:
        mask = lambda names: format(sum(1 << CAPS.index(name[4:]) for name in names), "016x")
        cells += [*said["cred"]["uid"].values(), *said["cred"]["gid"].values()]
        cells += [mask(said["cred"]["cap_" + name]) for name in ("inheritable", "permitted", "effective", "bounding")]
    if "stat" in flags:
        cells += [said["thread_count"], *said["counters"].values()]
    if "statm" in flags:
        keys = ("total_vm", "total_rss", "anon", "file", "shmem", "text", "data_vm", "stack_vm", "swap")
        cells += [said["statm"][key] for key in keys] if said["statm"] else ["-"] * len(keys)
    return [str(cell) for cell in cells]


def text_rows(text, expected, flags):
    """Lines of the text output as {tid: (cells, rest, lines below)}."""
    rows, row = {}, None
    count = len(columns(next(iter(expected.values())), flags)) if expected else 7
    for line in text.split("\n")[1:-1]:
        if not line.split()[0].isdigit():
            row[2].append(line)
            continue
        words = line.split(None, count)
        row = (words[:count], words[count], [])
        rows[int(words[0])] = row
    return rows


def check_text(text, before, after, flags, busy, differences):
    rows = text_rows(text, before, flags)
    for tid, said in before.items():
        if said != after.get(tid):
            continue
        if tid not in rows:
            differences.append(f"text of {tid}: missing")
            continue
        cells, rest, below = rows[tid]
        expected = columns(said, flags)
        if busy:
            cells[6] = expected[6]
        if cells != expected:
            differences.append(f"text of {tid}: {cells} instead of {expected}")
        expected = said["comm"]
        if "cmdline" in flags:
            expected = f"{said['comm']:<15} " + (" ".join(said["cmdline"]) if said["cmdline"] else "-")
        if rest.rstrip() != expected.rstrip() and not (busy and said["ppid"] == 2) and expected.isascii() and expected.isprintable() and "\\" not in expected:
            differences.append(f"text of {tid}: {rest!r} instead of {expected!r}")
        lines = []
        for vma in said.get("vmas") or []:
            line = f"{vma['start'][2:]:0>8}-{vma['end'][2:]:0>8} {vma['perms']} {vma['offset'][2:]:0>8} {vma['dev']} {vma['inode']}"
            lines.append("    " + (f"{line:<72} {vma['name']}" if vma["name"] else line))
            if "smaps" in flags:
                sizes = " ".join(f"{key} {vma[key] // 1024}" for key in SMAPS.values())
                lines.append(f"        {sizes} kB {' '.join(vma['flags'])}")
        vague = lambda line: re.sub(r"(pss|_clean) \d+", r"\1", line.rstrip())
        if list(map(vague, below)) != list(map(vague, lines)):
            differences.append(f"text of {tid}: {below} instead of {lines}")


def main():
    strategy, pid, flags = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(",")
    busy = strategy in ("all", "all-threads")
    command = sys.argv[sys.argv.index("--") + 1:]
    before = tasks(strategy, pid, flags)
    lines = run(command, strategy, pid, flags, "--json").splitlines()
    text = run(command, strategy, pid, flags)
    after = tasks(strategy, pid, flags)
    differences = []
    if json.loads(lines[0]) != {"schema": "ckpt.tasks/1"}:
        differences.append(f"first line {lines[0]}")
    listed = [json.loads(line) for line in lines[1:]]
    got = {row["pid"]: row for row in listed}
    if len(got) != len(listed):
        differences.append("a task twice")
    if busy:
        order = [row["tgid"] for row in listed]
        if order != sorted(order):
            differences.append("not in the order of pids")
    for tid in before.keys() & after.keys():
        if tid not in got:
            differences.append(f"{tid}: missing")
        else:
            if busy:
                moving = ["state", "state_letter"] + (["comm"] if got[tid]["ppid"] == 2 else [])
                got[tid].update({key: before[tid][key] for key in moving})
            settle(before[tid].get("vmas"), got[tid].get("vmas"))
            same(str(tid), before[tid], after[tid], got[tid], differences)
    unknown = got.keys() - before.keys() - after.keys()
    if len(unknown) > (100 if busy else 0):
        differences.append(f"not in /proc: {sorted(unknown)}")
    check_text(text, before, after, flags, busy, differences)
    print(f"{len(got)} tasks, {len(differences)} differences")
    print("\n".join(differences[:40]))


main()
