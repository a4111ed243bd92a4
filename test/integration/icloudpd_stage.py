# SPDX-License-Identifier: MIT
"""The stage icloudpd plays on: its program, names and certificates of a private network namespace, the demo service, and a
terminal in which its questions are answered."""

import fcntl
import http.client
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections import namedtuple
from pathlib import Path

VERSION = "1.32.2"
ACCOUNT, PASSWORD = "demo@example.com", "demo-Password-1"
NAMES = ["idmsa.apple.com", "setup.icloud.com", "www.icloud.com", "p61-ckdatabasews.icloud.com", "cvws.icloud-content.com"]
SKIPPED = 77


def skip(why):
    print(f"SKIP: {why}")
    sys.exit(SKIPPED)


def install(folder):
    """icloudpd's program, installed into `folder`: the package holds one binary per platform."""
    if not shutil.which("npm"):
        skip("npm is not installed")
    command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", f"icloudpd@{VERSION}"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        skip("the npm registry did not answer within 300 s")
    if done.returncode:
        reasons = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
        skip("npm could not install icloudpd: " + " ".join(reasons[:2]))
    found = list(Path(folder).glob("node_modules/@icloudpd/*/bin/icloudpd"))
    if not found:
        skip("icloudpd has no program for this machine")
    found[0].chmod(0o755)
    return found[0]


def loopback_up():
    """What `ip link set lo up` does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anything:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        flags = struct.unpack("16sH14s", fcntl.ioctl(anything, 0x8913, request))[1]     # SIOCGIFFLAGS
        fcntl.ioctl(anything, 0x8914, struct.pack("16sH14s", b"lo", flags | 1, b""))    # SIOCSIFFLAGS, IFF_UP


def name_hosts(folder):
    hosts = folder / "hosts"
    hosts.write_text("127.0.0.1 localhost " + " ".join(NAMES) + "\n")
    subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)


def make_certificates(folder):
    """A CA and a certificate for Apple's names, good for a day."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-days", "1", "-subj", "/CN=Test of the demo service", "-keyout", "ca.key", "-out", "ca.pem",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
    openssl("req", *key, "-subj", "/CN=" + NAMES[0], "-keyout", "service.key", "-out", "service.csr")
    names = ",".join("DNS:" + n for n in NAMES + ["*.icloud.com", "*.icloud-content.com", "localhost"])
    (folder / "service.ext").write_text(f"subjectAltName={names},IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    openssl("x509", "-req", "-in", "service.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1",
            "-extfile", "service.ext", "-out", "service.pem")


class Service:
    """icloud-demo on port 443 of the namespace."""

    def __init__(self, program, folder):
        self.log = open(folder / "service.log", "wb")
        self.trust = ssl.create_default_context(cafile=str(folder / "ca.pem"))
        self.process = subprocess.Popen(
            [program, "--port", "443", "--tls-cert", folder / "service.pem", "--tls-key", folder / "service.key"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", 443), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        sys.exit(f"the service did not start; see {folder / 'service.log'}")

    def control(self, call):
        """What a control call answers (src/demo/README.md)."""
        wire = http.client.HTTPSConnection(NAMES[0], 443, context=self.trust, timeout=10)
        try:
            wire.request("GET", "/control/" + call)
            return json.loads(wire.getresponse().read())
        finally:
            wire.close()

    def settings_code(self):
        """Six digits, as a person reads them from the settings of a trusted device: this client never asks for a push."""
        return self.control("code/generate")["code"]

    def sent_code(self):
        """The digits of the last message."""
        return self.control("code")["sent"][-1]["code"]

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def trust_ca(unpacked, ca, over):
    """Adds `ca` to the bundle inside the program.

    One of its requests passes REQUESTS_CA_BUNDLE by and trusts that bundle only. It is unpacked at every start, and read about
    half a second later.
    """
    while not over.is_set():
        for bundle in unpacked.glob("_MEI*/certifi/cacert.pem"):
            text = bundle.read_text()
            if len(text) > 100_000 and text.rstrip().endswith("-----END CERTIFICATE-----"):
                with bundle.open("a") as out:
                    out.write("\n" + ca)
                return
        time.sleep(0.002)


Outcome = namedtuple("Outcome", "said status codes requests")


class Client:
    """icloudpd in a terminal."""

    def __init__(self, program, folder, service):
        self.program, self.folder, self.service = program, folder, service
        self.cookies, self.unpacked = folder / "cookies", folder / "unpacked"

    def run(self, words, answers, new_session=True):
        """Runs it with these `words`; `answers` are pairs of a question (a pattern that ends what was said) and a function that
        gives what a person types. Tells what it said, its exit status, and which codes and requests the service saw."""
        for _ in range(2):
            for place in [self.unpacked] + [self.cookies] * new_session:
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir()
            before = len(self.service.control("counters")["codes"])
            self.service.control("counters/reset")
            said, status = self.converse(words, answers)
            if "CERTIFICATE_VERIFY_FAILED" not in said and "Cannot connect" not in said:
                break                                   # else the bundle was read before we reached it
        counters = self.service.control("counters")
        return Outcome(said, status, counters["codes"][before:], counters["requests"])

    def converse(self, words, answers):
        environment = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME")}
        environment |= {"TMPDIR": str(self.unpacked), "REQUESTS_CA_BUNDLE": str(self.folder / "ca.pem"), "TZ": "UTC",
                        "LC_ALL": "C.UTF-8"}
        words = [str(self.program), "--cookie-directory", str(self.cookies), "--username", ACCOUNT, "--password", PASSWORD,
                 "--password-provider", "parameter", "--mfa-provider", "console", "--no-progress-bar", *words]
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(self.folder)
            os.execve(words[0], words, environment)
        over = threading.Event()
        authority = (self.folder / "ca.pem").read_text()
        threading.Thread(target=trust_ca, args=(self.unpacked, authority, over), daemon=True).start()
        said, read, deadline, waiting = b"", 0, time.monotonic() + 300, list(answers)
        while time.monotonic() < deadline:
            if not select.select([terminal], [], [], 1.0)[0]:
                continue
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # how a pty says that the other end is closed
                break
            said += piece
            if not piece:
                break
            if waiting and re.search(waiting[0][0] + rb"[^\n]*: ?$", said[read:]):
                read = len(said)
                os.write(terminal, waiting.pop(0)[1]().encode() + b"\n")
        else:
            os.kill(process, signal.SIGKILL)
        over.set()
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        (self.folder / "client.log").write_bytes(said)
        return said.decode(errors="replace"), status
