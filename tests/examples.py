"""How many examples property tests try: more or fewer by profile, in proportion to what each test costs.

`TEST_EXAMPLES` names the profile: `quick` (a look while working), `default` (what lands), `thorough` (before a
release). CI draws the same examples in every run: a check that decides over a change has to say the same twice.
"""

from __future__ import annotations

import os

from hypothesis import settings

PROFILES = {"quick": 0.1, "default": 1.0, "thorough": 10.0}
"""Examples of each profile as a multiple of a test's own count."""
FEWEST = 5
SOME = 8
"""`quick` tries one of so many cases of a test with parameters (`tests/conftest.py`)."""


def load_profile() -> None:
    """Register the profiles with hypothesis and load the one that the environment asks for."""
    name = _profile()
    settings.register_profile(
        name, deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=examples(100), print_blob=True
    )
    settings.load_profile(name)


def examples(count: int) -> int:
    """Return how many examples a test tries under this profile that tries `count` under the default one."""
    return max(FEWEST, round(count * PROFILES[_profile()]))


def is_quick() -> bool:
    """Return whether this profile is for a look while working: an eighth of a test's cases is enough."""
    return PROFILES[_profile()] < 1


def _profile() -> str:
    name = os.environ.get("TEST_EXAMPLES", "default")
    if name not in PROFILES:
        raise SystemExit(f"TEST_EXAMPLES is {name!r}; it has to be one of {', '.join(PROFILES)}")
    return name
