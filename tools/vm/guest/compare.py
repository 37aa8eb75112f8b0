#!/usr/bin/python3
"""compare.py BEFORE AFTER IMAGE: what an image (as JSON) says otherwise than proc_oracle.py did right before and right after.

Prints a line for each difference that is not a movement of counters, and exits with 1 if there is one."""
import json
import sys

MOVING = {"counters", "process_counters", "processor", "state", "state_letter", "memory"}

before, after, image = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:4])
differences = []


def compare_row(path, row, first, last):
    for name, value in first.items():
        if name == "credentials":
            compare_row(path + ".credentials", image["credentials"][row["credentials"]], value, last["credentials"])
        elif name not in row:
            differences.append(f"{path}.{name}: not in the image")
        elif value != last[name]:
            if name not in MOVING:
                differences.append(f"{path}.{name}: moved from {value} to {last[name]}")
        elif row[name] != value:
            differences.append(f"{path}.{name}: image {row[name]}, /proc {value}")


def compare_table(table, key):
    rows = {str(row[key]): row for row in image[table]}
    if set(rows) != set(before[table]) or set(rows) != set(after[table]):
        differences.append(f"{table}: image has {sorted(rows)}, /proc {sorted(before[table])}, then {sorted(after[table])}")
        return
    for number, first in before[table].items():
        compare_row(f"{table}[{number}]", rows[number], first, after[table][number])


compare_table("processes", "pid")
compare_table("threads", "tid")
for process in image["processes"]:
    pid = str(process["pid"])
    expected = before["vmas"].get(pid, [])
    if expected != after["vmas"].get(pid, []):
        continue
    found = [] if process["space"] is None else image["spaces"][process["space"]]["vmas"]
    if len(found) != len(expected):
        differences.append(f"vmas[{pid}]: image has {len(found)}, /proc {len(expected)}")
    differences += [f"vmas[{pid}]: image {vma}, /proc {text}" for vma, text in zip(found, expected)
                    if any(vma.get(name) != value for name, value in text.items())]
differences += [f"{kind}: {row}" for kind in ("gaps", "events") for row in image[kind]]
print("\n".join(differences[:20]))
sys.exit(1 if differences else 0)
