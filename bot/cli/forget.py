"""`broadsheet forget`: erases everything stored about a server or a member."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.output import AsJson, ConfigFile, ExitCode, print_json, run, settings_of, stderr_console
from bot.settings import Settings
from bot.wiring import State
from digests.errors import InvalidInput
from digests.i18n import _, ngettext
from digests.store.forgetting import Forgotten

_MOST = 2**63 - 1


def forget(
    guild: Annotated[
        int | None, typer.Option("--guild", metavar="ID", min=1, max=_MOST, help="Everything about this server.")
    ] = None,
    user: Annotated[
        int | None, typer.Option("--user", metavar="ID", min=1, max=_MOST, help="Everything about this member.")
    ] = None,
    json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Erase what is stored about a server or a member, at once, and say what was erased; the bot may be running.

    Digests that a member ordered for a server belong to the server: they stay, but no longer name who ordered them.
    """
    run(_forget(settings_of(config, json=json), guild, user, json=json), json=json)


async def _forget(settings: Settings, guild: int | None, user: int | None, *, json: bool) -> ExitCode:
    if (guild is None) == (user is None):
        raise InvalidInput(_("Name what to forget: --guild ID or --user ID."))
    forgotten = Forgotten()
    if settings.state_path.exists():
        async with State.open(settings) as state:
            if guild is not None:
                forgotten = await state.privacy.forget_guild(guild)
            elif user is not None:
                forgotten = await state.privacy.forget_user(user)
    copies = sorted(str(path) for path in settings.data_dir.glob("*state.db.*"))
    if json:
        print_json(
            {
                "subscriptions": forgotten.subscriptions,
                "editions": forgotten.editions,
                "compositions": forgotten.compositions,
                "unsigned": forgotten.unsigned,
                "copies": copies,
            }
        )
    stderr_console().print(_sentence(forgotten), markup=False)
    if copies:
        stderr_console().print(
            _("Earlier copies still contain it; delete them: {files}").format(files=", ".join(copies)),
            style="yellow",
            markup=False,
            soft_wrap=True,
        )
    return ExitCode.DONE


def _sentence(forgotten: Forgotten) -> str:
    if forgotten == Forgotten():
        return _("Nothing was stored.")
    parts = [
        ngettext("{count} subscription", "{count} subscriptions", forgotten.subscriptions).format(
            count=forgotten.subscriptions
        ),
        ngettext("{count} edition", "{count} editions", forgotten.editions).format(count=forgotten.editions),
        ngettext("{count} stored digest", "{count} stored digests", forgotten.compositions).format(
            count=forgotten.compositions
        ),
    ]
    message = _("Erased: {things}.").format(things=", ".join(parts))
    if forgotten.unsigned:
        message += " " + ngettext(
            "{count} subscription of a server no longer says who made or paused it.",
            "{count} subscriptions of servers no longer say who made or paused them.",
            forgotten.unsigned,
        ).format(count=forgotten.unsigned)
    return message
