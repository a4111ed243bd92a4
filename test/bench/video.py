#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A video of 200 MB over 50 ms and 10 MB/s a connection, nothing of it on disk: read from its beginning to its end, 20 pieces
of 64 KiB here and there, by two readers at once, and its head and tail as players look for them."""
import os
import random
import sys
import threading

from bed import LATENCY_MS, LINE, RATE, REPEATS, Bed, Row, main, read_whole, seconds

SIZE, PIECES, PIECE = 200_000_000, 20, 64 << 10
# As many connections as a goal of two seconds takes; what the line could carry by then.
ALL_CONNECTIONS = 16


def read_pieces(path, offsets):
    with open(path, "rb", buffering=0) as file:
        for offset in offsets:
            if len(os.pread(file.fileno(), PIECE, offset)) != PIECE:
                raise RuntimeError(f"{path} has no {PIECE} bytes at {offset}")


def head_and_tail(path):
    """What looks for the index of a film does when that is at the end."""
    read_pieces(path, [0, 1 << 16, SIZE - (512 << 10)] + [SIZE - (512 << 10) + step * PIECE for step in range(1, 8)] + [1 << 20])


def both(path):
    readers = [threading.Thread(target=read_whole, args=(path,)) for _ in range(2)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()


def measure():
    with Bed() as bed:
        service = bed.serve("--assets", "10", *LINE)
        bed.add(service, 4 * REPEATS, SIZE, "LONG.MOV", "com.apple.quicktime-movie")
        bed.mounted(service)
        files = bed.find("LONG*.MOV", 4 * REPEATS)
        os.stat(files[0])
        results = {"whole": [], "pieces": [], "ends": [], "both": []}
        chance = random.Random(1)
        for _ in range(REPEATS):
            for kind, work in (("whole", read_whole), ("ends", head_and_tail), ("both", both),
                               ("pieces", lambda path: read_pieces(path, [chance.randrange(SIZE - PIECE) for _ in range(PIECES)]))):
                path = files.pop()
                bed.forget_counters(service)
                took = seconds(lambda: work(path))
                results[kind].append((took, bed.content_bytes(service) / 1e6))
                if kind in ("whole", "both"):  # not to fill the disk
                    bed.cold_again(service)
        line = SIZE / RATE / ALL_CONNECTIONS + LATENCY_MS / 1000
        trips = PIECES * LATENCY_MS / 1000
        took = {kind: [pair[0] for pair in pairs] for kind, pairs in results.items()}
        moved = {kind: [pair[1] for pair in pairs] for kind, pairs in results.items()}
        yield Row("200 MB video, sequential, cold", "s", took["whole"], most=2.0, floors=line,
                  note=f"floor: {ALL_CONNECTIONS} connections; {max(moved['whole']):.0f} MB moved")
        yield Row("20 random 64 KiB reads, cold", "s", took["pieces"], most=1.5, floors=trips, note="floor: the round trips")
        yield Row("20 random 64 KiB reads, cold: bytes moved", "MB", moved["pieces"], most=6, floors=PIECES * PIECE / 1e6)
        yield Row("head and tail of a 200 MB video, cold: bytes moved", "MB", moved["ends"], most=3,
                  note=f"in {max(took['ends']):.2f} s at most")
        yield Row("two readers of one file: bytes moved", "MB", moved["both"], floors=SIZE / 1e6, most_ratio=1.02,
                  note=f"in {max(took['both']):.2f} s at most")


if __name__ == "__main__":
    sys.exit(main(measure))
