#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What ffprobe and mediainfo fetch of a real film whose index is at its end, of 15 MB, nothing of it on disk. Skipped where ffmpeg
or both are missing."""
import json
import shutil
import subprocess
import sys

from bed import LINE, Bed, Row, main, repeat, seconds

TOOLS = {"ffprobe": ["ffprobe", "-v", "error", "-show_format", "-show_streams"], "mediainfo": ["mediainfo"]}


def make_film(folder):
    """A library of one film; ffmpeg puts the index behind the pictures."""
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=30", "-t", "6", "-c:v", "mjpeg",
                    "-q:v", "5", str(folder / "film.mov")], check=True)
    (folder / "library.json").write_text(json.dumps({"photos": [{
        "asset": "94F713B8-54D2-5F74-9601-002EDAE2B8C1", "library": "personal", "name": "FILM.MOV", "captured": 1718161964000,
        "added": 1718162054000, "original": {"file": "film.mov", "type": "com.apple.quicktime-movie", "width": 1920, "height": 1080},
    }], "albums": []}))
    return (folder / "film.mov").stat().st_size


def measure():
    tools = [name for name in TOOLS if shutil.which(name)]
    if not tools or not shutil.which("ffmpeg"):
        print("film: skipped, ffmpeg and one of ffprobe and mediainfo are needed", file=sys.stderr)
        return
    with Bed() as bed:
        (bed.folder / "library").mkdir()
        size = make_film(bed.folder / "library")
        service = bed.serve("--library", str(bed.folder / "library"), *LINE)
        bed.mounted(service)
        film = bed.find("FILM.MOV", 1)[0]
        for tool in tools:
            def once():
                bed.cold_again(service)
                bed.forget_counters(service)
                took = seconds(lambda: subprocess.run([*TOOLS[tool], str(film)], stdout=subprocess.DEVNULL, check=True))
                return {"took": took, "moved": bed.content_bytes(service) / 1e6}
            runs = repeat(once)
            yield Row(f"{tool} of a MOV with its index at the end: bytes moved", "MB", runs["moved"], most=3,
                      note=f"{size / 1e6:.0f} MB, in {max(runs['took']):.2f} s at most")


if __name__ == "__main__":
    sys.exit(main(measure))
