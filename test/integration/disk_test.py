#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A disk that is full, read-only or wrong: the mount shows what was known last or makes it again, and says which."""
import os
import pathlib
import random
import signal
import subprocess
import unittest

from mirror import Mirror, is_of
from rig import PATIENCE

SEED = 20240607


class Disk(Mirror):
    def setUp(self):
        super().setUp()
        self.service = self.serve("--assets", "120", "--shared-assets", "20", "--file-size", "200K")
        self.random = random.Random(SEED)

    def small_disk(self):
        """The state on a disk of its own."""
        if os.geteuid() != 0:
            self.skipTest("a disk of its own needs root")
        self.state_home.mkdir(mode=0o700)
        self.run_command("mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "none", str(self.state_home))
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.state_home)], check=False)
        self.addCleanup(self.unmount)

    @staticmethod
    def run_command(*command):
        subprocess.run(command, check=True, timeout=PATIENCE, capture_output=True)

    def know_all(self):
        self.mount_first(self.service, *self.SHOWN)
        self.wait_until_complete()
        self.check_everything(self.service)

    def fill(self):
        with open(self.state_home / "ballast", "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"x" * 4096)
            except OSError:
                pass

    def add(self):
        self.service.control("add", {"name": "LATER.JPG"})
        for daemon in self.daemons():
            os.kill(daemon, signal.SIGHUP)

    def kill(self):
        for daemon in self.daemons():
            os.kill(daemon, signal.SIGKILL)
        self.wait_for(lambda: not self.daemons(), "the program to die")

    def test_a_full_disk_is_said_what_was_known_stays_and_room_mends_it(self):
        self.small_disk()
        self.know_all()
        self.kill()
        self.fill()
        self.mount_again(self.service, *self.SHOWN)
        self.check_everything(self.service)
        before = self.names
        self.add()
        self.wait_for(lambda: "full" in (self.mount_status().get("problem") or ""), "the status to say that the disk is full")
        self.see()
        self.assertEqual(self.names, before)
        (self.state_home / "ballast").unlink()
        self.wait_until_current(self.service)
        self.check_everything(self.service)

    def test_on_a_read_only_disk_what_was_known_is_shown_and_news_until_it_ends(self):
        self.small_disk()
        self.know_all()
        self.kill()
        self.run_command("mount", "-o", "remount,ro", str(self.state_home))
        said = self.mount_again(self.service, *self.SHOWN).stderr
        self.assertIn("is read-only: what was known last is shown", said)
        self.check_everything(self.service)
        self.add()
        self.wait_until_current(self.service)
        self.check_everything(self.service)
        self.unmount()
        self.run_command("mount", "-o", "remount,rw", str(self.state_home))
        self.mount_again(self.service, *self.SHOWN)
        self.wait_until_current(self.service)
        self.check_everything(self.service)
        self.assertEqual(self.service.control("counters")["codes_sent"], 1)

    def test_a_damaged_catalog_is_made_again_and_said_to_be(self):
        self.know_all()
        before = self.names
        self.unmount()
        catalog = next(self.state_home.rglob("catalog.db"))
        content = bytearray(catalog.read_bytes())
        for _ in range(200):
            content[self.random.randrange(100, len(content))] ^= 0xFF
        catalog.write_bytes(content)
        said = self.mount_again(self.service, *self.SHOWN).stderr
        self.assertIn("damaged and made again", said)
        self.wait_until_complete()
        self.check_everything(self.service)
        self.assertEqual(self.names, before, "names and inodes are those of before")

    def test_torn_blobs_are_never_given_to_a_reader(self):
        self.know_all()
        paths = [(path, inode) for folder, names in self.names.items() if folder.startswith("Personal Library/All Photos")
                 for path, inode in ((f"{folder}/{name}", inode) for name, inode in names.items())]
        for path, _ in paths:
            (self.mount_point / path).read_bytes()
        self.kill()
        blobs = [file for file in (self.folder / "cache").rglob("*") if file.is_file() and file.name != "CACHEDIR.TAG"]
        self.assertGreater(len(blobs), 100)
        for blob in blobs:
            self.tear(blob)
        self.mount_again(self.service, *self.SHOWN)
        self.wait_until_complete()
        for path, inode in paths:
            self.assertTrue(is_of((self.mount_point / path).read_bytes(), self.inodes[inode][1]), path)

    def tear(self, blob: pathlib.Path):
        size = blob.stat().st_size
        where = self.random.randrange(max(size, 1))
        how = self.random.randrange(4)
        if how == 0:
            os.truncate(blob, where)
        elif how in (1, 2) and size:
            with open(blob, "r+b") as file:
                file.seek(where)
                file.write(bytes(min(4096, size - where)) if how == 1 else self.random.randbytes(min(50, size - where)))

    def test_a_second_program_on_the_same_state_gets_a_sentence_and_the_first_goes_on(self):
        self.know_all()
        elsewhere = self.folder / "Elsewhere"
        elsewhere.mkdir()
        command = [str(elsewhere) if word == str(self.mount_point) else word for word in self.command(self.service)]
        second = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, start_new_session=True,
                                check=False)
        self.assertNotEqual(second.returncode, 0, second.stderr)
        self.assertIn("another mount of this account is using", second.stderr)
        self.assertEqual(len(second.stderr.strip().splitlines()), 1, second.stderr)
        self.assertTrue(self.mount_status()["mounted"])
        self.add()
        self.wait_until_current(self.service)
        self.check_everything(self.service)


if __name__ == "__main__":
    unittest.main(verbosity=2)
