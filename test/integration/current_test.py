#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A shell that is open while the library changes: every name and attribute the kernel has remembered is right again once the
change is shown, watchers hear of what went, and .icloudphotos tells scripts about it."""
import collections
import ctypes
import errno
import json
import os
import pathlib
import select
import signal
import struct
import subprocess
import time
import unittest

from library_test import truth_of
from rig import PATIENCE, Rig

ASSET = "user.icloudphotos.asset"
IN_DELETE_SELF = 0x400


class Watch:
    """inotify on some files and directories."""

    def __init__(self, *paths):
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.inotify_init1(os.O_CLOEXEC)
        self.paths = {libc.inotify_add_watch(self.fd, os.fsencode(path), IN_DELETE_SELF): path for path in paths}
        self.gone = set()

    def look(self):
        """Which of them are gone."""
        while select.select([self.fd], [], [], 0)[0]:
            data = os.read(self.fd, 65536)
            while data:
                watch, mask, _, size = struct.unpack_from("iIII", data)
                data = data[16 + size:]
                if mask & IN_DELETE_SELF:
                    self.gone.add(self.paths[watch])
        return self.gone


class Current(Rig):
    def mount(self, *options, faults=()):
        self.service = self.serve("--assets", "80", "--shared-assets", "10", *options)
        for fault in faults:
            self.service.control("faults", fault)
        self.mount_first(self.service, "-o", "xattr", "--incomplete-wait", "2s")
        self.control = self.mount_point / ".icloudphotos"
        self.personal = self.mount_point / "Personal Library"

    def poll(self):
        os.kill(self.daemons()[0], signal.SIGHUP)

    def is_ready(self):
        return (self.control / "ready").exists()

    def told(self):
        """What `changes` has: (word, path) of each line."""
        return [tuple(line.split(" ", 2)[1:]) for line in (self.control / "changes").read_text().splitlines()]

    def wait_until_told(self, *changes):
        self.poll()
        missing = set(changes)

        def all_told():
            missing.difference_update(self.told())
            return not missing
        self.wait_for(all_told, missing)

    def everything(self):
        """(path, inode, links) of all there is, as the kernel remembers it."""
        paths = [pathlib.Path(folder, name) for folder, folders, names in os.walk(self.mount_point) for name in folders + names]
        return {str(path.relative_to(self.mount_point)): os.lstat(path) for path in paths}

    def check_links(self):
        """The kernel's attributes are those of the tree: a file has as many links as names."""
        files = {path: status for path, status in self.everything().items() if not os.path.isdir(self.mount_point / path)}
        names = collections.Counter(status.st_ino for status in files.values())
        self.assertEqual({path: status.st_nlink for path, status in files.items()},
                         {path: names[status.st_ino] for path, status in files.items()})

    def paths_of(self, asset):
        return {path for path in self.everything() if not os.path.isdir(self.mount_point / path)
                and os.getxattr(self.mount_point / path, ASSET).decode().upper() == asset.upper()}

    def missing(self, *paths):
        for path in paths:
            with self.assertRaises(FileNotFoundError, msg=path):
                os.stat(self.mount_point / path)

    def test_what_the_kernel_remembers_is_right_when_a_change_is_told(self):
        self.mount()
        self.wait_for(self.is_ready, "ready")
        photos, albums = truth_of(self.service, "personal")
        album = {each["name"]: each for each in albums}
        plain = iter([photo["asset"] for photo in photos if not (photo["hidden"] or photo["deleted"] or photo["favorite"]
                      or any(r["record"] == "asset" for r in photo["resources"]))])
        favorite, purged = next(plain), next(plain)
        moved = album["Paris"]["visible_members"][0]
        # A month has a directory for as long as it has a photo.
        self.service.control("add", {"name": "KEPT.JPG", "captured": next(p["captured"] for p in photos if p["asset"] == purged)})
        self.wait_until_told(("added", "Personal Library/Recents/KEPT.JPG"))
        trash = self.service.control("album", {"name": "Trash this"})
        self.wait_until_told(("added", "Personal Library/Albums/Trash this"))
        names_of_purged, names_of_moved = self.paths_of(purged), self.paths_of(moved)
        name_of_favorite = os.path.basename(next(iter(self.paths_of(favorite))))
        in_paris = {path for path in names_of_moved if "/Paris/" in path}
        in_empty = {"Personal Library/Albums/Empty/" + os.path.basename(path) for path in in_paris}
        loire = next(path for path in self.everything() if path.endswith("/Loire"))
        in_loire = os.listdir(self.mount_point / loire)
        along = os.path.join(os.path.dirname(loire), "Along the Loire")
        recent = "Personal Library/Recents/BRAND_NEW.JPG"
        liked = "Personal Library/Favorites/" + name_of_favorite
        # Each is missing, and the kernel remembers that.
        self.missing(recent, liked, along, *in_empty, "Personal Library/Albums/Nothing else")
        trashed = "Personal Library/Albums/Trash this"
        # Somebody is in that album, and watches one photo that goes, one that only loses a name, and two albums.
        inside = os.open(self.mount_point / loire, os.O_RDONLY)
        self.addCleanup(os.close, inside)
        goes, stays = min(names_of_purged), min(in_paris)
        watch = Watch(*(self.mount_point / path for path in (goes, stays, loire, trashed)))
        self.addCleanup(os.close, watch.fd)

        self.service.control("add", {"name": "BRAND_NEW.JPG", "bytes": 5000})
        self.service.control("purge", {"asset": purged})
        self.service.control("edit", {"asset": favorite, "favorite": True})
        self.service.control("album", {"id": album["Loire"]["id"], "name": "Along the Loire"})
        self.service.control("album/members", {"album": album["Paris"]["id"], "remove": [moved]})
        self.service.control("album/members", {"album": album["Empty"]["id"], "add": [moved]})
        self.service.control("album", {"id": trash["id"], "deleted": True})
        went = names_of_purged | in_paris | {loire, trashed}
        came = in_empty | {recent, liked, along}
        self.wait_until_told(*(("added", path) for path in came), *(("removed", path) for path in went))

        # What is told is so, at once.
        self.missing(*went)
        for path in came:
            os.stat(self.mount_point / path)
        self.assertEqual((self.mount_point / recent).stat().st_size, 5000)
        self.assertEqual(os.listdir(self.mount_point / along), in_loire)
        self.check_links()
        self.assertEqual(self.paths_of(moved), names_of_moved - in_paris | in_empty)
        self.assertEqual(os.listdir(inside), in_loire)
        self.assertTrue(all(os.stat(name, dir_fd=inside).st_size for name in in_loire))
        self.assertEqual(watch.look(), {self.mount_point / goes, self.mount_point / trashed})

    def test_a_photo_that_only_changes_albums_keeps_its_links(self):
        self.mount()
        self.wait_for(self.is_ready, "ready")
        _, albums = truth_of(self.service, "personal")
        album = {each["name"]: each for each in albums}
        photos = album["Paris"]["visible_members"][:5]
        self.check_links()
        for there in ("Empty", "Paris", "Empty"):
            other = "Paris" if there == "Empty" else "Empty"
            before = len(self.told())
            self.service.control("album/members", {"album": album[there]["id"], "add": photos})
            self.service.control("album/members", {"album": album[other]["id"], "remove": photos})
            self.poll()
            self.wait_for(lambda: any(word == "added" and f"/{there}/" in path for word, path in self.told()[before:])
                          and any(word == "removed" and f"/{other}/" in path for word, path in self.told()[before:]), there)
            self.check_links()

    def test_the_control_directory(self):
        # The change feed decides what exists, and it is not to be had yet.
        self.mount(faults=[{"match": "changes/zone", "action": "status", "status": 503}])
        for listed in (["ls", "-a"], ["ls", "-lA"], ["find", "-maxdepth", "2"]):
            self.assertNotIn("icloudphotos", subprocess.run(listed, cwd=self.mount_point, capture_output=True, text=True,
                                                            timeout=PATIENCE).stdout)
        for _ in range(3):
            self.missing(".icloudphotos/ready", ".icloudphotos/no such file", ".icloudphotos2")
        self.assertEqual(sorted(os.listdir(self.control)), ["changes", "status.json"])
        self.assertEqual(os.stat(self.control / "..").st_ino, 1)
        with self.assertRaises(OSError) as caught:
            (self.control / "status.json").write_text("")
        self.assertEqual(caught.exception.errno, errno.EROFS)
        status = self.control / "status.json"
        self.assertFalse(all(library["complete"] for library in json.loads(status.read_text())["libraries"]))

        follower = subprocess.Popen(["tail", "-s", "0.1", "-n", "+1", "-f", str(self.control / "changes")],
                                    stdout=subprocess.PIPE, text=True)
        self.addCleanup(follower.stdout.close)
        self.addCleanup(follower.wait)
        self.addCleanup(follower.kill)
        self.service.control("faults/clear", {})
        self.poll()
        self.wait_for(self.is_ready, "ready")
        self.assertIn("ready", os.listdir(self.control))
        self.assertEqual((self.control / "ready").read_bytes(), b"")
        self.wait_for(lambda: all(library["complete"] for library in json.loads(status.read_text())["libraries"]), "the status")
        self.assertEqual(self.told(), [], "what was there from the beginning is no change")

        # Lines of all lengths end anywhere in the pages that the kernel keeps of the file while `tail` reads it.
        for round_number in range(4):
            for number in range(10):
                self.service.control("add", {"name": f"{'x' * (17 * number)}{round_number}{number}.JPG", "bytes": 100})
            last = f"Personal Library/Recents/{'x' * (17 * 9)}{round_number}9.JPG"
            self.wait_until_told(("added", last))
        told = (self.control / "changes").read_text()
        self.assertNotIn("\0", told)
        self.assertEqual((self.control / "changes").stat().st_size, len(told.encode()))
        followed = ""
        deadline = time.monotonic() + PATIENCE
        while len(followed) < len(told) and time.monotonic() < deadline:
            followed += follower.stdout.readline()
        self.assertEqual(followed, told)

    def test_a_listing_that_does_not_become_whole_in_time_ends_in_an_error(self):
        self.mount(faults=[{"match": "CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted", "action": "status", "status": 503}])
        with self.assertRaises(OSError) as caught:
            os.listdir(self.personal / "All Photos")
        self.assertEqual(caught.exception.errno, errno.EIO)
        with self.assertRaises(OSError) as caught:
            os.stat(self.personal / "All Photos" / "no such directory")
        self.assertEqual(caught.exception.errno, errno.EIO)
        self.service.control("faults/clear", {})
        self.poll()
        self.wait_for(self.is_ready, "ready")
        self.missing("Personal Library/All Photos/no such directory")
        self.assertTrue(os.listdir(self.personal / "All Photos"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
