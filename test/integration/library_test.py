#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A cold mount is walked whole and every file compared byte for byte with what the service says it has; then again from the
cache and the catalog with the service gone."""
import collections
import errno
import hashlib
import os
import subprocess
import unittest

from rig import PATIENCE, Rig

FILES = {"resOriginal", "resOriginalAlt", "resOriginalVidCompl", "resJPEGFull", "resVidFull"}
FOLDERS = {"personal": "Personal Library", "shared": "Shared Library"}


def truth_of(service, library, digests="all"):
    """Photos and albums. The digests of all bytes take the service long to make."""
    photos, albums, start = [], [], 0
    while True:
        page = service.control(f"truth?library={library}&from={start}&digests={digests}")
        photos += page["photos"]
        albums += page.get("albums", [])
        start = page["next"]
        if start >= page["total"]:
            return photos, albums


def files_of(photo):
    """The resources of a photo that are files of ours; a slo-mo's speed ramp has no rendered file."""
    slow_motion = photo["adjustment_type"] == "com.apple.video.slomo"
    return [r for r in photo["resources"] if r["resource"] in FILES and not (slow_motion and r["resource"] in ("resJPEGFull", "resVidFull"))]


def shown(photos):
    return [photo for photo in photos if not photo["hidden"] and not photo["deleted"]]


class Library(Rig):
    def snapshot(self, below=""):
        """What a backup sees: of each path its inode, size, time and the digest of its bytes (None: not in the cloud yet)."""
        seen = {}
        for path in self.files(below):
            status = os.stat(self.mount_point / path)
            try:
                digest = hashlib.sha256((self.mount_point / path).read_bytes()).hexdigest()
            except OSError as error:
                self.assertIn(error.errno, (errno.ESTALE, errno.ETIMEDOUT), path)
                digest = None
            seen[path] = (status.st_ino, status.st_size, status.st_mtime, status.st_nlink, digest)
        return seen

    def check_all_photos(self, library, photos, snapshot):
        expected = collections.Counter((r["sha256"] if r["available"] else None, r["size"])
                                       for photo in shown(photos) for r in files_of(photo))
        prefix = f"{FOLDERS[library]}/All Photos/"
        found = collections.Counter((digest, size) for path, (_, size, _, _, digest) in snapshot.items() if path.startswith(prefix))
        self.assertEqual(found - expected, collections.Counter(), "in the mount, not in the library")
        self.assertEqual(expected - found, collections.Counter(), "in the library, not in the mount")

    def check_albums(self, photos, albums, snapshot):
        by_id = {photo["asset"]: photo for photo in photos}
        folders = collections.defaultdict(list)
        for path, (_, _, _, _, digest) in snapshot.items():
            if path.startswith("Personal Library/Albums/"):
                folders[os.path.dirname(path)].append(digest)
        expected = collections.Counter()
        gone = {album["id"] for album in albums if album["deleted"]}
        for album in albums:
            # One whose folder was deleted is there too: no list has it, but the change feed does.
            if album["kind"] != "album" or album["id"] in gone:
                continue
            members = [by_id[asset] for asset in album["visible_members"]]
            if members:
                expected[tuple(sorted(self.current_digests(members)))] += 1
        found = collections.Counter(tuple(sorted(digests, key=str)) for digests in folders.values())
        self.assertEqual(found - expected, collections.Counter(), "in the mount, not in the library")
        self.assertEqual(expected - found, collections.Counter(), "in the library, not in the mount")

    @staticmethod
    def current_digests(members):
        digests = []
        for photo in members:
            files = {r["resource"]: r["sha256"] for r in files_of(photo)}
            edits = [kind for kind in ("resJPEGFull", "resVidFull") if kind in files]
            if edits:
                digests += [files[kind] for kind in edits]
                if "resVidFull" not in files and "resOriginalVidCompl" in files:
                    digests.append(files["resOriginalVidCompl"])
            else:
                digests += [files[kind] for kind in ("resOriginal", "resOriginalVidCompl") if kind in files]
        return digests

    def test_every_byte_comes_out_right_cold_and_again_offline(self):
        service = self.serve()
        self.mount_first(service)
        cold = self.snapshot()
        truth = {library: truth_of(service, library) for library in FOLDERS}
        for library, (photos, _) in truth.items():
            self.check_all_photos(library, photos, cold)
        self.check_albums(*truth["personal"], cold)

        self.unmount()
        attempts = service.control("counters")["password_attempts"]
        self.assertEqual(attempts, 1)
        self.mount_again(service)
        self.assertEqual(self.snapshot(), cold)
        counters = service.control("counters")
        self.assertEqual(counters["password_attempts"], 1, "the second mount made a password request")
        self.assertEqual(counters["codes_sent"], 1, "the second mount asked for a code")

        self.unmount()
        service.stop()
        self.mount_again(service)
        self.assertEqual(self.snapshot(), cold)

    def test_the_status_tells_how_much_of_each_library_is_shown(self):
        service = self.serve()
        self.mount_first(service)
        self.wait_until_complete()
        libraries = {library["name"]: library for library in self.mount_status()["libraries"]}
        said = subprocess.run(self.icloudphotos(service, "status"), capture_output=True, text=True, timeout=PATIENCE, check=True).stdout
        # Apple counts one that is not shown.
        differing = {"personal": [{"name": "Best of", "listed": 3, "fed": 3, "counted": 4}], "shared": []}
        for library, folder in FOLDERS.items():
            count = len(shown(truth_of(service, library)[0]))
            self.assertEqual(libraries[folder], {"name": folder, "kind": library, "listed": count, "fed": count, "counted": count,
                                                 "waiting": 0, "complete": True, "albums": differing[library]})
            albums = "; 1 album differs (see --json)" if differing[library] else ""
            self.assertIn(f"  {folder}: {count} listed, {count} in the change feed, Apple counts {count}{albums}\n", said)
        album = service.control("shared_albums")["albums"][0]
        self.assertEqual(libraries[album["name"]]["listed"], None)
        self.assertIn(f'  Shared album "{album["name"]}": {libraries[album["name"]]["fed"]} in the change feed\n', said)

    def test_a_participant_sees_the_shared_library(self):
        service = self.serve("--participant")
        self.mount_first(service)
        self.check_all_photos("shared", truth_of(service, "shared")[0], self.snapshot("Shared Library"))

    def test_a_computed_library_with_albums_on_every_page_border_is_complete(self):
        service = self.serve("--assets", "1200", "--shared-assets", "120")
        self.mount_first(service)
        snapshot = self.snapshot()
        truth = {library: truth_of(service, library) for library in FOLDERS}
        for library, (photos, _) in truth.items():
            self.check_all_photos(library, photos, snapshot)
        sizes = {len(album["members"]) for album in truth["personal"][1] if album["kind"] == "album"}
        self.assertLessEqual({66, 67, 200, 201}, sizes)
        self.check_albums(*truth["personal"], snapshot)

    def test_a_lost_catalog_gives_the_same_paths_and_inodes(self):
        service = self.serve()
        self.mount_first(service)
        before = self.snapshot()
        self.unmount()
        for file in (self.folder / "state").rglob("catalog.db*"):
            file.unlink()
        self.mount_again(service)
        self.assertEqual(self.snapshot(), before)

    def test_df_shows_the_storage_of_the_account_where_that_is_asked_for(self):
        service = self.serve()
        self.mount_first(service, "--df=quota")
        room = lambda: os.statvfs(self.mount_point)
        self.wait_for(lambda: room().f_blocks * room().f_frsize == 53687091200, "the account's storage")
        self.assertEqual((room().f_blocks - room().f_bfree) * room().f_frsize // 2**20, 34562355216 // 2**20)

    def test_expired_urls_are_renewed_unseen(self):
        service = self.serve()
        self.mount_first(service)
        self.files()
        service.control("expire", {"what": "urls"})
        self.check_all_photos("shared", truth_of(service, "shared")[0], self.snapshot("Shared Library"))

    def test_wrong_and_short_answers_never_become_a_photo(self):
        service = self.serve()
        self.mount_first(service)
        self.files()
        for fault in ({"match": "GET /B", "action": "corrupt", "every": 3}, {"match": "GET /B", "action": "truncate", "at": 100, "every": 4}):
            service.control("faults", fault)
        photos = truth_of(service, "shared")[0]
        right = {r["sha256"] for photo in photos for r in photo["resources"]}
        for path in self.files("Shared Library"):
            try:
                digest = hashlib.sha256((self.mount_point / path).read_bytes()).hexdigest()
            except OSError as error:
                self.assertIn(error.errno, (errno.EIO, errno.ETIMEDOUT, errno.ESTALE))
                continue
            self.assertIn(digest, right, path)
        self.assertTrue(any(service.control("counters")["faults"]), "no fault struck")

    def test_wrong_bytes_that_were_given_out_do_not_stay(self):
        """Of a large file the first bytes are read long before the last, with which alone it can be told that they are right."""
        service = self.serve()
        self.mount_first(service)
        self.files()
        service.control("add", {"name": "LARGE.JPG", "favorite": True, "bytes": 30_000_000})
        os.kill(self.daemons()[0], 1)
        large = self.mount_point / "Personal Library" / "Favorites" / "LARGE.JPG"
        self.wait_for(large.exists, "the new photo")
        service.control("faults", {"match": "GET /B", "action": "corrupt", "at": 1000, "times": 1})
        digest = lambda: hashlib.sha256(large.read_bytes()).hexdigest()
        digest()
        self.assertTrue(any(service.control("counters")["faults"]), "no fault struck")
        right = {r["sha256"] for photo in truth_of(service, "personal")[0] for r in photo["resources"]}
        self.wait_for(lambda: digest() in right, "the right bytes")

    def test_a_photo_added_in_the_cloud_appears_after_a_refresh(self):
        service = self.serve()
        self.mount_first(service)
        favorites = self.mount_point / "Personal Library" / "Favorites"
        self.assertNotIn("BRAND_NEW.JPG", os.listdir(favorites))
        service.control("add", {"name": "BRAND_NEW.JPG", "favorite": True, "bytes": 3_000_000})
        os.kill(self.daemons()[0], 1)
        self.wait_for(lambda: "BRAND_NEW.JPG" in os.listdir(favorites), "the new photo")
        content = (favorites / "BRAND_NEW.JPG").read_bytes()
        self.assertIn(hashlib.sha256(content).hexdigest(),
                      {r["sha256"] for photo in truth_of(service, "personal")[0] for r in photo["resources"]})


if __name__ == "__main__":
    unittest.main(verbosity=2)
