#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""While a library is read for the first time, and while the network is not there: who waits, for how long, and who does not."""
import errno
import os
import pathlib
import signal
import subprocess
import threading
import time
import unittest

from library_test import shown, truth_of
from rig import PATIENCE, Rig


class Waiting(Rig):
    def slow_library(self):
        """A mount whose library cannot be listed for as long as the fault lasts."""
        service = self.serve()
        service.control("faults", {"match": "CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted", "action": "hang"})
        self.mount_first(service)
        return service

    def test_ls_waits_for_a_listing_and_a_signal_ends_it_at_once(self):
        self.slow_library()
        for fatal in (signal.SIGINT, signal.SIGKILL):
            listing = subprocess.Popen(["ls", str(self.mount_point / "Personal Library" / "All Photos")], stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT)
            self.wait_for(lambda: self.state(listing.pid) == "S", "ls to wait")
            self.assertIsNone(listing.poll())
            listing.send_signal(fatal)
            self.assertEqual(listing.wait(5), -fatal)
            listing.stdout.close()

    def state(self, pid):
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]

    def test_what_is_known_is_answered_while_others_wait(self):
        self.slow_library()
        waiting = subprocess.Popen(["ls", str(self.mount_point / "Personal Library" / "All Photos")], stderr=subprocess.DEVNULL)
        for _ in range(20):
            os.stat(self.mount_point)
            os.statvfs(self.mount_point)
        self.assertIsNone(waiting.poll())
        waiting.kill()
        waiting.wait(PATIENCE)

    def test_unmounting_does_not_wait_for_those_who_wait(self):
        self.slow_library()
        waiting = subprocess.Popen(["ls", str(self.mount_point / "Personal Library" / "All Photos")], stderr=subprocess.DEVNULL)
        self.wait_for(lambda: self.state(waiting.pid) == "S", "ls to wait")
        os.kill(self.daemons()[0], signal.SIGTERM)
        self.wait_for(lambda: not self.daemons(), "the daemon to end")
        self.assertNotEqual(waiting.wait(PATIENCE), 0)
        self.assertFalse(self.is_mounted())

    def test_a_listing_appears_when_the_library_is_complete(self):
        service = self.slow_library()
        seen = []
        reader = threading.Thread(target=lambda: seen.extend(os.listdir(self.mount_point / "Personal Library" / "All Photos")))
        reader.start()
        service.control("faults/clear", {})
        reader.join(PATIENCE)
        self.assertFalse(reader.is_alive())
        self.assertGreater(len(seen), 3)

    def test_an_album_somebody_waits_for_is_there_before_the_library_is_known_whole(self):
        service = self.serve("--assets", "2500")
        whole_list = "CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted"
        service.control("faults", [{"match": whole_list, "nth": n, "action": "hang"} for n in range(12, 16)])
        self.mount_first(service)
        library = self.mount_point / "Personal Library"
        listed = {}
        for folder, folders, files in os.walk(library / "Albums", onerror=self.fail):
            listed[folder] = (sorted(folders), sorted(files))
        self.assertGreater(sum(len(files) for _, files in listed.values()), 100)
        self.assertFalse((self.mount_point / ".icloudphotos" / "ready").exists())
        service.control("faults/clear", {})
        self.wait_until_complete()
        for folder, folders, files in os.walk(library / "Albums", onerror=self.fail):
            self.assertEqual(listed[folder], (sorted(folders), sorted(files)), folder)

    def test_the_newest_month_is_there_before_the_library_is_known_whole(self):
        service = self.serve("--assets", "2500")
        whole_list = "CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted"
        # Which windows are still to come when these are stuck, chance decides; the first are not among them.
        service.control("faults", [{"match": whole_list, "nth": n, "action": "hang"} for n in range(12, 40)])
        self.mount_first(service)
        all_photos = self.mount_point / "Personal Library" / "All Photos"
        newest = max(photo["captured"] for photo in shown(truth_of(service, "personal")[0]) if photo["captured"] < time.time() * 1000)
        month = time.strftime("%Y/%m", time.gmtime(newest / 1000))
        early = sorted(os.listdir(all_photos / month))
        everything = subprocess.Popen(["ls", str(all_photos)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_for(lambda: self.state(everything.pid) == "S", "ls to wait for the whole library")
        service.control("faults/clear", {})
        self.assertEqual(everything.wait(PATIENCE), 0)
        self.wait_until_complete()
        self.assertGreater(len(early), 3)
        self.assertEqual(sorted(os.listdir(all_photos / month)), early, "what was listed early was all of it")

    def test_offline_cached_bytes_are_served_and_others_fail_in_time_and_then_at_once(self):
        service = self.serve()
        self.mount_first(service, "--read-timeout", "5")
        paths = [self.mount_point / path for path in self.files("Personal Library/Favorites")]
        kept = paths[0].read_bytes()
        service.stop()
        self.assertEqual(paths[0].read_bytes(), kept)
        errors = []
        for path in paths[1:4]:
            started = time.monotonic()
            with self.assertRaises(OSError) as caught:
                path.read_bytes()
            errors.append((caught.exception.errno, time.monotonic() - started))
        self.assertEqual({error for error, _ in errors}, {errno.ETIMEDOUT})
        self.assertLess(errors[1][1], 2)
        self.assertLess(errors[2][1], 2)
        self.assertEqual(len(self.files("Personal Library/Favorites")), len(paths))


if __name__ == "__main__":
    unittest.main(verbosity=2)
