"""What `inspect` understands of the folders in ../shared/cases/formats, as their `case.json` has it."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.cli.inspect import inspected_json
from digests.ingest.inspecting import inspect_path
from digests.ingest.pool import WorkerPool

CASES = Path(os.environ.get("BROADSHEET_SHARED", Path(__file__).parents[4] / "shared")) / "cases" / "formats"
PASSED_OVER = {
    "a section page, not an article",
    "about the project, not an article",
    "files with this extension are not read",
}
"""What the product leaves out and reports, where the case only asks that it is not silent."""

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")


@cache
def folders() -> list[Path]:
    return sorted(path.parent for path in CASES.glob("*/case.json")) if CASES.is_dir() else []


@pytest.mark.slow
async def test_the_shared_folders_are_read_as_expected() -> None:
    wrong: list[str] = []
    async with WorkerPool(max_bytes=2 * 1024 * 1024, keep_s=60) as pool:
        for folder in folders():
            found = {one.path: inspected_json(one) async for one in inspect_path(folder, (), pool)}
            for path, case in json.loads((folder / "case.json").read_text()).items():
                if isinstance(case, dict) and "want" in case:
                    wrong += [f"{folder.name}/{path}: {fault}" for fault in faults(case, found.get(path))]
    assert not wrong, "\n".join(wrong)


def faults(case: dict[str, Any], found: dict[str, Any] | None) -> list[str]:
    want, article = case["want"], found["article"] if found else None
    problems = found["problems"] if found else []
    reported = bool(problems) and ("reported" in case["why"] or problems[0]["reason"] in PASSED_OVER)
    if want is None or want.get("published") == 0:
        return [] if article is None else [f"is an article: {article['title']}"]
    if article is None:
        return [] if reported else [f"is no article: {found and found['problems']}"]
    made = []
    for field, value in want.items():
        got: Any = [article["image"]] if field == "images" else article.get(field)
        if value == "*":
            continue
        if field == "published_at" and value and got:
            right = got.startswith(value.rstrip("Z"))
        elif field == "excerpt" and value and got:
            right = got == value or got.startswith(value[:60])
        else:
            right = got == value
        if not right and not reported:
            made.append(f"{field} is {got!r}, not {value!r}")
    return made
