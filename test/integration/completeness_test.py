#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Everything odd that a library can do at once, and the mount still shows what the service has: every file of every photo, every
member of every album, in whatever order the answers come. Which photo a file is of, it says itself, in its attributes."""
import collections
import errno
import os
import re
import shutil
import stat
import unittest

from library_test import FOLDERS, files_of, shown, truth_of
from rig import Rig

ASSET, CHECKSUM = "user.icloudphotos.asset", "user.icloudphotos.checksum"
EDITS = {"resJPEGFull", "resVidFull"}
ALBUM_SIZES = {0, 1, 65, 66, 67, 132, 200, 201, 660}
# What a view shows, by the fields of a photo.
VIEWS = {
    "Favorites": lambda photo: photo["favorite"],
    "Media Types/Videos": lambda photo: is_video(photo) and photo["subtype"] == 0,
    "Media Types/Live Photos": lambda photo: photo["subtype_v2"] == 2,
    "Media Types/Portraits": lambda photo: photo["adjustment_render_type"] & 2,
    "Media Types/Long Exposure": lambda photo: photo["adjustment_render_type"] & 4,
    "Media Types/Panoramas": lambda photo: photo["subtype"] == 1,
    "Media Types/Screenshots": lambda photo: photo["subtype_v2"] == 3,
    "Media Types/Slo-mo": lambda photo: photo["subtype"] == 100,
    "Media Types/Time-lapse": lambda photo: photo["subtype"] == 101,
    "Media Types/Bursts": lambda photo: photo["burst_id"],
    "Media Types/Animated": lambda photo: photo["item_type"] == "com.compuserve.gif",
    "Recents": lambda photo: True,
}


def is_video(photo):
    movies = ("com.apple.quicktime-movie", "public.mpeg-4", "com.apple.m4v-video", "public.avi", "public.mpeg")
    return (photo["item_type"] or "") in movies or any(
        r["resource"] == "resOriginal" and r["type"] in movies for r in photo["resources"])


def everything_of(photos):
    """(asset, resource) of every file. A photo without one: its records name no resource that is a file, only previews or none;
    of the gaps in records none but a lacking resOriginalRes (which truth leaves out of the resources) takes a file away."""
    return {(photo["asset"], r["resource"]) for photo in photos for r in files_of(photo)}


def current_of(photo):
    """(asset, resource) of what the phone shows now; the other half of a RAW pair is in All Photos only."""
    kinds = {r["resource"] for r in files_of(photo)}
    edits = kinds & EDITS
    shows = edits or kinds & {"resOriginal"} or kinds & {"resOriginalAlt"}
    if edits and "resVidFull" in edits and "resJPEGFull" not in edits and "resOriginalVidCompl" in kinds:
        shows = edits | kinds & {"resOriginal"}
    if "resVidFull" not in edits:
        shows = shows | kinds & {"resOriginalVidCompl"}
    return {(photo["asset"], kind) for kind in shows}


def in_capitals(photos, albums):
    """Some devices write names of assets small: that is the same asset."""
    for photo in photos:
        photo["asset"] = photo["asset"].upper()
    for album in albums:
        album["visible_members"] = [asset.upper() for asset in album["visible_members"]]
    return photos, albums


def together(sets):
    return set().union(*sets)


class Completeness(Rig):
    def start(self, *options, **quirks):
        service = self.serve(*options)
        service.control("quirks", quirks)
        return service

    def learn(self, service):
        """The truth of both libraries, and what its checksums stand for."""
        self.truth = {library: in_capitals(*truth_of(service, library)) for library in FOLDERS}
        self.shared_albums = service.control("shared_albums")["albums"]
        everybody = [photo for photos, _ in self.truth.values() for photo in photos]
        for album in self.shared_albums:
            everybody += in_capitals(album["photos"], [])[0]
        self.kinds = {(photo["asset"], r["checksum"]): r["resource"] for photo in everybody for r in photo["resources"]}

    def attribute(self, path, name):
        try:
            return os.getxattr(path, name).decode()
        except OSError as error:
            if error.errno != errno.ENODATA:
                raise
            return None

    def look(self, below):
        """Path -> (asset, resource) of all files below; those of one inode are asked once."""
        seen, inodes = {}, {}
        for path in self.files(below):
            full = self.mount_point / path
            inode = os.lstat(full).st_ino
            if inode not in inodes:
                asset, checksum = self.attribute(full, ASSET), self.attribute(full, CHECKSUM)
                inodes[inode] = (asset, self.kinds.get((asset, checksum), checksum))
            seen[path] = inodes[inode]
        return seen

    def pairs(self, below):
        return collections.Counter(self.look(below).values())

    def same(self, below, expected):
        expected, found = collections.Counter(expected), self.pairs(below)
        self.assertEqual(found - expected, collections.Counter(), f"in {below}, not in the library")
        self.assertEqual(expected - found, collections.Counter(), f"in the library, not in {below}")

    def check_libraries(self):
        for library, folder in FOLDERS.items():
            photos, _ = self.truth[library]
            self.same(f"{folder}/All Photos", everything_of(shown(photos)))
            self.check_views(folder, photos)
        self.check_albums()
        self.check_private("Hidden", lambda photo: photo["hidden"] and not photo["deleted"])
        self.check_private("Recently Deleted", lambda photo: photo["deleted"])

    def check_views(self, folder, photos):
        visible = shown(photos)
        newest = sorted(visible, key=lambda photo: photo["added"] or 0)[-1000:]
        for view, by_fields in VIEWS.items():
            with self.subTest(folder=folder, view=view):
                title = os.path.basename(view)
                found = set(self.pairs(f"{folder}/{view}"))
                listed = [photo for photo in (newest if view == "Recents" else visible) if title in photo["lists"]
                          and not self.lost_what(photo, view)]
                self.assertEqual(together(map(current_of, listed)) - found, set(), "the service lists it")
                fits = together(current_of(photo) for photo in visible if by_fields(photo))
                self.assertEqual(found - fits, set(), "no field says so")

    @staticmethod
    def lost_what(photo, view):
        """Truth's lists know what the records with gaps do not say."""
        return {"Favorites": "isFavorite" in photo["gaps"], "Recents": "addedDate" in photo["gaps"]}.get(view, False)

    def check_private(self, name, belongs):
        for library, folder in FOLDERS.items():
            here = self.mount_point / folder / name
            self.assertEqual(stat.S_IMODE(os.stat(here).st_mode), 0o700)
            self.same(f"{folder}/{name}", everything_of(photo for photo in self.truth[library][0] if belongs(photo)))

    def album_folders(self):
        """Directory -> whether there are more in it."""
        top = self.mount_point / "Personal Library/Albums"
        return {os.path.relpath(folder, self.mount_point): bool(below) for folder, below, _ in os.walk(top) if folder != str(top)}

    def check_albums(self):
        photos, albums = self.truth["personal"]
        by_id = {photo["asset"]: photo for photo in photos}
        gone = {album["id"] for album in albums if album["deleted"]}
        expected = collections.Counter()
        for album in albums:
            # An album whose folder was deleted is at the top.
            if album["id"] not in gone and album["kind"] == "album":
                expected[frozenset(together(current_of(by_id[asset]) for asset in album["visible_members"]))] += 1
        # An empty folder looks like an empty album.
        parents = {album["parent"] for album in albums if album["id"] not in gone}
        expected[frozenset()] += sum(album["kind"] == "folder" and album["id"] not in gone | parents for album in albums)
        shows = collections.Counter()
        for folder, has_folders in self.album_folders().items():
            members = frozenset(self.look_flat(folder))
            if members or not has_folders:
                shows[members] += 1
        self.assertEqual(self.brief(shows - expected), {}, "in the mount, not in the library")
        self.assertEqual(self.brief(expected - shows), {}, "in the library, not in the mount")

    @staticmethod
    def brief(albums):
        return {tuple(sorted(members, key=str)[:3]): (len(members), count) for members, count in albums.items()}

    def look_flat(self, folder):
        return [pair for path, pair in self.look(folder).items() if os.path.dirname(path) == folder]


class EveryQuirk(Completeness):
    def check(self, *options, **quirks):
        service = self.start(*options, everything=True, **quirks)
        self.learn(service)
        self.mount_first(service, "-o", "xattr,hidden,deleted")
        self.check_libraries()
        return service

    def test_every_file_of_every_photo_is_there_for_an_owner(self):
        self.check()

    def test_every_file_of_every_photo_is_there_for_a_participant(self):
        self.check(shuffle=77, shared_library="participant")

    def test_albums_on_every_border_of_a_page_are_whole(self):
        self.check("--assets", "3000", "--shared-assets", "150")
        sizes = {len(album["visible_members"]) for album in self.truth["personal"][1] if album["kind"] == "album"}
        self.assertLessEqual(ALBUM_SIZES, sizes)

    def test_shared_albums_show_what_is_in_them(self):
        service = self.start(everything=True)
        self.learn(service)
        self.mount_first(service, "-o", "xattr")
        self.wait_until_complete()
        expected = collections.Counter((album["name"].replace("/", "_"), frozenset(everything_of(shown(album["photos"]))))
                                       for album in self.shared_albums)
        self.assertEqual(set(name for name, _ in expected), {"Rivers _ Lakes", "Family", "Picnic"})
        found = collections.Counter((re.sub(r" \(\d+\)$", "", name), frozenset(self.pairs(f"Shared Albums/{name}")))
                                    for name in os.listdir(self.mount_point / "Shared Albums"))
        self.assertEqual(self.in_short(found - expected), {}, "in the mount, not shared")
        self.assertEqual(self.in_short(expected - found), {}, "shared, not in the mount")

    @staticmethod
    def in_short(albums):
        return {(name, len(files), *sorted(files, key=str)[:2]): count for (name, files), count in albums.items()}

    def test_the_order_of_answers_changes_no_path_and_no_inode(self):
        seen = []
        service = self.start(everything=True)
        self.learn(service)
        for order in (5, 6):
            service.control("quirks", {"shuffle": order})
            self.mount_first(service, "-o", "xattr,hidden,deleted")
            self.check_libraries()
            seen.append({path: os.lstat(self.mount_point / path).st_ino for path in self.files()})
            self.unmount()
            for top in ("state", "cache"):
                shutil.rmtree(self.folder / top)
        self.assertEqual(seen[0], seen[1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
