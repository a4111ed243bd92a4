#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The demo service speaks truth: the public client icloudpd signs in to it and downloads its library.

icloudpd 1.32.2 comes from the npm registry. It runs in a network and mount namespace of its own, in which /etc/hosts gives
Apple's names to 127.0.0.1, where `icloud-demo` listens with a certificate of a throw-away CA. The password is an option, the six
digits are typed through a pty. Then every file it wrote must be a resource of the library, byte for byte; everything a client
of its kind can get must be there; and each file must exist with the same bytes in our mount of the same library.

  icloudpd_test.py --service build/src/icloud-demo [--mount build/src/mount.icloudphotos | --mounted DIR]

Exit status: 0 all equal, 1 something differs, 77 skipped (no npm, no registry, no namespaces; it says which).
"""

import argparse
import fcntl
import filecmp
import hashlib
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
import tempfile
import threading
import time
from pathlib import Path

VERSION = "1.32.2"
ACCOUNT, PASSWORD = "demo@example.com", "demo-Password-1"
NAMES = ["idmsa.apple.com", "setup.icloud.com", "www.icloud.com", "p61-ckdatabasews.icloud.com", "cvws.icloud-content.com"]
LIBRARY = Path(__file__).resolve().parents[2] / "src" / "demo" / "library"
SKIPPED = 77


def skip(why):
    print(f"SKIP: {why}")
    sys.exit(SKIPPED)


# -- before the namespace --------------------------------------------------------------------------------------------

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


def enter_namespace(options, client, folder):
    """Starts this script again with a network and a mount table of its own."""
    unshare = ["unshare", "--net", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    if subprocess.run(unshare + ["true"], capture_output=True, check=False).returncode:
        skip("no network namespace can be made here (root, or unprivileged user namespaces, are needed)")
    inside = [sys.executable, str(Path(__file__).resolve()), "--inside", str(folder), "--client", str(client),
              "--service", str(options.service.resolve())]
    for name in ("mount", "mounted"):
        if getattr(options, name):
            inside += ["--" + name, str(getattr(options, name).resolve())]
    return subprocess.run(unshare + inside, check=False).returncode


# -- the stage -------------------------------------------------------------------------------------------------------

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

    def code(self):
        """Six digits, as a person reads them from the settings of a trusted device: this client never asks for a push."""
        with socket.create_connection(("127.0.0.1", 443), 10) as plain, \
                self.trust.wrap_socket(plain, server_hostname=NAMES[0]) as wire:
            wire.sendall(f"GET /control/code/generate HTTP/1.1\r\nHost: {NAMES[0]}\r\nConnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: wire.recv(65536), b""))
        digits = re.search(rb"\b\d{6}\b", answer.partition(b"\r\n\r\n")[2])
        return digits.group() if digits else b"000000"

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


# -- the client ------------------------------------------------------------------------------------------------------

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


def run_client(client, folder, code):
    """Signs in and downloads; what it wrote, what it said and its exit status."""
    target, said, status = run_client_once(client, folder, code)
    if "CERTIFICATE_VERIFY_FAILED" in said or "Cannot connect" in said:  # the bundle was read before we reached it
        target, said, status = run_client_once(client, folder, code)
    return target, said, status


def run_client_once(client, folder, code):
    target, unpacked = folder / "downloaded", folder / "unpacked"
    for place in (target, unpacked, folder / "cookies"):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
    environment = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME")}
    environment |= {"TMPDIR": str(unpacked), "REQUESTS_CA_BUNDLE": str(folder / "ca.pem"), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    words = [str(client), "--directory", str(target), "--cookie-directory", str(folder / "cookies"), "--username", ACCOUNT,
             "--password", PASSWORD, "--password-provider", "parameter", "--mfa-provider", "console", "--no-progress-bar",
             "--size", "original", "--size", "adjusted", "--size", "alternative"]
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        os.execve(words[0], words, environment)
    over = threading.Event()
    threading.Thread(target=trust_ca, args=(unpacked, (folder / "ca.pem").read_text(), over), daemon=True).start()
    said, typed, deadline = b"", 0, time.monotonic() + 300
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
        if typed < 1 and re.search(rb"authentication code[^\n]*: ?$", said):
            typed += 1
            os.write(terminal, code() + b"\n")
    else:
        os.kill(process, signal.SIGKILL)
    over.set()
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    (folder / "client.log").write_bytes(said)
    return target, said.decode(errors="replace"), status


# -- what must be true -----------------------------------------------------------------------------------------------

def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def files_below(folder):
    return [Path(where, name) for where, _, names in os.walk(folder) for name in names]


def truth():
    """{digest: file} of everything icloudpd may write, and the digests of what it must."""
    manifest = json.loads((LIBRARY / "library.json").read_text())
    may, must, masters = {}, set(), set()
    for photo in manifest["photos"]:
        if photo["library"] != "personal" or photo.get("hidden") or photo.get("deleted_at"):
            continue
        for role in ("original", "live_video", "alternative", "edited_still"):
            if role not in photo:
                continue
            file = LIBRARY / photo[role]["file"]
            may[digest(file)] = file
            # It knows masters, not assets: of two assets of one master it sees one. Lists may hold only the picked
            # frame of a burst (the one flagged 52). No URL, no master or no bytes: it says so and goes on.
            sibling = photo["original"]["file"] in masters or role == "edited_still" and shared_master(manifest, photo)
            frame = photo.get("burst_id") and photo.get("burst_flags") != 52
            if not (sibling or frame or photo.get("no_download_url") or photo.get("late_master") or file.stat().st_size == 0):
                must.add(digest(file))
        masters.add(photo["original"]["file"])
    return may, must


def shared_master(manifest, photo):
    return sum(p["original"]["file"] == photo["original"]["file"] and p["library"] == photo["library"]
               for p in manifest["photos"]) > 1


def compare_with_truth(written):
    may, must = truth()
    wrong = [f"not a resource of the library: {path}" for path in written
             if (d := digest(path)) not in may or not filecmp.cmp(path, may[d], shallow=False)]
    have = {digest(path) for path in written}
    return wrong + [f"not downloaded: {may[d].name}" for d in sorted(must - have)]


def compare_with_mount(written, mounted):
    """Each downloaded file must exist in the mount, whatever its name there."""
    shown = {}
    for path in files_below(mounted):
        try:
            shown.setdefault(digest(path), path)
        except OSError as error:  # a photo that is still being uploaded has no bytes; a downloaded one is missed below
            print(f"not readable in the mount: {path.name}: {error.strerror}")
    return [f"not in the mount: {path}" for path in written
            if (d := digest(path)) not in shown or not filecmp.cmp(path, shown[d], shallow=False)]


class Mount:
    """Our own mount of the same library, for as long as it is compared."""

    def __init__(self, program, folder):
        self.place = folder / "mounted"
        self.place.mkdir()
        home = {k: str(folder / k.lower()) for k in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")}
        for path in home.values():
            Path(path).mkdir(mode=0o700, exist_ok=True)
        done = subprocess.run([program, "--demo", str(self.place)], env=os.environ | home, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)
        if done.returncode:
            sys.exit(f"our mount failed with {done.returncode}: {done.stderr.strip()}")

    def __enter__(self):
        return self.place

    def __exit__(self, *_):
        subprocess.run(["fusermount3", "-u", str(self.place)], check=False)


def perform(options):
    folder = options.inside
    loopback_up()
    name_hosts(folder)
    make_certificates(folder)
    service = Service(options.service, folder)
    try:
        target, said, status = run_client(options.client, folder, service.code)
    finally:
        service.stop()
    written = files_below(target)
    problems = []
    if status or "Traceback" in said or not written:
        problems.append(f"icloudpd wrote {len(written)} files and ended with {status}; the end of what it said:\n"
                        + "\n".join(said.splitlines()[-40:]))
    if written:
        problems += compare_with_truth(written)
    print(f"{len(written)} files downloaded and compared with the library")
    if options.mount:
        with Mount(options.mount, folder) as place:
            problems += compare_with_mount(written, place)
    elif options.mounted:
        problems += compare_with_mount(written, options.mounted)
    if options.mount or options.mounted:
        print(f"{len(written)} files compared with the mount")
    for problem in problems:
        print("FAIL:", problem)
    return 1 if problems else 0


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--service", type=Path, required=True, help="the program icloud-demo")
    words.add_argument("--mount", type=Path, help="mount.icloudphotos, to mount the same library")
    words.add_argument("--mounted", type=Path, help="a mount of it that is there already")
    words.add_argument("--client", type=Path, help="icloudpd, installed before")
    words.add_argument("--keep", action="store_true", help="leave the folder with logs and downloads")
    words.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = words.parse_args()
    if options.inside:
        return perform(options)
    folder = Path(tempfile.mkdtemp(prefix="icloudpd-test-"))
    try:
        client = options.client.resolve() if options.client else install(folder)
        return enter_namespace(options, client, folder)
    finally:
        if options.keep:
            print("kept:", folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
