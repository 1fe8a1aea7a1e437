#!/usr/bin/env bash
# Swift 6.3.1's libdispatch on Linux gives its threads a niceness of their own, whatever `nice` has given the process: for root.
#
# Niceness belongs to each thread on Linux. Under `nice -n 10` the main thread of a program has 10, as it should, but
# a queue of the default class runs its blocks with 0, one of the user-initiated class and every Swift task with -2,
# and threads that are started from there inherit it: a computation that was to give way, in a container where
# everybody is root, takes as much of the processors as its neighbours or more. The same program of a user who may not
# lower niceness keeps 10 everywhere. Seen with Swift 6.3.1 (its libdispatch) on Debian 12.
#
# For users of gan: the engine gives its threads the process's niceness again, so `nice gan train` gives way as root, too.
#
# Exits 0 where it is still so, and where it cannot be seen: without root or without swiftc.
set -euo pipefail

if [[ $(id -u) != 0 ]] || ! command -v swiftc >/dev/null; then
  echo "needs root and swiftc: nothing to see"
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/main.swift" <<'SWIFT'
import Dispatch
import Glibc

func niceness() -> Int32 { getpriority(__priority_which_t(UInt32(PRIO_PROCESS.rawValue)), 0) }

let done = DispatchSemaphore(value: 0)
func show(_ name: String) {
  print(name, niceness())
  done.signal()
}
print("main", niceness())
DispatchQueue.global(qos: .default).async { show("default") }
done.wait()
DispatchQueue.global(qos: .userInitiated).async { show("userInitiated") }
done.wait()
Task { show("task") }
done.wait()
SWIFT
swiftc --version 2>/dev/null | head -1
swiftc "$folder/main.swift" -o "$folder/program"
seen=$(nice -n 10 "$folder/program" | tr '\n' ' ')
echo "under nice -n 10: $seen"
if [[ $seen != "main 10 default 0 userInitiated -2 task -2 " ]]; then
  echo "it is not so any more" >&2
  exit 1
fi
