#!/usr/bin/python3
"""What smaps says of a process's VMAs, in the keys of ckpt.inspect/1; shares nothing with the program under test.

Usage: smaps_oracle.py PID
"""
import json
import sys

STATS = {"Rss": "rss", "Pss": "pss", "Shared_Clean": "shared_clean", "Shared_Dirty": "shared_dirty",
         "Private_Clean": "private_clean", "Private_Dirty": "private_dirty", "Referenced": "referenced",
         "Anonymous": "anonymous", "AnonHugePages": "anon_huge_pages", "ShmemPmdMapped": "shmem_pmd_mapped",
         "FilePmdMapped": "file_pmd_mapped", "Shared_Hugetlb": "shared_hugetlb", "Private_Hugetlb": "private_hugetlb",
         "Swap": "swap", "SwapPss": "swap_pss", "Locked": "locked"}

vmas = []
with open(f"/proc/{sys.argv[1]}/smaps", "rb") as file:
    for line in file:
        words = line.split()
        if not words[0].endswith(b":"):
            start, end = words[0].split(b"-")
            vmas.append({"start": hex(int(start, 16)), "end": hex(int(end, 16)), "perms": words[1].decode(), "stats": {}})
            continue
        key = words[0][:-1].decode()
        if key == "VmFlags":
            vmas[-1]["flags"] = sorted(word.decode() for word in words[1:])
        elif key == "KernelPageSize":
            vmas[-1]["page_size"] = int(words[1]) * 1024
        elif key in STATS:
            vmas[-1]["stats"][STATS[key]] = int(words[1]) * 1024
json.dump(vmas, sys.stdout)
