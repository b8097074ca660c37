"""Every picture that a sample article leads with is drawn, by the script that says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

SAMPLE = Path(__file__).parents[2] / "sample"


def test_the_pictures_are_what_the_script_draws() -> None:
    done = subprocess.run([sys.executable, str(SAMPLE / "make_pictures.py"), "--check"], check=False)
    assert done.returncode == 0, "run python sample/make_pictures.py"


def test_a_picture_asks_for_nothing_and_runs_nothing() -> None:
    pictures = list((SAMPLE / "pictures").glob("*.svg"))
    assert len(pictures) > 40
    for file in pictures:
        for element in ElementTree.fromstring(file.read_text("utf-8")).iter():
            assert element.tag.partition("}")[2] in {
                "svg", "defs", "linearGradient", "stop", "rect", "circle", "ellipse", "path", "g",
            }  # fmt: skip
            assert not {name for name in element.attrib if "href" in name or name.startswith("on")}
