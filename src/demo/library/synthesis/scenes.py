# SPDX-License-Identifier: MIT
"""The pictures: small landscapes, each a function of (width, height, t).

Only + - * / floor and table look-ups are used on pixels, never sin or exp: what IEEE 754 fixes is the same
on every processor, so the committed bytes can be made again anywhere.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
FONT_BOLD = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"


# -- arithmetic ------------------------------------------------------------------------------------------------------

def rgb(text):
    """'#ff8800' as three numbers."""
    return np.array([int(text[i:i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)


def smooth(low, high, x):
    """0 below `low`, 1 above `high`, an S between them."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def turn(x):
    """A sine of period 1, made of parabolas."""
    x = x - np.floor(x)
    y = np.where(x < 0.5, 16.0 * x * (0.5 - x), -16.0 * (x - 0.5) * (1.0 - x))
    return 0.225 * (y * np.abs(y) - y) + y


def noise1(x, seed, octaves=4):
    table = np.random.default_rng(seed).integers(0, 65536, 256) / 65536.0
    total, weight, norm = np.zeros_like(x), 1.0, 0.0
    for octave in range(octaves):
        p = x * (2 ** octave) + 17.0 * octave
        i = np.floor(p).astype(np.int64)
        f = smooth(0.0, 1.0, p - i)
        total = total + weight * (table[i % 256] * (1.0 - f) + table[(i + 1) % 256] * f)
        norm += weight
        weight *= 0.5
    return total / norm


def noise2(x, y, seed, octaves=3):
    table = np.random.default_rng(seed).integers(0, 65536, (64, 64)) / 65536.0
    total, weight, norm = 0.0, 1.0, 0.0
    for octave in range(octaves):
        px, py = x * (2 ** octave) + 5.0 * octave, y * (2 ** octave) + 9.0 * octave
        ix, iy = np.floor(px).astype(np.int64), np.floor(py).astype(np.int64)
        fx, fy = smooth(0.0, 1.0, px - ix), smooth(0.0, 1.0, py - iy)
        a = table[iy % 64, ix % 64] * (1 - fx) + table[iy % 64, (ix + 1) % 64] * fx
        b = table[(iy + 1) % 64, ix % 64] * (1 - fx) + table[(iy + 1) % 64, (ix + 1) % 64] * fx
        total = total + weight * (a * (1 - fy) + b * fy)
        norm += weight
        weight *= 0.5
    return total / norm


def grid(width, height):
    """x in units of the height (so that circles are round), y from 0 at the top to 1."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    return (x + 0.5) / height, (y + 0.5) / height


def ramp(stops, v):
    """Colours along `stops` [(position, '#rrggbb'), ...] at the places `v`."""
    where = [s[0] for s in stops]
    colours = [rgb(s[1]) for s in stops]
    return np.stack([np.interp(v, where, [c[k] for c in colours]) for k in range(3)], axis=-1)


def over(picture, colour, alpha):
    """Paints `colour` over `picture` where `alpha` is 1."""
    alpha = np.clip(alpha, 0.0, 1.0)[..., None]
    return picture * (1.0 - alpha) + colour * alpha


def image(picture):
    return Image.fromarray(np.clip(np.floor(picture + 0.5), 0, 255).astype(np.uint8), "RGB")


def glow(x, y, cx, cy, size):
    d2 = ((x - cx) * (x - cx) + (y - cy) * (y - cy)) / (size * size)
    return 1.0 / (1.0 + d2)


def disc(x, y, cx, cy, radius):
    d = np.sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy))
    return 1.0 - smooth(radius * 0.985, radius * 1.015, d)


# -- landscapes ------------------------------------------------------------------------------------------------------

SKIES = {
    "dawn": [(0.0, "#27406b"), (0.45, "#8d7aa5"), (0.75, "#f2b199"), (1.0, "#ffe3b8")],
    "day": [(0.0, "#2f7fd0"), (0.6, "#8cc4ee"), (1.0, "#e5f3fb")],
    "dusk": [(0.0, "#1d1a4b"), (0.4, "#6b2f7d"), (0.72, "#e3615c"), (1.0, "#ffc36b")],
    "night": [(0.0, "#050818"), (0.6, "#0e1c3c"), (1.0, "#27406b")],
    "winter": [(0.0, "#7fa6cc"), (0.6, "#c5d9ea"), (1.0, "#f6efe6")],
    "gold": [(0.0, "#4a5f86"), (0.5, "#c9a27a"), (0.85, "#ffd98a"), (1.0, "#fff1c9")],
}


def sea(width, height, t=0.0, sky="dusk", sun_height=0.40, seed=1):
    """The sun over a calm sea."""
    x, y = grid(width, height)
    aspect, horizon = width / height, 0.58
    sun_x, sun_y = aspect * 0.62, horizon - sun_height * 0.5
    above = ramp(SKIES[sky], np.clip(y / horizon, 0.0, 1.0))
    clouds = smooth(0.50, 0.78, noise2(x * 2.2 + t * 0.25, y * 7.0, seed, 4))
    above = over(above, rgb("#fff0dd"), clouds * 0.45 * smooth(0.0, 0.4, y))
    above = over(above, rgb("#fff3c4"), glow(x, y, sun_x, sun_y, 0.11) * 0.75)
    above = over(above, rgb("#fffbe8"), disc(x, y, sun_x, sun_y, 0.065))
    depth = np.clip((y - horizon) / (1.0 - horizon), 0.001, 1.0)
    below = ramp(SKIES[sky], 1.0 - 0.85 * depth) * 0.62
    wave = turn(noise2(x * 3.0 / (0.15 + depth), depth * 9.0 + t * 0.8, seed + 1, 3) * 3.0 + 6.0 / (0.08 + depth) + t)
    below = below + wave[..., None] * 9.0
    lane = glow(x, 0 * x, sun_x, 0, 0.05 + 0.16 * depth) * smooth(-0.2, 0.9, wave)
    below = over(below, rgb("#ffe9b0"), lane * 0.8)
    return image(over(above, below, smooth(horizon - 0.002, horizon + 0.002, y)))


def whole_day(width, height, part):
    """The sea from morning to evening; `part` runs from 0 to 1."""
    hours = [(0.0, "dawn"), (0.3, "day"), (0.65, "gold"), (1.0, "dusk")]
    after = next(k for k in range(1, len(hours)) if part <= hours[k][0])
    (start, morning), (end, evening) = hours[after - 1], hours[after]
    high = 0.08 + 4.0 * part * (1.0 - part) * 0.85
    first, second = (sea(width, height, part * 10.0, sky, high, 73) for sky in (morning, evening))
    return Image.blend(first, second, (part - start) / (end - start))


def mountains(width, height, t=0.0, sky="dawn", seed=2, ground=("#b59bb6", "#27323f"), snow=0.0, scale=1.0):
    """Ridges behind ridges, the far ones in the haze."""
    x, y = grid(width, height)
    picture = ramp(SKIES[sky], np.clip(y / 0.75, 0.0, 1.0))
    picture = over(picture, rgb("#fff6df"), glow(x, y, width / height * 0.3, 0.30, 0.12) * 0.6)
    clouds = smooth(0.52, 0.8, noise2(x * 1.6 + t * 0.3, y * 6.0, seed + 90, 4))
    picture = over(picture, rgb("#ffffff"), clouds * 0.5)
    layers = 5
    for layer in range(layers):
        near = layer / (layers - 1)
        line = noise1((x[0] * (1.3 + 1.2 * near) + 3.1 * layer + t * 0.02 * layer) * scale, seed + layer, 6)
        top = 0.36 + 0.12 * layer + (0.5 - line) * (0.42 - 0.18 * near)
        mask = smooth(-0.002, 0.002, y - top[None, :])
        colour = rgb(ground[0]) * (1 - near) + rgb(ground[1]) * near
        body = colour + (noise2(x * 22.0, y * 30.0, seed + 40 + layer, 2) - 0.5)[..., None] * 16.0 * (0.4 + near)
        if snow and layer < 4:
            cap = 1.0 - smooth(0.03, 0.10 + 0.10 * snow, y - top[None, :] + 0.10 * noise2(x * 9, y * 9, seed + 70, 3))
            body = over(body, rgb("#f4f7fb"), cap * snow)
        mist = smooth(0.0, 0.30, y - top[None, :]) * (1 - near) * 0.55
        picture = over(picture, over(body, rgb("#fdeede"), mist), mask)
    return image(picture)


def stars(picture, x, y, seed, amount, below):
    """Sprinkles stars where y < below."""
    rng = np.random.default_rng(seed)
    height, width = y.shape
    for _ in range(amount):
        px, py = int(rng.integers(1, width - 1)), int(rng.integers(1, max(2, int(height * below))))
        light = 90 + int(rng.integers(0, 160))
        picture[py, px] = np.maximum(picture[py, px], light)
        if light > 215:
            for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                picture[py + dy, px + dx] = np.maximum(picture[py + dy, px + dx], light - 120)
    return picture


def pines(draw, width, ground, seed, amount, colour):
    rng = np.random.default_rng(seed)
    for _ in range(amount):
        px, tall = int(rng.integers(0, width)), int(rng.integers(ground // 10 + 4, ground // 5 + 8))
        foot = ground + int(rng.integers(0, max(2, ground // 9)))
        for tier in range(4):
            half = tall * (0.09 + 0.055 * tier)
            up, down = foot - tall + tall * tier * 0.2, foot - tall + tall * (tier * 0.2 + 0.36)
            draw.polygon([(px, up), (px - half, down), (px + half, down)], fill=colour)


def aurora(width, height, t=0.0, seed=3, green="#4df2a8", violet="#a06bff"):
    """Northern lights over a snowed-in wood."""
    x, y = grid(width, height)
    picture = stars(ramp(SKIES["night"], y), x, y, seed, width * height // 900, 0.7)
    for curtain in range(3):
        foot = 0.52 - 0.10 * curtain + 0.10 * turn(x * (0.45 + 0.13 * curtain) + 0.21 * curtain + t * 0.25)
        rise = np.clip((foot - y) / (0.34 + 0.08 * curtain), 0.0, 1.0)
        rays = 0.55 + 0.45 * noise1(x * 26.0 + t * 3.0 + curtain * 31.0, seed + curtain, 2)
        light = smooth(0.0, 0.03, foot - y) * (1 - rise) * (1 - rise) * rays
        colour = rgb(green)[None, None, :] * (1 - rise[..., None]) + rgb(violet)[None, None, :] * rise[..., None]
        picture = over(picture, colour, light * 0.75)
    hill = 0.80 - 0.08 * turn(x * 0.3 + 0.1) - 0.02 * noise1(x * 4.0, seed + 8, 3)
    snow = ramp([(0.0, "#5d87a8"), (1.0, "#1c2f4c")], np.clip((y - hill) * 4.0, 0, 1))
    picture = image(over(picture, snow, smooth(-0.002, 0.002, y - hill)))
    pines(ImageDraw.Draw(picture), width, int(height * 0.84), seed + 5, width // 16, (9, 20, 30))
    return picture


def city(width, height, t=0.0, seed=4, sky="dusk"):
    """A skyline with its lights on, mirrored in a river."""
    w, h = width * 2, height * 2
    x, y = grid(w, h)
    picture = image(over(ramp(SKIES[sky], np.clip(y / 0.66, 0, 1)), rgb("#ffd9a0"),
                         glow(x, y, w / h * 0.5, 0.66, 0.16) * 0.55))
    draw, rng, shore = ImageDraw.Draw(picture), np.random.default_rng(seed), int(h * 0.66)
    for depth, colour in ((0, (74, 52, 96)), (1, (44, 33, 69)), (2, (22, 18, 40))):
        left = -int(rng.integers(0, w // 12))
        while left < w:
            wide = int(rng.integers(w // 26, w // 11))
            tall = int(rng.integers(h // 9, int(h * (0.50 - 0.11 * depth))))
            draw.rectangle([left, shore - tall, left + wide, shore], fill=colour)
            if tall > h * 0.3 and depth < 2:
                draw.line([left + wide // 2, shore - tall - h // 22, left + wide // 2, shore - tall], fill=colour, width=3)
            cell = max(6, h // 60)
            for wx in range(left + cell // 2, left + wide - cell // 2, cell):
                for wy in range(shore - tall + cell // 2, shore - cell, cell):
                    lit = int(rng.integers(0, 100))
                    if lit < 14 + 13 * depth:
                        flicker = 30 if (lit + int(t * 24)) % 11 == 0 else 0
                        warm = (255 - flicker, 214 - flicker, 130) if lit % 3 else (190, 220, 255)
                        draw.rectangle([wx, wy, wx + cell // 2, wy + cell // 2], fill=warm)
            left += wide + int(rng.integers(0, w // 60))
    mirror = picture.crop((0, shore - (h - shore), w, shore)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    water = np.asarray(mirror, dtype=np.float64)
    rows = np.arange(h - shore)
    shift = np.floor(turn(rows / (9.0 + rows * 0.08) + t * 2.0) * (1 + rows * 0.03)).astype(np.int64)
    water = np.stack([np.roll(water[r], int(shift[r]), axis=0) for r in rows]) * 0.62 + rgb("#101a3a") * 0.25
    picture.paste(image(water), (0, shore))
    return picture.reduce(2)


def balloons(width, height, t=0.0, seed=5, sky="gold", amount=7):
    """Hot-air balloons over hills in the morning."""
    w, h = width * 2, height * 2
    x, y = grid(w, h)
    picture = ramp(SKIES[sky], np.clip(y / 0.8, 0, 1))
    for layer, colour in enumerate(("#b9a07a", "#7d8a55", "#46623a")):
        top = 0.70 + 0.09 * layer - 0.10 * noise1(x * (0.9 + 0.3 * layer) + layer * 7.0, seed + layer, 4)
        picture = over(picture, rgb(colour) * (1.08 - 0.25 * (y - top))[..., None], smooth(-0.002, 0.002, y - top))
    picture, rng = image(picture), np.random.default_rng(seed)
    draw = ImageDraw.Draw(picture)
    colours = ["#d7263d", "#f4a261", "#2a9d8f", "#264b96", "#e9c46a", "#8e44ad", "#f1faee"]
    for index in range(amount):
        size = h * (0.045 + 0.016 * index)
        cx = w * ((0.07 + 0.147 * index * 2.0) % 0.94 + 0.03) + t * w * 0.02 * (index + 1)
        cy = h * (0.16 + 0.055 * int(rng.integers(0, 7))) - t * h * 0.03 * (index % 3)
        for stripe in range(6):
            half = size * (1.0 - stripe * 0.17)
            fill = colours[(index + (stripe % 2) * 4) % len(colours)]
            draw.ellipse([cx - half, cy - size * 1.1, cx + half, cy + size * 1.1], fill=fill)
        draw.polygon([(cx - size * 0.72, cy + size * 0.76), (cx + size * 0.72, cy + size * 0.76),
                      (cx + size * 0.2, cy + size * 1.45), (cx - size * 0.2, cy + size * 1.45)],
                     fill=colours[index % len(colours)])
        draw.line([cx - size * 0.18, cy + size * 1.45, cx - size * 0.12, cy + size * 1.75], fill="#40342a", width=2)
        draw.line([cx + size * 0.18, cy + size * 1.45, cx + size * 0.12, cy + size * 1.75], fill="#40342a", width=2)
        draw.rectangle([cx - size * 0.15, cy + size * 1.72, cx + size * 0.15, cy + size * 1.98], fill="#6b4a2b")
    return picture.reduce(2)


def flower(width, height, t=0.0, seed=6, blur=0, petal="#f25f8c"):
    """A flower before a meadow; `blur` is the depth of field of a portrait."""
    w, h = width * 2, height * 2
    x, y = grid(w, h)
    back = image(ramp([(0.0, "#9fd3e8"), (0.4, "#bfe0a2"), (1.0, "#3f7a3a")], y + 0.2 * (noise2(x * 5, y * 5, seed, 3) - 0.5)))
    draw, rng = ImageDraw.Draw(back), np.random.default_rng(seed)
    for _ in range(90):
        cx, cy, r = int(rng.integers(0, w)), int(rng.integers(h // 4, h)), int(rng.integers(h // 90, h // 26))
        fill = ["#f7d354", "#ffffff", "#f29bb2", "#7fb8e8", "#e8685a"][int(rng.integers(0, 5))]
        draw.ellipse([cx - r, cy - r, cx + r, cy + r], fill=fill)
    if blur:
        back = back.filter(ImageFilter.BoxBlur(blur * 2)).filter(ImageFilter.BoxBlur(blur * 2))
    draw = ImageDraw.Draw(back)
    cx, cy, r = w * 0.5 + w * 0.02 * float(turn(np.float64(t))), h * 0.42, h * 0.13
    draw.line([cx, cy, w * 0.5, h], fill="#2f6b34", width=h // 40)
    draw.polygon([(w * 0.5, h * 0.85), (w * 0.5 + h * 0.22, h * 0.70), (w * 0.5 + h * 0.08, h * 0.86)], fill="#3f8a42")
    shade = rgb(petal)
    for ring, (reach, tone) in enumerate(((1.25, 0.82), (1.0, 1.0))):
        for k in range(10):
            a = (k + 0.5 * ring) / 10.0
            px, py = cx + float(turn(np.float64(a + 0.25))) * r * reach, cy + float(turn(np.float64(a))) * r * reach
            fill = tuple(int(v * tone) for v in shade)
            draw.ellipse([px - r * 0.52, py - r * 0.52, px + r * 0.52, py + r * 0.52], fill=fill)
    draw.ellipse([cx - r * 0.7, cy - r * 0.7, cx + r * 0.7, cy + r * 0.7], fill="#f4b41a")
    for k in range(24):
        a, d = k * 0.381966, r * 0.62 * (k / 24.0)
        px, py = cx + float(turn(np.float64(a + 0.25))) * d, cy + float(turn(np.float64(a))) * d
        draw.ellipse([px - r * 0.05, py - r * 0.05, px + r * 0.05, py + r * 0.05], fill="#b5651d")
    return back.reduce(2)


def road(width, height, t=0.0, seed=7, trails=True):
    """A road at night: single lamps, or one long exposure of them."""
    x, y = grid(width, height)
    picture = stars(ramp(SKIES["night"], y * 1.2), x, y, seed, width * height // 1500, 0.4)
    hill = 0.48 - 0.10 * noise1(x * 1.4, seed, 4)
    picture = over(picture, rgb("#0a1020"), smooth(-0.003, 0.003, y - hill))
    near = np.clip((y - 0.46) / 0.54, 0.0, 1.0)
    middle = width / height * (0.56 - 0.22 * turn((1 - near) * (1 - near) * 0.55))
    wide = 0.012 + 0.42 * near
    picture = over(picture, rgb("#23283a"), (1 - smooth(wide * 0.97, wide, np.abs(x - middle))) * smooth(0.0, 0.02, near))
    for lane, colour in ((-0.62, "#ff3b30"), (-0.36, "#ff6b4a"), (0.30, "#fff4d6"), (0.60, "#ffe0a3")):
        for strand in range(3):
            line = middle + wide * (lane + 0.05 * strand)
            light = glow(x, 0 * x, line, 0, 0.0022 + 0.010 * near)
            if not trails:
                phase = near * 3.0 + (t if lane < 0 else -t) * 1.6 + lane * 2.3
                light = light * smooth(0.93, 1.0, turn(phase))
            picture = over(picture, rgb(colour), light * smooth(0.01, 0.05, near) * (0.5 if strand else 0.95))
    return image(picture)


def beach(width, height, t=0.0, seed=8):
    """A beach from above, with umbrellas."""
    w, h = width * 2, height * 2
    x, y = grid(w, h)
    shore = 0.46 + 0.05 * turn(x * 0.6 + 0.1) + 0.03 * noise1(x * 3.0, seed, 3) + 0.02 * float(turn(np.float64(t)))
    water = ramp([(0.0, "#0b6fa4"), (0.7, "#25b3c4"), (1.0, "#9be3dc")], np.clip(y / shore, 0, 1))
    sand = rgb("#efd9ab") + (noise2(x * 60, y * 60, seed, 2) - 0.5)[..., None] * 18.0
    picture = over(water, sand, smooth(-0.002, 0.002, y - shore))
    foam = glow(0 * x, y, 0, shore, 0.008) + 0.6 * glow(0 * x, y, 0, shore - 0.06 - 0.01 * noise1(x * 9, seed + 1, 3), 0.005)
    picture, rng = image(over(picture, rgb("#ffffff"), foam)), np.random.default_rng(seed)
    draw = ImageDraw.Draw(picture)
    for row in range(3):
        for column in range(8):
            cx = w * (column + 0.5 + 0.25 * (row % 2)) / 8 + int(rng.integers(-20, 20))
            cy, r = h * (0.64 + 0.13 * row), h * 0.045
            draw.ellipse([cx - r + 9, cy - r + 12, cx + r + 9, cy + r + 12], fill="#c9b184")
            fill = ["#e63946", "#ffb703", "#457b9d", "#2a9d8f"][int(rng.integers(0, 4))]
            for slice_ in range(8):
                draw.pieslice([cx - r, cy - r, cx + r, cy + r], slice_ * 45, slice_ * 45 + 45,
                              fill=fill if slice_ % 2 else "#fdfcf7")
    return picture.reduce(2)


def ball(width, height, t=0.0, seed=9):
    """A ball bouncing along the beach; t is one hop."""
    x, y = grid(width, height)
    picture = image(over(ramp(SKIES["day"], np.clip(y / 0.6, 0, 1)),
                         ramp([(0.0, "#e8cf9a"), (1.0, "#c9a86a")], np.clip((y - 0.6) / 0.4, 0, 1)),
                         smooth(0.598, 0.602, y))).resize((width * 2, height * 2), Image.Resampling.BOX)
    draw, w, h = ImageDraw.Draw(picture), width * 2, height * 2
    hop = t - int(t)
    high = 4.0 * hop * (1.0 - hop)
    cx, cy, r = w * (0.12 + 0.38 * t), h * (0.78 - 0.52 * high), h * 0.09
    squash = 1.0 - 0.22 * max(0.0, 1.0 - high * 9.0)
    draw.ellipse([cx - r * (1.2 - 0.5 * high), h * 0.86, cx + r * (1.2 - 0.5 * high), h * 0.90], fill="#b08f55")
    cy += r * (1.0 - squash)
    box = [cx - r / squash, cy - r * squash, cx + r / squash, cy + r * squash]
    for k in range(6):
        start = k * 60 + t * 220
        draw.pieslice(box, start, start + 60, fill=["#e63946", "#ffffff", "#1d6fb8"][k % 3])
    return picture.reduce(2)


# -- drawn things ----------------------------------------------------------------------------------------------------

def postcard(width, height, label, hue):
    """A card with a word on it, for photos whose name is the point."""
    x, y = grid(width, height)
    a, b = rgb(hue), rgb(hue) * 0.45 + 30.0
    v = np.clip(0.6 * y + 0.3 * x * height / width, 0, 1)[..., None]
    picture = a * (1 - v) + b * v
    for k in range(3):
        picture = over(picture, rgb("#ffffff"), disc(x, y, width / height * (0.2 + 0.35 * k), 0.9 - 0.3 * k, 0.32) * 0.10)
    picture = image(picture)
    draw = ImageDraw.Draw(picture)
    size = height // 6
    while size > 8:
        font = ImageFont.truetype(FONT_BOLD, size, layout_engine=ImageFont.Layout.BASIC)
        left, top, right, bottom = draw.textbbox((0, 0), label, font=font)
        if right - left < width * 0.9:
            break
        size -= 1
    draw.text(((width - right - left) / 2, (height - bottom - top) / 2), label, font=font, fill="#ffffff")
    return picture


def screenshot(width, height, clock="9:41"):
    """A weather app on a telephone that does not exist."""
    w, h = width * 2, height * 2
    _, y = grid(w, h)
    picture = image(ramp([(0.0, "#3a7bd5"), (1.0, "#a8d8ff")], y / 1.0))
    draw = ImageDraw.Draw(picture)

    def text(px, py, words, size, bold=False, anchor="mm", fill="#ffffff"):
        font = ImageFont.truetype(FONT_BOLD if bold else FONT, size, layout_engine=ImageFont.Layout.BASIC)
        draw.text((px, py), words, font=font, fill=fill, anchor=anchor)

    unit = w // 20
    text(unit * 3, unit, clock, unit, True)
    draw.rounded_rectangle([w - unit * 3, unit * 0.6, w - unit, unit * 1.4], unit // 4, outline="#ffffff", width=3)
    draw.rectangle([w - unit * 2.8, unit * 0.8, w - unit * 1.5, unit * 1.2], fill="#ffffff")
    text(w // 2, unit * 5, "Bergen", unit * 2, True)
    text(w // 2, unit * 9, "18\u00b0", unit * 5)
    text(w // 2, unit * 13, "Mostly sunny", unit)
    draw.rounded_rectangle([unit, unit * 15, w - unit, h - unit * 2], unit, fill="#5f9be0")
    for row, (day, low, high) in enumerate((("Today", 11, 18), ("Tue", 12, 20), ("Wed", 10, 17), ("Thu", 9, 15),
                                            ("Fri", 11, 19), ("Sat", 13, 22))):
        py = unit * (17 + row * 3)
        if py > h - unit * 3:
            break
        text(unit * 2, py, day, unit, anchor="lm")
        draw.ellipse([unit * 8, py - unit * 0.5, unit * 9, py + unit * 0.5], fill="#ffe066")
        draw.rounded_rectangle([unit * 10.5, py - 5, unit * 16, py + 5], 5, fill="#4b84c6")
        draw.rounded_rectangle([unit * (10.5 + (low - 8) * 0.4), py - 5, unit * (10.5 + (high - 8) * 0.4), py + 5], 5, fill="#ffd166")
        text(unit * 18.4, py, f"{high}\u00b0", unit, anchor="rm")
    return picture.reduce(2)
