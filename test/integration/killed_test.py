#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Killed at random moments of indexing, syncing and downloading, the program mounts again, nobody is asked anything, and it shows
what the service has, with the right bytes. KILLS=200 kills more often than every day's tests; SEED=N repeats a run."""
import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
import unittest

from mirror import Changes, Mirror, is_of
from rig import PATIENCE

KILLS = int(os.environ.get("KILLS", "12"))
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 2**32)


class Killed(Mirror):
    def kill(self):
        for daemon in self.daemons():
            with contextlib.suppress(ProcessLookupError):
                os.kill(daemon, signal.SIGKILL)
        self.wait_for(lambda: not self.daemons(), "the program to die")

    def start(self):
        """Begins to mount, and does not wait for it."""
        starting = subprocess.Popen(self.command(self.service, *self.SHOWN), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(starting.wait)
        return starting

    def requests(self):
        return sum(self.service.control("counters")["requests"].values())

    def moment(self, requests, seconds=0.05):
        """Some moment: after so many more requests at most, or when there are none any more, and a while."""
        wanted, now, seen = self.requests() + self.random.randint(0, requests), time.monotonic(), 0
        last = now
        while (so_far := self.requests()) < wanted and now - last < 0.5:
            if so_far != seen:
                seen, last = so_far, now
            now = time.monotonic()
        time.sleep(self.random.uniform(0, seconds))

    def check_catalog(self):
        """What the dead left is a sound database."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for file in self.catalog_files():
            if not file.name.endswith("-shm"):
                shutil.copy(file, copy)
        if (copy / "catalog.db").exists():
            with contextlib.closing(sqlite3.connect(copy / "catalog.db")) as database:
                self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])

    def catalog_files(self):
        return [file for file in self.state_home.rglob("catalog.db*") if file.is_file()]

    def while_indexing(self):
        self.kill()
        for file in self.catalog_files():
            file.unlink()
        self.start()
        self.moment(self.of_a_whole_index)

    def while_syncing(self):
        self.changes.make(self.random.randint(1, 12))
        for daemon in self.daemons():
            os.kill(daemon, signal.SIGHUP)
        self.changes.make(self.random.randint(1, 12))
        self.moment(6)

    def while_downloading(self):
        if self.random.random() < 0.7:
            self.kill()
            shutil.rmtree(self.folder / "cache", ignore_errors=True)
            self.mount_again(self.service, *self.SHOWN)
            self.wait_until_complete()
        paths = [path for path, _ in self.paths()]
        readers = [threading.Thread(target=self.read, args=(self.random.sample(paths, min(20, len(paths))),)) for _ in range(3)]
        for reader in readers:
            reader.start()
        self.moment(30)
        self.kill()
        for reader in readers:
            reader.join(PATIENCE)
            self.assertFalse(reader.is_alive(), "a reader outlives the program it reads from")

    def paths(self):
        return [(f"{folder}/{name}", inode) for folder, names in self.names.items() for name, inode in names.items()]

    def read(self, paths):
        """Reads files until there is nobody to read from; whatever is read to its end must be right."""
        checksums = {path: self.inodes[inode][1] for path, inode in self.paths()}
        for path in paths:
            try:
                content = (self.mount_point / path).read_bytes()
            except OSError:
                continue
            if not is_of(content, checksums[path]):
                self.wrong.append(path)

    def check_bytes(self, count):
        available = {r["checksum"] for photos, _ in self.truth.values() for photo in photos for r in photo["resources"] if r["available"]}
        readable = [(path, self.inodes[inode][1]) for path, inode in self.paths() if self.inodes[inode][1] in available]
        for path, checksum in self.random.sample(readable, min(count, len(readable))):
            self.assertTrue(is_of((self.mount_point / path).read_bytes(), checksum), path)

    def check(self):
        self.check_catalog()
        self.mount_again(self.service, *self.SHOWN)
        self.wait_until_complete()
        self.wait_until_current(self.service)
        self.check_everything(self.service)
        self.check_bytes(10)
        self.assertEqual(self.wrong, [], "wrong bytes were read")
        counters = self.service.control("counters")
        self.assertEqual((counters["password_attempts"], counters["codes_sent"]), (1, self.codes), "somebody had to sign in again")
        self.service.control("counters/reset")

    def test_whenever_it_is_killed_the_next_start_mounts_and_shows_what_the_service_has(self):
        print(f"SEED={SEED} KILLS={KILLS}", flush=True)
        self.random, self.wrong = random.Random(SEED), []
        self.service = self.serve("--assets", "160", "--shared-assets", "30", "--file-size", "150K", "--latency", "3")
        self.service.control("settings", {"bytes_per_second": 3_000_000})
        self.changes = Changes(self.service, self.random)
        self.mount_first(self.service, *self.SHOWN)
        self.wait_until_complete()
        self.of_a_whole_index = self.requests()
        self.codes = self.service.control("counters")["codes_sent"]
        self.check_everything(self.service)
        self.service.control("counters/reset")
        deeds = [self.while_indexing, self.while_syncing, self.while_downloading]
        for number in range(KILLS):
            deed = deeds[number % len(deeds)]
            with self.subTest(kill=number, deed=deed.__name__, seed=SEED):
                deed()
                self.kill()
                self.check()
                self.changes.deleted = 0
                self.changes.touched.clear()


if __name__ == "__main__":
    unittest.main(verbosity=2)
