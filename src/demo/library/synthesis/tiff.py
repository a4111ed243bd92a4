# SPDX-License-Identifier: MIT
"""A TIFF writer of one page, for EXIF blocks and DNG files: no package of Debian 12 writes Apple's maker note or a CFA."""

import struct

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, SRATIONAL = 1, 2, 3, 4, 5, 7, 10
_SIZES = {BYTE: 1, ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, UNDEFINED: 1, SRATIONAL: 8}


class Ifd:
    """Entries {tag: (type, values)}; a value that is an Ifd is written after it and pointed to."""

    def __init__(self, entries, strips=()):
        self.entries = dict(entries)
        self.strips = list(strips)  # image data; 0x111 and 0x117 are filled in


def rational(number, denominator=1000):
    whole = int(round(number * denominator))
    return (whole, denominator)


def _pack(order, kind, values):
    if kind in (BYTE, UNDEFINED, ASCII):
        data = values if isinstance(values, bytes) else values.encode("ascii") + b"\0"
        return data, len(data)
    if isinstance(values, (int, tuple)) and not (isinstance(values, tuple) and kind in (SHORT, LONG)):
        values = [values]
    if kind in (RATIONAL, SRATIONAL):
        code = "II" if kind == RATIONAL else "ii"
        return b"".join(struct.pack(order + code, *v) for v in values), len(values)
    return b"".join(struct.pack(order + {SHORT: "H", LONG: "I"}[kind], v) for v in values), len(values)


def _write(order, ifd, start):
    """The bytes of `ifd`, its long values, its children and its strips, as they stand at offset `start`."""
    entries = dict(ifd.entries)
    if ifd.strips:
        entries[0x111] = (LONG, [0] * len(ifd.strips))
        entries[0x117] = (LONG, [len(s) for s in ifd.strips])
    tags = sorted(entries)
    tail_at = start + 2 + 12 * len(tags) + 4
    directory, tail = struct.pack(order + "H", len(tags)), b""
    strips_at = []

    def place(data):
        nonlocal tail
        at = tail_at + len(tail)
        tail += data + b"\0" * (len(data) % 2)
        return at

    if ifd.strips:
        strips_at = [place(s) for s in ifd.strips]
    for tag in tags:
        kind, values = entries[tag]
        if tag == 0x111 and ifd.strips:
            values = strips_at
        children = values if isinstance(values, list) and values and isinstance(values[0], Ifd) else \
            [values] if isinstance(values, Ifd) else None
        if children is not None:
            places = []
            for child in children:
                at = tail_at + len(tail)
                places.append(place(_write(order, child, at)))
            values = places
        data, count = _pack(order, kind, values)
        slot = data.ljust(4, b"\0") if len(data) <= 4 else struct.pack(order + "I", place(data))
        directory += struct.pack(order + "HHI", tag, kind, count) + slot
    return directory + struct.pack(order + "I", 0) + tail


def tiff(ifd, order="<"):
    magic = b"II*\0" if order == "<" else b"MM\0*"
    return magic + struct.pack(order + "I", 8) + _write(order, ifd, 8)


# -- EXIF ------------------------------------------------------------------------------------------------------------

def _apple_maker_note(content_identifier):
    """Apple's note with the one entry that ties a Live Photo's still to its video (tag 0x11, read by exiftool)."""
    head = b"Apple iOS\0\0\x01MM"
    value = content_identifier.encode("ascii") + b"\0"
    at = len(head) + 2 + 12 + 4
    return head + struct.pack(">HHHII", 1, 0x11, ASCII, len(value), at) + struct.pack(">I", 0) + value


def _degrees(value):
    value = abs(value)
    whole, rest = int(value), (value - int(value)) * 60
    return [(whole, 1), (int(rest), 1), rational((rest - int(rest)) * 60, 100)]


def exif(taken=None, offset=None, orientation=1, width=None, height=None, location=None, live=None,
         description=None, model="Imaginary Camera", lens_mm=5.7, exposure=(1, 250), iso=64):
    """An EXIF block: the words "2024:06:01 12:00:00", "+02:00", (lat, lon, alt), a Live Photo's identifier."""
    details = {0x829A: (RATIONAL, exposure), 0x829D: (RATIONAL, (18, 10)), 0x8827: (SHORT, iso),
               0x9000: (UNDEFINED, b"0232"), 0x9101: (UNDEFINED, b"\1\2\3\0"), 0x920A: (RATIONAL, rational(lens_mm, 10)),
               0xA000: (UNDEFINED, b"0100"), 0xA001: (SHORT, 1)}
    top = {0x10F: (ASCII, "Imaginary"), 0x110: (ASCII, model), 0x112: (SHORT, orientation),
           0x11A: (RATIONAL, (72, 1)), 0x11B: (RATIONAL, (72, 1)), 0x128: (SHORT, 2), 0x131: (ASCII, "make_library.py"),
           0x213: (SHORT, 1)}
    if description:
        top[0x10E] = (ASCII, description)
    if taken:
        top[0x132] = (ASCII, taken)
        details[0x9003] = details[0x9004] = (ASCII, taken)
    if offset:
        details[0x9010] = details[0x9011] = (ASCII, offset)
    if width:
        details[0xA002], details[0xA003] = (LONG, width), (LONG, height)
    if live:
        details[0x927C] = (UNDEFINED, _apple_maker_note(live))
    top[0x8769] = (LONG, Ifd(details))
    if location:
        lat, lon, alt = location
        top[0x8825] = (LONG, Ifd({
            0: (BYTE, b"\2\3\0\0"), 1: (ASCII, "N" if lat >= 0 else "S"), 2: (RATIONAL, _degrees(lat)),
            3: (ASCII, "E" if lon >= 0 else "W"), 4: (RATIONAL, _degrees(lon)),
            5: (BYTE, b"\0" if alt >= 0 else b"\1"), 6: (RATIONAL, rational(abs(alt), 10))}))
    return b"Exif\0\0" + tiff(Ifd(top), ">")


# -- DNG -------------------------------------------------------------------------------------------------------------

def dng(picture, preview_jpeg, taken, model="Imaginary Raw"):
    """A DNG 1.4 with a colour filter array of 16 bits made from `picture` (PIL, even sides) and a JPEG preview."""
    import numpy as np

    pixels = np.asarray(picture, dtype=np.float64) / 255.0
    linear = pixels * pixels * (0.305306 * pixels + 0.682171) + 0.012523 * pixels  # sRGB to light, near enough
    height, width, _ = pixels.shape
    raw = np.empty((height, width))
    raw[0::2, 0::2] = linear[0::2, 0::2, 0] * 0.5      # red, green / green, blue; white balance 2 : 1 : 1.6
    raw[0::2, 1::2] = linear[0::2, 1::2, 1]
    raw[1::2, 0::2] = linear[1::2, 0::2, 1]
    raw[1::2, 1::2] = linear[1::2, 1::2, 2] * 0.625
    samples = np.floor(raw * 4095.0 + 0.5).astype("<u2").tobytes()
    sensor = Ifd({
        0xFE: (LONG, 0), 0x100: (LONG, width), 0x101: (LONG, height), 0x102: (SHORT, 16), 0x103: (SHORT, 1),
        0x106: (SHORT, 32803), 0x115: (SHORT, 1), 0x116: (LONG, height), 0x11C: (SHORT, 1),
        0x828D: (SHORT, (2, 2)), 0x828E: (BYTE, b"\0\1\1\2"), 0xC617: (SHORT, 1),
        0xC61A: (SHORT, 0), 0xC61D: (SHORT, 4095)}, [samples])
    # XYZ to linear sRGB, so that the camera's colours are sRGB's.
    matrix = [32406, -15372, -4986, -9689, 18758, 415, 557, -2040, 10570]
    top = Ifd({
        0xFE: (LONG, 1), 0x100: (LONG, preview_jpeg[1]), 0x101: (LONG, preview_jpeg[2]), 0x102: (SHORT, (8, 8, 8)),
        0x103: (SHORT, 7), 0x106: (SHORT, 6), 0x10F: (ASCII, "Imaginary"), 0x110: (ASCII, model),
        0x112: (SHORT, 1), 0x115: (SHORT, 3), 0x116: (LONG, preview_jpeg[2]), 0x11C: (SHORT, 1),
        0x131: (ASCII, "make_library.py"), 0x132: (ASCII, taken), 0x14A: (LONG, [sensor]),
        0x8769: (LONG, Ifd({0x829A: (RATIONAL, (1, 500)), 0x829D: (RATIONAL, (28, 10)), 0x8827: (SHORT, 100),
                            0x9000: (UNDEFINED, b"0232"), 0x9003: (ASCII, taken), 0x920A: (RATIONAL, (35, 1))})),
        0xC612: (BYTE, b"\1\4\0\0"), 0xC613: (BYTE, b"\1\1\0\0"), 0xC614: (ASCII, model),
        0xC621: (SRATIONAL, [(v, 10000) for v in matrix]),
        0xC628: (RATIONAL, [(5, 10), (1, 1), (625, 1000)]), 0xC65A: (SHORT, 21)}, [preview_jpeg[0]])
    return tiff(top)
