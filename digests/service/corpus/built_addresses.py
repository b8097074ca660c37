"""The exact addresses from a site's built feeds, which are read again only if they change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from digests.corpus.site import Site
from digests.ingest.built import with_built_addresses
from digests.ingest.pool import WorkerPool
from digests.ingest.sites import SourceSite
from digests.offload import offload
from digests.store.articles import ArticleStore


async def with_addresses(store: ArticleStore, folder: str, known: SourceSite, pool: WorkerPool) -> tuple[Site, str]:
    """Return a site with the addresses from its built feeds, and the JSON to store about them."""
    if not known.built:
        return known.site, ""
    stamps = await offload(_stamps, known.built)
    remembered = await store.known_built(folder)
    noted = json.loads(remembered) if remembered else {}
    if noted.get("stamps") != stamps:
        found = await with_built_addresses(known.site, known.built, pool)
        noted = {
            "stamps": stamps,
            "addresses": found.addresses,
            "origin": found.origin_of("addresses"),
        }
    addresses = tuple((title, url) for title, url in noted["addresses"])
    if not addresses:
        return known.site, json.dumps(noted)
    origins = tuple(sorted({*known.site.origins, ("addresses", str(noted["origin"]))}))
    return replace(known.site, addresses=addresses, origins=origins), json.dumps(noted)


def _stamps(files: Sequence[Path]) -> list[list[str | int]]:
    made: list[list[str | int]] = []
    for path in files:
        try:
            status = path.stat()
        except OSError:
            continue
        made.append([str(path), status.st_size, status.st_mtime_ns])
    return made
