#!/usr/bin/env python3
"""Compiles the BPF programs and packs bpftool's light skeletons of them into *.bpf.bin, which are committed.

    src/bpf/build.py            build and replace the files
    src/bpf/build.py --check    build, and fail when a file is another one

Needs clang, llvm (llvm-strip), bpftool and libbpf-dev. A file is: u32 "CKPB", u32 version of run.h, u32 length of the
data, u32 length of the instructions, u32 number of maps, u32 number of programs, then data and instructions.
"""
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
OBJECTS = ("task_diag", "task_diag_iter")


def tool(*names):
    return next(name for name in names if shutil.which(name))


def literal(header, name):
    """The bytes of a string constant in C: hexadecimal escapes, backslash 0, and continued lines."""
    text = re.search(rf'opts\.{name} = \(void \*\)"(.*?)";', header, re.S).group(1).replace("\\\n", "")
    return re.sub(rb"\\(x[0-9a-f]{2}|0)", lambda m: bytes([int(m[1][1:] or b"0", 16)]), text.encode())


def build(name, folder):
    made = pathlib.Path(folder) / f"{name}.bpf.o"
    subprocess.run(
        ["clang", "-O2", "-g", "-target", "bpf", "-mcpu=v3", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter",
         "-fdebug-compilation-dir=.", "-c", f"{name}.bpf.c", "-o", str(made)], cwd=HERE, check=True)
    subprocess.run([tool("llvm-strip", "llvm-strip-14"), "-g", str(made)], check=True)
    header = subprocess.run(
        ["bpftool", "gen", "skeleton", "-L", str(made), "name", name], check=True, capture_output=True, text=True).stdout
    data, code = literal(header, "data"), literal(header, "insns")
    for part, found in ("data", data), ("insns", code):
        assert len(found) == int(re.search(rf"opts\.{part}_sz = (\d+);", header).group(1)), part
    maps, programs = (len(re.findall(rf"struct bpf_{kind}_desc \w+;", header)) for kind in ("map", "prog"))
    version = int(re.search(r"TASK_DIAG_RUN_VERSION\s+(\d+)", (HERE / "run.h").read_text()).group(1))
    return struct.pack("<4sIIIII", b"CKPB", version, len(data), len(code), maps, programs) + data + code


for name in OBJECTS:
    target = HERE / f"{name}.bpf.bin"
    with tempfile.TemporaryDirectory() as folder:
        content = build(name, folder)
    if "--check" not in sys.argv:
        target.write_bytes(content)
        print(f"{target} ({len(content)} bytes)")
    elif not target.exists() or target.read_bytes() != content:
        sys.exit(f"{target.name} is not what these sources make: run src/bpf/build.py and commit it")
    else:
        print(f"{target.name} is what the sources make ({len(content)} bytes)")
