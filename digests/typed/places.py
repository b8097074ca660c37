"""Names of countries, states and cities that stand for time zones. Pure; names and zones are CLDR's, from babel.

Names that neither CLDR nor the zone database has (states, large cities without their own zone, `nyc`) are listed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from babel import Locale
from babel.core import get_global

MOST_PEOPLE = (
    "IN", "CN", "US", "ID", "PK", "NG", "BR", "BD", "RU", "ET", "MX", "JP", "EG", "PH", "CD", "VN", "IR", "TR", "DE",
    "TH", "GB", "TZ", "FR", "ZA", "IT", "KE", "MM", "CO", "KR", "SD", "UG", "ES", "DZ", "IQ", "AR", "AF", "YE", "PL",
    "CA", "MA", "AO", "UA", "UZ", "SA", "MY", "MZ", "GH", "PE", "CI", "MG", "NP", "CM", "VE", "NE", "AU", "KP", "SY",
    "ML", "BF", "TW", "LK", "MW", "ZM", "RO", "KZ", "CL", "TD", "SO", "EC", "GT", "SN", "NL", "KH", "ZW", "GN", "RW",
    "BJ", "BI", "TN", "BO", "HT", "BE", "JO", "DO", "CU", "SS", "SE", "HN", "CZ", "AZ", "GR", "TJ", "PG", "PT", "HU",
    "AE", "BY", "IL", "TG", "AT", "CH",
)  # fmt: skip
"""Countries by population, the largest first; smaller ones follow in any order."""

_LARGEST_FIRST = (
    "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Denver", "America/Phoenix",
    "America/Toronto", "America/Vancouver", "America/Mexico_City", "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires", "America/Santiago", "America/Guayaquil", "Europe/London", "Europe/Lisbon",
    "Europe/Madrid", "Europe/Berlin", "Europe/Moscow", "Europe/Kyiv", "Africa/Kinshasa", "Asia/Almaty", "Asia/Jakarta",
    "Asia/Shanghai", "Asia/Ulaanbaatar", "Asia/Kuala_Lumpur", "Asia/Tashkent", "Asia/Nicosia", "Australia/Sydney",
    "Australia/Melbourne", "Australia/Brisbane", "Australia/Perth", "Pacific/Auckland", "Pacific/Tahiti",
)  # fmt: skip
"""Zones of countries that have several, those with the most people first."""
_WITH_ONE_MAIN_ZONE = frozenset({"CL", "CN", "DE", "EC", "ES", "MH", "MY", "NZ", "PT", "UA", "UZ", "PF", "CY"})
"""CLDR's primary zones: naming the country means this zone."""

_SHORT_COUNTRIES = {
    "uk": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "usa": "US", "us": "US", "america": "US", "united states of america": "US", "uae": "AE",
    "emirates": "AE", "korea": "KR", "holland": "NL", "czech republic": "CZ", "burma": "MM", "ivory coast": "CI",
    "drc": "CD", "congo": "CD", "deutschland": "DE", "österreich": "AT", "schweiz": "CH", "suisse": "CH",
    "svizzera": "CH", "españa": "ES", "italia": "IT", "polska": "PL", "česko": "CZ", "magyarország": "HU",
    "nederland": "NL", "belgië": "BE", "belgique": "BE", "danmark": "DK", "norge": "NO", "sverige": "SE", "suomi": "FI",
    "éire": "IE", "ísland": "IS", "türkiye": "TR", "turkey": "TR", "turkiye": "TR", "brasil": "BR", "ελλάδα": "GR",
    "россия": "RU", "україна": "UA", "日本": "JP", "nippon": "JP", "中国": "CN", "中國": "CN", "台灣": "TW",
    "한국": "KR", "대한민국": "KR", "भारत": "IN", "bharat": "IN", "ไทย": "TH", "việt nam": "VN", "vietnam": "VN",
    "مصر": "EG", "ישראל": "IL", "hongkong": "HK", "macau": "MO", "hong kong": "HK",
}  # fmt: skip

_IN_ZONES = {
    "America/New_York": (
        "nyc", "ny", "new york city", "brooklyn", "washington", "washington dc", "dc", "boston", "miami", "atlanta",
        "philadelphia", "philly", "orlando", "tampa", "charlotte", "pittsburgh", "cleveland", "baltimore", "buffalo",
        "new york state", "florida", "georgia usa", "north carolina", "south carolina", "virginia", "west virginia",
        "maryland", "delaware", "new jersey", "connecticut", "rhode island", "massachusetts", "vermont",
        "new hampshire", "maine", "ohio", "pennsylvania", "district of columbia", "eastern time", "eastern", "est",
        "edt", "et", "us eastern",
    ),
    "America/Detroit": ("michigan",),
    "America/Indiana/Indianapolis": ("indiana",),
    "America/Kentucky/Louisville": ("louisville",),
    "America/Chicago": (
        "texas", "dallas", "houston", "austin", "san antonio", "new orleans", "nashville", "memphis", "minneapolis",
        "kansas city", "st louis", "saint louis", "milwaukee", "oklahoma city", "illinois", "wisconsin", "minnesota",
        "iowa", "missouri", "arkansas", "louisiana", "mississippi", "alabama", "tennessee", "oklahoma", "kansas",
        "nebraska", "north dakota", "south dakota", "kentucky", "central time", "central", "cst", "cdt", "us central",
    ),
    "America/Denver": (
        "colorado", "utah", "wyoming", "montana", "new mexico", "salt lake city", "albuquerque", "idaho",
        "mountain time", "mountain", "mst", "mdt", "us mountain",
    ),
    "America/Phoenix": ("arizona", "tucson"),
    "America/Los_Angeles": (
        "la", "sf", "san francisco", "bay area", "silicon valley", "seattle", "portland", "san diego", "san jose ca",
        "sacramento", "oakland", "las vegas", "vegas", "california", "washington state", "oregon", "nevada",
        "pacific time", "pacific", "pst", "pdt", "us pacific",
    ),
    "America/Anchorage": ("alaska",),
    "Pacific/Honolulu": ("hawaii",),
    "America/Toronto": ("ontario", "quebec", "québec", "montreal", "montréal", "ottawa", "hamilton ontario"),
    "America/Winnipeg": ("manitoba",),
    "America/Regina": ("saskatchewan", "saskatoon"),
    "America/Edmonton": ("alberta", "calgary"),
    "America/Vancouver": ("british columbia", "bc"),
    "America/Halifax": ("nova scotia", "new brunswick", "prince edward island"),
    "America/St_Johns": ("newfoundland",),
    "America/Mexico_City": ("cdmx", "ciudad de méxico", "guadalajara", "puebla"),
    "America/Tijuana": ("baja california",),
    "America/Sao_Paulo": ("rio de janeiro", "rio", "brasilia", "brasília", "belo horizonte", "curitiba", "são paulo"),
    "America/Guayaquil": ("quito",),
    "America/Bogota": ("medellín", "medellin", "bogotá"),
    "Europe/London": ("manchester", "birmingham", "liverpool", "leeds", "edinburgh", "glasgow", "cardiff", "belfast",
                      "bst"),
    "Europe/Paris": ("lyon", "marseille", "cet", "cest", "central european time"),
    "Europe/Berlin": (
        "köln", "koeln", "cologne", "munich", "münchen", "muenchen", "hamburg", "frankfurt", "stuttgart", "düsseldorf",
        "leipzig", "dresden", "bremen", "hannover", "nürnberg", "nuremberg", "bavaria", "bayern",
    ),
    "Europe/Zurich": ("geneva", "genève", "basel", "bern", "lausanne", "zürich"),
    "Europe/Vienna": ("wien", "graz", "salzburg"),
    "Europe/Madrid": ("barcelona", "valencia", "sevilla", "seville", "catalonia"),
    "Europe/Rome": ("milan", "milano", "roma", "naples", "napoli", "turin", "torino", "florence"),
    "Europe/Amsterdam": ("rotterdam", "the hague", "den haag", "utrecht"),
    "Europe/Brussels": ("antwerp", "brussel", "bruxelles"),
    "Europe/Copenhagen": ("københavn",),
    "Europe/Stockholm": ("gothenburg", "göteborg", "malmö"),
    "Europe/Lisbon": ("porto", "lisboa"),
    "Europe/Prague": ("praha", "brno"),
    "Europe/Warsaw": ("krakow", "kraków", "gdansk", "gdańsk", "warszawa"),
    "Europe/Athens": ("eet", "eest", "eastern european time", "thessaloniki"),
    "Europe/Kyiv": ("kiev", "lviv", "odesa", "kharkiv"),
    "Europe/Moscow": ("saint petersburg", "st petersburg", "москва", "msk"),
    "Europe/Istanbul": ("ankara", "izmir"),
    "Africa/Johannesburg": ("cape town", "durban", "pretoria", "joburg"),
    "Africa/Lagos": ("abuja",),
    "Africa/Nairobi": ("mombasa",),
    "Africa/Casablanca": ("rabat", "marrakesh"),
    "Asia/Dubai": ("abu dhabi",),
    "Asia/Jerusalem": ("tel aviv",),
    "Asia/Riyadh": ("jeddah", "mecca"),
    "Asia/Kolkata": (
        "mumbai", "bombay", "delhi", "new delhi", "bangalore", "bengaluru", "chennai", "madras", "hyderabad", "pune",
        "ahmedabad", "calcutta", "ist",
    ),
    "Asia/Karachi": ("islamabad", "lahore", "rawalpindi"),
    "Asia/Kathmandu": ("katmandu",),
    "Asia/Ho_Chi_Minh": ("hanoi", "saigon", "ho chi minh city"),
    "Asia/Shanghai": ("beijing", "peking", "shenzhen", "guangzhou", "chengdu", "wuhan", "北京", "上海"),
    "Asia/Hong_Kong": ("hk", "香港"),
    "Asia/Singapore": ("sg",),
    "Asia/Taipei": ("台北",),
    "Asia/Tokyo": ("osaka", "kyoto", "nagoya", "yokohama", "東京", "大阪", "jst"),
    "Asia/Seoul": ("busan", "서울", "kst"),
    "Asia/Jakarta": ("bandung", "surabaya"),
    "Asia/Makassar": ("bali", "denpasar"),
    "Australia/Sydney": ("canberra", "new south wales", "nsw", "aest", "aedt"),
    "Australia/Melbourne": ("victoria",),
    "Australia/Brisbane": ("queensland", "gold coast"),
    "Australia/Adelaide": ("south australia",),
    "Australia/Perth": ("western australia",),
    "Australia/Hobart": ("tasmania",),
    "Pacific/Auckland": ("wellington", "christchurch"),
    "UTC": ("gmt", "z", "zulu", "uct", "universal", "greenwich mean time", "coordinated universal time"),
}  # fmt: skip
"""Further names of zones; a name with several means the first."""


def places() -> Iterator[tuple[str, str]]:
    """Yield the names of states and cities, short names and abbreviations, each with its zone."""
    for zone_name, names in _IN_ZONES.items():
        for name in names:
            yield name, zone_name


@cache
def countries() -> dict[str, str]:
    """Return the names and short names of countries, with their codes."""
    named = {
        name: code
        for code, name in Locale("en").territories.items()
        if len(code) == 2 and code.isalpha() and get_global("territory_zones").get(code)
    }
    return named | _SHORT_COUNTRIES


@cache
def zones_of(code: str) -> tuple[str, ...]:
    """Return the zones of a country, the most populous first."""
    listed = get_global("territory_zones").get(code, ())
    large = frozenset(get_global("windows_zone_mapping").values())

    def place(name: str) -> tuple[int, bool]:
        return (_LARGEST_FIRST.index(name) if name in _LARGEST_FIRST else len(_LARGEST_FIRST), name not in large)

    return tuple(sorted(listed, key=place))


@cache
def countries_of_zones() -> dict[str, str]:
    """Return the country of each zone that is in one."""
    return dict(get_global("zone_territories"))


def has_main_zone(code: str) -> bool:
    """Check whether naming a country with several zones means its first one."""
    return code in _WITH_ONE_MAIN_ZONE


def rank(zone_name: str) -> int:
    """Return the place of a zone's country by population; the lower, the more people."""
    code = countries_of_zones().get(zone_name)
    return MOST_PEOPLE.index(code) if code in MOST_PEOPLE else len(MOST_PEOPLE)
