# SPDX-License-Identifier: MIT
"""Pixels into files, always into the same bytes: one thread, no clock, no encoder's signature."""

import io
import subprocess
import tempfile
from pathlib import Path

_FFMPEG = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
_SAME_BYTES = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1", "-threads", "1"]


def jpeg(picture, exif=b"", quality=80, comment=None):
    out = io.BytesIO()
    extra = {"comment": comment} if comment else {}
    picture.save(out, "JPEG", quality=quality, optimize=True, exif=exif, **extra)
    return out.getvalue()


def png(picture, colours=None):
    out = io.BytesIO()
    if colours:
        picture = picture.quantize(colours, dither=0)
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def pdf(picture):
    """One page with one picture: PIL's own writer puts the date of today into it."""
    data = jpeg(picture)
    width, height = picture.size
    content = f"q {width} 0 0 {height} 0 0 cm /P Do Q".encode()
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>".encode(),
               b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
               (f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB/BitsPerComponent 8"
                f"/Filter/DCTDecode/Length {len(data)}>>stream\n").encode() + data + b"\nendstream"]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
    return out + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


def gif(frames, duration_ms=80, colours=64):
    out = io.BytesIO()
    palette = frames[0].quantize(colours, dither=0)
    pages = [f.quantize(palette=palette, dither=0) for f in frames]
    pages[0].save(out, "GIF", save_all=True, append_images=pages[1:], duration=duration_ms, loop=0, optimize=False)
    return out.getvalue()


def heic(picture, exif=b"", quality=42):
    """heif-enc takes the EXIF block over from a JPEG."""
    with tempfile.TemporaryDirectory() as folder:
        still, out = Path(folder, "a.jpg"), Path(folder, "a.heic")
        picture.save(still, "JPEG", quality=96, subsampling=0, exif=exif)
        subprocess.run(["heif-enc", "-q", str(quality), "-p", "x265:pools=none", "-p", "x265:frame-threads=1",
                        "-o", str(out), str(still)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return out.read_bytes()


def video(frames, rate=30, container="mov", quality=27, taken=None, keys=None, rotation=None):
    """H.264 in a QuickTime (`mov`) or MPEG-4 (`mp4`) file; `keys` are com.apple.quicktime.* values."""
    width, height = frames[0].size
    keys = [word for key, value in (keys or {}).items() for word in ("-metadata", f"com.apple.quicktime.{key}={value}")]
    times = ["-metadata", f"creation_time={taken}"] if taken else []
    flags = "+faststart" + ("+use_metadata_tags" if keys else "")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "a." + container)
        subprocess.run(
            _FFMPEG + ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(rate), "-i", "pipe:0"]
            + _SAME_BYTES + ["-an", "-c:v", "libx264", "-preset", "slow", "-crf", str(quality), "-pix_fmt", "yuv420p",
                             "-sws_flags", "+accurate_rnd+full_chroma_int+bitexact", "-x264-params", "threads=1"]
            + times + keys + ["-movflags", flags, str(out)],
            input=b"".join(f.tobytes() for f in frames), check=True)
        return out.read_bytes()
