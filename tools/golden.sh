#!/usr/bin/env bash
# Captures the golden images of a format version: tools/golden.sh FOLDER (as root; ckpt, gcc and the built benchmarks needed).
# Existing images are never written again: each version of the format keeps the ones it was published with.
set -euo pipefail
folder=$(realpath -- "$1")
tools=$(dirname "$(realpath -- "$0")")
ckpt=$(command -v "${CKPT:-ckpt}")
anonymise="$tools/Checkpoint.Benchmarks/bin/Release/net10.0/Checkpoint.Benchmarks"

# Names of its own for host, processes and paths: nothing of the machine shows.
if [ "${GOLDEN_INSIDE:-}" != yes ]; then
  CKPT="$ckpt" GOLDEN_INSIDE=yes exec env -i PATH=/usr/bin:/bin CKPT="$ckpt" GOLDEN_INSIDE=yes unshare --uts --mount --pid --fork --mount-proc "$0" "$folder"
fi

work=/tmp/golden
mkdir -p "$work"
cd "$work"

capture() { # capture NAME WORKLOAD-WITH-ARGUMENTS -- OPTIONS-OF-DUMP
  local name=$1 program=$2 command=()
  shift
  while [ "$1" != -- ]; do command+=("$1"); shift; done
  shift
  [ ! -e "$folder/$name.ckpt" ] || { echo "$name: there already"; return; }
  gcc -O2 -I "$tools/workloads" -o "$program" "$tools/workloads/$program.c" -lpthread
  # In a session of its own, so that all of it can be ended.
  setsid "./${command[@]}" > ready.txt &
  local pid=$! as=()
  until grep -q ready ready.txt; do sleep 0.05; done
  [ "$name" != hidden ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  sleep 0.2
  "${as[@]}" "$ckpt" dump --pid "$pid" --allow-partial --quiet "$@" -o - > raw.ckpt
  kill -KILL -- "-$pid" 2> /dev/null || kill -KILL "$pid"
  wait "$pid" 2> /dev/null || true
  "$anonymise" anonymise raw.ckpt "$folder/$name.ckpt"
  "$ckpt" inspect --json "$folder/$name.ckpt" > "$folder/$name.json"
  echo "$name: $(stat -c %s "$folder/$name.ckpt") bytes"
}

capture single tree 1 1 -- --no-children
capture tree tree 3 8 --
capture threads threads --
capture zombie zombie --
capture hidden tree 2 3 --
capture vmas vmas "$work" -- --vm-flags --vm-stats
capture oddnames oddnames "$work" -- --env
capture namespaces deepns --
capture text-maps tree 1 2 -- --text-maps

if [ ! -e "$folder/truncated.ckpt" ]; then
  # Without its table and the end of its last two sections.
  table=$(tail -c 8 "$folder/tree.ckpt" | od -An -N 4 -t u4)
  head -c "$(($(stat -c %s "$folder/tree.ckpt") - table - 100))" "$folder/tree.ckpt" > "$folder/truncated.ckpt"
  "$ckpt" inspect --partial --json "$folder/truncated.ckpt" > "$folder/truncated.json" 2> /dev/null
fi

if [ ! -e "$folder/salvaged.ckpt" ]; then
  "$ckpt" validate --quiet --salvage "$folder/salvaged.ckpt" "$folder/truncated.ckpt" || [ $? -eq 1 ]
  chmod 644 "$folder/salvaged.ckpt"
  "$ckpt" inspect --json "$folder/salvaged.ckpt" > "$folder/salvaged.json"
fi
rm -rf "$work"
