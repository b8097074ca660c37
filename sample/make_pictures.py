"""Draws `pictures/`: an illustration for each picture that an article of the sample corpus names.

Run `python sample/make_pictures.py` after adding an article with a picture, or with `--check` to learn whether that is
due. What an article is about decides what is drawn, its picture's name how: the same articles give the same bytes.
It needs nothing but the standard library.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import zlib
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).resolve().parent
ARTICLES = HERE / "articles"
PICTURES = HERE / "pictures"

WIDTH, HEIGHT = 800, 450
HORIZON = 270

#: Sky above and at the horizon, sun, far hills, sea, and what stands before them.
TIMES = (
    ("#f7c59f", "#fde8d0", "#fff6e5", "#b6849a", "#3f6c7d", "#23313f"),  # dawn
    ("#8fc7e8", "#dff1f7", "#fffbe8", "#88a9b0", "#2d7f93", "#1f3a45"),  # day
    ("#f08a5d", "#f9d29d", "#fff0c9", "#8b5a6e", "#3b5068", "#231f2e"),  # dusk
    ("#15233d", "#33507a", "#f3f0dc", "#22365a", "#122b45", "#0a1220"),  # night
    ("#aebfc6", "#e4e9e8", "#f7f5ee", "#8d9fa3", "#5b7f86", "#2c3f45"),  # fog
)
PAINTS = ("#c8553d", "#e0a030", "#4f7f8f", "#6a994e", "#8a5a83", "#d9cfc1")

Drawing = Callable[[random.Random, tuple[str, ...]], str]


def box(x: float, y: float, width: float, height: float, fill: str, more: str = "") -> str:
    """Return a rectangle."""
    return f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" fill="{fill}"{more}/>'


def disc(x: float, y: float, radius: float, fill: str, more: str = "") -> str:
    """Return a circle."""
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{fill}"{more}/>'


def shape(path: str, fill: str, more: str = "") -> str:
    """Return a filled outline."""
    return f'<path d="{path}" fill="{fill}"{more}/>'


def stroke(path: str, colour: str, width: float = 4) -> str:
    """Return a line."""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round"/>'


def backdrop(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return sky, sun or moon, hills and sea."""
    above, below, sun, hills, sea, _front = colours
    sky = (
        f'<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="{above}"/>'
        f'<stop offset="1" stop-color="{below}"/></linearGradient></defs>'
    )
    parts = [sky, box(0, 0, WIDTH, HEIGHT, "url(#s)"), disc(dice.randint(90, 710), dice.randint(60, 170), 38, sun)]
    points = " ".join(f"L{x} {HORIZON - dice.randint(12, 74)}" for x in range(0, WIDTH + 1, 100))
    parts.append(shape(f"M0 {HORIZON}{points}L{WIDTH} {HORIZON}z", hills, ' opacity=".55"'))
    for layer in range(4):
        top = HORIZON + layer * 46
        waves = "".join(f"q40 {dice.choice((-9, -6, -3))} 80 0" for _wave in range(11))
        parts.append(
            shape(f"M-{dice.randint(0, 60)} {top}{waves}V{HEIGHT}H-80z", sea, f' opacity="{0.55 + layer * 0.14:.2f}"')
        )
    return "".join(parts)


def ship(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return a container ship with its boxes."""
    front, left = colours[5], dice.randint(120, 190)
    hull = shape(f"M{left} 300h430l-34 62H{left + 26}z", front) + box(left + 22, 300, 386, 9, "#c8553d")
    boxes = "".join(
        box(left + 96 + column * 44, 300 - (row + 1) * 22, 40, 19, dice.choice(PAINTS))
        for column in range(6)
        for row in range(dice.randint(1, 4))
    )
    bridge = (
        box(left + 30, 214, 46, 86, "#f2ede2") + box(left + 36, 224, 34, 10, front) + box(left + 46, 190, 8, 24, front)
    )
    return hull + boxes + bridge


def tug(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return a tug or a ferry."""
    front, left = colours[5], dice.randint(220, 330)
    smoke = "".join(disc(left + 150 + n * 26, 190 - n * 17, 10 + n * 5, "#fff", ' opacity=".35"') for n in range(4))
    return (
        smoke
        + shape(f"M{left} 306h260q-8 52-52 58H{left + 30}q-26-16-30-58z", front)
        + box(left + 60, 252, 122, 54, "#f2ede2")
        + "".join(box(left + 72 + n * 27, 264, 16, 16, colours[4]) for n in range(4))
        + box(left + 132, 206, 24, 46, dice.choice(PAINTS[:4]))
        + box(left, 300, 262, 8, dice.choice(PAINTS[:2]))
    )


def crane(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return gantry cranes on a quay."""
    front = colours[5]
    parts = [box(0, 336, WIDTH, 114, front)]
    for left in (110, 330, 550):
        reach = dice.randint(90, 150)
        paint = dice.choice(PAINTS[:5])
        parts.append(
            stroke(f"M{left} 336V150M{left + 62} 336V150M{left} 232h62M{left} 336l62-104", paint, 9)
            + stroke(
                f"M{left - 46} 150H{left + 62 + reach}M{left + 30} 104L{left - 46} 150M{left + 30} 104L{left + 62 + reach} 150",
                paint,
                7,
            )
            + stroke(f"M{left + 40 + reach} 152v{dice.randint(50, 110)}", front, 3)
        )
    return "".join(parts)


def sails(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return a freighter under sail."""
    front, left = colours[5], dice.randint(200, 260)
    parts = [shape(f"M{left} 312h340l-40 54H{left + 34}z", front)]
    for number in range(3):
        foot = left + 70 + number * 92
        parts.append(stroke(f"M{foot} 312V128", front, 5) + shape(f"M{foot + 6} 136q66 66 58 160h-58z", "#f6efdf"))
    return "".join(parts)


def turbines(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return wind turbines in the sea."""
    parts = []
    for number in range(5):
        x, size, turn = 90 + number * 155, dice.randint(70, 104), dice.randint(0, 119)
        hub = 250 - size
        blades = "".join(
            f'<path d="M0-4L{size * 0.72:.0f}-1L0 5z" fill="#fbfaf5" transform="translate({x} {hub}) rotate({turn + n * 120})"/>'
            for n in range(3)
        )
        parts.append(shape(f"M{x - 3} {hub}h6l4 {size + 96}h-14z", "#fbfaf5") + blades + disc(x, hub, 6, colours[5]))
    return "".join(parts)


def panels(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return rows of solar panels on a slope."""
    parts = [shape(f"M0 {HEIGHT}V330Q300 250 {WIDTH} 300V{HEIGHT}z", colours[5])]
    for row in range(3):
        for column in range(6):
            x, y = 60 + column * 122 - row * 20, 292 + row * 46 - column * 3
            parts.append(
                shape(f"M{x} {y}l84-10 16 34-88 12z", "#2c4f7c")
                + stroke(f"M{x + 28} {y - 3}l20 46M{x + 56} {y - 6}l20 46", "#a9c7e8", 1.5)
            )
    parts.append(disc(dice.randint(180, 620), 96, 46, "#ffe9a8", ' opacity=".8"'))
    return "".join(parts)


def steam(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return a drilling rig with steam, or a warm house."""
    puffs = "".join(
        disc(400 + dice.randint(-40, 40) + n * 12, 196 - n * 26, 20 + n * 7, "#fff", ' opacity=".5"') for n in range(6)
    )
    house = (
        box(130, 286, 130, 84, "#f2ede2")
        + shape("M114 288l81-58 81 58z", "#a4503c")
        + box(180, 322, 30, 48, colours[5])
    )
    rig = stroke("M346 372l48-164h14l48 164M358 330h86M370 290h62M380 254h42", colours[5], 7)
    return box(0, 366, WIDTH, 84, colours[5]) + puffs + rig + house


def bulbs(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return a town whose windows are lit."""
    parts = []
    for number in range(13):
        x, height = number * 64 - 10, dice.randint(70, 190)
        parts.append(box(x, 390 - height, 58, height + 60, colours[5]))
        for row in range(height // 30):
            lit = [column for column in range(3) if dice.random() < 0.6]
            parts += [box(x + 8 + column * 16, 398 - height + row * 28, 9, 13, "#ffd98a") for column in lit]
    return "".join(parts)


def network(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return layers of nodes, some of them lit."""
    layers = [
        [(130 + layer * 180, 90 + n * (300 / (count - 1))) for n in range(count)]
        for layer, count in enumerate((4, 6, 5, 3))
    ]
    lines = "".join(
        f"M{x:.0f} {y:.0f}L{u:.0f} {v:.0f}"
        for here, there in pairwise(layers)
        for x, y in here
        for u, v in there
        if dice.random() < 0.75
    )
    nodes = "".join(
        disc(x, y, 15, dice.choice(("#ffd166", "#f4f1de", "#81b29a", "#e07a5f"))) for layer in layers for x, y in layer
    )
    return box(0, 0, WIDTH, HEIGHT, colours[5], ' opacity=".82"') + stroke(lines, "#8fb3c9", 1.4) + nodes


def sound(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return staves with notes, or a voice as a wave."""
    parts = [box(0, 0, WIDTH, HEIGHT, "#f6efdf")]
    for stave in range(3):
        top = 76 + stave * 122
        parts.append(stroke("".join(f"M50 {top + n * 16}H750" for n in range(5)), "#6b6156", 1.6))
        x = 96
        while x < 730:
            y = top + dice.randint(0, 8) * 8
            colour = dice.choice(("#2b2b33", "#2b2b33", "#2b2b33", "#c8553d"))
            parts.append(f'<ellipse cx="{x}" cy="{y}" rx="11" ry="8" fill="{colour}" transform="rotate(-18 {x} {y})"/>')
            parts.append(stroke(f"M{x + 10} {y - 2}v-46", colour, 2.6))
            x += dice.choice((36, 54, 72))
    return "".join(parts)


def chess(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return a board with an arm above it."""
    parts = [box(0, 0, WIDTH, HEIGHT, colours[3])]
    for row in range(4):
        for column in range(10):
            fill = "#f0e4cc" if (row + column) % 2 else "#5b4636"
            parts.append(box(column * 80, 210 + row * 60, 80, 60, fill))
    for _piece in range(7):
        x, y = dice.randint(0, 9) * 80 + 40, dice.randint(0, 3) * 60 + 236
        fill = dice.choice(("#fffaf0", "#1d1a18"))
        parts.append(shape(f"M{x - 18} {y + 24}h36l-8-16h-20z", fill) + disc(x, y - 6, 12, fill))
    return (
        "".join(parts)
        + stroke("M120-10L330 90L470 190", "#9fb4c0", 22)
        + disc(330, 90, 18, "#e0a030")
        + disc(470, 196, 14, "#c8553d")
    )


def weather(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return clouds with rain or snow."""
    parts = []
    for _cloud in range(4):
        x, y = dice.randint(60, 640), dice.randint(60, 150)
        parts += [disc(x + n * 36, y - (n % 2) * 18, 34, "#eef2f4", ' opacity=".9"') for n in range(4)]
    drops = "".join(f"M{dice.randint(0, WIDTH)} {dice.randint(150, 420)}l-8 24" for _drop in range(70))
    return "".join(parts) + stroke(drops, "#f4f8fa", 2.4) + tug(dice, colours)


def ice(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return floes with ships between them."""
    floes = "".join(
        shape(
            f"M{x} {y}l{dice.randint(50, 90)}-{dice.randint(4, 12)} {dice.randint(20, 50)} {dice.randint(12, 22)}-{dice.randint(50, 90)} {dice.randint(8, 16)}z",
            "#f3f8fa",
            ' opacity=".92"',
        )
        for x, y in ((dice.randint(-20, 760), dice.randint(290, 430)) for _floe in range(26))
    )
    return ship(dice, colours) + floes


def creature(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return seals on a rock."""
    parts = [shape("M80 400q120-96 300-70t340 66v60H80z", colours[5])]
    for number in range(3):
        x, y = 200 + number * 150 + dice.randint(-20, 20), 330 - (number % 2) * 12
        parts.append(
            shape(f"M{x} {y + 26}q20-84 62-78q34 6 26 44q-4 26 40 34z", "#6f6a66") + disc(x + 66, y - 40, 4, "#15151a")
        )
    return "".join(parts)


def pages(dice: random.Random, colours: tuple[str, ...]) -> str:
    """Return papers with lines and a chart."""
    parts = [box(0, 0, WIDTH, HEIGHT, colours[3])]
    for number in range(3):
        turn, x = dice.randint(-9, 9), 120 + number * 180
        lines = "".join(f"M{x + 22} {120 + n * 24}h{dice.randint(70, 150)}" for n in range(9))
        page = (
            box(x, 80, 200, 290, "#fbf7ec")
            + stroke(lines, "#9c9284", 4)
            + stroke(
                f"M{x + 22} 350l40-{dice.randint(10, 50)} 40 {dice.randint(0, 20)} 60-{dice.randint(20, 60)}",
                "#c8553d",
                5,
            )
        )
        parts.append(f'<g transform="rotate({turn} {x + 100} 225)">{page}</g>')
    return "".join(parts)


#: The first of these that a picture's or an article's name holds decides what is drawn.
MOTIFS: tuple[tuple[str, Drawing], ...] = (
    (r"chess", chess),
    (r"mossgate|music|composer|wren|speech|whistle", sound),
    (r"squall|forecas|weather", weather),
    (r"\bice\b|onions", ice),
    (r"seals", creature),
    (r"clerk|handwriting|charts|near-miss|log-shows|mistakes|i-do-not-know|council|elects", pages),
    (r"gertrude|crane|carrier|biscuit", crane),
    (r"sail|astrid", sails),
    (r"well-|brackwater|boilers|bakery|bricks", steam),
    (r"auction|turbine|merrow|wind-", turbines),
    (r"sunfallow|daylight|dividend", panels),
    (r"battery-actually|batteries|grid|night", bulbs),
    (r"ferry|tug|strike|anchor|boat", tug),
    (r"model|chatbot|oxlip", network),
    (r"", ship),
)


def draw(name: str) -> str:
    """Return the picture of that name."""
    dice = random.Random(zlib.crc32(name.encode()))
    colours = dice.choice(TIMES)
    motif = next(drawing for words, drawing in MOTIFS if re.search(words, name))
    drawn = backdrop(dice, colours) + motif(dice, colours)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">{drawn}</svg>\n'


def wanted() -> Mapping[str, str]:
    """Return the pictures that the articles name, by file name."""
    found: set[str] = set()
    for file in ARTICLES.iterdir():
        text = file.read_text(encoding="utf-8", errors="replace").partition("\nrelated:")[0]
        found.update(re.findall(r"https://media\.[^\s\"']*/([\w-]+?)-\d{3,4}\.(?:jpg|png|webp)", text))
    return {f"{name}.svg": draw(name) for name in sorted(found)}


def main() -> int:
    """Write the pictures, or compare them with what is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 if the pictures are out of date"
    )
    check = parser.parse_args().check
    pictures = wanted()
    PICTURES.mkdir(exist_ok=True)
    there = {file.name: file.read_text(encoding="utf-8") for file in PICTURES.glob("*.svg")}
    if check:
        return int(there != pictures)
    for name in there.keys() - pictures.keys():
        (PICTURES / name).unlink()
    for name, drawn in pictures.items():
        (PICTURES / name).write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
