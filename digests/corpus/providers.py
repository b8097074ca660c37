"""Determines an article's provider: a domain and a name."""

from __future__ import annotations

from digests import text as texts
from digests import urls
from digests.bounded_cache import cached
from digests.corpus.schema import ProviderFields
from digests.corpus.values import MAX_NAME_CHARS
from digests.models import Provider


def provider_of(fields: ProviderFields | None, url: str | None, site_domain: str = "") -> Provider | None:
    """Return the provider of an article or a related entry.

    Args:
        fields: As written.
        url: The address, whose domain is used if the fields have none.
        site_domain: The source's own domain, for a name without a domain.
    """
    written_domain = fields.get("domain") if fields else None
    written_name = fields.get("name") if fields else None
    if written_domain:
        provider = _named(written_name, written_domain)
        if provider is not None:
            return provider
    domain = urls.domain_of(url) if url is not None else None
    name = texts.shortened(texts.name(written_name), MAX_NAME_CHARS) if written_name else ""
    if domain is None:
        # A provider is identified by its domain; if a file only has a name, the name has to do.
        return Provider(name, site_domain or name.casefold()) if name else None
    return Provider(name or domain, domain)


@cached(4096)
def _named(written_name: str | None, written_domain: str) -> Provider | None:
    domain = urls.domain_named(written_domain)
    if domain is None:
        return None
    name = texts.shortened(texts.name(written_name), MAX_NAME_CHARS) if written_name else ""
    return Provider(name or domain, domain)
