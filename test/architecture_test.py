#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include whom: the table of src/README.md, checked against every #include and every meson.build."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
EVERYBODY = {"model", "base"}
ARROWS = {
    "base": set(),
    "model": {"base"},
    "net": set(),
    "auth": {"net"},
    "cloud": {"auth", "net"},
    "catalog": set(),
    "sync": {"cloud", "catalog"},
    "tree": {"catalog"},
    "content": {"cloud"},
    "fuse": {"tree", "content"},
    "ui": {"auth", "net"},
    "cli": set(),
    "demo": {"net"},
}
# A C library's headers, and the one room that may see them. fmt stands in for std::format and is everybody's.
LIBRARIES = {
    r"rapidjson/": "base", r"spdlog/": "base", r"openssl/": "base", r"utf8proc\.h": "base", r"xxhash\.h": "content",
    r"curl/": "net", r"httplib\.h": "net",
    r"fido\.h|fido/": "auth", r"libsecret/": "auth",
    r"systemd/": "ui",
    r"plist/": "cloud",
    r"sqlite3\.h": "catalog",
    r"pugixml\.hpp": "tree",
    r"date/": "tree",
    r"fuse(3/|_lowlevel\.h|\.h|_common\.h|_opt\.h)": "fuse",
    r"CLI/": "cli", r"toml\+\+/|toml\.hpp": "cli",
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.MULTILINE)


def sources():
    """(file, its room or None for main.cpp and mount.cpp) for everything we ship."""
    for top in (ROOT / "src", ROOT / "include" / "icloudphotos"):
        for file in sorted(top.rglob("*")):
            if file.suffix in (".cpp", ".h"):
                parts = file.relative_to(top).parts
                yield file, parts[0] if len(parts) > 1 else None


class Architecture(unittest.TestCase):
    def test_every_folder_is_a_room(self):
        for top in (ROOT / "src", ROOT / "include" / "icloudphotos"):
            for folder in top.iterdir():
                if folder.is_dir():
                    self.assertIn(folder.name, ARROWS, folder)

    def test_a_room_includes_only_the_doors_its_arrows_lead_to(self):
        wrong, seen = [], 0
        for file, room in sources():
            for _, name in INCLUDE.findall(file.read_text()):
                found = re.match(r"icloudphotos/([a-z]+)/", name)
                if not found:
                    continue
                seen += 1
                other = found.group(1)
                allowed = set(ARROWS) if room is None else ARROWS[room] | {room} | (EVERYBODY if room != "base" else set())
                if room == "model":
                    allowed = {"base", "model"}
                if other not in allowed:
                    wrong.append(f"{file.relative_to(ROOT)} includes {name}")
        self.assertGreater(seen, 100)
        self.assertEqual(wrong, [])

    def test_private_headers_stay_in_their_room(self):
        wrong = []
        for file, room in sources():
            for kind, name in INCLUDE.findall(file.read_text()):
                if kind == '"' and not name.startswith("icloudphotos/"):
                    homes = (file.parent / name, ROOT / "src" / name, ROOT / "src" / (room or "") / name)
                    target = next((home.resolve() for home in homes if home.exists()), None)
                    if target is None or target.parent != ROOT / "src" / (room or ""):
                        wrong.append(f"{file.relative_to(ROOT)} includes \"{name}\"")
        self.assertEqual(wrong, [])

    def test_a_c_library_has_one_room(self):
        wrong, seen = [], set()
        for file, room in sources():
            for _, name in INCLUDE.findall(file.read_text()):
                for pattern, owner in LIBRARIES.items():
                    if re.match(pattern, name):
                        seen.add(owner)
                        if room != owner:
                            wrong.append(f"{file.relative_to(ROOT)} includes <{name}>, which belongs to {owner}")
        self.assertEqual(wrong, [])
        self.assertEqual(seen, {"base", "net", "auth", "cloud", "catalog", "content", "tree", "fuse", "ui", "cli"})

    def test_the_build_has_the_same_arrows(self):
        for room, arrows in ARROWS.items():
            text = (ROOT / "src" / room / "meson.build").read_text()
            used = set(re.findall(r"\b([a-z]+)_dep\b", text)) & set(ARROWS) - {room}
            self.assertLessEqual(used, arrows | EVERYBODY, room)

    def test_only_the_wiring_and_tests_know_the_demo(self):
        for file, room in sources():
            if room not in (None, "demo"):
                self.assertNotIn("icloudphotos/demo/", file.read_text(), file)

    def test_every_file_names_its_licence(self):
        for file, _ in sources():
            self.assertTrue(file.read_text().startswith("// SPDX-License-Identifier: MIT\n"), file)


if __name__ == "__main__":
    unittest.main(verbosity=2)
