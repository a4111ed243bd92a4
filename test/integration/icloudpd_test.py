#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The demo service speaks truth: the public client icloudpd signs in to it and downloads its library.

icloudpd 1.32.2 comes from the npm registry. It runs in a network and mount namespace of its own, in which /etc/hosts gives
Apple's names to 127.0.0.1, where `icloud-demo` listens with a certificate of a throw-away CA. The password is an option, the six
digits are typed through a pty.

It signs in by an SMS to the second telephone; types a wrong code, which ends its run, and a right one in the next; then signs in
with a code from a device's settings and downloads. Every file it wrote must be a resource of the library, byte for byte;
everything a client of its kind can get must be there; and each file must exist with the same bytes in our mount of the same
library. Last it makes an archive with its defaults, and rsync must find nothing to copy onto it from a mount with
layout=icloudpd.

  icloudpd_test.py --service build/src/demo/icloud-demo [--mount build/src/mount.icloudphotos | --mounted DIR]

Exit status: 0 all equal, 1 something differs, 77 skipped (no npm, no registry, no namespaces; it says which).
"""

import argparse
import filecmp
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from icloudpd_stage import Client, Service, install, loopback_up, make_certificates, name_hosts, skip

LIBRARY = Path(__file__).resolve().parents[2] / "src" / "demo" / "library"
COMPLETE, SEND = "POST /appleauth/auth/signin/complete", "PUT /appleauth/auth/verify/phone"
SUCCESS = "Authentication completed successfully"


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


# -- signing in ------------------------------------------------------------------------------------------------------

def expect(problems, what, outcome, **facts):
    """Notes each of the `facts` that is not true, and then once what the client said."""
    wrong = [name.replace("_", " ") for name, fact in facts.items() if not fact]
    if wrong:
        end = "\n".join(outcome.said.splitlines()[-40:])
        problems.append(f"{what}: not true: {'; '.join(wrong)}; the end of what icloudpd said:\n{end}")


def sign_in_by_sms(client):
    """A letter chooses a telephone, and the code that is sent there is right."""
    problems = []
    outcome = client.run(["--auth-only", "--log-level", "info"],
                         [(rb"device index \(a\.\.b\)", lambda: "b"), (rb"received over SMS", client.service.sent_code)])
    expect(problems, "sign-in by SMS", outcome,
           it_lists_both_telephones="**00" in outcome.said and "**42" in outcome.said,
           it_is_signed_in=SUCCESS in outcome.said and "Traceback" not in outcome.said,
           it_ends_with_status_0=outcome.status == 0,
           one_SMS_went_to_the_chosen_telephone=[(c["target"], c["mode"], c["asked_by"]) for c in outcome.codes]
           == [(3, "sms", SEND)],
           one_password_was_sent=outcome.requests.get(COMPLETE) == 1)
    return problems


def sign_in_after_a_wrong_code(client):
    """A refused code ends its run. The next one begins with what the first has saved, and goes on with a right code."""
    problems = []
    words, question = ["--auth-only", "--log-level", "info"], rb"authentication code or device index"

    def wrong():
        return f"{(int(client.service.settings_code()) + 1) % 1_000_000:06}"

    refused = client.run(words, [(question, wrong)])
    expect(problems, "a wrong code", refused,
           it_says_so="-21669" in refused.said and "Failed to verify two-factor authentication code" in refused.said,
           it_is_not_signed_in=SUCCESS not in refused.said and "Traceback" not in refused.said,
           it_asks_for_no_code=not refused.codes,
           one_password_was_sent=refused.requests.get(COMPLETE) == 1)
    accepted = client.run(words, [(question, client.service.settings_code)], new_session=False)
    expect(problems, "the right code in the next run", accepted,
           it_tries_what_it_saved=accepted.requests.get("POST /setup/ws/1/validate") == 1,
           it_is_signed_in=SUCCESS in accepted.said and "Traceback" not in accepted.said,
           it_ends_with_status_0=accepted.status == 0,
           it_asks_for_no_code=not accepted.codes,
           one_password_was_sent=accepted.requests.get(COMPLETE) == 1)
    return problems


# -- what must be downloaded -----------------------------------------------------------------------------------------------

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

    def __init__(self, program, folder, *words):
        self.place = folder / "-".join(["mounted", *words])
        self.place.mkdir()
        home = {k: str(folder / k.lower()) for k in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")}
        for path in home.values():
            Path(path).mkdir(mode=0o700, exist_ok=True)
        done = subprocess.run([program, "--demo", str(self.place), *words], env=os.environ | home | {"TZ": "UTC"}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)
        if done.returncode:
            sys.exit(f"our mount failed with {done.returncode}: {done.stderr.strip()}")

    def __enter__(self):
        return self.place

    def __exit__(self, *_):
        subprocess.run(["fusermount3", "-u", str(self.place)], check=False)


def download(client, folder):
    """Signs in with a code of a device's settings and downloads; what it wrote, and what was wrong."""
    target = folder / "downloaded"
    target.mkdir()
    outcome = client.run(["--directory", str(target), "--size", "original", "--size", "adjusted", "--size", "alternative"],
                         [(rb"authentication code", client.service.settings_code)])
    written = files_below(target)
    problems = []
    expect(problems, "a download", outcome, it_ends_with_status_0=outcome.status == 0,
           it_wrote_files=bool(written), it_has_no_bug="Traceback" not in outcome.said)
    return written, problems + (compare_with_truth(written) if written else [])


# What Apple's devices write for no date; it is one to icloudpd, and no date to us (1970/01/01).
NO_DATE = (-62135596800000, -62135769600000)


def is_beyond_it(photo, manifest):
    """Photos of which it has no file, or not under the name of its other files, or elsewhere."""
    return (photo.get("name") == "" or photo.get("captured") in NO_DATE or photo.get("no_download_url") or photo.get("late_master")
            or shared_master(manifest, photo) or (LIBRARY / photo["original"]["file"]).stat().st_size == 0)


def compare_with_archive(archive, mounted):
    """What rsync would copy from our mount onto an archive that it made."""
    photos = mounted / "Personal Library" / "All Photos"
    listed = subprocess.run(["rsync", "-rtn", "-8", "--out-format=%i %n", f"{photos}/", f"{archive}/"], capture_output=True,
                            text=True, timeout=120, check=True).stdout.splitlines()
    manifest = json.loads((LIBRARY / "library.json").read_text())
    excused = {digest(LIBRARY / photo["original"]["file"]) for photo in manifest["photos"] if is_beyond_it(photo, manifest)}
    problems = []
    for line in listed:
        what, name = line.split(" ", 1)
        try:
            if what[1] != "f" or digest(photos / name) in excused:
                continue
        except FileNotFoundError:  # rsync spells it in its own way
            pass
        except OSError:  # a photo that is still being uploaded has no bytes
            continue
        problems.append(f"rsync would copy onto its archive: {line}")
    return problems


def perform(options):
    folder = options.inside
    loopback_up()
    name_hosts(folder)
    make_certificates(folder)
    service = Service(options.service, folder)
    try:
        client = Client(options.client, folder, service)
        problems = sign_in_by_sms(client) + sign_in_after_a_wrong_code(client)
        print("signed in by SMS, and by a right code after a wrong one" if not problems else "not all sign-ins went well")
        written, more = download(client, folder)
        problems += more
        archive = folder / "archive"
        archive.mkdir()
        outcome = client.run(["--directory", str(archive)], [(rb"authentication code", client.service.settings_code)])
        expect(problems, "a download with its defaults", outcome, it_ends_with_status_0=outcome.status == 0)
    finally:
        service.stop()
    print(f"{len(written)} files downloaded and compared with the library")
    if options.mount:
        with Mount(options.mount, folder) as place:
            problems += compare_with_mount(written, place)
        with Mount(options.mount, folder, "--layout=icloudpd") as place:
            problems += compare_with_archive(archive, place)
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
