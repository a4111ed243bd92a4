#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long from starting the program to the answer of the first `ls`, with the service gone, and what a remount asks for when
nothing has changed. The floor is a program that does nothing at all, started and waited for in the same way."""
import collections
import os
import subprocess
import sys
import time

from bed import MILLION, Known, Row, main, repeat, seconds


def remount(known):
    bed = known.bed

    def once():
        start = time.perf_counter()
        bed.mount_again(known.url)
        os.listdir(bed.mount_point)
        root = time.perf_counter() - start
        months = sorted((bed.photos / "2025").iterdir())
        os.listdir(months[-1])
        month = time.perf_counter() - start
        bed.unmount()
        return {"root": root, "month": month, "nothing": seconds(lambda: subprocess.run(["/bin/true"], check=True))}
    return repeat(once)


def questions(known):
    """Requests of a remount by what they are for."""
    bed, service = known.bed, known.serve()
    counts = []

    def settled():
        counts.append(service.control("counters")["requests"])
        return len(counts) > 12 and counts[-1] == counts[-12]
    try:
        bed.mount_again(service)
        while not settled():
            time.sleep(0.25)
        bed.unmount()
    finally:
        service.stop()
    return counts[-1]


def measure():
    for assets in [100_000] + [1_000_000] * MILLION:
        known = Known.of(assets)
        runs = remount(known)
        yield Row(f"remount to first ls, {assets:,} known", "ms", [value * 1000 for value in runs["root"]], most=50,
                  floors=[value * 1000 for value in runs["nothing"]], note="floor: /bin/true")
        yield Row(f"remount to ls of the newest month, {assets:,} known", "ms", [value * 1000 for value in runs["month"]])
        asked = [questions(known) for _ in range(3)]
        databases = collections.Counter()
        for operation, count in asked[-1].items():
            if operation.split(" ")[0] in ("private", "shared"):
                databases[operation.split(" ")[0]] += count
        yield Row(f"requests a database for an unchanged library, {assets:,} known", "", [
            max(sum(count for operation, count in each.items() if operation.startswith(f"{name} ")) for name in ("private", "shared"))
            for each in asked], most=1, note=", ".join(f"{count} × {operation}" for operation, count in sorted(asked[-1].items())))


if __name__ == "__main__":
    try:
        sys.exit(main(measure))
    finally:
        Known.forget_all()
