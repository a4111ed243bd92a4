#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""XMP sidecars in the eyes of the two programs that decide what XMP is, exiv2 and exiftool: no warning, and every word of
every photo comes back as it was."""
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROBE = os.environ["TEST_SIDECARS"]
LIBRARY = pathlib.Path(os.environ["TEST_LIBRARY"])
PATIENCE = 120
FLAVOURS = ("on", "tree", "lightroom")
NOWHERE = {"lat": -180, "lon": -180}

# What people (and their phones) come up with; `told` is what is left of it, where it cannot stand as it is.
HOSTILE = [
    {"title": "]]> & <b>\"bold\"</b> 'quoted' &amp; &#0; <!-- no comment --> <?pi?>"},
    {"title": "\u202eright to left\u202c \U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301 \u00e9 \u6771\u4eac"},
    {"title": "zero\0one\x01bell\x07escape\x1b[31m", "told": "zeroonebellescape[31m"},
    {"title": "\x85next\u009fline", "told": "nextline"},
    {"title": "no character \uffff\ufffe", "told": "no character \ufffd\ufffd"},
    {"title": "lines\r\nend\rin\nmany ways", "told": "lines\nend\nin\nmany ways"},
    {"title": "  blanks at both ends\t\n", "told": "blanks at both ends"},
    {"title": "inner  blanks\tstay"},
    {"title": " \t\r\n", "told": ""},
    {"title": "x" * 100_000},
    {"title": "lang=\"x-default\" of its own"},
    {"title": "-", "keywords": ["-1", "2024", "007", "1e5", "<k>", "&", "a|b", "a/b", "a;b", "x" * 5000]},
    {"title": "albums", "albums": [["Trips", "9/11 | 2024"], ["\U0001f3d6"], ["a", "b", "c", "d & e"], ["Trips", "2024"]]},
    {"captured": -62135596800000}, {"captured": -2208988800001, "offset": 1172}, {"captured": 253402300799999},
    {"captured": 253402300800000}, {"captured": -9223372036854775808}, {"captured": None},
    {"captured": 0, "offset": None}, {"captured": 1, "offset": 0}, {"captured": 1700000000123, "offset": -34200},
    {"captured": 1700000000000, "offset": 50400}, {"captured": 1700000000000, "offset": 999999},
    {"location": {"lat": 0, "lon": 0}}, {"location": {"lat": -89.9999999, "lon": 179.9999999, "alt": -430.5}},
    {"location": {"lat": -33.8567844, "lon": -151.2152967, "alt": 8848.86}}, {"location": {"lat": -1e-9, "lon": -1e-9}},
    {"location": {"lat": 1, "lon": 2, "alt": 1e300}}, {"location": NOWHERE}, {"location": {"lat": 91, "lon": 0}},
    {"favorite": True, "hidden": True}, {"favorite": True, "deleted_at": 1700000000000},
]


def demo_photos():
    """The photos of the demo's library, each with the paths of its albums."""
    library = json.loads((LIBRARY / "library.json").read_text())
    albums = {album["id"]: album for album in library["albums"] if not album.get("deleted")}

    def path(album):
        above = albums.get(album["parent"])
        return (path(above) if above else []) + [album["name"] or ""]

    for photo in library["photos"]:
        photo["albums"] = [path(album) for album in albums.values() if photo["asset"] in album["members"]]
        yield photo


def once(items):
    return list(dict.fromkeys(item for item in items if item))


def line(text):
    return " ".join(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "", text).split())


def nested(photo, mark):
    def level(name):
        return line(name).replace(mark, "_")
    paths = [[level(name) for name in path if level(name)] for path in photo.get("albums", [])]
    return once([*map(level, photo.get("keywords") or []), *(mark.join(["Albums", *path]) for path in paths if path)])


def iso(photo):
    if photo.get("captured") is None:
        return None
    offset = photo.get("offset")
    if offset is not None and abs(offset) > 18 * 3600:
        offset = None
    minutes = (offset or 0) // 60
    whole, milliseconds = divmod(photo["captured"], 1000)
    try:
        local = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=whole + 60 * minutes)
    except OverflowError:
        return None
    zone = "Z" if offset is None else f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return local.isoformat() + (f".{milliseconds:03}" if milliseconds else "") + zone


def expected(photo, flavour):
    """What a sidecar says, by exiv2's names; lists as lists. Worked out here a second time, on purpose."""
    told = {}
    for key, text in (("dc.title", photo.get("told", photo.get("title"))), ("dc.description", photo.get("description"))):
        if text:
            told[key] = text
    told["dc.subject"] = once([*map(line, photo.get("keywords") or []),
                               *(line(path[-1]) for path in photo.get("albums", []))])
    if flavour == "tree":
        told["digiKam.TagsList"] = nested(photo, "/")
    if flavour == "lightroom":
        told["lr.hierarchicalSubject"] = nested(photo, "|")
    if photo.get("hidden") or "deleted_at" in photo:
        told["xmp.Rating"] = "-1"
    elif photo.get("favorite"):
        told["xmp.Rating"] = "5"
    for key in ("xmp.CreateDate", "photoshop.DateCreated", "exif.DateTimeOriginal"):
        told[key] = iso(photo)
    return {key: value for key, value in told.items() if value}


def place_of(photo):
    place = photo.get("location")
    if not place or abs(place["lat"]) > 90 or abs(place["lon"]) > 180:
        return None
    height = place.get("alt")
    return place["lat"], place["lon"], height if height is not None and abs(height) <= 1e6 else None


LISTS = ("dc.subject", "digiKam.TagsList", "lr.hierarchicalSubject")
EXIV2_LINE = re.compile(r"^Xmp\.(\w+\.\w+) +(\w+) *(.*)$", re.DOTALL)


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, timeout=PATIENCE, **options)


def ask_exiv2(file):
    """Property -> text. A text of several lines goes on on lines that name no property."""
    ended = run("exiv2", "-PXkyv", file, env={**os.environ, "TZ": "UTC"})
    # mktime(3) calls one second of all time what it calls failures: -1. exiv2 warns of a photo taken then.
    warned = [text for text in ended.stderr.splitlines() if not (b"mktime" in text and b"1969-12-31T23:59:59" in ended.stdout)]
    if ended.returncode or warned:
        raise AssertionError(f"exiv2 on {file}: {ended}")
    properties = []
    for text in ended.stdout.decode().removesuffix("\n").split("\n") if ended.stdout else []:
        if found := EXIV2_LINE.match(text):
            properties.append([found[1], found[3]])
        else:
            properties[-1][1] += "\n" + text
    return {name: value.removeprefix('lang="x-default" ') if name in ("dc.title", "dc.description") else value
            for name, value in properties}


def ask_exiftool(folder):
    """File name -> property -> text or list of texts."""
    ended = run("exiftool", "-json", "-struct", "-G1", "-a", "-n", "-api", "largefilesupport=1", "-ext", "xmp", "-XMP:all",
                folder)
    if ended.returncode:
        raise AssertionError(f"exiftool: {ended.stderr.decode()}")
    files = {}
    for file in json.loads(ended.stdout, parse_int=str, parse_float=str, parse_constant=str):
        name = pathlib.Path(file.pop("SourceFile")).name
        files[name] = {tag.removeprefix("XMP-"): value for tag, value in file.items()}
    return files


def by_exiftools_names(told):
    """The same told in its names."""
    names = {"dc.title": "dc:Title", "dc.description": "dc:Description", "dc.subject": "dc:Subject",
             "digiKam.TagsList": "digiKam:TagsList", "lr.hierarchicalSubject": "lr:HierarchicalSubject",
             "xmp.Rating": "xmp:Rating", "xmp.CreateDate": "xmp:CreateDate",
             "photoshop.DateCreated": "photoshop:DateCreated", "exif.DateTimeOriginal": "exif:DateTimeOriginal"}
    # Its dates have colons and a blank.
    return {names[key]: f"{value[:10].replace('-', ':')} {value[11:]}" if "Date" in key else value
            for key, value in told.items()}


class Sidecars(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="icloudphotos-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.photos = [*demo_photos(), *HOSTILE]
        for flavour in FLAVOURS:
            (cls.folder / flavour).mkdir()
            ended = run(PROBE, flavour, cls.folder / flavour, input=json.dumps(cls.photos).encode())
            if ended.returncode or len(list((cls.folder / flavour).iterdir())) != len(cls.photos):
                raise AssertionError(ended)

    def each(self, flavour, check):
        for number, photo in enumerate(self.photos):
            with self.subTest(flavour=flavour, number=number, photo=json.dumps(photo)[:300]):
                check(self.folder / flavour / f"{number}.xmp", photo)

    def check_place(self, photo, degrees, height):
        place = place_of(photo)
        self.assertEqual(degrees is None, place is None)
        if place:
            self.assertAlmostEqual(degrees[0], place[0], delta=1e-6)
            self.assertAlmostEqual(degrees[1], place[1], delta=1e-6)
            self.assertEqual(height is None, place[2] is None)
            if height is not None:
                self.assertAlmostEqual(height, place[2], delta=1e-3)

    def test_exiftool_has_nothing_to_complain_about(self):
        for flavour in FLAVOURS:
            ended = run("exiftool", "-validate", "-warning", "-error", "-a", "-json", "-ext", "xmp", self.folder / flavour)
            files = json.loads(ended.stdout)
            self.assertEqual(len(files), len(self.photos))
            for file in files:
                name = file.pop("SourceFile")
                self.assertEqual(set(file.values()), {"OK"}, name)

    def test_exiv2_gives_everything_back(self):
        for flavour in FLAVOURS:
            self.each(flavour, lambda file, photo: self.check_exiv2(ask_exiv2(file), expected(photo, flavour), photo))

    def check_exiv2(self, told, wanted, photo):
        gps = {key: told.pop(key) for key in list(told) if key.startswith("exif.GPS")}
        # It shows a list as one text.
        self.assertEqual(told, {key: ", ".join(value) if key in LISTS else value for key, value in wanted.items()})
        self.check_place(photo, *self.exiv2_place(gps))

    def exiv2_place(self, gps):
        if not gps:
            return None, None
        self.assertEqual(gps["exif.GPSVersionID"], "2.3.0.0")
        degrees = []
        for key, signs in (("exif.GPSLatitude", "NS"), ("exif.GPSLongitude", "EW")):
            found = re.fullmatch(rf"(\d{{1,3}}),(\d\d?\.\d+)([{signs}])", gps[key])
            self.assertTrue(found, gps)
            self.assertLess(float(found[2]), 60)
            degrees.append((int(found[1]) + float(found[2]) / 60) * (1 if found[3] == signs[0] else -1))
        if "exif.GPSAltitude" not in gps:
            return degrees, None
        above, below = map(int, gps["exif.GPSAltitude"].split("/"))
        return degrees, above / below * (-1 if gps["exif.GPSAltitudeRef"] == "1" else 1)

    def test_exiftool_gives_everything_back(self):
        for flavour in FLAVOURS:
            answers = ask_exiftool(self.folder / flavour)
            self.each(flavour, lambda file, photo: self.check_exiftool(answers[file.name], expected(photo, flavour), photo))

    def check_exiftool(self, told, wanted, photo):
        self.assertEqual(told.pop("x:XMPToolkit"), "mount.icloudphotos")
        gps = {tag.removeprefix("exif:GPS"): told.pop(tag) for tag in list(told) if tag.startswith("exif:GPS")}
        self.assertEqual(told, by_exiftools_names(wanted))
        degrees = [float(gps[which]) for which in ("Latitude", "Longitude")] if gps else None
        height = float(gps["Altitude"]) * (-1 if gps["AltitudeRef"] == "1" else 1) if "Altitude" in gps else None
        self.check_place(photo, degrees, height)

    def test_a_sidecar_is_the_same_whenever_it_is_written(self):
        again = self.folder / "again"
        again.mkdir()
        run(PROBE, "tree", again, input=json.dumps(self.photos).encode())
        self.each("tree", lambda file, _: self.assertEqual(file.read_bytes(), (again / file.name).read_bytes()))


if __name__ == "__main__":
    for tool in ("exiv2", "exiftool"):
        if not shutil.which(tool):
            print(f"{tool} is not installed: nothing was looked at")
            sys.exit(77)  # "skipped"
    unittest.main(verbosity=2)
