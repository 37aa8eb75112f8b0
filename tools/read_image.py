#!/usr/bin/python3
"""Shows a .ckpt image: read_image.py [--json] [--partial] FILE. With --json, the document of `ckpt inspect --json`.

Written from images/README.md alone, sharing nothing with ckpt; needs python3-msgpack and the zstd command.
"""
import datetime
import errno
import hashlib
import json
import struct
import subprocess
import sys

import msgpack

SECTIONS = ["capture", "strings", "files", "spaces", "credentials", "processes", "threads", "gaps", "events", "users"]
STATES = ["running", "sleeping", "disk-sleep", "stopped", "tracing-stop", "dead", "zombie", "parked", "idle"]
POLICIES = {0: "other", 1: "fifo", 2: "rr", 3: "batch", 5: "idle", 6: "deadline", 7: "ext"}
SECCOMP = {0: "off", 1: "strict", 2: "filter"}
PART_NAMES = {"namespaces": "ns"}
SIGNALS = """HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU
 XFSZ VTALRM PROF WINCH IO PWR SYS""".split()
CAPABILITIES = """chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service
 net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot
 sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog
 wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore""".split()
TASK_FLAGS = [(0x4, "exiting"), (0x10, "io_worker"), (0x20, "wq_worker"), (0x40, "forknoexec"), (0x100, "superpriv"),
              (0x200, "dumpcore"), (0x400, "signaled"), (0x200000, "kthread"), (0x400000, "randomize"), (0x4000000, "no_setaffinity")]
VM_FLAGS = [(int(bit), code) for bit, code in (pair.split(":") for pair in """0:rd 1:wr 2:ex 3:sh 4:mr 5:mw 6:me 7:ms 8:gd 34:um 9:pf
 39:gu 10:dw 35:uw 12:lo 13:io 14:sr 15:rr 16:dc 17:de 33:lf 18:ac 19:nr 20:ht 41:sf 21:ar 42:bt 32:wf 22:dd 23:sd 24:mm 25:hg 26:nh
 27:mg 43:mt 11:mp 40:ss 36:ui 37:dp 38:sl""".split())]
ALL_FLAGS = 1 << 63
STATS = """rss pss shared_clean shared_dirty private_clean private_dirty referenced anonymous anon_huge_pages shmem_pmd_mapped
 file_pmd_mapped shared_hugetlb private_hugetlb swap swap_pss locked""".split()
NAMESPACES = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"]
MEMORY = """vm_peak vm_size vm_lck vm_pin vm_hwm vm_rss rss_anon rss_file rss_shmem vm_data vm_stk vm_exe vm_lib vm_pte
 vm_swap""".split()
LAYOUT = "start_code end_code start_stack start_data end_data start_brk arg_start arg_end env_start env_end".split()
COUNTERS = [("min_flt", "min_flt"), ("cmin_flt", "cmin_flt"), ("maj_flt", "maj_flt"), ("cmaj_flt", "cmaj_flt"),
            ("utime_ticks", "u_time"), ("stime_ticks", "s_time"), ("cutime_ticks", "cu_time"), ("cstime_ticks", "cs_time")]
ERRORS = {**errno.errorcode, 35: "EDEADLK", 95: "EOPNOTSUPP"}
OPEN_FILE = {"name": b"", "inode": 0, "major": 0, "minor": 0, "build_id": None, "deleted": None}


def raw(value):
    """A byte string of the kernel's: str in the image when it is UTF-8, else bin."""
    return value.encode() if isinstance(value, str) else value


def frames(data):
    """Walks over the file: (magic, place, end) of each whole frame."""
    place = 0
    while place + 8 <= len(data):
        magic, length = struct.unpack_from("<II", data, place)
        end = place + 8 + length if magic & ~0xF == 0x184D2A50 else end_of_zstd(data, place)
        if end is None or end > len(data):
            return
        yield magic, place, end
        place = end


def end_of_zstd(data, place):
    """A zstd frame ends after its last block and the checksum (RFC 8878)."""
    descriptor = data[place + 4] if place + 4 < len(data) else 0
    single = descriptor >> 5 & 1
    sizes = [1 if single else 0, 2, 4, 8]
    at = place + 5 + (0 if single else 1) + [0, 1, 2, 4][descriptor & 3] + sizes[descriptor >> 6]
    while at + 3 <= len(data):
        header = int.from_bytes(data[at:at + 3], "little")
        at += 3 + (1 if header >> 1 & 3 == 1 else header >> 3)
        if header & 1:
            return at + 4 * (descriptor >> 2 & 1)
    return None


def load(path, partial):
    """The whole sections by name, and what there is to say of the file."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != struct.pack("<II", 0x184D2A50, 8) or data[8:12] != b"CKPT" or data[12:16] != struct.pack("<HH", 1, 0):
        sys.exit("not an image of format version 1")
    sections, digests, end, whole = {}, b"", 16, False
    for magic, place, end in frames(data):
        if magic == 0xFD2FB528:
            body = subprocess.run(["zstd", "-dcq"], input=data[place:end], check=True, stdout=subprocess.PIPE).stdout
            section = msgpack.unpackb(body, raw=False, strict_map_key=False)
            digests += hashlib.sha256(body).digest()
            sections[section["section"]] = section
        whole = magic == 0x184D2A51
    if not whole and not partial:
        sys.exit("the image is truncated")
    about = {
        "format_version": 1, "digest": hashlib.sha256(digests).hexdigest(), "bytes": end, "whole": whole,
        "missing_sections": [name for name in SECTIONS if name not in sections],
    }
    return about, sections


class Image:
    """The tables of an image as lists of rows, with strings in place of their numbers."""

    def __init__(self, sections):
        self.capture = sections["capture"]
        self.texts = [raw(text) for text in sections.get("strings", {"values": []})["values"]]
        self.files = self.rows(sections, "files", ["name"])
        self.credentials = self.rows(sections, "credentials", ["label"])
        processes = self.rows(sections, "processes", ["cmdline", "environ", "exe", "cwd", "root"])
        self.threads = self.rows(sections, "threads", ["comm"])
        self.processes = processes if "threads" in sections else []
        self.gaps = self.rows(sections, "gaps", [])
        self.events = self.rows(sections, "events", [])
        self.users = self.rows(sections, "users", ["name"])
        self.spaces = self.lists(sections["spaces"]) if "spaces" in sections else []

    def rows(self, sections, name, texts):
        if name not in sections:
            return []
        columns = dict(sections[name]["columns"])
        for text in texts:
            if text in columns:
                columns[text] = [None if value is None else self.texts[value] for value in columns[text]]
        return [Row(zip(columns, row)) for row in zip(*columns.values())]

    def lists(self, section):
        columns, page = section["columns"], self.capture["page_size"]
        rows = (Row(zip(columns, row)) for row in zip(*columns.values()))
        lists = []
        for length in section["lengths"]:
            end, vmas = 0, []
            for row in (next(rows) for _ in range(length)):
                row["start"] = end + row["gap"] * page
                row["end"] = end = row["start"] + row["pages"] * page
                row["offset"] *= page
                row["of"] = OPEN_FILE if row["file"] is None else self.files[row["file"]]
                vmas.append(row)
            lists.append(vmas)
        return lists


class Row(dict):
    """A row in which a column that is not there is nil."""

    def __missing__(self, key):
        return None


def text(value):
    """Bytes in JSON: a string when they are UTF-8, else an object with their hex."""
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"bytes": value.hex()}


def texts(value):
    """Strings that are each ended by NUL."""
    if value is None:
        return None
    parts = value.split(b"\0")
    return [text(part) for part in (parts[:-1] if parts[-1] == b"" else parts)]


def bits(mask, name):
    return None if mask is None else [name(bit) for bit in range(64) if mask >> bit & 1]


def signal_name(number):
    return "SIG" + SIGNALS[number - 1] if number <= len(SIGNALS) else f"SIG{number}"


def capabilities(mask):
    names = bits(mask, lambda bit: "cap_" + (CAPABILITIES[bit] if bit < len(CAPABILITIES) else str(bit)))
    return None if names is None else sorted(names)


def moment(nanoseconds, digits):
    """ISO 8601 in UTC, cut off, not rounded; "?" outside the years 1 to 9999."""
    ticks = abs(nanoseconds) // 100 * (1 if nanoseconds >= 0 else -1)
    try:
        time = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=ticks // 10)
    except OverflowError:
        return "?"
    return time.isoformat(timespec="microseconds" if digits else "seconds") + "Z"


def tty_name(number):
    if number == 0:
        return None
    device = number & 0xFFFFFFFF
    major, minor = device >> 8 & 0xFFF, device & 0xFF | device >> 12 & 0xFFF00
    if major == 4:
        return f"tty{minor}" if minor < 64 else f"ttyS{minor - 64}"
    if major == 5 and minor < 2:
        return ("tty", "console")[minor]
    if 136 <= major <= 143:
        return f"pts/{(major - 136 << 8) + minor}"
    if major == 204 and 64 <= minor < 80:
        return f"ttyAMA{minor - 64}"
    names = {166: "ttyACM", 188: "ttyUSB", 229: "hvc"}
    return f"{names[major]}{minor}" if major in names else f"{major}:{minor}"


def looks_deleted(file):
    return file["inode"] != 0 and file["name"].endswith(b" (deleted)")


def is_deleted(file):
    return looks_deleted(file) and file["deleted"] is not False


def is_pathless(file):
    """Memory that the kernel names as if it were a deleted file."""
    return looks_deleted(file) and file["major"] == 0 and (
        file["name"].startswith((b"/memfd:", b"/SYSV", b"/[", b"/drm mm object"))
        or file["name"] in (b"/dev/zero (deleted)", b"/anon_hugepage (deleted)"))


def kind_of(flags, file):
    """What a VMA is for."""
    name = file["name"][:-10] if is_deleted(file) or is_pathless(file) else file["name"]
    is_file, shared = file["inode"] != 0 or name.startswith(b"/"), flags & 8
    special = {b"[heap]": "heap", b"[stack]": "stack", b"[vdso]": "vdso", b"[vsyscall]": "vsyscall"}
    if not is_file and (name in special or name.startswith(b"[vvar")):
        return special.get(name, "vvar")
    if not shared and (not is_file or name in (b"/dev/zero", b"/anon_hugepage")):
        return "anon" if flags & 7 else "guard"
    memory = name in (b"/dev/zero", b"/anon_hugepage") or name.startswith((b"/SYSV", b"/dev/shm/", b"/memfd:", b"[anon_shmem:"))
    if shared and (not is_file or memory):
        return "shm"
    return "code" if flags & 4 else "shared" if shared else "data" if flags & 2 else "file"


def flag_codes(flags):
    if not flags & ALL_FLAGS:
        return None
    if not flags & 1 << 5:  # sh is what may become writable
        flags &= ~8
    return [code for bit, code in VM_FLAGS if flags >> bit & 1]


def vma_json(vma):
    file, flags = vma["of"], vma["flags"]
    return {
        "start": hex(vma["start"]), "end": hex(vma["end"]),
        "perms": "".join(letter if flags & bit else "-" for bit, letter in ((1, "r"), (2, "w"), (4, "x"))) + ("s" if flags & 8 else "p"),
        "offset": hex(vma["offset"]), "dev": f"{file['major']:02x}:{file['minor']:02x}", "inode": file["inode"], "name": text(file["name"]),
        "kind": kind_of(flags, file), "page_size": vma["page_size"] or None, "flags": flag_codes(flags),
        "stats": None if vma["rss"] is None else {name: vma[name] * 1024 for name in STATS},
    }


def files_json(image, users):
    totals = {}
    for vmas, pids in users:
        for number in {vma["file"] for vma in vmas if vma["of"]["inode"]}:
            of_file = [vma for vma in vmas if vma["file"] == number]
            total = totals.setdefault(number, {"processes": 0, "vmas": 0, "bytes": 0, "rss": None})
            total["processes"] += len(pids)
            total["vmas"] += len(pids) * len(of_file)
            total["bytes"] += len(pids) * sum(vma["end"] - vma["start"] for vma in of_file)
            if of_file[0]["rss"] is not None:
                total["rss"] = (total["rss"] or 0) + len(pids) * 1024 * sum(vma["rss"] for vma in of_file)
    order = sorted(totals, key=lambda n: tuple(image.files[n][key] for key in ("name", "major", "minor", "inode")))
    for total in totals.values():
        total.update({key: min(total[key], (1 << 64) - 1) for key in ("bytes", "rss") if total[key] is not None})
    return [{
        "name": text(file["name"]), "deleted": is_deleted(file), "dev": f"{file['major']:02x}:{file['minor']:02x}", "inode": file["inode"],
        "build_id": file["build_id"].hex() if file["build_id"] else None,
        **({"build_id_errno": file["build_id_errno"]} if file["build_id_errno"] else {}), **totals[number],
    } for number, file in ((n, image.files[n]) for n in order)]


def group(row, names, show=lambda value: value, prefix=""):
    return None if row[prefix + names[0]] is None else {name: show(row[prefix + name]) for name in names}


def reader_of(capture):
    """The namespaces of the program that wrote the image; images from before these keys do not tell."""
    if "reader_user_ns" not in capture:
        return {}
    return {"reader": {
        "user_ns": capture["reader_user_ns"], "pid_ns": capture["reader_pid_ns"],
        **{key: text(raw(capture["reader_" + key])) for key in ("uid_map", "gid_map")},
        "boot_clock_offset_ns": capture["reader_boot_clock_offset_ns"],
    }}


def policy_of(number):
    """A scheduling policy; its bit 30 is SCHED_RESET_ON_FORK."""
    name = POLICIES.get(number & ~(1 << 30), str(number & ~(1 << 30)))
    return name + "|reset-on-fork" if number & (1 << 30) else name


def inspect(about, image):
    capture = image.capture
    names = {}
    for user in image.users:
        names.setdefault(user["uid"], user["name"])
    by_process = {process["tgid"]: [] for process in image.processes}
    for thread in image.threads:
        by_process[thread["tgid"]].append(thread)
    sets = list(dict.fromkeys(thread["cred"] for thread in image.threads if thread["cred"] is not None))
    lists = list(dict.fromkeys(process["space"] for process in image.processes if process["space"] is not None))
    users = [(image.spaces[number], [p["tgid"] for p in image.processes if p["space"] == number]) for number in lists]

    def own(thread):
        start = thread["start_time"] * 1_000_000_000 // capture["clock_ticks"] if capture["clock_ticks"] else None
        cred = thread["cred"]
        signals = {"pending": "sig_pnd", "shared_pending": "shd_pnd", "blocked": "sig_blk", "ignored": "sig_ign", "caught": "sig_cgt"}
        return {
            "comm": text(thread["comm"]), "state": STATES[thread["state"]], "state_letter": "RSDTtXZPI"[thread["state"]],
            "start_time_ticks": thread["start_time"],
            "start_time": "?" if start is None else moment(capture["time_unix_ns"] - capture["boot_time_ns"] + start, 0),
            "flags": hex(thread["flags"]), "flag_names": [name for flag, name in TASK_FLAGS if thread["flags"] & flag],
            "priority": thread["priority"], "nice": thread["nice"], "policy": policy_of(thread["policy"]),
            "rt_priority": thread["rt_priority"], "processor": thread["processor"], "tracer_pid": thread["tracer"],
            "ns_pids": thread["ns_pids"] or [], "user": None if cred is None else text(names.get(image.credentials[cred]["euid"])),
            "credentials": None if cred is None else sets.index(cred),
            "signals": None if thread["sig_pnd"] is None else
            {name: bits(thread[column], lambda bit: signal_name(bit + 1)) for name, column in signals.items()},
            "counters": {name: thread[column] for name, column in COUNTERS},
        }

    def process_json(p):
        threads = by_process[p["tgid"]]
        leader = next((thread for thread in threads if thread["tid"] == p["tgid"]), threads[0])
        return {
            "pid": p["tgid"], "ppid": p["ppid"], "pgid": p["pgid"], "sid": p["sid"], "tty": tty_name(p["tty_nr"]), "tty_nr": p["tty_nr"],
            "tpgid": p["tpgid"], "exit_signal": signal_name(p["exit_signal"]) if p["exit_signal"] > 0 else None,
            "exit_code": p["exit_code"], "thread_count": p["thread_count"], **own(leader), "cmdline": texts(p["cmdline"]),
            "environ": texts(p["environ"]), "exe": text(p["exe"]), "exe_deleted": p["exe_deleted"], "cwd": text(p["cwd"]),
            "root": text(p["root"]), "umask": None if p["umask"] is None else f"{p['umask']:04o}",
            "namespaces": group({name: p["ns_" + name] for name in NAMESPACES}, NAMESPACES),
            "process_counters": {name: p[column] for name, column in COUNTERS}, "memory": group(p, MEMORY), "layout": group(p, LAYOUT, hex),
            "space": None if p["space"] is None else lists.index(p["space"]), "space_changed": bool(p["space_changed"]),
        }

    def set_json(index, number):
        row, pids, tids = image.credentials[number], [], []
        for tgid, threads in by_process.items():
            if all(thread["cred"] == number for thread in threads):
                pids.append(tgid)
            else:
                tids += [thread["tid"] for thread in threads if thread["cred"] == number]
        ids = [{"real": row[x], "effective": row["e" + x], "saved": row["s" + x], "file_system": row["fs" + x]} for x in ("uid", "gid")]
        return {
            "id": index, "pids": pids, "tids": tids, "uid": ids[0], "gid": ids[1], "user": text(names.get(row["euid"])),
            "groups": row["groups"], "cap_inheritable": capabilities(row["cap_inh"]), "cap_permitted": capabilities(row["cap_prm"]),
            "cap_effective": capabilities(row["cap_eff"]), "cap_bounding": capabilities(row["cap_bnd"]),
            "cap_ambient": capabilities(row["cap_amb"]), "no_new_privs": row["no_new_privs"],
            "seccomp": None if row["seccomp"] is None else SECCOMP.get(row["seccomp"], str(row["seccomp"])),
            "seccomp_filters": row["seccomp_filters"], "label": text(row["label"]),
        }

    return {
        "schema": "ckpt.inspect/1",
        "image": about,
        "capture": {
            "tool_version": capture["tool_version"],
            **{key: text(raw(capture[key])) for key in ("host", "kernel_release", "kernel_version", "machine", "boot_id")},
            "page_size": capture["page_size"], "clock_ticks": capture["clock_ticks"], "time": moment(capture["time_unix_ns"], 6),
            **{key: capture[key] for key in ("time_unix_ns", "boot_time_ns", "duration_ns", "uid")}, "root_pid": capture["root_tgid"],
            **{key: capture[key] for key in ("transport", "vma_source", "with_children", "with_environ")},
            "with_vm_flags": capture.get("with_vm_flags", False), "with_vm_stats": capture.get("with_vm_stats", False),
            "passes": capture["passes"], "stable": capture["stable"], **reader_of(capture), **({"own_masks": True} if capture.get("own_masks") else {}),
            **({"lost": capture["lost"]} if capture.get("lost") else {}),
        },
        "processes": [process_json(process) for process in image.processes],
        "threads": [{"pid": thread["tgid"], "tid": thread["tid"], **own(thread)} for thread in image.threads],
        "credentials": [set_json(index, number) for index, number in enumerate(sets)],
        "spaces": [{"id": i, "pids": pids, "vmas": [vma_json(vma) for vma in vmas]} for i, (vmas, pids) in enumerate(users)],
        "files": files_json(image, users),
        "gaps": [{
            "pid": gap["tgid"], "tid": gap["tid"], "part": PART_NAMES.get(gap["part"], gap["part"]), "errno": gap["errno"],
            "error": ERRORS.get(gap["errno"], f"errno {gap['errno']}"),
        } for gap in image.gaps],
        "events": [{
            "pass": event["pass"], "kind": event["kind"], "pid": event["tgid"], "tid": event["tid"], "start_time_ticks": event["start_time"],
        } for event in image.events],
        "users": [{"uid": user["uid"], "name": text(user["name"])} for user in image.users],
    }


def show(document):
    """A line for each process."""
    for key, value in document["capture"].items():
        print(f"{key}: {value}")
    for p in document["processes"]:
        count = "-" if p["space"] is None else len(document["spaces"][p["space"]]["vmas"])
        print(p["pid"], p["ppid"], ascii(p["comm"]), p["state_letter"], p["thread_count"], count, ascii(p["cmdline"]))


if __name__ == "__main__":
    head, tables = load(sys.argv[-1], "--partial" in sys.argv)
    answer = inspect(head, Image(tables))
    json.dump(answer, sys.stdout) if "--json" in sys.argv else show(answer)
