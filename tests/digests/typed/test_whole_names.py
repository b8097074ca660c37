"""Names of several words behind a filter need no quotes where the corpus has them."""

from __future__ import annotations

import pytest

from digests.models import Provider
from digests.typed.name_resolver import NameResolver
from digests.typed.whole_names import with_whole_names

_DIRECTORY = NameResolver(
    [Provider("Site 3", "site3.example"), Provider("The Harbour Ledger", "ledger.example"), Provider("CNN", "cnn.com")],
    ["Open Source", "Source"],
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("provider: Site 3", 'provider:"Site 3"'),
        ("provider:site 3 ferry -strike", 'provider:"site 3" ferry -strike'),
        ("ferry -provider:Site 3, tug", 'ferry -provider:"Site 3", tug'),
        ("provider:harbour ledger ferry", 'provider:"harbour ledger" ferry'),
        ("(topic:open source OR provider:cnn)", '(topic:"open source" OR provider:cnn)'),
        ("from:Site 3", 'from:"Site 3"'),
    ],
)
def test_a_name_of_several_words_is_put_in_quotes(typed: str, meant: str) -> None:
    assert with_whole_names(typed, _DIRECTORY) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "provider:cnn ferry", 'provider:"Site 3" x', "provider:nobody at all", "From: Site 3", "topic:source code",
        "provider:", "provider: OR", "provider:site -3", "site 3", "Site 3: what to do", "provider:cnn,site 3",
    ],
)  # fmt: skip
def test_anything_else_stays_as_typed(typed: str) -> None:
    assert with_whole_names(typed, _DIRECTORY) == typed
