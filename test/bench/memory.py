#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The most memory the program ever had: while it read a library for the first time and its whole tree was walked, and then again
after a remount."""
import subprocess
import sys

from bed import MILLION, Known, Row, main


def measure():
    for assets, goal in [(100_000, 60)] + [(1_000_000, 150)] * MILLION:
        known = Known.of(assets)
        yield Row(f"peak memory, {assets:,} assets: first mount and find", "MB", [known.peak_mb], most=goal,
                  note=f"one run; indexed in {known.indexed_s:.0f} s without latency, {known.files:,} names")
        peaks = []
        for _ in range(3):
            known.bed.mount_again(known.url)
            subprocess.run(["find", str(known.bed.mount_point), "-size", "+1k"], stdout=subprocess.DEVNULL, check=True)
            peaks.append(known.bed.peak_mb())
            known.bed.unmount()
        yield Row(f"peak memory, {assets:,} assets: remount and find", "MB", peaks, most=goal)


if __name__ == "__main__":
    try:
        sys.exit(main(measure))
    finally:
        Known.forget_all()
