#!/usr/bin/python3
"""put_python.py ROOT: puts this Python and the modules that the scripts of the suite need into a guest's root."""
import os
import shutil
import subprocess
import sys

# What the suite's scripts import; whatever these load comes along.
import encodings.ascii, encodings.latin_1, json, pwd, re, signal, traceback  # noqa: E401, F401


def put(path):
    target = sys.argv[1] + path
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if not os.path.exists(target):
        shutil.copy(path, target)


files = {os.path.realpath(sys.executable), "/usr/include/linux/capability.h"}
for module in list(sys.modules.values()):
    files.update(path for path in (getattr(module, "__file__", None), getattr(module, "__cached__", None)) if path and os.path.exists(path))
for binary in [path for path in files if path.endswith(".so") or path == os.path.realpath(sys.executable)]:
    for line in subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout.splitlines():
        files.update(word for word in line.split() if word.startswith("/"))
for path in files:
    put(path)
os.symlink(os.path.realpath(sys.executable), sys.argv[1] + "/bin/python3")
