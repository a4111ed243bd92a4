#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many photos that go at once stay in the mount until somebody else says so too: the lists in a later round, or a person."""
import os
import subprocess
import unittest

from rig import ACCOUNT, PATIENCE, Rig


class Guard(Rig):
    def start(self, *options):
        self.service = self.serve(*options)
        self.mount_first(self.service)
        self.before = self.photos()

    def photos(self):
        return self.files("Personal Library/All Photos")

    def visible(self):
        """The photos the service has, by asset: neither hidden nor in the trash."""
        truth = self.service.control("truth?from=0&count=1000")
        return [photo["asset"] for photo in truth["photos"] if not photo["hidden"] and not photo["deleted"]]

    def trash(self, count):
        for asset in self.visible()[:count]:
            self.service.control("edit", {"asset": asset, "deleted": True})

    def refresh(self, *words):
        ended = subprocess.run(self.icloudphotos(self.service, "refresh", "--wait", *words, ACCOUNT), stdin=subprocess.DEVNULL,
                               capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))

    def held_back(self):
        return [(one["library"], one["photos"]) for one in self.mount_status()["held_back"]]

    def test_two_hundred_photos_deleted_at_once_outlive_a_restart_and_go_when_the_lists_agree(self):
        self.start("--assets", "400")
        self.trash(200)
        self.refresh()
        self.assertEqual(self.held_back(), [("Personal Library", 200)])
        self.assertEqual(self.photos(), self.before)
        self.unmount()
        self.mount_again(self.service)
        self.wait_for(self.held_back, "the deletions to be held back again")
        self.assertEqual(self.photos(), self.before)
        self.refresh()
        self.assertEqual(self.held_back(), [])
        self.assertLess(len(self.photos()), len(self.before) - 190)

    def test_what_the_counter_contradicts_stays_until_a_person_accepts_it(self):
        self.start("--assets", "400")
        self.service.control("quirks", {"count_error": 200})
        self.trash(200)
        for _ in range(3):
            self.refresh()
            self.assertEqual(self.held_back(), [("Personal Library", 200)])
            self.assertEqual(self.photos(), self.before)
        self.refresh("--accept")
        self.assertEqual(self.held_back(), [])
        self.assertLess(len(self.photos()), len(self.before) - 190)

    def test_a_library_that_vanished_stays_until_a_person_accepts_it(self):
        self.start()
        shared = sorted(os.listdir(self.mount_point / "Shared Library"))
        self.service.control("leave", {"library": "shared"})
        for _ in range(3):
            self.refresh()
            self.assertEqual([library for library, _ in self.held_back()], ["Shared Library"])
            self.assertEqual(sorted(os.listdir(self.mount_point / "Shared Library")), shared)
        self.refresh("--accept")
        self.assertFalse((self.mount_point / "Shared Library").exists())
        self.assertEqual(self.held_back(), [])
        self.assertEqual(self.photos(), self.before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
