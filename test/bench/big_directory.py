#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`ls -lU` of one directory of 100,000 entries, first and again, beside a directory of the same names on the file system below.

First: after a remount, and after the other's caches were dropped (as root). The same by a loop of getdents and stat alone."""
import os
import subprocess
import sys

from bed import Bed, Row, can_drop_caches, drop_caches, main, reader, repeat, seconds

# Live videos and edits are entries as well.
ASSETS = 87_000


def ls(path):
    return seconds(lambda: subprocess.run(["ls", "-lU", str(path)], stdout=subprocess.DEVNULL, check=True))


def measure():
    with Bed() as bed:
        service = bed.serve("--assets", str(ASSETS), "--file-size", "2000000")
        bed.mount_first(service, "-o", "layout=all")
        while not all(library["complete"] for library in bed.mount_status()["libraries"]):
            pass
        here = bed.photos / "all"
        below = bed.folder / "below"
        below.mkdir()
        for entry in os.scandir(here):
            with open(below / entry.name, "wb") as file:
                file.truncate(2_000_000)
        entries = len(os.listdir(below))
        service.stop()

        def once():
            runs = {}
            for name, work in (("ls", ls), ("stat", lambda path: reader("stat", path)[0])):
                bed.unmount()
                drop_caches()
                runs[name + " first below"] = work(below)
                runs[name + " again below"] = min(work(below) for _ in range(3))
                bed.mount_again(service, "-o", "layout=all")
                runs[name + " first"] = work(here)
                runs[name + " again"] = min(work(here) for _ in range(3))
            return runs
        runs = repeat(once)
        note = f"{entries:,} entries" + ("" if can_drop_caches() else "; not root, so the other was warm")
        yield Row("`ls -lU` of 100,000 entries, first", "s", runs["ls first"], floors=runs["ls first below"], most_ratio=1,
                  note=note)
        yield Row("`ls -lU` of 100,000 entries, again", "s", runs["ls again"], floors=runs["ls again below"], most_ratio=1.1)
        yield Row("getdents and stat of 100,000 entries, first", "s", runs["stat first"], floors=runs["stat first below"])
        yield Row("getdents and stat of 100,000 entries, again", "s", runs["stat again"], floors=runs["stat again below"])


if __name__ == "__main__":
    sys.exit(main(measure))
