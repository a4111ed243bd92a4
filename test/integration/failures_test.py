#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What goes wrong at the door: one clear sentence each, an exit status as mount(8) has it, and nothing left mounted."""
import os
import pathlib
import signal
import subprocess
import unittest

from rig import ACCOUNT, CODE, PASSWORD, PATIENCE, PROGRAM, Rig, on_terminal


class Failures(Rig):
    def expect(self, ended, status, *words):
        self.assertEqual(ended.status, status, ended)
        for word in words:
            self.assertIn(word.lower(), ended.output.lower())
        complaints = [line for line in ended.output.splitlines() if "mount.icloudphotos:" in line]
        self.assertEqual(len(complaints), 1, ended.output)
        self.assertFalse(self.is_mounted())
        self.assertEqual(self.daemons(), [])

    def test_a_wrong_password_is_tried_once_and_said(self):
        service = self.serve()
        command = [word if word != f"echo {PASSWORD}" else "echo wrong" for word in self.command(service)]
        self.expect(on_terminal(command, []), 32, "password")
        self.assertEqual(service.control("counters")["password_attempts"], 1)

    def test_a_wrong_code_can_be_typed_again_and_three_wrong_ones_end_it(self):
        service = self.serve()
        ended = on_terminal(self.command(service), [("ode", "000000"), ("ode", "000001"), ("ode", "000002")])
        self.expect(ended, 32, "code")
        self.assertEqual(service.control("counters")["password_attempts"], 1)

    def test_a_wrong_code_followed_by_the_right_one_mounts(self):
        service = self.serve()
        ended = on_terminal(self.command(service), [("ode", "000000"), ("ode", CODE)])
        self.assertEqual(ended.status, 0, ended)
        self.assertTrue(self.is_mounted())

    def test_no_network_is_said_at_the_first_mount(self):
        self.expect(on_terminal(self.command("http://127.0.0.1:9"), []), 32, "reach")

    def test_without_a_terminal_a_first_mount_says_that_a_person_is_needed(self):
        service = self.serve()
        ended = subprocess.run(self.command(service), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                               start_new_session=True, timeout=PATIENCE)
        self.assertEqual(ended.returncode, 32, ended.stderr)
        self.assertIn("terminal", ended.stderr)
        self.assertFalse(self.is_mounted())

    def test_a_busy_mount_point_is_left_alone(self):
        first = subprocess.run([PROGRAM, "--demo", str(self.mount_point)], timeout=PATIENCE, capture_output=True, text=True)
        self.assertEqual(first.returncode, 0, first.stderr)
        second = subprocess.run([PROGRAM, "--demo", str(self.mount_point)], timeout=PATIENCE, capture_output=True, text=True)
        self.assertEqual(second.returncode, 32, second.stderr)
        self.assertIn("mounted", second.stderr)
        self.assertEqual(len(second.stderr.strip().splitlines()), 1)
        self.assertEqual(len(self.daemons()), 1)

    def test_a_mount_point_that_is_none_is_named(self):
        for path, word in ((self.folder / "missing", "not exist"), (pathlib.Path(__file__), "not a directory")):
            ended = on_terminal([PROGRAM, "--demo", str(path)], [])
            self.assertNotEqual(ended.status, 0)
            self.expect(ended, ended.status, word, path.name)

    def test_without_dev_fuse_the_sentence_says_what_to_do(self):
        if os.geteuid() != 0:
            self.skipTest("hiding /dev/fuse needs root")
        hide = f"mount -t tmpfs none /dev && exec {PROGRAM} --demo {self.mount_point}"
        ended = on_terminal(["unshare", "-m", "sh", "-c", hide], [])
        self.assertEqual(ended.status, 32, ended)
        self.assertIn("/dev/fuse", ended.output)

    def test_an_unknown_option_suggests_the_nearest(self):
        ended = on_terminal([PROGRAM, "--cache-siez=1G", str(self.mount_point)], [])
        self.expect(ended, 1, "cache-size")
        ended = on_terminal([PROGRAM, str(self.mount_point), "-o", "cache_siez=1G"], [])
        self.expect(ended, 1, "cache_size")

    def test_a_password_on_the_command_line_is_refused(self):
        ended = on_terminal([PROGRAM, "--password", "secret", str(self.mount_point)], [])
        self.expect(ended, 1, "--password-file")
        self.assertNotIn("secret", ended.output)

    def test_control_c_while_asking_ends_it_and_the_terminal_echoes_again(self):
        service = self.serve()
        ended = on_terminal(self.command(service), [], interrupt_at="ode")
        self.assertEqual(ended.status, 8, ended)
        self.assertFalse(self.is_mounted())
        self.assertEqual(self.daemons(), [])

    def test_a_dead_mount_of_ours_is_replaced(self):
        first = subprocess.run([PROGRAM, "--demo", str(self.mount_point)], timeout=PATIENCE)
        self.assertEqual(first.returncode, 0)
        for daemon in self.daemons():
            os.kill(daemon, signal.SIGKILL)
        self.wait_for(lambda: not self.daemons(), "the daemon to die")
        again = subprocess.run([PROGRAM, "--demo", str(self.mount_point)], timeout=PATIENCE, capture_output=True, text=True)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(sorted(os.listdir(self.mount_point)), ["Personal Library", "Shared Albums", "Shared Library"])
        mounts = [line for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines() if str(self.mount_point) in line]
        self.assertEqual(len(mounts), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
