#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files read one after another: what a copy costs in requests, and that a look at the files' heads does not fetch them."""
import os
import shutil
import subprocess
import unittest

from rig import PATIENCE, Rig

ALL = "Personal Library/All Photos"


class Ahead(Rig):
    def library(self, photos, file_bytes):
        self.service = self.serve("--assets", str(photos), "--file-size", str(file_bytes))
        self.mount_first(self.service)
        self.paths = self.files(ALL)
        self.service.control("counters/reset")

    def mount_cold(self):
        """Nothing is cached, and no list was read that tells URLs."""
        self.unmount()
        shutil.rmtree(self.folder / "cache")
        self.mount_again(self.service)
        self.service.control("counters/reset")

    def requests(self, what):
        requests = self.service.control("counters")["requests"]
        return sum(count for operation, count in requests.items() if what in operation)

    def copy(self, *command):
        ended = subprocess.run([*command, f"{self.mount_point / ALL}/", f"{self.folder / 'copy'}"], capture_output=True, text=True,
                               timeout=PATIENCE)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        for path in self.paths:
            size = os.stat(self.folder / "copy" / os.path.relpath(path, ALL)).st_size
            self.assertEqual(size, os.stat(self.mount_point / path).st_size, path)

    def check_copy(self, *command):
        self.copy(*command)
        # Up to two hundred are asked for at once, and again under another spelling where one is not found; a few requests go
        # out before it is clear that it is a copy.
        self.assertLess(self.requests("lookup"), len(self.paths) / 100 + 12)
        # Nothing is fetched that was fetched already, and files ahead by one request.
        self.assertLess(self.requests("GET /B"), 1.5 * len(self.paths))

    def test_rsync_asks_for_hundreds_of_urls_at_once(self):
        self.library(600, 300_000)
        self.mount_cold()
        self.check_copy("rsync", "-a")

    def test_cp_asks_for_hundreds_of_urls_at_once(self):
        self.library(600, 300_000)
        self.mount_cold()
        self.check_copy("cp", "-a")

    def test_urls_that_ran_out_are_renewed_by_the_hundred(self):
        self.library(600, 300_000)
        self.service.control("expire", {"what": "urls"})
        self.copy("rsync", "-a")
        self.assertLess(self.requests("lookup"), len(self.paths) / 100 + 12)

    def test_a_look_at_the_heads_fetches_no_whole_files(self):
        self.library(100, 4_000_000)
        self.mount_cold()
        large = [path for path in self.paths if os.stat(self.mount_point / path).st_size == 4_000_000]
        for path in large:
            with open(self.mount_point / path, "rb", buffering=0) as file:
                self.assertEqual(len(file.read(65_536)), 65_536)
        # What the kernel asks for, in chunks, once.
        self.assertLess(self.service.control("counters")["content_bytes"], 110_000 * len(large))


if __name__ == "__main__":
    unittest.main()
