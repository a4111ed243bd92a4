#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""5,000 files of 16 KiB that are on disk already, each opened, read and closed: again, and for the first time after a remount,
beside a copy on the file system below."""
import shutil
import sys

from bed import Bed, Row, main, reader, repeat

FILES, SIZE = 5000, 16 << 10


def measure():
    with Bed() as bed:
        service = bed.serve("--assets", "10")
        bed.add(service, FILES, SIZE, None)
        bed.mounted(service)
        here = bed.find("NEW_*.JPG", FILES)[0].parent
        below = bed.folder / "below"
        shutil.copytree(here, below)

        def rate(path):
            took, files = reader("files", path)
            return files / took

        def once():
            bed.cold_again(service, bytes_too=False)
            return {"first": rate(here), "again": max(rate(here) for _ in range(3)),
                    "below": max(rate(below) for _ in range(3))}
        runs = repeat(once)
        yield Row("cached 16 KiB files re-read", "/s", runs["again"], floors=runs["below"], least_ratio=0.7)
        yield Row("cached 16 KiB files, first read after a remount", "/s", runs["first"], floors=runs["below"])


if __name__ == "__main__":
    sys.exit(main(measure))
