"""Sentences about a subscription's last digest, and why its last quiet day was quiet."""

from __future__ import annotations

from bot.render import wording
from bot.render.markdown import stamp
from digests.i18n import _, ngettext
from digests.models import LatestEditions, Silence


def latest_lines(latest: LatestEditions | None) -> list[str]:
    """Return a line for the last digest and one for the last quiet day, if there were any."""
    if latest is None:
        return []
    lines: list[str] = []
    arrived, quiet = latest.arrived, latest.quiet
    if arrived is not None and arrived.arrived_at is not None:
        stories = wording.story_count(arrived.story_count)
        lines.append(_("Last arrived: {when}, with {stories}").format(when=stamp(arrived.arrived_at), stories=stories))
    if quiet is not None and quiet.silence is not None:
        why = silence_in_words(quiet.silence)
        lines.append(_("Quiet on {day}: {why}").format(day=stamp(quiet.due_at, "D"), why=why))
    return lines


def silence_in_words(silence: Silence) -> str:
    """Return why a day was quiet: "no story passed the filters; 14 did not"."""
    if not silence.arrived_count:
        return _("no news at all arrived.")
    reasons: list[str] = []
    if silence.delivered_count:
        reasons.append(
            ngettext("{count} was delivered before", "{count} were delivered before", silence.delivered_count).format(
                count=silence.delivered_count
            )
        )
    if silence.low_count:
        reasons.append(
            ngettext(
                "{count} was below the quality floor", "{count} were below the quality floor", silence.low_count
            ).format(count=silence.low_count)
        )
    if silence.old_count:
        reasons.append(
            ngettext("{count} was too old when it arrived", "{count} were too old when they arrived", silence.old_count)
            .format(count=silence.old_count)
        )  # fmt: skip
    if not reasons:
        return ngettext(
            "no story passed the filters; {count} did not.",
            "no story passed the filters; {count} did not.",
            silence.arrived_count,
        ).format(count=silence.arrived_count)
    return ngettext(
        "nothing new among {count} story: {reasons}.", "nothing new among {count} stories: {reasons}.",
        silence.arrived_count,
    ).format(count=silence.arrived_count, reasons=wording.listing(reasons))  # fmt: skip
