"""Buttons and selects that survive a restart: their custom_id says what they do, nothing is kept per message.

A press on a private message edits it in place; a press on a public one (a digest, a shared answer) is answered
privately. A story picked from private results replaces them and keeps their TOKEN-PAGE as the way back. Pages count
from 0; TOKEN is the id of a stored value (`services.button_state`).

| custom_id                       | what a press does                                             |
| ------------------------------- | ------------------------------------------------------------- |
| `left:COMPOSITION:PAGE`         | shows the stories that a digest left out                      |
| `story:REF:PAGE[:TOKEN-PAGE]`   | shows a story whole; REF is what `digests.handles.of` writes  |
| `search:TOKEN:PAGE`             | turns to a page of an answer of `/news` or `/latest`          |
| `pick:TOKEN[:PAGE]`             | select of a story; the chosen value is its REF                |
| `astyped:TOKEN`                 | searches for what was typed where a misspelling was put right |
| `share:TOKEN:PAGE`              | posts a page of a search answer for everybody                 |
| `sharestory:REF:PAGE`           | posts a page of a story for everybody                         |
| `problems:PAGE`                 | turns to a page of the corpus's problems                      |
| `subscriptions:PAGE`            | turns to a page of the subscriptions here                     |
| `order:ACTION:ID`               | previews, sends, changes, resumes or ends a subscription       |
| `orderpause:ID`                 | select of how long a subscription rests                       |
| `orderundo:TOKEN`               | brings back a subscription that was ended                     |
| `orderzone:ID:ZONE`             | takes the time zone that was offered                          |
| `orderpick`                     | select of a subscription; the chosen value is its number      |
| `setup`                         | opens the panel, from the message on joining a server         |
| `panel:TOKEN:WHAT`              | a select or button of the panel that makes or changes an order |
| `explain:TOKEN:PAGE`            | turns to a page of the numbers behind a digest                |
| `explainedition:ID`             | select of a subscription's edition; shows its numbers         |
| `getdm:COMPOSITION`             | orders the paper of a digest for one's own direct messages    |
| `follow:COMPOSITION`            | follows the story of a digest, or asks which                  |
| `followpick:COMPOSITION`        | select of a story to follow; the chosen value is its REF      |
| `followstory:REF`               | follows a story                                               |
| `more:TOKEN`                    | saves a question                                              |
| `stop:COMPOSITION`              | ends the order that brought a direct message                  |
| `own:stop:ID`                   | ends one of the presser's own orders                          |
| `ownpick`                       | select of one of these, to be ended                           |
| `ownhour:ID`                    | select of the hour at which it comes                          |
| `why:TOKEN`                     | asks for an address and says why it is not in the digest      |
"""

from __future__ import annotations

from bot.views.corpus import ProblemsPage
from bot.views.digest import ExplainEdition, ExplainPage, LeftOutPage, WhyAbsent
from bot.views.item import Press
from bot.views.orders import OrderButton, OrderPause, OrderPick, OrderUndo, OrderZone
from bot.views.own import Follow, FollowPick, FollowStory, GetByDm, More, OwnHour, OwnPick, OwnStop, Stop
from bot.views.panel import PanelButton, PanelChannel, PanelChoice, SetUp
from bot.views.search import AsTyped, PickStory, SearchPage, ShareSearch
from bot.views.story import ShareStory, StoryPage
from bot.views.subscriptions import SubscriptionsPage

ITEMS: tuple[type[Press], ...] = (
    LeftOutPage,
    StoryPage,
    SearchPage,
    PickStory,
    AsTyped,
    ShareSearch,
    ShareStory,
    ProblemsPage,
    ExplainPage,
    ExplainEdition,
    WhyAbsent,
    SubscriptionsPage,
    OrderButton,
    OrderPause,
    OrderUndo,
    OrderPick,
    OrderZone,
    PanelChoice,
    PanelChannel,
    PanelButton,
    SetUp,
    GetByDm,
    Follow,
    FollowPick,
    FollowStory,
    More,
    Stop,
    OwnStop,
    OwnPick,
    OwnHour,
)


def is_known(custom_id: str) -> bool:
    """Check whether one of the items handles `custom_id`."""
    return any(item.__discord_ui_compiled_template__.fullmatch(custom_id) for item in ITEMS)
