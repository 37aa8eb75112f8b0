#!/usr/bin/python3
"""Shows a .ckpt image. Written from images/README.md alone; needs python3-msgpack and the zstd command."""
import json
import subprocess
import sys

import msgpack

STRINGS = {"name", "label", "comm", "cmdline", "environ", "exe", "cwd", "root"}
STATS = [
    "rss", "pss", "shared_clean", "shared_dirty", "private_clean", "private_dirty", "referenced", "anonymous", "anon_huge_pages",
    "shmem_pmd_mapped", "file_pmd_mapped", "shared_hugetlb", "private_hugetlb", "swap", "swap_pss", "locked",
]


def load(path):
    """All sections by name: tables as lists of rows, VMA lists as lists of lists of rows."""
    data = subprocess.run(["zstd", "-dcq", path], check=True, stdout=subprocess.PIPE).stdout
    unpacker = msgpack.Unpacker(raw=False, max_buffer_size=max(len(data), 1))
    unpacker.feed(data)
    image = {section["section"]: section for section in unpacker}
    strings = [{"bytes": s.hex()} if isinstance(s, bytes) else s for s in image["strings"]["values"]]
    for name, section in image.items():
        if "columns" in section:
            columns = {k: [None if v is None else strings[v] for v in c] if k in STRINGS else c for k, c in section["columns"].items()}
            image[name] = [dict(zip(columns, row)) for row in zip(*columns.values())]
        if name == "spaces":
            rows, page = iter(image[name]), image["capture"]["page_size"]
            image[name] = [vmas(rows, length, page) for length in section["lengths"]]
    image["strings"] = strings
    return image


def vmas(rows, length, page):
    """One list: addresses, offset and statistics in bytes; what was not captured is None."""
    end, result = 0, []
    for row in (next(rows) for _ in range(length)):
        start = end + row["gap"] * page
        end = start + row["pages"] * page
        vma = {"start": start, "end": end, "flags": row["flags"], "offset": row["offset"] * page, "file": row.get("file")}
        vma["page_size"] = row.get("page_size")
        vma.update((name, None if row[name] is None else row[name] * 1024) for name in STATS if name in row)
        result.append(vma)
    return result


def show(image):
    for key, value in image["capture"].items():
        print(f"{key}: {value}")
    leaders = {}
    for thread in image["threads"]:
        if thread["tgid"] not in leaders or thread["tid"] == thread["tgid"]:
            leaders[thread["tgid"]] = thread
    for p in image["processes"]:
        leader, space = leaders[p["tgid"]], p.get("space")
        count = "-" if space is None else len(image["spaces"][space])
        print(p["tgid"], p["ppid"], ascii(leader["comm"]), "RSDTtXZPI"[leader["state"]], p["thread_count"], count, ascii(p.get("cmdline")))


if __name__ == "__main__":
    loaded = load(sys.argv[-1])
    json.dump(loaded, sys.stdout, default=lambda b: {"bytes": b.hex()}) if "--json" in sys.argv else show(loaded)
