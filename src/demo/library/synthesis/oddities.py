# SPDX-License-Identifier: MIT
"""What real libraries hold to a client's surprise: names, dates, states and albums that are odd in every way.

Most are small cards that say what is odd about them.
"""

import encode
import scenes
from pleasures import JPEG, PNG, clip, heic, jpeg
from shelf import identity

_HUES = ("#c0392b", "#8e44ad", "#2471a3", "#138d75", "#b9770e", "#5d6d7e", "#a04000", "#7d3c98")


def card(shelf, label, words, name, taken, added=None, **more):
    """One card as a JPEG; `more` may say otherwise."""
    picture = scenes.postcard(320, 240, words, _HUES[len(shelf.photos) % len(_HUES)])
    date = taken if isinstance(taken, str) else "2022-03-01T12:00:00+01:00"
    original = more.pop("original", None) or jpeg(shelf, label, picture, date, 72)
    return shelf.photo(label, original, name, taken, added, picture=picture, **more)


def _padded(data, size):
    """The same JPEG with a comment that makes it `size` bytes long."""
    room = size - len(data) - 4
    assert room >= 0
    return data[:2] + b"\xff\xfe" + (room + 2).to_bytes(2, "big") + b" " * room + data[2:]


def names(shelf):
    day = (f"2022-03-{1 + n // 24:02d}T{n % 24:02d}:15:00+01:00" for n in range(0, 300, 7))

    def named(label, words, name, **more):
        return card(shelf, "name-" + label, words, name, next(day), **more)

    named("missing", "no name", None)
    named("missing-again", "no name either", None)
    named("empty", "empty name", "")
    named("string", "plain STRING", "plain string.jpg", name_encoding="string")
    # In the shared library, because icloudpd's whole run ends at such a name and it is to download the personal one.
    named("not-base64", "not base64", "not base64.jpg", name_encoding="invalid_base64", library="shared")
    named("not-utf8", "not UTF-8", "not utf-8.jpg", name_encoding="invalid_utf8", library="shared")
    named("slash", "a / b", "Mum/Dad.jpg")
    named("backslash", "a \\ b", "C:\\Pictures\\me.jpg")
    named("colon", "a : b", "12:30.jpg")
    named("question", "a ? b", "12?30.jpg")                  # the same as the one before, once cleaned
    named("specials", '* < > | "', 'all*of<these>are|"bad".jpg')
    named("nul", "NUL", "zero\u0000inside.jpg")
    named("newline", "newline", "two\nlines\tand a tab.jpg")
    named("leading-dot", ".leading", ".leading dot.jpg")
    named("trailing", "trailing. . ", "trailing.jpg. . ")
    named("trailing-stem", "stem .jpg", "stem ends in a blank .jpg")
    named("dot-dot", "..", "..")
    named("device", "CON", "CON.JPG")
    named("device-alone", "aux", "aux")
    named("emoji", "emoji", "holiday \U0001f3d6\ufe0f\U0001f468\u200d\U0001f469\u200d\U0001f467.jpg")
    named("chinese", "Chinese", "\u6625\u8282\u7167\u7247.jpg")
    named("arabic", "right to left", "\u0635\u0648\u0631\u0629 \u202e\u0627\u0644\u0628\u062d\u0631.jpg")
    named("nfc", "cafe, composed", "caf\u00e9.jpg")
    named("nfd", "cafe, decomposed", "cafe\u0301.jpg")       # the same file for a person
    named("narrow-space", "U+202F", "Photo at 9.41\u202fAM.jpg")
    named("long", "254 bytes", "long " + "0123456789" * 24 + "abcde.jpg")
    named("long-twin", "its twin", "long " + "0123456789" * 24 + "abcdf.jpg")
    named("too-long", "300 bytes", "\u957f" * 98 + ".jpeg")
    named("lower", "photo.jpg", "photo.jpg")
    named("upper", "PHOTO.JPG", "PHOTO.JPG")
    named("no-extension", "no extension", "scan 17")
    named("dots", "dots.in.it", "v1.2.final.jpg")
    named("ours", ".icloudphotos", ".icloudphotos.jpg")
    named("lying-heic", "not a HEIC", "IMG_2001.HEIC")
    picture = scenes.postcard(320, 240, "not a JPEG", "#138d75")
    named("lying-jpeg", "not a JPEG", "IMG_2002.JPG",
          original=shelf.resource("name-lying-jpeg", encode.png(picture, 48), PNG, picture.size))
    named("no-item-type", "no itemType", "IMG_2003.JPG", item_type=None)
    picture = scenes.postcard(320, 240, "a PDF", "#2471a3")
    named("pdf", "a PDF", "ticket.pdf", original=shelf.resource("name-pdf", encode.pdf(picture), "com.adobe.pdf", picture.size))
    picture = scenes.postcard(320, 240, "public.item", "#5d6d7e")
    named("item", "public.item", "something.tiff2", original=shelf.resource(
        "name-item", encode.jpeg(picture, quality=72), "public.item", picture.size))
    picture = scenes.postcard(320, 240, "unknown type", "#a04000")
    named("unknown", "unknown type", "scan", original=shelf.resource(
        "name-unknown", encode.jpeg(picture, quality=72), "com.example.scan", picture.size))

    # A Live Photo whose name leaves no room for what is added to it.
    taken, twin = "2022-03-20T10:00:00+01:00", identity("content identifier of the long name")
    picture = scenes.postcard(320, 240, "Live, 250 bytes", "#7d3c98")
    frames = [picture.transform((320, 240), scenes.Image.Transform.AFFINE, (1, 0, t, 0, 1, 0)) for t in range(20)]
    card(shelf, "name-long-live", "Live, 250 bytes", "L" * 245 + ".HEIC", taken, subtype_v2=2,
         original=heic(shelf, "name-long-live", picture, taken, live=twin),
         live_video=clip(shelf, "name-long-live-video", frames, taken, **{"content.identifier": twin}))

    # The counter of a camera wrapped: one month, one name, three photos; two of one size, and one that has a (2) already.
    size = None
    for number, letter in enumerate("ABC"):
        taken = f"2021-05-{3 + 7 * number:02d}T12:00:00+02:00"
        picture = scenes.postcard(320, 240, f"IMG_0001 {letter}", _HUES[number])
        data = encode.jpeg(picture, quality=72)
        size = size or len(data) + 2000
        if number < 2:
            data = _padded(data, size)
        card(shelf, f"counter-{letter}", f"IMG_0001 {letter}", "IMG_0001.JPG", taken,
             original=shelf.resource(f"counter-{letter.lower()}", data, JPEG, picture.size))
    card(shelf, "counter-2", "IMG_0001 (2)", "IMG_0001 (2).JPG", "2021-05-04T12:00:00+02:00")

    # An edit whose name is another photo's.
    taken = "2021-05-08T12:00:00+02:00"
    picture = scenes.balloons(480, 360, seed=91)
    edit = scenes.balloons(480, 360, sky="dusk", seed=91)
    shelf.photo("edit-taken", heic(shelf, "edit-taken", picture, taken), "IMG_0002.HEIC", taken, picture=edit,
                edited_still=jpeg(shelf, "edit-taken-edit", edit, taken), adjustment_type="com.apple.photo")
    card(shelf, "edit-taker", "IMG_0002-edited", "IMG_0002-edited.JPG", "2021-05-09T12:00:00+02:00")
    # A clip that has the name of a Live Photo's video.
    taken = "2024-02-18T23:50:00+01:00"
    frames = [scenes.aurora(320, 240, t / 15, 92) for t in range(30)]
    shelf.photo("live-taker", clip(shelf, "live-taker", frames, taken), "IMG_2240.MOV", taken, picture=frames[0],
                duration_ms=1000)


def dates(shelf):
    added = "2025-02-10T12:00:00+01:00"
    for label, words, taken, more in (
            ("1904", "1904", -2082844800000, {}),                         # zero of a QuickTime clock
            ("0001", "year 1", -62135596800000, {}),                      # zero of another
            ("1825", "before photography", "1825-06-01T12:00:00+00:00", {}),
            ("1969", "before 1970", "1969-12-31T23:59:59.500+00:00", {}),
            ("2040", "the future", "2040-01-01T00:00:00+00:00", {}),
            ("missing", "no date", None, {}),
            ("no-offset", "no offset", "2024-04-30T23:30:00+00:00", {"offset": None}),
            ("month-end", "still June", "2024-06-30T20:30:00-07:00", {}),   # July in UTC
            ("new-year", "already 2024", "2024-01-01T01:30:00+03:00", {}),  # 2023 in UTC
            ("quarter", "+05:45", "2024-03-01T00:10:00+05:45", {"time_zone_name": "Asia/Kathmandu"}),
            ("dateline", "+14:00", "2024-09-01T03:00:00+14:00", {"time_zone_name": "Pacific/Kiritimati"})):
        card(shelf, "date-" + label, words, f"IMG_{label}.JPG", taken, added, **more)


def states(shelf):
    card(shelf, "hidden", "hidden", "IMG_9101.JPG", "2024-07-21T10:00:00+02:00", hidden=True)
    card(shelf, "hidden-favorite", "hidden favourite", "IMG_9102.JPG", "2024-07-21T10:05:00+02:00", hidden=True, favorite=True)
    card(shelf, "deleted", "deleted", "IMG_9103.JPG", "2024-07-21T10:10:00+02:00", deleted_at="2026-11-10T09:00:00+01:00")
    # Deleted, of the name of a photo that is not.
    card(shelf, "deleted-twin", "deleted twin", "IMG_2102.JPG", "2024-06-12T22:00:00+02:00", deleted_at="2026-11-12T09:00:00+01:00")
    card(shelf, "deleted-hidden", "both", "IMG_9104.JPG", "2024-07-21T10:15:00+02:00", hidden=True, deleted_at="2026-11-14T09:00:00+01:00")
    card(shelf, "uploading", "uploading", "IMG_9105.HEIC", "2025-01-05T10:00:00+01:00", no_download_url=True,
         original=heic(shelf, "uploading", scenes.postcard(320, 240, "uploading", "#b9770e"), "2025-01-05T10:00:00+01:00"))
    card(shelf, "late", "late master", "IMG_9106.JPG", "2025-01-06T10:00:00+01:00", late_master=True)
    card(shelf, "zero", "no bytes", "IMG_9107.JPG", "2025-01-07T10:00:00+01:00",
         original=shelf.resource("zero", b"", JPEG, (0, 0)))
    card(shelf, "live-without", "video missing", "IMG_9108.HEIC", "2025-01-08T10:00:00+01:00", subtype_v2=2,
         original=heic(shelf, "live-without", scenes.postcard(320, 240, "video missing", "#c0392b"), "2025-01-08T10:00:00+01:00"))
    card(shelf, "words", "words", "IMG_9109.JPG", "2025-01-09T10:00:00+01:00", title="\u00dcber den D\u00e4chern \U0001f307",
         description="Two lines,\nand a <tag> & an \"entity\".", keywords=["caf\u00e9", "a,b", "\u6771\u4eac", ""],
         location={"lat": -54.8019, "lon": -68.303, "alt": -3.5})
    # A video nothing was made from: no poster, no transcodes.
    frames = [scenes.postcard(320, 240, "x" * (1 + t // 4), "#2471a3") for t in range(24)]
    shelf.photo("bare-video", clip(shelf, "bare-video", frames, "2025-01-10T10:00:00+01:00"), "IMG_9110.MOV",
                "2025-01-10T10:00:00+01:00", picture=frames[0], duration_ms=0)


def albums(shelf):
    shelf.album("best", "Best of", "2024-09-01T10:00:00+02:00", members=["fjord", "hidden", "deleted", "aurora", "shared-eve", "city"])
    shelf.album("empty", "Nothing yet", "2024-09-02T10:00:00+02:00")
    shelf.album("someday", "Someday", "2024-09-03T10:00:00+02:00", kind="folder")
    shelf.album("weekend-1", "Weekend", "2022-05-01T10:00:00+02:00", members=["flower"])
    shelf.album("weekend-2", "Weekend", "2021-05-01T10:00:00+02:00", members=["road", "shore"])
    shelf.album("trips-album", "Trips", "2024-09-04T10:00:00+02:00", members=["panorama"])
    shelf.album("slash", "2024/06 Bergen", "2024-09-05T10:00:00+02:00", members=["fjord", "ridges", "screenshot"])
    shelf.album("favorites", "Favorites", "2024-09-06T10:00:00+02:00", members=["balloons", "lights"])
    shelf.album("nfd", "Cafe\u0301 und Ku\u0308che", "2024-09-07T10:00:00+02:00", members=["name-nfd", "name-nfc"])
    shelf.album("nameless", None, "2024-09-08T10:00:00+02:00", members=["city"])
    shelf.album("dots", "...", "2024-09-09T10:00:00+02:00", members=["lights"])
    shelf.album("blanks", "  Blanks  ", "2024-09-10T10:00:00+02:00", members=["harbour"])
    shelf.album("counter", "IMG_0001", "2024-09-11T10:00:00+02:00", members=["counter-C", "counter-A", "counter-B", "counter-2"])
    shelf.album("burst", "Burst", "2024-09-12T10:00:00+02:00", members=["burst-0", "burst-1", "burst-2", "burst-3"])
    shelf.album("odd", "Odd names", "2024-09-13T10:00:00+02:00", "trips",
                ["name-nul", "name-dot-dot", "name-emoji", "name-nfd", "name-nfc", "name-slash"])
    shelf.album("old", "Old trips", "2020-01-01T10:00:00+01:00", kind="folder", deleted=True)
    shelf.album("orphan", "Orphan", "2020-02-01T10:00:00+01:00", "old", ["harbour", "raw"])
    shelf.album("gone", "Gone", "2020-03-01T10:00:00+01:00", members=["raw"], deleted=True)
