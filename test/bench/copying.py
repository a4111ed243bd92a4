#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`rsync -a` of 500 photos of 2 MB in five months, and 16 readers of 16 files at once, over 50 ms and 10 MB/s a connection."""
import shutil
import subprocess
import sys
import threading

from bed import LATENCY_MS, LINE, RATE, REPEATS, Bed, Row, main, read_whole, repeat, seconds

MONTHS, A_MONTH, SIZE = 5, 100, 2_000_000
READERS, EACH = 16, 40_000_000
ALL_CONNECTIONS = 16
MARCH_2021_MS, MONTH_MS = 1_615_000_000_000, 31 * 86_400_000


def rsync():
    with Bed() as bed:
        service = bed.serve("--assets", "10", *LINE)
        for month in range(MONTHS):
            bed.add(service, A_MONTH, SIZE, None, captured=MARCH_2021_MS + month * MONTH_MS)
        bed.mounted(service)
        bed.find("NEW_*.JPG", MONTHS * A_MONTH)
        copy = bed.folder / "copy"

        def once():
            bed.cold_again(service)
            shutil.rmtree(copy, ignore_errors=True)
            took = seconds(lambda: subprocess.run(["rsync", "-a", f"{bed.photos / '2021'}/", str(copy)], check=True))
            if sum(path.stat().st_size for path in copy.rglob("*.JPG")) != MONTHS * A_MONTH * SIZE:
                raise RuntimeError("the copy is not whole")
            return {"took": took}
        floor = MONTHS * A_MONTH * SIZE / RATE / ALL_CONNECTIONS
        yield Row("rsync -a of 500 files of 2 MB", "s", repeat(once, min(REPEATS, 3))["took"], most=10, floors=floor,
                  note=f"floor: {ALL_CONNECTIONS} connections")


def readers():
    with Bed() as bed:
        service = bed.serve("--assets", "10", *LINE)
        bed.add(service, READERS, EACH, "CLIP.MOV", "com.apple.quicktime-movie")
        bed.mounted(service)
        files = bed.find("CLIP*.MOV", READERS)

        def all_at_once():
            threads = [threading.Thread(target=read_whole, args=(path,)) for path in files]
            for each in threads:
                each.start()
            for each in threads:
                each.join()

        def once():
            bed.cold_again(service)
            return {"took": seconds(all_at_once)}
        line = EACH / RATE + LATENCY_MS / 1000
        yield Row("16 readers of 16 files of 40 MB", "s", repeat(once)["took"], floors=line, most_ratio=1.2,
                  note=f"floor: {READERS} connections")


def measure():
    yield from rsync()
    yield from readers()


if __name__ == "__main__":
    sys.exit(main(measure))
