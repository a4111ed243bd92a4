#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A file of 500 MB that is on disk already, read with nothing and with everything in the kernel's cache of the mount, beside a
copy on the file system below; and the program's CPU for a gigabyte given out."""
import shutil
import sys

from bed import Bed, Row, main, read_whole, reader, repeat

SIZE, BLOCK = 500_000_000, 1 << 20


def measure():
    with Bed() as bed:
        service = bed.serve("--assets", "10")
        bed.add(service, 1, SIZE, "FILM.MOV", "com.apple.quicktime-movie")
        bed.mounted(service)
        film = bed.find("FILM.MOV", 1)[0]
        copy = bed.folder / "copy"
        shutil.copyfile(film, copy)
        reader("read", copy, BLOCK)

        def once():
            bed.cold_again(service, bytes_too=False)
            list(film.parent.iterdir())
            before = bed.cpu_seconds()
            cold = SIZE / reader("read", film, BLOCK)[0]
            cpu = (bed.cpu_seconds() - before) / (SIZE / 1e9)
            return {"cold": cold / 1e9, "warm": SIZE / reader("read", film, BLOCK)[0] / 1e9, "cpu": cpu,
                    "below": SIZE / reader("read", copy, BLOCK)[0] / 1e9}
        read_whole(film)
        runs = repeat(once)
        yield Row("cached sequential read, page cache cold", "GB/s", runs["cold"], least=3 * 0.53, floors=runs["below"])
        yield Row("cached sequential read, page cache warm", "GB/s", runs["warm"], floors=runs["below"], least_ratio=0.5)
        yield Row("CPU of a GB given out from the blobs on disk", "s", runs["cpu"], most=0.4, note="the program's, not the reader's")


if __name__ == "__main__":
    sys.exit(main(measure))
