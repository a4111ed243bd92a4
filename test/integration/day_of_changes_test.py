#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A backup by rsync, then a day in the life of a library, then the next backup: what is new is copied, what went is deleted, what
was only moved or named anew is linked, and nothing else happens."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import unittest

from library_test import truth_of
from rig import Rig

ASSET = "user.icloudphotos.asset"


class DayOfChanges(Rig):
    def backup(self, *options):
        """What rsync says it did: path -> the letters before it."""
        ended = subprocess.run(["rsync", "-aH", "-8", "--delete", "--modify-window=0", "--out-format=%i %n%L", *options,
                                f"{self.mount_point}/", f"{self.copy}/"], capture_output=True, text=True, timeout=120)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        told = dict(reversed(line.split(maxsplit=1)) for line in ended.stdout.splitlines())
        return {name.split(" => ")[0]: what for name, what in told.items()}

    @staticmethod
    def asset_at(path):
        return os.getxattr(path, ASSET).decode()

    def same_links(self):
        """Names of one file here are names of one file there."""
        groups = []
        for top in (self.mount_point, self.copy):
            names = {}
            for folder, _, files in os.walk(top):
                for name in files:
                    path = pathlib.Path(folder, name)
                    names.setdefault(os.lstat(path).st_ino, set()).add(str(path.relative_to(top)))
            groups.append(sorted(sorted(paths) for paths in names.values()))
        self.assertEqual(groups[0], groups[1])

    def test_the_next_backup_transfers_exactly_what_changed(self):
        service = self.serve("--assets", "400", "--shared-assets", "20")
        self.mount_first(service, "-o", "xattr")
        self.wait_until_complete()
        self.copy = self.folder / "copy"
        self.copy.mkdir()
        self.backup()
        self.same_links()
        self.assertEqual(self.backup("--dry-run"), {})

        before = set(self.files())
        asset_of = {path: self.asset_at(self.mount_point / path) for path in before}
        inode_of = {path: os.stat(self.mount_point / path).st_ino for path in before}
        photos, albums = truth_of(service, "personal")
        plain = iter([photo["asset"].upper() for photo in photos if not (photo["hidden"] or photo["deleted"] or photo["favorite"]
                      or any(r["record"] == "asset" for r in photo["resources"]))])
        album = {a["name"]: a for a in albums}
        purged, deleted, edited, favorite = (next(plain) for _ in range(4))
        moved = album["Paris"]["visible_members"][0]
        new = service.control("add", {"name": "BRAND_NEW.JPG", "bytes": 5000})["assets"][0]
        service.control("purge", {"asset": purged})
        service.control("edit", {"asset": deleted, "deleted": True})
        service.control("edit", {"asset": edited, "edited": True})
        service.control("edit", {"asset": favorite, "favorite": True})
        service.control("album", {"id": album["Loire"]["id"], "name": "Along the Loire"})
        service.control("album/members", {"album": album["Paris"]["id"], "remove": [moved]})
        service.control("album/members", {"album": album["Empty"]["id"], "add": [moved]})
        os.kill(self.daemons()[0], signal.SIGHUP)
        albums_here = self.mount_point / "Personal Library/Albums"
        self.wait_for(lambda: (albums_here / "Trips/2024/France/Along the Loire").is_dir() and os.listdir(albums_here / "Empty")
                      and "BRAND_NEW.JPG" in os.listdir(self.mount_point / "Personal Library/Recents"), "the news")
        self.assertFalse(moved.upper() in map(self.asset_at, (albums_here / "Trips/2024/France/Paris").iterdir()))

        told = self.backup()
        after = {path: self.asset_at(self.mount_point / path) for path in self.files()}
        known = set(inode_of.values())
        fresh = {path for path in after if os.stat(self.mount_point / path).st_ino not in known}
        copied = {path for path, what in told.items() if what.startswith(">f")}
        # One name of each new file is copied, the others are links to it.
        self.assertEqual({os.stat(self.mount_point / path).st_ino for path in copied},
                         {os.stat(self.mount_point / path).st_ino for path in fresh})
        self.assertEqual(len(copied), len({os.stat(self.mount_point / path).st_ino for path in fresh}))
        self.assertEqual({after[path] for path in copied}, {new.upper(), edited})
        self.assertEqual({told[path] for path in copied}, {">f+++++++++"})
        self.assertEqual({path for path, what in told.items() if what.startswith("*deleting") and not path.endswith("/")},
                         before - set(after))
        self.assertFalse({purged, deleted} & set(after.values()))
        self.assertTrue(any(path.startswith("Personal Library/Favorites/") and asset == favorite for path, asset in after.items()))
        self.assertEqual([a for path, a in after.items() if path.startswith("Personal Library/Albums/Empty/")][:1], [moved.upper()])
        loire = "Personal Library/Albums/Trips/2024/France/"
        self.assertEqual(sorted(p.replace("Along the Loire", "Loire") for p in after if p.startswith(loire + "Along")),
                         sorted(p for p in before if p.startswith(loire + "Loire")))
        for path in before & set(after) - fresh:
            if asset_of[path] == after[path]:
                self.assertEqual(os.stat(self.mount_point / path).st_ino, inode_of[path], path)
        self.assertEqual(self.backup("--dry-run"), {})
        self.same_links()


if __name__ == "__main__":
    if not shutil.which("rsync"):
        print("rsync is not installed: nothing was looked at")
        sys.exit(77)  # "skipped"
    unittest.main(verbosity=2)
