"""The shared cases: small inputs of many generators, and three public sites cut down. Skipped where they are not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from digests.corpus.reader import read
from digests.ingest.sites import find_site
from digests.models import Article
from digests.models.sources import Source

CASES = Path(__file__).parents[4] / "shared" / "cases"
ELSEWHERE = frozenset({"file-hugo-index", "file-readme", "fm-org"})
"""What the listing of a folder leaves out, not the reading of a file."""
REPORTED = frozenset({"eleventy-js"})

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")


def wanted() -> Iterator[Any]:
    for case in sorted((CASES / "formats").glob("*/case.json")):
        if case.parent.name not in ELSEWHERE:
            for name, entry in json.loads(case.read_text()).items():
                yield pytest.param(case.parent / name, name, entry["want"], id=case.parent.name)


def understood(article: Article | None) -> dict[str, object]:
    if article is None:
        return {"published": 0}
    return {
        "title": article.title,
        "published_at": article.published_at and article.published_at.strftime("%Y-%m-%dT%H:%M:%S"),
        "url": article.url,
        "topics": list(article.topics),
        "excerpt": article.excerpt,
        "images": [image.url for image in article.images],
        "provider": article.provider and article.provider.name,
        "published": int(article.published),
    }


@pytest.mark.parametrize(("place", "path", "want"), list(wanted()) if CASES.is_dir() else [])
def test_a_case_is_read_as_expected(place: Path, path: str, want: dict[str, object]) -> None:
    reading = read(path, place.read_bytes())
    if place.parent.name in REPORTED:
        assert reading.problems
        return
    got = understood(reading.article)
    assert {name: got.get(name) for name, value in want.items() if value != "*"} == {
        name: value for name, value in want.items() if value != "*"
    }


@pytest.mark.parametrize("name", ["datatalks", "electron", "grpc"])
def test_a_site_is_read_as_expected(name: str) -> None:
    root = CASES / "sites" / name
    truth = json.loads((root / "truth.json").read_text())
    folder = root / truth["folder"]
    site = find_site(Source(folder), folder).site
    wrong = []
    for path, want in truth["articles"].items():
        inside = path.removeprefix(f"{truth['folder']}/")
        article = read(inside, (root / path).read_bytes(), site=site).article
        if want["draft"]:
            assert article is None, path
            continue
        assert article is not None, path
        at = article.published_at.strftime("%Y-%m-%dT%H:%M:%SZ") if article.published_at else ""
        got = (article.title, at[: len(want["published_at"])], article.url, list(article.topics))
        if got != (want["title"], want["published_at"], want["url"] or article.url, want["topics"]):
            wrong.append((path, got))
        assert len(article.excerpt) > 15, path
    assert wrong == []
