# SPDX-License-Identifier: MIT
"""Where the collection is put together: files in media/, entries of library.json."""

import json
import uuid
from datetime import datetime, timezone
from pathlib import Path

import encode

_NAMESPACE = uuid.UUID("7f0d7a52-3b0e-5d0a-9a5e-1c10dd9e0b0c")
_EXTENSIONS = {"public.heic": "heic", "public.jpeg": "jpg", "public.png": "png", "com.compuserve.gif": "gif",
               "com.adobe.raw-image": "dng", "com.apple.quicktime-movie": "mov", "public.mpeg-4": "mp4",
               "com.adobe.pdf": "pdf", "public.item": "bin", "com.example.scan": "bin"}


def identity(label):
    """The UUID of a photo or album: the same for the same label, for ever."""
    return str(uuid.uuid5(_NAMESPACE, label)).upper()


def milliseconds(moment):
    """'2024-06-01T12:00:00+02:00' (or '.250' behind the seconds) since 1970."""
    if moment is None or isinstance(moment, int):
        return moment
    delta = datetime.fromisoformat(moment) - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (delta.days * 86400 + delta.seconds) * 1000 + delta.microseconds // 1000


def offset_seconds(moment):
    return int(datetime.fromisoformat(moment).utcoffset().total_seconds())


def exif_date(moment):
    return datetime.fromisoformat(moment).strftime("%Y:%m:%d %H:%M:%S"), moment[-6:]


class Shelf:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.photos, self.albums, self.files = [], [], {}
        self._positions = {}

    def file(self, name, data):
        """Keeps `data` as media/`name`."""
        if self.files.setdefault(name, data) != data:
            raise ValueError(f"two contents for {name}")
        return "media/" + name

    def resource(self, slug, data, kind, size):
        """One resource: bytes, its type, its (width, height)."""
        return {"file": self.file(f"{slug}.{_EXTENSIONS[kind]}", data), "type": kind, "width": size[0], "height": size[1]}

    def still(self, slug, picture, edge, quality=70):
        """A JPEG rendition of at most `edge` pixels."""
        width, height = picture.size
        scale = min(1.0, edge / max(width, height))
        size = (max(1, int(width * scale)), max(1, int(height * scale)))
        return self.resource(slug, encode.jpeg(picture.resize(size, 4), quality=quality), "public.jpeg", size)  # 4: box

    def photo(self, label, original, name, taken, added=None, picture=None, thumb=None, **more):
        """One asset. `taken` is ISO 8601 with an offset; `picture` is what its renditions are made from."""
        entry = {"asset": identity(label), "library": "personal", "original": original, "name": name}
        if isinstance(taken, str):
            entry["captured"], entry["offset"] = milliseconds(taken), offset_seconds(taken)
            entry["added"] = milliseconds(added) if added else entry["captured"] + 90_000
        else:
            entry["captured"], entry["offset"], entry["added"] = taken, 0, milliseconds(added)
        if thumb:
            entry["thumb"] = thumb
        elif picture is not None:
            entry["thumb"] = self.still(label + "-thumb", picture, 160, 55)
        entry.update(more)
        if "deleted_at" in entry:
            entry["deleted_at"] = milliseconds(entry["deleted_at"])
        self.photos.append(entry)
        return entry

    def album(self, label, name, created, parent=None, members=(), kind="album", **more):
        home = identity(parent) if parent else None
        self._positions[home] = self._positions.get(home, 0) + 1024
        self.albums.append({"id": identity("album " + label), "kind": kind, "name": name,
                            "parent": identity("album " + parent) if parent else None,
                            "position": self._positions[home], "created": milliseconds(created), **more,
                            "members": [identity(m) for m in members]})

    def check(self):
        """What a slip of the pen would break."""
        ids = [p["asset"] for p in self.photos] + [a["id"] for a in self.albums]
        assert len(ids) == len(set(ids)), "an identity twice"
        assets = {p["asset"] for p in self.photos}
        for album in self.albums:
            assert set(album["members"]) <= assets, f"unknown member in {album['name']}"
            assert album["parent"] is None or album["parent"] in ids, f"unknown parent of {album['name']}"
        by_content = {}
        for name, data in self.files.items():
            assert by_content.setdefault(data, name) == name, f"{name} has the bytes of {by_content[data]}"

    def manifest(self):
        return json.dumps({"photos": self.photos, "albums": self.albums}, indent=1, ensure_ascii=True) + "\n"

    def contents(self):
        """Every file of the library, {path below it: bytes}."""
        self.check()
        return {"library.json": self.manifest().encode(), **{"media/" + n: d for n, d in self.files.items()}}
