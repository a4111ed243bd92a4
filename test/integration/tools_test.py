#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What people do with a mount: the tools of every day run clean over it, and nothing can be changed through it."""
import errno
import hashlib
import os
import pathlib
import signal
import subprocess
import unittest

from rig import PATIENCE, PROGRAM, Rig


class Tools(Rig):
    def setUp(self):
        super().setUp()
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        mounted = subprocess.run([PROGRAM, "--demo", str(self.mount_point)], timeout=PATIENCE, capture_output=True, text=True,
                                 env={**os.environ, "TMPDIR": str(self.temporary)})
        self.assertEqual(mounted.returncode, 0, mounted.stderr)
        [home] = self.temporary.iterdir()
        self.state_home = home / "state"

    def run_clean(self, *command, **options):
        ended = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=PATIENCE, **options)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""), command)
        return ended.stdout

    def test_listing_tools_run_clean(self):
        count = len(self.run_clean("find", self.mount_point, "-ls").splitlines())
        self.assertGreater(count, 100)
        self.run_clean("ls", "-lR", self.mount_point)
        self.run_clean("du", "-s", self.mount_point)
        self.run_clean("df", self.mount_point)
        self.run_clean("stat", "-f", self.mount_point)

    def test_copies_are_equal_whatever_makes_them(self):
        library = self.mount_point / "Personal Library"
        self.assertGreater(len(self.files()), 100)
        rsynced, copied, unpacked = (self.folder / name for name in ("rsynced", "copied", "unpacked"))
        self.run_clean("rsync", "-aHX", f"{library}/", rsynced)
        again = self.run_clean("rsync", "-aHXni", "--checksum", f"{library}/", rsynced)
        self.assertEqual(again, "")
        back = self.run_clean("rsync", "-aHni", "--checksum", f"{rsynced}/", library)
        self.assertEqual(back, "")
        unpacked.mkdir()
        self.run_clean("sh", "-c", f'tar -C "{library}" -cf - . | tar --warning=no-timestamp -C "{unpacked}" -xf -')
        self.run_clean("diff", "-r", rsynced, unpacked)
        self.run_clean("cp", "-a", library / "Favorites", copied)
        for name in os.listdir(copied):
            self.assertEqual((copied / name).read_bytes(), (library / "Favorites" / name).read_bytes())

    def test_checksums_are_those_of_the_bytes(self):
        favorites = self.mount_point / "Personal Library" / "Favorites"
        for line in self.run_clean("sh", "-c", f'cd "{favorites}" && md5sum -- *').splitlines():
            digest, name = line.lstrip("\\").split("  ", 1)
            self.assertEqual(digest, hashlib.md5((favorites / name).read_bytes()).hexdigest())

    def test_nothing_can_be_changed(self):
        folder = self.mount_point / "Personal Library" / "All Photos"
        photo = self.mount_point / self.files("Personal Library/Favorites")[0]
        outside = self.folder / "outside"
        outside.write_text("x")
        for command in (["touch", folder / "new"], ["touch", photo], ["rm", "-f", photo], ["mkdir", folder / "new"],
                        ["rmdir", folder], ["mv", photo, folder / "moved"], ["mv", outside, folder], ["ln", "-s", "x", folder / "link"],
                        ["chmod", "600", photo], ["truncate", "-s", "0", photo], ["cp", outside, folder / "copy"],
                        ["setfattr", "-n", "user.x", "-v", "y", photo]):
            ended = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=PATIENCE)
            self.assertNotEqual(ended.returncode, 0, command)
            self.assertIn("Read-only file system", ended.stderr, command)
        for flags in (os.O_RDWR, os.O_WRONLY, os.O_RDONLY | os.O_TRUNC, os.O_CREAT | os.O_WRONLY):
            with self.assertRaises(OSError) as caught:
                os.open(photo if not flags & os.O_CREAT else folder / "new", flags)
            self.assertEqual(caught.exception.errno, errno.EROFS)
        self.assertFalse(os.access(photo, os.W_OK))

    def test_the_mount_says_what_it_is(self):
        line = next(line for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines() if str(self.mount_point) in line)
        options, kind = line.split()[5], line.split(" - ")[1].split()[0]
        self.assertEqual(kind, "fuse.icloudphotos")
        for option in ("ro", "nosuid", "nodev"):
            self.assertIn(option, options.split(","))

    def test_names_too_long_for_any_file_system_are_refused_as_such(self):
        with self.assertRaises(OSError) as caught:
            os.stat(self.mount_point / ("x" * 256))
        self.assertEqual(caught.exception.errno, errno.ENAMETOOLONG)

    def test_unmounting_ends_the_program(self):
        daemons = self.daemons()
        self.assertEqual(len(daemons), 1)
        self.run_clean("fusermount3", "-u", self.mount_point)
        self.wait_for(lambda: not self.daemons(), "the daemon to end")
        self.assertEqual(os.listdir(self.mount_point), [])

    def test_terminate_unmounts_even_with_a_file_open(self):
        path = self.mount_point / self.files("Personal Library/Favorites")[0]
        file = os.open(path, os.O_RDONLY)
        os.read(file, 10)
        os.kill(self.daemons()[0], signal.SIGTERM)
        self.wait_for(lambda: not self.daemons(), "the daemon to end")
        with self.assertRaises(OSError) as caught:
            os.close(file)
        # Or ECONNABORTED, when the close was on its way while the connection ended.
        self.assertIn(caught.exception.errno, (errno.ENOTCONN, errno.ECONNABORTED))
        self.assertFalse(self.is_mounted())

    def test_nothing_of_the_demo_is_left_behind(self):
        self.assertEqual(len(list(self.temporary.iterdir())), 1)
        self.unmount()
        self.assertEqual(list(self.temporary.iterdir()), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
