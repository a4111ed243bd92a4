# SPDX-License-Identifier: MIT
"""What a mount shows, looked at once and compared whole with what the service has; and random changes of what it has."""
import base64
import hashlib
import os
import signal
import time

from completeness_test import ASSET, CHECKSUM, Completeness, everything_of, in_capitals
from library_test import FOLDERS, shown, truth_of

# What Apple's checksums begin with: they are of this and the bytes.
SALT = b"com.apple.XattrObjectSalt\0com.apple.DataObjectSalt\0"
# Whatever is below a directory of such a name the changes may touch, all of it.
OURS = "Soak"


def truth_without_digests(service, library):
    return truth_of(service, library, digests="no")


def is_of(content, checksum):
    return base64.b64decode(checksum)[1:] == hashlib.sha1(SALT + content).digest()


class Mirror(Completeness):
    SHOWN = ("-o", "xattr,hidden,deleted")
    marks = 0

    def learn(self, service):
        self.truth = {library: in_capitals(*truth_without_digests(service, library)) for library in FOLDERS}
        self.shared_albums = service.control("shared_albums?digests=no")["albums"]
        everybody = [photo for photos, _ in self.truth.values() for photo in photos]
        for album in self.shared_albums:
            everybody += in_capitals(album["photos"], [])[0]
        self.kinds = {(photo["asset"], r["checksum"]): r["resource"] for photo in everybody for r in photo["resources"]}

    def see(self):
        """Goes through the mount once: the names in each directory, and of each inode its asset and checksum."""
        self.names, self.folders, self.inodes = {}, {}, {}
        todo = [""]
        while todo:
            here = todo.pop()
            with os.scandir(self.mount_point / here) as entries:
                listed = [(entry.name, entry.inode(), entry.is_dir(follow_symlinks=False)) for entry in entries]
            self.assertEqual(len(listed), len({name for name, _, _ in listed}), f"a name twice in {here!r}")
            self.names[here] = {name: inode for name, inode, is_dir in listed if not is_dir}
            self.folders[here] = [name for name, _, is_dir in listed if is_dir]
            todo += [os.path.join(here, name) for name in self.folders[here]]
            for name, inode in self.names[here].items():
                if inode not in self.inodes:
                    path = self.mount_point / here / name
                    self.inodes[inode] = (self.attribute(path, ASSET), self.attribute(path, CHECKSUM))

    def look(self, below):
        return {f"{folder}/{name}": (self.inodes[inode][0], self.kinds.get(self.inodes[inode], self.inodes[inode][1]))
                for folder, names in self.names.items() if folder == below or folder.startswith(below + "/")
                for name, inode in names.items()}

    def album_folders(self):
        return {folder: bool(below) for folder, below in self.folders.items() if folder.startswith("Personal Library/Albums/")}

    def check_shared_albums(self):
        found = sorted((self.in_album(f"Shared Albums/{name}") for name in self.folders["Shared Albums"]), key=sorted)
        expected = sorted((everything_of(shown(album["photos"])) for album in self.shared_albums), key=sorted)
        self.assertEqual(found, expected)

    def in_album(self, folder):
        return set(self.look(folder).values())

    def check_everything(self, service):
        """The mount equals the service's truth."""
        self.learn(service)
        self.see()
        self.check_libraries()
        self.check_shared_albums()

    def wait_until_current(self, service):
        """Until all that was changed in the cloud before is shown: twice, a change made last is."""
        for _ in range(2):
            self.marks += 1
            name, even = f"{OURS} mark {self.marks}", self.marks % 2 == 0
            photo = min(p["asset"] for p in truth_without_digests(service, "shared")[0] if not p["hidden"] and not p["deleted"])
            service.control("album", {"id": "MARK", "name": name})
            service.control("edit", {"library": "shared", "asset": photo, "favorite": even})
            marked = self.mount_point / "Personal Library/Albums" / name
            self.poke_until(lambda: marked.is_dir() and self.is_favorite(photo.upper()) == even, f"{name} to be shown")
        self.wait_until_complete()

    def is_favorite(self, asset):
        here = self.mount_point / "Shared Library/Favorites"
        try:
            return any(self.attribute(here / name, ASSET) == asset for name in os.listdir(here))
        except FileNotFoundError:  # it has just gone: whoever asks will ask again
            return None

    def poke_until(self, condition, what):
        poked = 0.0
        def tried():
            nonlocal poked
            if time.monotonic() - poked > 1:
                poked = time.monotonic()
                for daemon in self.daemons():
                    os.kill(daemon, signal.SIGHUP)
            return condition()
        self.wait_for(tried, what)


class Changes:
    """Random changes of the libraries of a service. `touched` are the assets they may have changed since it was emptied (it is told
    before the service is); a third of all photos, `kept`, they never touch."""

    def __init__(self, service, random):
        self.service, self.random = service, random
        self.touched, self.deleted = set(), 0
        self.photos, self.masters, self.albums, self.made = {}, {}, [], 0
        for library in FOLDERS:
            photos, _ = truth_without_digests(service, library)
            for photo in photos:
                self.photos[photo["asset"]] = {"library": library, **{key: photo[key] for key in ("master", "hidden", "deleted")}}
                self.masters.setdefault(photo["master"], set()).add(photo["asset"])
        self.first = min(asset for asset, photo in self.photos.items() if photo["library"] == "shared")  # see wait_until_current
        kept = set(sorted(self.masters)[::3])
        self.kept = {asset.upper() for asset, photo in self.photos.items() if photo["master"] in kept}
        self.touched.add(self.first.upper())
        self.at_first = len(self.photos)

    def some(self, fits=lambda photo: True, count=1):
        found = sorted(asset for asset, photo in self.photos.items() if asset.upper() not in self.kept and asset != self.first and fits(photo))
        return self.random.sample(found, min(count, len(found)))

    def make(self, count):
        for _ in range(count):
            kinds = [self.add] * 4 + [self.edit] * 8 + [self.purge] * 3 + [self.album] * 5 + [self.members] * 6
            self.random.choice(kinds)()

    def touch(self, assets):
        for asset in assets:
            self.touched |= {other.upper() for other in self.masters[self.photos[asset]["master"]]}

    def add(self):
        if len(self.photos) > self.at_first * 1.2:
            return self.purge()
        library = self.random.choice(("personal", "personal", "shared"))
        self.made += 1
        asset = f"{self.random.getrandbits(128):032X}"
        asset = "-".join((asset[:8], asset[8:12], asset[12:16], asset[16:20], asset[20:]))
        body = {"library": library, "asset": asset}
        master = asset
        twin = self.some(lambda photo: photo["library"] == library and not photo["deleted"])
        self.touched.add(asset)
        if twin and self.random.random() < 0.2:
            master = self.photos[twin[0]]["master"]
            self.touch(twin)
            body["sibling_of"] = twin[0]
        else:
            body |= {"name": f"IMG_{self.random.randrange(300):04}.JPG", "bytes": self.random.choice((0, 900, 5_000, 40_000)) or 1,
                     "captured": self.random.randrange(1_400_000_000, 1_760_000_000) * 1000, "favorite": self.random.random() < 0.3}
        self.masters.setdefault(master, set()).add(asset)
        self.service.control("add", body)
        flags = {"hidden": False, "deleted": False} if master == asset else {key: self.photos[twin[0]][key] for key in ("hidden", "deleted")}
        self.photos[asset] = {"library": library, "master": master, **flags}
        return None

    def edit(self):
        for asset in self.some():
            photo = self.photos[asset]
            change = self.random.choice((
                {"favorite": self.random.random() < 0.5}, {"hidden": not photo["hidden"]}, {"deleted": not photo["deleted"]},
                {"title": f"Title {self.random.randrange(1000)}"}, {"edited": self.random.random() < 0.7},
                {"captured": self.random.randrange(1_400_000_000, 1_760_000_000) * 1000},
                {"name": f"IMG_{self.random.randrange(300):04}.JPG"}))
            if change.get("deleted") and not self.may_delete():
                continue
            self.touch([asset])
            photo.update({key: change[key] for key in ("hidden", "deleted") if key in change})
            self.service.control("edit", {"library": photo["library"], "asset": asset, **change})

    def purge(self):
        fits = (lambda photo: True) if self.random.random() < 0.3 else (lambda photo: photo["deleted"])
        for asset in self.some(fits):
            if not self.may_delete():
                continue
            self.touch([asset])
            photo = self.photos.pop(asset)
            self.masters[photo["master"]].discard(asset)
            self.service.control("purge", {"library": photo["library"], "asset": asset})

    def may_delete(self):
        """Many at once are held back, and rightly so: not what this is about."""
        self.deleted += 1
        return self.deleted <= 40

    def album(self):
        ours = self.albums
        choice = self.random.random()
        if len(ours) < 4 or (choice < 0.35 and len(ours) < 40):
            folders = [a["id"] for a in ours if a["folder"]]
            album = {"id": f"{OURS}-{self.made}-{self.random.getrandbits(40)}", "folder": self.random.random() < 0.3}
            where = {"parent": self.random.choice(folders)} if folders and self.random.random() < 0.5 else {}
            self.made += 1
            ours.append(album)
            self.service.control("album", {**album, **where, "name": f"{OURS} {self.random.randrange(30)}"})
            return
        album = self.random.choice(ours)
        if choice < 0.6:
            self.service.control("album", {"id": album["id"], "name": f"{OURS} {self.random.randrange(30)}"})
        elif choice < 0.75:
            later = [a["id"] for a in ours[:ours.index(album)] if a["folder"]]  # into an older one: never in a circle
            if later:
                self.service.control("album", {"id": album["id"], "parent": self.random.choice(later)})
        elif not album["folder"]:
            ours.remove(album)
            if choice < 0.88:
                self.service.control("album", {"id": album["id"], "deleted": True})
            else:
                self.service.control("album/erase", {"album": album["id"]})

    def members(self):
        albums = [album for album in self.albums if not album["folder"]]
        if not albums:
            return self.album()
        album = self.random.choice(albums)
        have = album.setdefault("members", [])
        photos = self.some(lambda photo: photo["library"] == "personal", self.random.randint(1, 5))
        add = [asset for asset in photos if asset not in have]
        remove = self.random.sample(have, min(len(have), self.random.randint(0, 2)))
        album["members"] = [asset for asset in have if asset not in remove] + add
        self.service.control("album/members", {"album": album["id"], "add": add, "remove": remove})
        return None
