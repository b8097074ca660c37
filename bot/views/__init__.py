"""Buttons and selects that outlive a restart: what they do stands in their custom_id, nothing is kept per message.

A press on a private message changes it in place; a press on a public one (a digest, a shared answer) is answered to
the person who pressed. Pages count from 0; TOKEN is a row of the remembered values in state.db.

| custom_id                       | what a press does                                             |
| ------------------------------- | ------------------------------------------------------------- |
| `left:COMPOSITION:PAGE`         | shows the stories that a digest left out                      |
| `story:REF:PAGE`                | shows a story whole; REF is `digests.urls.reference` in hex   |
| `search:TOKEN:PAGE`             | turns to a page of an answer of `/news` or `/latest`          |
| `pick:TOKEN`                    | select of a story; the chosen value is its REF                |
| `astyped:TOKEN`                 | searches for what was typed where a misspelling was put right |
| `share:TOKEN:PAGE`              | posts a page of a search answer for everybody                 |
| `sharestory:REF:PAGE`           | posts a page of a story for everybody                         |
| `problems:PAGE`                 | turns to a page of the corpus's problems                      |
| `subscriptions:PAGE`            | turns to a page of the subscriptions here                     |
| `order:ACTION:ID`               | previews, sends, resumes or ends a subscription                |
| `orderpause:ID`                 | select of how long a subscription rests                       |
| `orderundo:TOKEN`               | brings back a subscription that was ended                     |
| `orderzone:ID:ZONE`             | takes the time zone that was offered                          |
| `orderpick`                     | select of a subscription; the chosen value is its number      |
| `setup`                         | opens the panel, from the message on joining a server         |
| `panel:TOKEN:WHAT`              | a select or button of the panel that makes or changes an order |
| `explain:TOKEN:PAGE`            | turns to a page of the numbers behind a preview               |
"""

from __future__ import annotations

from bot.views.corpus import ProblemsPage
from bot.views.digest import ExplainPage, LeftOutPage
from bot.views.item import Press
from bot.views.orders import OrderButton, OrderPause, OrderPick, OrderUndo, OrderZone
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
)


def is_known(custom_id: str) -> bool:
    """Return whether a press on `custom_id` is answered by one of the items."""
    return any(item.__discord_ui_compiled_template__.fullmatch(custom_id) for item in ITEMS)
