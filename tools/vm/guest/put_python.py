#!/usr/bin/python3
"""put_python.py ROOT [FOLDER]: puts this Python and the modules that the scripts of the suite need into a guest's root.

FOLDER has the Python of the same version for the guest's machine, if that is another: programs and libraries come from there,
what is written in Python from here."""
import glob
import os
import shutil
import subprocess
import sys

# What the suite's scripts import; whatever these load comes along.
import encodings.ascii, encodings.latin_1, json, pwd, re, signal, traceback  # noqa: E401, F401

root, folder = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
python = os.path.realpath(sys.executable)


def put(source, path):
    target = root + path
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if not os.path.exists(target):
        shutil.copy(source, target)


def is_binary(path):
    return path == python or path.endswith(".so")


def libraries(binary):
    text = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout
    return [word for word in text.split() if word.startswith("/")]


def there(path):
    """What FOLDER has in the place of a program or module of this machine: modules have the machine's name in theirs."""
    if path == python:
        return [folder + path] + [folder + f"/lib/aarch64-linux-gnu/{name}" for name in ("libc.so.6", "libm.so.6", "libz.so.1", "libexpat.so.1")]
    return glob.glob(f"{folder}{os.path.dirname(path)}/{os.path.basename(path).split('.')[0]}.*.so")


files = {python, "/usr/include/linux/capability.h"}
for module in list(sys.modules.values()):
    files.update(path for path in (getattr(module, "__file__", None), getattr(module, "__cached__", None)) if path and os.path.exists(path))
for path in files:
    if not is_binary(path):
        put(path, path)
    elif folder:
        for source in there(path):
            put(source, source[len(folder):])
    else:
        for source in [path, *libraries(path)]:
            put(source, source)
os.symlink(python, root + "/bin/python3")
