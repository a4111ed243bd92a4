# SPDX-License-Identifier: MIT
"""The photos, clips and albums a person would have."""

import encode
import scenes
import tiff
from shelf import exif_date, identity

JPEG, HEIC, PNG, GIF = "public.jpeg", "public.heic", "public.png", "com.compuserve.gif"
DNG, MOV, MP4 = "com.adobe.raw-image", "com.apple.quicktime-movie", "public.mpeg-4"


def _exif(taken, size, **more):
    date, offset = exif_date(taken)
    return tiff.exif(date, offset, width=size[0], height=size[1], **more)


def jpeg(shelf, slug, picture, taken, quality=80, **more):
    data = encode.jpeg(picture, _exif(taken, picture.size, **more), quality)
    return shelf.resource(slug, data, JPEG, picture.size)


def heic(shelf, slug, picture, taken, quality=42, **more):
    return shelf.resource(slug, encode.heic(picture, _exif(taken, picture.size, **more), quality), HEIC, picture.size)


def clip(shelf, slug, frames, taken, kind=MOV, rate=30, quality=27, **keys):
    container = "mov" if kind == MOV else "mp4"
    keys = {"make": "Imaginary", "creationdate": taken, **keys} if kind == MOV else None
    data = encode.video(frames, rate, container, quality, keys=keys)
    return shelf.resource(slug, data, kind, frames[0].size)


def place(lat, lon, alt):
    return {"lat": lat, "lon": lon, "alt": alt}


def where(location):
    return (location["lat"], location["lon"], location["alt"])


def photos(shelf):
    bergen, tromso = place(60.3913, 5.3221, 12.0), place(69.6492, 18.9553, 41.5)

    taken = "2024-06-12T05:12:44+02:00"
    picture = scenes.mountains(1200, 900, sky="dawn", seed=2)
    shelf.photo("fjord", heic(shelf, "fjord", picture, taken, location=where(bergen)), "IMG_2101.HEIC", taken, picture=picture,
                medium=shelf.still("fjord-medium", picture, 640), favorite=True, location=bergen,
                time_zone_name="Europe/Oslo", title="Morning above the fjord",
                description="Nobody else was up. Ridge behind ridge, and a little mist.",
                keywords=["Norway", "mountains", "morning"])

    taken = "2024-06-12T21:58:03+02:00"
    picture = scenes.mountains(960, 720, sky="dusk", seed=31, ground=("#c9a3b8", "#201c33"))
    shelf.photo("ridges", jpeg(shelf, "ridges", picture, taken, location=where(bergen)), "IMG_2102.JPG", taken,
                picture=picture, location=bergen, time_zone_name="Europe/Oslo", keywords=["Norway"])

    # A Live Photo: still and video carry the same content identifier.
    taken, twin = "2024-02-18T23:41:10+01:00", identity("content identifier of aurora")
    picture = scenes.aurora(1200, 900)
    frames = [scenes.aurora(480, 360, t / 30) for t in range(45)]
    shelf.photo("aurora", heic(shelf, "aurora", picture, taken, live=twin, location=where(tromso), iso=3200, exposure=(2, 1)),
                "IMG_2240.HEIC", taken, picture=picture, medium=shelf.still("aurora-medium", picture, 640),
                live_video=clip(shelf, "aurora-live", frames, taken, **{"content.identifier": twin}), subtype_v2=2,
                favorite=True, location=tromso, time_zone_name="Europe/Oslo", keywords=["Norway", "night"],
                title="Northern lights")

    # An older one, of JPEG type.
    taken, twin = "2019-12-30T16:20:00+01:00", identity("content identifier of harbour")
    picture = scenes.sea(800, 600, sky="gold", seed=7, sun_height=0.2)
    frames = [scenes.sea(400, 300, t / 30, "gold", 0.2, 7) for t in range(45)]
    shelf.photo("harbour", jpeg(shelf, "harbour", picture, taken, live=twin), "IMG_0877.JPG", taken, picture=picture,
                live_video=clip(shelf, "harbour-live", frames, taken, **{"content.identifier": twin}), subtype_v2=2)

    # Stored lying on its side; shown upright.
    taken = "2023-10-14T18:52:30+02:00"
    upright = scenes.city(720, 960)
    lying = upright.transpose(scenes.Image.Transpose.ROTATE_90)
    shelf.photo("city", jpeg(shelf, "city", lying, taken, orientation=6), "IMG_3003.JPG", taken, picture=upright,
                orientation=6, title="Lights on the river")

    taken = "2023-09-02T06:50:12-06:00"
    picture, edit = scenes.balloons(1024, 768), scenes.balloons(1024, 768, sky="dawn")
    shelf.photo("balloons", heic(shelf, "balloons", picture, taken), "IMG_3120.HEIC", taken, picture=edit,
                edited_still=jpeg(shelf, "balloons-edit", edit, taken), adjustment_type="com.apple.photo",
                medium=shelf.still("balloons-medium", edit, 512), location=place(35.1958, -106.5975, 1600.0),
                time_zone_name="America/Denver", favorite=True)

    # A portrait: its blur is an adjustment made by the camera.
    taken = "2024-05-05T14:03:21+02:00"
    picture, edit = scenes.flower(768, 1024), scenes.flower(768, 1024, blur=9)
    shelf.photo("flower", heic(shelf, "flower", picture, taken), "IMG_4001.HEIC", taken, picture=edit,
                edited_still=jpeg(shelf, "flower-edit", edit, taken), adjustment_type="com.apple.photo",
                adjustment_render_type=2050, favorite=True, keywords=["garden"])

    # A long exposure: made from a Live Photo's video.
    taken, twin = "2023-11-20T19:15:40+01:00", identity("content identifier of road")
    picture, edit = scenes.road(960, 720, trails=False), scenes.road(960, 720)
    frames = [scenes.road(400, 300, t / 20, trails=False) for t in range(40)]
    shelf.photo("road", heic(shelf, "road", picture, taken, live=twin), "IMG_4010.HEIC", taken, picture=edit,
                edited_still=jpeg(shelf, "road-edit", edit, taken), adjustment_type="com.apple.photo",
                adjustment_render_type=4, subtype_v2=2,
                live_video=clip(shelf, "road-live", frames, taken, **{"content.identifier": twin}))

    # Two assets of one master: a duplicate of which only the second was edited.
    taken = "2024-07-19T11:30:00+02:00"
    picture = scenes.beach(960, 640)
    edit = scenes.image(scenes.np.asarray(picture, dtype=float) * [1.06, 1.0, 0.86])
    original = jpeg(shelf, "beach", picture, taken)
    shelf.photo("beach", original, "IMG_4102.JPG", taken, picture=picture, location=place(43.5528, 10.3089, 2.0))
    shelf.photo("beach-again", original, "IMG_4102.JPG", taken, "2024-08-01T09:00:00+02:00", picture=edit, favorite=True,
                edited_still=jpeg(shelf, "beach-edit", edit, taken, 74), adjustment_type="com.apple.photo")

    taken = "2024-06-01T09:41:07+02:00"
    picture = scenes.screenshot(375, 667)
    shelf.photo("screenshot", shelf.resource("screenshot", encode.png(picture, 160), PNG, picture.size), "IMG_5001.PNG",
                taken, picture=picture, medium=shelf.still("screenshot-medium", picture, 667), subtype_v2=3)
    taken = "2024-06-01T16:05:59+02:00"
    picture = scenes.screenshot(375, 667, "16:05")
    shelf.photo("screenshot-mac", shelf.resource("screenshot-mac", encode.png(picture, 160), PNG, picture.size),
                "Screenshot 2024-06-01 at 4.05.59\u202fPM.png", taken, picture=picture, subtype_v2=3,
                adjustment_type="ScreenshotServices", edited_still=shelf.still("screenshot-mac-edit", picture.crop((0, 120, 375, 520)), 400, 82))

    taken = "2022-08-14T08:00:00+02:00"
    frames = [scenes.balloons(240, 180, t / 9, amount=5) for t in range(12)]
    shelf.photo("flight", shelf.resource("flight", encode.gif(frames), GIF, frames[0].size), "flight.gif", taken,
                picture=frames[0])

    # RAW alone, RAW with a JPEG, and a JPEG with its RAW.
    for slug, name, taken, picture in (
            ("raw", "IMG_6001.DNG", "2021-09-11T07:12:00+02:00", scenes.mountains(288, 216, sky="gold", seed=51, ground=("#b8a58a", "#2b3524"))),
            ("raw-jpeg", "IMG_6002.DNG", "2021-09-11T07:20:00+02:00", scenes.sea(288, 216, sky="dawn", seed=52)),
            ("jpeg-raw", "IMG_6003.JPG", "2021-09-11T07:31:00+02:00", scenes.balloons(240, 180, seed=53))):
        preview = picture.resize((picture.width // 2, picture.height // 2), 4)
        data = tiff.dng(picture, (encode.jpeg(preview), *preview.size), exif_date(taken)[0])
        raw = shelf.resource(slug, data, DNG, picture.size)
        if slug == "raw":
            shelf.photo(slug, raw, name, taken, picture=picture, medium=shelf.still("raw-medium", picture, 288))
            continue
        still = jpeg(shelf, slug, picture, taken, 88)
        original, other = (raw, still) if slug == "raw-jpeg" else (still, raw)
        shelf.photo(slug, original, name, taken, picture=picture, alternative=other, favorite=slug == "raw-jpeg")

    taken = "2023-07-02T10:10:10+02:00"
    picture = scenes.mountains(1920, 440, sky="winter", seed=22, snow=0.9, ground=("#a9b8c8", "#3b4a5a"))
    shelf.photo("panorama", jpeg(shelf, "panorama", picture, taken), "IMG_6100.JPG", taken, picture=picture, subtype=1,
                medium=shelf.still("panorama-medium", picture, 960), title="The whole range", location=place(46.5475, 7.9854, 3454.0),
                time_zone_name="Europe/Zurich")

    # A burst of four; the third was picked.
    for frame in range(4):
        taken = f"2024-07-20T15:00:00.{frame}00+02:00"
        picture = scenes.ball(640, 480, 0.1 + frame * 0.22)
        shelf.photo(f"burst-{frame}", jpeg(shelf, f"burst-{frame}", picture, taken), f"IMG_800{frame + 1}.JPG", taken,
                    "2024-07-20T15:01:00+02:00", picture=picture, burst_id=identity("burst"),
                    burst_flags=52 if frame == 2 else 2)

    # A Live Photo edited later: the edit has a still and a video.
    taken, twin = "2023-08-26T20:15:00+02:00", identity("content identifier of shore")
    picture, edit = scenes.sea(800, 600, seed=61), scenes.sea(800, 600, sky="dawn", seed=61)
    frames, warm = ([scenes.sea(400, 300, t / 30, sky, seed=61) for t in range(36)] for sky in ("dusk", "dawn"))
    shelf.photo("shore", heic(shelf, "shore", picture, taken, live=twin), "IMG_4020.HEIC", taken, picture=edit, subtype_v2=2,
                live_video=clip(shelf, "shore-live", list(frames), taken, **{"content.identifier": twin}),
                edited_still=heic(shelf, "shore-edit", edit, taken, live=twin),
                edited_video=clip(shelf, "shore-live-edit", list(warm), taken, **{"content.identifier": twin}),
                adjustment_type="com.apple.photo")


def videos(shelf):
    def video(label, name, taken, frames, kind=MOV, rate=30, **more):
        small = [f.resize((f.width // 2, f.height // 2), 4) for f in frames]
        middle = frames[len(frames) // 2]
        more.setdefault("duration_ms", len(frames) * 1000 // rate)
        shelf.photo(label, clip(shelf, label, frames, taken, kind, rate), name, taken, picture=middle,
                    medium=shelf.still(label + "-medium", middle, 480),
                    video_medium=clip(shelf, label + "-720p", small, taken, MP4, rate, 32), **more)

    video("waves", "IMG_7001.MOV", "2024-07-18T21:02:11+02:00", [scenes.sea(640, 360, t / 30, seed=71) for t in range(75)],
          location=place(43.5528, 10.3089, 2.0), favorite=True, title="Evening waves")
    video("lights", "city lights.mp4", "2023-10-14T19:30:00+02:00", [scenes.city(640, 360, t / 30, seed=72) for t in range(48)], MP4)
    video("bounce", "IMG_7003.MOV", "2024-07-20T15:30:00+02:00", [scenes.ball(480, 272, t / 120) for t in range(240)], MOV, 120,
          subtype=100, adjustment_type="com.apple.video.slomo")
    video("day", "IMG_7004.MOV", "2022-06-21T05:00:00+02:00",
          [scenes.whole_day(480, 272, t / 59) for t in range(60)], subtype=101)
    frames = [scenes.balloons(480, 360, t / 20, seed=74) for t in range(50)]
    taken = "2023-09-02T07:05:00-06:00"
    video("ascent", "IMG_7005.MOV", taken, frames, time_zone_name="America/Denver",
          edited_video=clip(shelf, "ascent-edit", frames[10:40], taken), adjustment_type="com.apple.photo")


def shared(shelf):
    """The library a household shares. The ridges are in both: the same bytes."""
    home = {"library": "shared"}
    taken = "2024-06-12T21:58:03+02:00"
    ridges = next(p for p in shelf.photos if p["name"] == "IMG_2102.JPG")
    shelf.photo("shared-ridges", ridges["original"], "IMG_2102.JPG", taken, "2024-06-15T10:00:00+02:00", thumb=ridges["thumb"], **home)

    taken, twin = "2024-08-03T22:10:00+02:00", identity("content identifier of pines")
    picture = scenes.aurora(800, 600, seed=81, green="#7fd4ff", violet="#ff7fd0")
    frames = [scenes.aurora(400, 300, t / 30, 81, "#7fd4ff", "#ff7fd0") for t in range(36)]
    shelf.photo("shared-pines", heic(shelf, "shared-pines", picture, taken, live=twin), "IMG_0001.HEIC", taken, picture=picture,
                live_video=clip(shelf, "shared-pines-live", frames, taken, **{"content.identifier": twin}), subtype_v2=2,
                favorite=True, **home)

    taken = "2024-08-04T12:00:00+02:00"
    picture, edit = scenes.flower(600, 800, seed=82, petal="#f7c948"), scenes.flower(600, 800, seed=82, petal="#f7c948", blur=7)
    shelf.photo("shared-flower", heic(shelf, "shared-flower", picture, taken), "IMG_0002.HEIC", taken, picture=edit,
                edited_still=jpeg(shelf, "shared-flower-edit", edit, taken), adjustment_type="com.apple.photo",
                adjustment_render_type=2050, **home)

    taken = "2024-08-05T17:45:00+02:00"
    frames = [scenes.ball(480, 272, t / 40) for t in range(60)]
    shelf.photo("shared-game", clip(shelf, "shared-game", frames, taken), "IMG_0003.MOV", taken, picture=frames[20],
                duration_ms=2000, **home)

    taken = "2023-12-24T18:00:00+01:00"
    picture = scenes.mountains(800, 600, sky="night", seed=84, snow=0.7, ground=("#52658a", "#0d1424"))
    shelf.photo("shared-eve", jpeg(shelf, "shared-eve", picture, taken), "IMG_0004.JPG", taken, picture=picture, title="Silent night", **home)

    taken = "2024-08-05T17:50:00+02:00"
    picture = scenes.ball(480, 360, 1.5)
    shelf.photo("shared-deleted", jpeg(shelf, "shared-deleted", picture, taken), "IMG_0005.JPG", taken, picture=picture,
                deleted_at="2026-10-30T08:00:00+01:00", **home)


def albums(shelf):
    shelf.album("summer", "Summer 2024", "2024-07-01T10:00:00+02:00",
                members=["beach", "waves", "bounce", "burst-2", "beach-again"])
    shelf.album("trips", "Trips", "2023-01-01T10:00:00+01:00", kind="folder")
    shelf.album("2024", "2024", "2024-01-01T10:00:00+01:00", "trips", kind="folder")
    shelf.album("norway", "Norway", "2024-02-01T10:00:00+01:00", "2024", kind="folder")
    shelf.album("fjords", "Fjords", "2024-06-13T10:00:00+02:00", "norway", ["fjord", "ridges"])
    shelf.album("lights", "Northern Lights", "2024-02-19T10:00:00+01:00", "norway", ["aurora"])
    shelf.album("2023", "2023", "2023-01-02T10:00:00+01:00", "trips", kind="folder")
    shelf.album("albuquerque", "Balloon Fiesta", "2023-09-05T10:00:00-06:00", "2023", ["balloons", "ascent", "flight"])
    shelf.album("raws", "Developed at home", "2021-10-01T10:00:00+02:00", members=["raw", "raw-jpeg", "jpeg-raw"])
    shelf.album("screens", "Screenshots", "2024-06-02T10:00:00+02:00", members=["screenshot", "screenshot-mac"])
