"""What surrounds the code: container files, hooks, workflows, and the paths that the pages name."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatch
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
PAGES = ("docs/architecture.md", "docs/glossary.md", "docs/recipes.md", "tests/README.md", "CONTRIBUTING.md")
PATH = re.compile(r"`((?:bot|digests|sandbox|tests|benchmarks|docs|sample|\.ci)/[\w./{},*-]*)`")


def instructions(name: str) -> list[str]:
    """Return the arguments of every instruction of a kind in the Dockerfile, in order."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.removeprefix(f"{name} ") for line in joined.splitlines() if line.startswith(f"{name} ")]


def loaded(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def test_what_the_image_copies_is_there_and_is_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    sources = [name for line in instructions("COPY") if "--from" not in line for name in line.split()[:-1]]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert not any(fnmatch(source, pattern) for pattern in ignored), source


def test_the_image_holds_all_that_the_wheel_is_made_of() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    data = [name for names in project["tool"]["setuptools"]["data-files"].values() for name in names]
    packages = [pattern.rstrip("*") for pattern in project["tool"]["setuptools"]["packages"]["find"]["include"]]
    files = [project["project"]["readme"], *project["project"]["license-files"]]
    copied = " ".join(instructions("COPY")).split()
    assert not {name.partition("/")[0] for name in (*data, *packages, *files)} - set(copied)


def test_the_image_runs_as_its_own_user_who_owns_the_volume() -> None:
    lines = DOCKERFILE.splitlines()
    (user,) = instructions("USER")
    (volume,) = instructions("VOLUME")
    (workdir,) = instructions("WORKDIR")[1:]
    assert user not in ("root", "0")
    made = lines.index("RUN mkdir -m 700 data")
    assert f"{workdir}/data" == volume
    assert lines.index(f"USER {user}") < made < lines.index(f"VOLUME {volume}")


def test_the_composition_mounts_what_the_image_reads() -> None:
    service = loaded("compose.yaml")["services"]["broadsheet"]
    targets = [volume.split(":")[1] for volume in service["volumes"]]
    (workdir,) = instructions("WORKDIR")[1:]
    assert targets == [f"{workdir}/{name}" for name in ("config.toml", "articles", "data")]
    secret = service["environment"]["BROADSHEET_DISCORD__TOKEN_FILE"]
    assert [f"/run/secrets/{name}" for name in service["secrets"]] == [secret]
    uid = re.search(r"--uid (\d+)", DOCKERFILE)
    assert uid is not None
    # A secret from a file keeps its owner: another one's with mode 600 could not be read.
    assert f"chown {uid[1]} token.txt" in (ROOT / "compose.yaml").read_text("utf-8")


def test_the_hooks_and_the_workflow_run_what_exists() -> None:
    (local,) = loaded(".pre-commit-config.yaml")["repos"]
    assert {hook["entry"].split()[0] for hook in local["hooks"]} == {".venv/bin/ruff", ".venv/bin/mypy"}
    steps = loaded(".github/workflows/ci.yml")["jobs"]["check"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    assert commands == [".ci/run"]
    for command in (*commands, ".ci/try-wheel"):
        assert (ROOT / command).stat().st_mode & 0o111, command


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    missing = [
        name
        for name in PATH.findall(text)
        for path in spread(name)
        if not (list(ROOT.glob(path)) if "*" in path else (ROOT / path).exists())
    ]
    assert not missing


def spread(path: str) -> list[str]:
    """Return the paths that `a/{b,c}` stands for."""
    parts = [part.split(",") for part in re.split(r"[{}]", path)]
    return ["".join(chosen) for chosen in product(*parts)]
