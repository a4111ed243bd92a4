#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The program's CPU for a gigabyte downloaded over TLS, checked and written to disk, from a line without limits."""
import sys

from bed import TLS, Bed, Row, main, read_whole, repeat, seconds

SIZE = 500_000_000


def measure():
    with Bed() as bed:
        service = bed.serve_tls("--assets", "10")
        bed.add(service, 1, SIZE, "FILM.MOV", "com.apple.quicktime-movie")
        certificate = ("--ca-file", str(TLS / "authority.pem"))
        bed.mounted(service, *certificate)
        film = bed.find("FILM.MOV", 1)[0]

        def once():
            bed.cold_again(service, *certificate)
            bed.content_bytes(service)
            before = bed.cpu_seconds()
            took = seconds(lambda: read_whole(film))
            bed.content_bytes(service)
            return {"cpu": (bed.cpu_seconds() - before) / (SIZE / 1e9), "rate": SIZE / took / 1e6}
        runs = repeat(once)
        yield Row("CPU of a GB downloaded over TLS", "s", runs["cpu"], most=1.2,
                  note=f"{min(runs['rate']):.0f} MB/s at least, the service on the same cores")


if __name__ == "__main__":
    sys.exit(main(measure))
