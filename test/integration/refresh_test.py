#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asking a mount for changes, and what it says of itself: `icloudphotos refresh` and `icloudphotos status`, the bar of a first
mount, and what the service manager hears."""
import json
import os
import signal
import socket
import subprocess
import time
import unittest

from rig import ACCOUNT, CODE, PATIENCE, Rig, on_terminal

LIST = "CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted"


class Asking(Rig):
    def ask(self, service, *words):
        return subprocess.run(self.icloudphotos(service, *words), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE)

    def refresh(self, service, *words):
        ended = self.ask(service, "refresh", "--wait", ACCOUNT, *words)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertEqual(ended.stdout, "Up to date.\n")

    def new_photo(self, service, name):
        service.control("add", {"name": name, "captured": 1718000000000, "count": 1})
        return self.mount_point / "Personal Library" / "All Photos" / "2024" / "06" / name


class Refresh(Asking):
    def test_what_changed_is_there_when_it_comes_back(self):
        service = self.serve()
        self.mount_first(service)
        self.wait_until_complete()
        first = self.new_photo(service, "IMG_7001.JPG")
        self.assertFalse(first.exists())
        self.refresh(service)
        self.assertTrue(first.exists())
        self.assertIn(first.name, os.listdir(first.parent))
        second = self.new_photo(service, "IMG_7002.JPG")
        ended = self.ask(service, "refresh", ACCOUNT)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (0, "", ""))
        self.wait_for(second.exists, "a round nobody waited for")

    def test_a_command_runs_after_each_change_and_not_for_what_was_there(self):
        service = self.serve()
        seen = self.folder / "seen"
        self.mount_first(service, f"--on-change=cat \"$ICLOUDPHOTOS_MOUNT_POINT/.icloudphotos/changes\" > '{seen}.new' && mv '{seen}.new' '{seen}'")
        self.wait_until_complete()
        self.refresh(service)
        self.assertFalse(seen.exists())
        for name in ("IMG_7004.JPG", "IMG_7005 $(reboot).JPG"):
            self.new_photo(service, name)
            self.refresh(service)
            self.wait_for(lambda name=name: seen.exists() and f"added Personal Library/All Photos/2024/06/{name}" in seen.read_text(), "the command")

    def test_what_did_not_change_costs_one_request_a_database_after_a_remount(self):
        service = self.serve()
        self.mount_first(service)
        self.wait_until_complete()
        self.unmount()
        before = service.control("counters")["requests"]
        self.mount_again(service)
        self.wait_for(lambda: "succeeded" in self.mount_status()["poll"], "the first round")
        after = service.control("counters")["requests"]
        asked = {name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)}
        self.assertEqual({name: count for name, count in asked.items() if name.startswith(("private", "shared "))},
                         {"private changes/database": 1, "shared changes/database": 1})

    def test_nothing_is_held_back_and_accepting_it_is_a_round_like_any_other(self):
        service = self.serve()
        self.mount_first(service)
        self.wait_until_complete()
        self.assertEqual(self.mount_status()["held_back"], [])
        photo = self.new_photo(service, "IMG_7003.JPG")
        self.refresh(service, "--accept")
        self.assertTrue(photo.exists())

    def test_who_does_not_wait_any_more_is_let_go(self):
        service = self.serve()
        self.mount_first(service)
        self.wait_until_complete()
        service.control("faults", {"match": "changes/zone", "action": "hang"})
        waiting = subprocess.Popen(self.icloudphotos(service, "refresh", "--wait", ACCOUNT))
        self.wait_for(lambda: self.mount_status()["requests"]["under_way"] > 0, "the round to begin")
        waiting.send_signal(signal.SIGINT)
        self.assertEqual(waiting.wait(PATIENCE), 8)

    def test_without_a_mount_it_says_so(self):
        service = self.serve()
        ended = self.ask(service, "refresh", "--wait", ACCOUNT)
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertIn(f"no mount of {ACCOUNT} runs here", ended.stderr)

    def test_offline_and_signed_out_are_told(self):
        service = self.serve()
        self.mount_first(service)
        self.wait_until_complete()
        for what in ("session", "token", "trust"):
            service.control("expire", {"what": what})
        ended = self.ask(service, "refresh", "--wait", ACCOUNT)
        self.assertEqual((ended.returncode, ended.stdout), (32, ""))
        status = self.mount_status()
        self.assertFalse(status["signed_in"])
        self.assertIn(status["problem"], ended.stderr)
        succeeded = status["poll"]["succeeded"]

        service.stop()
        ended = self.ask(service, "refresh", "--wait", ACCOUNT)
        self.assertEqual((ended.returncode, ended.stdout), (32, ""))
        self.assertGreater(len(ended.stderr.splitlines()[0]), 30)
        status = self.mount_status()
        self.assertEqual(status["poll"]["succeeded"], succeeded)
        self.assertTrue(status["poll"]["problem"])
        self.assertGreater(status["errors"]["count"], 0)
        self.assertIn("in vain", self.ask(service, "status", ACCOUNT).stdout)


class Status(Asking):
    def test_says_all_there_is_to_say_of_a_mount(self):
        service = self.serve()
        self.mount_first(service)
        path = self.mount_point / self.files("Personal Library/Favorites")[0]
        path.read_bytes()
        self.refresh(service)
        status = self.mount_status()
        self.assertEqual((status["account"], status["signed_in"], status["mounted"]), (ACCOUNT, True, True))
        self.assertEqual(status["mount_point"], str(self.mount_point))
        self.assertGreaterEqual(status["trust_days_left"], 29)
        self.assertTrue(all(library["complete"] for library in status["libraries"]))
        self.assertGreater(status["libraries"][0]["fed"], 50)
        now = time.time()
        for moment in (status["mounted_since"], status["poll"]["ended"], status["poll"]["succeeded"]):
            self.assertLess(abs(now - moment), PATIENCE)
        self.assertNotIn("problem", status["poll"])
        self.assertEqual(status["poll"]["every"], 300)
        self.assertNotIn("indexing", status)
        self.assertGreater(status["requests"]["today"], 5)
        self.assertGreater(status["requests"]["bytes_today"], path.stat().st_size)
        self.assertGreaterEqual(status["cache"]["bytes"], path.stat().st_size)
        self.assertGreater(status["cache"]["limit"], status["cache"]["bytes"])
        self.assertEqual(status["downloads"]["under_way"], 0)
        self.assertEqual(status["errors"]["kinds"], {})
        self.assertEqual(status["held_back"], [])
        words = self.ask(service, "status", ACCOUNT).stdout
        for part in ("signed in", "mounted at", "days)", "last asked for changes at", "Personal Library: ", " kept in "):
            self.assertIn(part, words)
        self.assertNotIn("error", words)

    def test_counts_what_goes_wrong_today(self):
        service = self.serve()
        self.mount_first(service)
        self.wait_until_complete()
        service.control("faults", {"match": "changes/zone", "action": "status", "status": 503, "times": 1})
        self.ask(service, "refresh", "--wait", ACCOUNT)
        errors = self.mount_status()["errors"]
        self.assertGreaterEqual(errors["kinds"]["throttled"], 1)
        self.assertIn("503", errors["last"]["sentence"])
        self.assertIn("today", self.ask(service, "status", ACCOUNT).stdout)

    def test_tells_how_far_a_library_is_read(self):
        service = self.serve("--assets", "1200")
        # The first windows come, the next ones do not.
        service.control("faults", {"match": LIST, "action": "hang", "every": 2})
        self.mount_first(service)
        self.wait_for(lambda: self.mount_status().get("indexing", {}).get("read"), "something to be read")
        indexing = self.mount_status()["indexing"]
        self.assertEqual(indexing["library"], "Personal Library")
        self.assertLess(indexing["read"], 1200)
        self.assertIn("Reading Personal Library: ", self.ask(service, "status", ACCOUNT).stdout)
        self.assertGreater(self.mount_status()["requests"]["under_way"], 0)

    def test_a_signal_has_it_in_the_log(self):
        service = self.serve()
        self.mount_first(service)
        self.unmount()
        daemon = subprocess.Popen(self.command(service, "--foreground"), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(daemon.stderr.close)
        self.wait_for(self.is_mounted, "the mount")
        self.wait_until_complete()
        daemon.send_signal(signal.SIGUSR1)
        while f"mounted at {self.mount_point}; " not in daemon.stderr.readline():
            self.assertIsNone(daemon.poll())
        daemon.terminate()
        self.assertEqual(daemon.wait(PATIENCE), 0)

    def test_watching_shows_every_change_and_ends_with_ctrl_c(self):
        service = self.serve()
        self.mount_first(service)
        self.wait_until_complete()
        watch = subprocess.Popen(self.icloudphotos(service, "status", "--watch", "--json", ACCOUNT), stdout=subprocess.PIPE, text=True)
        self.addCleanup(watch.stdout.close)
        fed = lambda line: next(one["fed"] for one in json.loads(line)["libraries"] if one["kind"] == "personal")
        before = fed(watch.stdout.readline())
        self.new_photo(service, "IMG_7004.JPG")
        self.refresh(service)
        while fed(watch.stdout.readline()) != before + 1:
            pass
        self.unmount()
        while json.loads(watch.stdout.readline())["mounted"]:
            pass
        watch.send_signal(signal.SIGINT)
        self.assertEqual(watch.wait(PATIENCE), 0)

    def test_watching_on_a_terminal_draws_over_what_it_drew(self):
        service = self.serve()
        self.mount_first(service)
        self.wait_until_complete()
        ended = on_terminal(self.icloudphotos(service, "status", "--watch", ACCOUNT), [], interrupt_at="kept in")
        self.assertEqual(ended.status, 0, ended)
        self.assertIn(f"\r\n  mounted at {self.mount_point}", ended.output)


class Progress(Asking):
    def test_a_first_mount_in_the_foreground_has_a_bar(self):
        service = self.serve("--assets", "1200")
        ended = on_terminal(self.command(service, "--foreground"), [("ode", CODE)], interrupt_at="] 1,")
        self.assertEqual(ended.status, 0, ended)
        self.assertIn("Reading Personal Library [", ended.output)

    def test_the_service_manager_hears_how_it_is_getting_on(self):
        service = self.serve()
        self.mount_first(service)
        self.unmount()
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.settimeout(PATIENCE)
        manager.bind(str(self.folder / "notify"))
        daemon = subprocess.Popen(self.command(service, "--foreground"), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  env={**os.environ, "NOTIFY_SOCKET": str(self.folder / "notify"), "WATCHDOG_USEC": "200000"})
        heard = []

        def until(message):
            while not any(line.startswith(message) for line in heard):
                heard.extend(manager.recv(4096).decode().splitlines())

        until("READY=1")
        self.assertIn("EXTEND_TIMEOUT_USEC=30000000", heard)
        self.assertIn(f"MAINPID={daemon.pid}", heard)
        self.assertTrue(os.path.ismount(self.mount_point))
        until("WATCHDOG=1")
        until("STATUS=Up to date")
        daemon.terminate()
        until("STOPPING=1")
        self.assertEqual(daemon.wait(PATIENCE), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
