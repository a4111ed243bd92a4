#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a program fetches that looks at the first 64 KiB of each of 1,000 photos of 2 MB in a directory, one after another."""
import sys

from bed import LINE, Bed, Row, main, repeat, seconds

PHOTOS, SIZE, HEAD = 1000, 2_000_000, 64 << 10


def measure():
    with Bed() as bed:
        service = bed.serve("--assets", "10", *LINE)
        bed.add(service, PHOTOS, SIZE, None)
        bed.mounted(service)
        bed.find("NEW_*.JPG", PHOTOS)

        def scan():
            for path in sorted(bed.photos.rglob("NEW_*.JPG")):
                with open(path, "rb", buffering=0) as file:
                    file.read(HEAD)

        def once():
            bed.cold_again(service)
            bed.forget_counters(service)
            took = seconds(scan)
            return {"took": took, "moved": bed.content_bytes(service) / PHOTOS / 1000}
        # A minute each where every photo costs a round trip.
        runs = repeat(once, 2)
        yield Row("first 64 KiB of each of 1,000 photos: bytes a photo", "kB", runs["moved"], most=100, floors=HEAD / 1000)
        yield Row("first 64 KiB of each of 1,000 photos", "s", runs["took"])


if __name__ == "__main__":
    sys.exit(main(measure))
