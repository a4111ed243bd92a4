#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sidecars and extended attributes of a real mount: sizes are exact before anything is read, exiftool has nothing to
complain about, and both say of every photo what the library says."""
import os
import shutil
import sys
import unittest

from rig import Rig
from sidecar_test import ask_exiftool, by_exiftools_names, demo_photos, expected, line, once


# What Apple's devices write for no date.
NO_DATE = (-62135596800000, -62135769600000)


def in_any_order(told):
    return {tag: sorted(value) if isinstance(value, list) else value for tag, value in told.items()}


class OnAMount(Rig):
    def mount_demo(self, *options):
        self.mount_first(self.serve(), *options)
        self.photos = {photo["asset"]: photo for photo in demo_photos()}
        for photo in self.photos.values():
            if photo.get("captured") in NO_DATE:
                photo["captured"] = None

    def all_photos(self):
        return self.files("Personal Library/All Photos")

    def photo_of(self, path):
        return self.photos[os.getxattr(self.mount_point / path, "user.icloudphotos.asset").decode()]

    def sidecars(self, flavour):
        """(sidecar, its photo)"""
        files = self.all_photos()
        pictures = [path for path in files if not path.endswith(".xmp")]
        for path in (path for path in files if path.endswith(".xmp")):
            stem = path.removesuffix(".xmp")
            beside = stem if flavour != "lightroom" else next(p for p in pictures if p.rpartition(".")[0] == stem)
            yield path, self.photo_of(beside)

    def check_sidecars(self, flavour):
        self.mount_demo("-o", f"xmp={flavour},xattr")
        found = list(self.sidecars(flavour))
        self.assertGreater(len(found), 50)
        copies = self.folder / "copies"
        copies.mkdir()
        for number, (path, _) in enumerate(found):
            size = os.stat(self.mount_point / path).st_size
            data = (self.mount_point / path).read_bytes()
            self.assertEqual(len(data), size, path)
            (copies / f"{number}.xmp").write_bytes(data)
        answers = ask_exiftool(copies)
        for number, (path, photo) in enumerate(found):
            with self.subTest(path=path):
                told = {tag: value for tag, value in answers[f"{number}.xmp"].items()
                        if not tag.startswith("exif:GPS") and tag != "x:XMPToolkit"}
                self.assertEqual(in_any_order(told), in_any_order(by_exiftools_names(expected(photo, flavour))))

    def test_sidecars_beside_each_file_say_what_the_library_says(self):
        self.check_sidecars("on")

    def test_sidecars_with_the_tags_of_digikam_say_what_the_library_says(self):
        self.check_sidecars("tree")

    def test_sidecars_for_lightroom_say_what_the_library_says(self):
        self.check_sidecars("lightroom")

    def test_extended_attributes_say_what_the_library_says(self):
        self.mount_demo("-o", "xattr")
        files = self.all_photos()
        self.assertGreater(len(files), 50)
        for path in files:
            photo = self.photo_of(path)
            told = {name: os.getxattr(self.mount_point / path, name).decode() for name in os.listxattr(self.mount_point / path)}
            tags = once(line(tag.replace(",", " ")) for tag in once(
                [*map(line, photo.get("keywords") or []), *(line(p[-1]) for p in photo["albums"])]))
            self.assertEqual(sorted(filter(None, told.get("user.xdg.tags", "").split(","))), sorted(tags), path)
            self.assertEqual(told.get("user.baloo.rating"), "10" if photo.get("favorite") else None, path)
            self.assertEqual(told.get("user.xdg.comment"), photo.get("description") or photo.get("title"), path)
            self.assertEqual(told["user.icloudphotos.library"], "Personal Library")
            with self.assertRaises(OSError):
                os.getxattr(self.mount_point / path, "user.other")


if __name__ == "__main__":
    if not shutil.which("exiftool"):
        print("exiftool is not installed: nothing was looked at")
        sys.exit(77)  # "skipped"
    unittest.main(verbosity=2)
