"""`broadsheet search` and `broadsheet preview`: the news in a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import AsJson, ConfigFile, ExitCode, print_json, run, settings_of, stderr_console, stdout_console
from bot.render.digest import digest_title, render_digest
from bot.render.jsonable import digest_json, search_json
from bot.settings import Settings
from bot.wiring import News, now
from digests.editions import local_date, zone
from digests.errors import InvalidInput, NotFound
from digests.i18n import _
from digests.models import Digest, Presentation, SearchRequest, SearchSort, Style
from digests.typed.options import parse_day
from digests.typed.timezones import parse_timezone

COMPONENTS_V2 = 1 << 15
"""The message flag IS_COMPONENTS_V2 (Discord's documentation, resources/message)."""


def search(
    query: Annotated[
        str,
        typer.Argument(help='Words, "phrases", -not, provider:, topic:, before:, after:; anything else is plain text.'),
    ],
    provider: Annotated[str | None, typer.Option(metavar="P", help="Only this provider, by name or domain.")] = None,
    topic: Annotated[str | None, typer.Option(metavar="T", help="Only this topic.")] = None,
    since: Annotated[str | None, typer.Option(metavar="D", help="From this day on: 2021-02-04, yesterday, 7d.")] = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="Up to and including this day.")] = None,
    sort: Annotated[
        SearchSort, typer.Option(help="Order of the results.", case_sensitive=False)
    ] = SearchSort.RELEVANCE,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Maximum number of stories.")] = 10,
    json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Find stories in the loaded articles, as /news does in Discord."""
    settings = settings_of(config, json=json)
    run(_search(settings, SearchRequest(query, provider, topic, since, until, sort), limit, json=json), json=json)


async def _search(settings: Settings, request: SearchRequest, limit: int, *, json: bool) -> ExitCode:
    async with News.open(settings) as news:
        await _need_articles(news)
        moment = now()
        answer = await news.search.search(request, now=moment, offset=0, limit=limit)
        if json:
            print_json(search_json(answer))
        else:
            from bot.render.terminal import print_search

            print_search(stdout_console(), answer, now=moment)
    return ExitCode.DONE


def preview(
    on: Annotated[
        str | None,
        typer.Option("--date", metavar="D", help="The day, such as 2021-02-04 or yesterday; by default today."),
    ] = None,
    timezone: Annotated[str | None, typer.Option(metavar="Z", help="IANA time zone of that day.")] = None,
    topic: Annotated[list[str] | None, typer.Option(metavar="T", help="Only this topic; can be repeated.")] = None,
    provider: Annotated[
        list[str] | None, typer.Option(metavar="P", help="Only this provider; can be repeated.")
    ] = None,
    max_stories: Annotated[int | None, typer.Option(metavar="N", min=1, help="Maximum number of stories.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each story's numbers, and why others were left out.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the digest as a page that looks like Discord.")
    ] = None,
    json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Show the digest of one day, composed from publication times by the same code that composes for Discord."""
    settings = settings_of(config, json=json)
    run(
        _preview(
            settings,
            on,
            timezone,
            topic or [],
            provider or [],
            max_stories,
            explain=explain,
            html=html,
            json=json,
        ),
        json=json,
    )


async def _preview(
    settings: Settings,
    on: str | None,
    typed_timezone: str | None,
    topics: list[str],
    providers: list[str],
    max_stories: int | None,
    *,
    explain: bool,
    html: Path | None,
    json: bool,
) -> ExitCode:
    timezone = settings.digest.timezone if typed_timezone is None else parse_timezone(typed_timezone, now())
    day = parse_day(on, now(), timezone) if on is not None else local_date(now(), timezone)
    async with News.open(settings) as news:
        await _need_articles(news)
        policy = await news.policy(topics=topics, providers=providers, max_stories=max_stories)
        digest = await news.digests.preview(policy, day=day, timezone=timezone)
        if html is not None:
            _write_page(html, _html_page(digest, settings))
        if json:
            print_json(digest_json(digest, explain=explain))
        else:
            from bot.render.terminal import print_digest

            print_digest(stdout_console(), digest, explain, style=Style(settings.digest.style), look=settings.look())
            if on is None and not digest.stories:
                await _point_to_news(news, timezone)
            if html is not None:
                stderr_console().print(_("Written to {file}").format(file=html), style="dim", markup=False)
    return ExitCode.DONE


async def _need_articles(news: News) -> None:
    if (await news.corpus.status()).loaded_at is None:
        raise NotFound(_("Nothing has been loaded yet. Run: broadsheet load FOLDER"))


async def _point_to_news(news: News, timezone: str) -> None:
    newest_at = (await news.corpus.status()).newest_at
    if newest_at is not None:
        day = local_date(newest_at, timezone)
        stderr_console().print(
            _("The newest article is from {day}. Try: broadsheet preview --date {day}").format(day=day), style="dim"
        )


def _html_page(digest: Digest, settings: Settings) -> str:
    """Return an HTML page that looks like the channel with the digest in it."""
    from sandbox.html import render_page

    presentation = Presentation(Style(settings.digest.style))
    parts = render_digest(digest, presentation, composition_id=1, look=settings.look(), is_preview=True)
    return render_page(
        [{"components": part.components, "flags": COMPONENTS_V2} for part in parts],
        title=digest_title(digest),
        channel_name="daily-paper",
        now=min(digest.window.until, now()),
        timezone=zone(digest.timezone),
    )


def _write_page(file: Path, content: str) -> None:
    try:
        file.write_text(content, "utf-8")
    except OSError as error:
        raise InvalidInput(_("{file} can't be written: {error}").format(file=file, error=error)) from error
