from __future__ import annotations

import pytest

from digests.typed.likely_zone import likely_timezone


@pytest.mark.parametrize(
    ("locale", "zone"),
    [
        ("de", "Europe/Berlin"),
        ("en-GB", "Europe/London"),
        ("en-US", None),
        ("es-ES", "Europe/Madrid"),
        ("es-419", "America/Mexico_City"),
        ("id", "Asia/Jakarta"),
        ("pt-BR", "America/Sao_Paulo"),
        ("zh-TW", "Asia/Taipei"),
        ("xx", None),
    ],
)
def test_a_locale_leads_to_the_zone_of_most_who_use_it(locale: str, zone: str | None) -> None:
    assert likely_timezone(locale) == zone
