#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `icloudphotos doctor` finds: nothing but what Apple counts differently in a sound library, and in one with gaps each photo
that has no file for its original."""
import json
import subprocess
import unittest

from library_test import truth_of
from rig import ACCOUNT, PATIENCE, Rig


class Doctor(Rig):
    def doctor(self, service, *words):
        command = self.icloudphotos(service, "doctor", ACCOUNT, *words)
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)

    def findings(self, service):
        ended = self.doctor(service, "--json")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return json.loads(ended.stdout)

    def test_a_sound_library_has_one_album_that_is_counted_differently(self):
        service = self.serve()
        self.mount_first(service)
        self.wait_until_complete()
        [album] = self.findings(service)
        self.assertEqual((album["what"], album["name"]), ("album", "Best of"))
        self.assertEqual(self.doctor(service).stdout, f'Personal Library: album {album["record"]} "Best of": '
                                                      "3 listed, 3 in the change feed, Apple counts 4\n")

    def test_photos_without_an_original_are_named_with_and_without_a_mount(self):
        service = self.serve()
        service.control("quirks", {"orphans": True, "missing_values": True})
        self.mount_first(service)
        self.wait_until_complete()
        found = self.findings(service)
        photos = truth_of(service, "personal")[0]
        lacking = {photo["asset"] for photo in photos if not photo["deleted"]
                   and not any(r["resource"] == "resOriginal" for r in photo["resources"])}
        named = {finding["record"]: finding["why"] for finding in found
                 if finding["what"] == "photo" and finding["library"] == "Personal Library"}
        self.assertTrue(lacking)
        self.assertEqual(lacking - set(named), set())
        self.assertEqual({named[record] for record in lacking}, {"its original is not in the cloud"})
        orphans = set(named) - {photo["asset"] for photo in photos}
        self.assertEqual({named[record] for record in orphans}, {"its original was never delivered", "its record names no original"})
        waiting = sum(library["waiting"] for library in self.mount_status()["libraries"] if library["kind"] == "personal")
        hidden = sum(photo["hidden"] and photo["asset"] in named for photo in photos)
        self.assertEqual(len(named) - hidden, waiting)
        self.unmount()
        self.assertEqual(self.findings(service), found)

    def test_an_account_nobody_mounted_is_said(self):
        ended = self.doctor("http://127.0.0.1")
        self.assertEqual(ended.returncode, 32)
        self.assertIn("mount it first", ended.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
