#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long after a first mount the newest month, all photos and the whole tree are listed: 10,000 assets, 100 ms a request.

The floor is what the requests of the list alone would take: windows of 99 photos, as many in flight as the program has lists."""
import subprocess
import sys
import time

from bed import Bed, Row, main, repeat

ASSETS, LATENCY_MS, IN_FLIGHT, WINDOW = 10_000, 100, 6, 99


def once():
    with Bed() as bed:
        service = bed.serve("--assets", str(ASSETS), "--latency", str(LATENCY_MS))
        bed.mount_first(service)
        start = time.perf_counter()

        def find(below):
            subprocess.run(["find", str(below), "-type", "f"], stdout=subprocess.DEVNULL, check=True)
            return time.perf_counter() - start
        # Whoever lists a month waits for nothing but that month; its directory is there as soon as it is known.
        month = bed.photos / "2025" / "09"
        while True:
            try:
                newest = len(list(month.iterdir())) and time.perf_counter() - start
                break
            except FileNotFoundError:
                time.sleep(0.005)
        return {"newest": newest, "library": find(bed.photos), "tree": find(bed.mount_point),
                "requests": sum(service.control("counters")["requests"].values())}


def measure():
    runs = repeat(once)
    floor = ASSETS / WINDOW / IN_FLIGHT * LATENCY_MS / 1000
    yield Row("newest month listable after a first mount", "s", runs["newest"], most=0.5)
    yield Row("cold list of 10,000 assets at 100 ms: the library", "s", runs["library"], most=1.6, floors=floor)
    yield Row("cold list of 10,000 assets at 100 ms: the whole tree", "s", runs["tree"], most=2.5, floors=floor,
              note=f"{max(runs['requests'])} requests")


if __name__ == "__main__":
    sys.exit(main(measure))
