"""Components V2 to markup, as today's dark theme lays them out; interactive ones carry what a script needs.

Tolerant on purpose: whether a payload is allowed is checked by the stand-in; here it is shown as well as possible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sandbox.html import icons
from sandbox.html.elements import NOTHING, Html, element, escape, join, link, link_target
from sandbox.html.markdown import render_markdown
from sandbox.html.view import View

Component = Mapping[str, Any]

ACTION_ROW, BUTTON, STRING_SELECT = 1, 2, 3
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT_DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17

_BUTTON_STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "primary"}
_LINK_STYLE = 5
_PLACEHOLDERS = {
    STRING_SELECT: "Make a selection",
    USER_SELECT: "Select a user",
    ROLE_SELECT: "Select a role",
    MENTIONABLE_SELECT: "Select a user or role",
    CHANNEL_SELECT: "Select a channel",
}
_GALLERY_SHOWN = 10


def components_of(holder: Component, key: str = "components") -> list[Component]:
    """Return the components under `key`, leaving out anything that is not one."""
    found = holder.get(key)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, Sequence) else []


def render_components(
    components: Sequence[Component], view: View, attachments: Mapping[str, str] | None = None
) -> Html:
    """Return the markup of a message's components; `attachments` gives the address of each `attachment://` name."""
    drawing = _Renderer(view, attachments or {})
    return join(drawing.component(each) for each in components)


def text_of(holder: Component, key: str) -> str:
    """Return the text under `key`, empty where there is none."""
    found = holder.get(key)
    return found if isinstance(found, str) else ""


def number_of(holder: Component, key: str, default: int = 0) -> int:
    """Return the whole number under `key`, else the default; true and false are no numbers."""
    found = holder.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) else default


class SelectOption(NamedTuple):
    """One choice of a select menu."""

    value: str
    label: str
    description: str = ""
    emoji: str = ""
    chosen: bool = False


def select_options(component: Component, view: View) -> list[SelectOption]:
    """Return the choices of a select of any kind."""
    kind = number_of(component, "type")
    if kind == STRING_SELECT:
        return [
            SelectOption(
                text_of(option, "value"),
                text_of(option, "label"),
                text_of(option, "description"),
                emoji_text(option.get("emoji")),
                option.get("default") is True,
            )
            for option in components_of(component, "options")
        ]
    chosen = {str(each.get("id")) for each in components_of(component, "default_values")}
    users = [(ident, f"@{name}") for ident, name in view.users.items()]
    roles = [(ident, f"@{role.name}") for ident, role in view.roles.items()]
    allowed = component.get("channel_types")
    kinds = [each for each in allowed if isinstance(each, int)] if isinstance(allowed, Sequence) else []
    channels = [
        (ident, f"#{channel.name}") for ident, channel in view.channels.items() if not kinds or channel.kind in kinds
    ]
    named = {USER_SELECT: users, ROLE_SELECT: roles, MENTIONABLE_SELECT: users + roles, CHANNEL_SELECT: channels}
    return [SelectOption(ident, name, chosen=ident in chosen) for ident, name in named.get(kind, [])]


def select_placeholder(component: Component) -> str:
    """Return what a select says before anything is chosen."""
    return text_of(component, "placeholder") or _PLACEHOLDERS.get(number_of(component, "type"), "Select")


def emoji_text(emoji: object) -> str:
    """Return an emoji as text; a custom one by its name, as its picture lives on Discord's servers."""
    if not isinstance(emoji, Mapping):
        return ""
    name = text_of(emoji, "name")
    return f":{name}:" if emoji.get("id") and name else name


class _Renderer:
    """One message being drawn."""

    def __init__(self, view: View, attachments: Mapping[str, str]) -> None:
        self._view = view
        self._attachments = attachments
        self._kinds: dict[int, Callable[[Component], Html]] = {
            ACTION_ROW: self._row,
            BUTTON: self._button,
            STRING_SELECT: self._select,
            USER_SELECT: self._select,
            ROLE_SELECT: self._select,
            MENTIONABLE_SELECT: self._select,
            CHANNEL_SELECT: self._select,
            SECTION: self._section,
            TEXT_DISPLAY: self._text,
            THUMBNAIL: self._thumbnail,
            MEDIA_GALLERY: self._gallery,
            FILE: self._file,
            SEPARATOR: self._separator,
            CONTAINER: self._container,
        }

    def component(self, component: Component) -> Html:
        draw = self._kinds.get(number_of(component, "type"))
        return draw(component) if draw else NOTHING

    def _children(self, component: Component) -> Html:
        return join(self.component(each) for each in components_of(component))

    def _container(self, component: Component) -> Html:
        classes = "dc-container"
        style = None
        if isinstance(component.get("accent_color"), int):
            classes += " dc-accented"
            style = f"--dc-accent: #{number_of(component, 'accent_color') & 0xFFFFFF:06x}"
        if component.get("spoiler") is True:
            classes += " dc-spoilered"
        return element("div", self._children(component), class_=classes, style=style)

    def _text(self, component: Component) -> Html:
        return element("div", render_markdown(text_of(component, "content"), self._view), class_="dc-text")

    def _section(self, component: Component) -> Html:
        texts = element("div", self._children(component), class_="dc-section-texts")
        accessory = component.get("accessory")
        if not isinstance(accessory, Mapping):
            return element("div", texts, class_="dc-section")
        beside = element("div", self.component(accessory), class_="dc-accessory")
        return element("div", join([texts, beside]), class_="dc-section")

    def _separator(self, component: Component) -> Html:
        classes = "dc-separator dc-large" if number_of(component, "spacing", 1) == 2 else "dc-separator"
        if component.get("divider") is False:
            return element("div", class_=classes, role="presentation")
        return element("hr", class_=f"{classes} dc-divider")

    def _row(self, component: Component) -> Html:
        return element("div", self._children(component), class_="dc-row")

    # ------------------------------------------------------------------- pictures and files

    def _media_url(self, media: object) -> str | None:
        url = media.get("url") if isinstance(media, Mapping) else None
        if isinstance(url, str) and url.startswith("attachment://"):
            url = self._attachments.get(url.removeprefix("attachment://"))
        return link_target(url)

    def _thumbnail(self, component: Component) -> Html:
        description = text_of(component, "description")
        return self._picture(self._media_url(component.get("media")), description, "dc-thumbnail", component)

    def _picture(self, url: str | None, description: str, class_: str, component: Component) -> Html:
        if component.get("spoiler") is True:
            class_ += " dc-spoilered"
        source = self._view.picture_source(url) if url is not None and self._view.images else None
        if source is None:
            return picture_placeholder(description, class_)
        return picture(source, description, class_)

    def _gallery(self, component: Component) -> Html:
        items = components_of(component, "items")[:_GALLERY_SHOWN]
        drawn = []
        for item in items:
            url = self._media_url(item.get("media"))
            shown = self._picture(url, text_of(item, "description"), "dc-media", item)
            drawn.append(link(url, shown) if url and self._view.images else shown)
        return element("div", join(drawn), class_=f"dc-gallery dc-gallery-{len(items)}")

    def _file(self, component: Component) -> Html:
        media = component.get("file")
        named = text_of(media, "url").rpartition("/")[2] if isinstance(media, Mapping) else ""
        return file_card(text_of(component, "name") or named, number_of(component, "size"), self._media_url(media))

    # ------------------------------------------------------------------- what can be used

    def _button(self, component: Component) -> Html:
        style = number_of(component, "style", 2)
        emoji = emoji_text(component.get("emoji"))
        label = text_of(component, "label")
        content = join(
            [
                element("span", escape(emoji), class_="dc-button-emoji") if emoji else NOTHING,
                element("span", escape(label), class_="dc-button-label") if label else NOTHING,
            ]
        )
        classes = f"dc-button dc-{_BUTTON_STYLES.get(style, 'secondary')}"
        disabled = component.get("disabled") is True
        if style == _LINK_STYLE:
            content = join([content, icons.LAUNCH])
            url = link_target(component.get("url"))
            if url is not None and not disabled:
                return link(url, content, class_=classes)
            return element("a", content, class_=classes, role="link", aria_disabled="true")
        custom_id = text_of(component, "custom_id") or None
        return element("button", content, type="button", class_=classes, disabled=disabled, data_custom_id=custom_id)

    def _select(self, component: Component) -> Html:
        options = select_options(component, self._view)
        chosen = [option.label for option in options if option.chosen]
        placeholder = select_placeholder(component)
        shown = (
            element("span", escape(", ".join(chosen)), class_="dc-select-value")
            if chosen
            else element("span", escape(placeholder), class_="dc-select-placeholder")
        )
        maximum = number_of(component, "max_values", 1)
        box = element(
            "button",
            join([shown, icons.CHEVRON]),
            type="button",
            class_="dc-select-box",
            role="combobox",
            aria_haspopup="listbox",
            aria_expanded="false",
            aria_label=placeholder,
            disabled=component.get("disabled") is True,
        )
        listbox = element(
            "ul",
            join(_option(*option) for option in options),
            class_="dc-select-list",
            role="listbox",
            aria_label=placeholder,
            aria_multiselectable="true" if maximum > 1 else None,
            tabindex=-1,
            hidden=True,
        )
        return element(
            "div",
            join([box, listbox]),
            class_="dc-select",
            data_custom_id=text_of(component, "custom_id") or None,
            data_kind=number_of(component, "type"),
            data_min=number_of(component, "min_values", 1),
            data_max=maximum,
        )


def _option(value: str, label: str, description: str, emoji: str, chosen: bool) -> Html:
    words = [element("span", escape(label), class_="dc-option-label")]
    if description:
        words.append(element("span", escape(description), class_="dc-option-description"))
    content = element("span", join(words), class_="dc-option-words")
    if emoji:
        content = join([element("span", escape(emoji), class_="dc-option-emoji"), content])
    content = join([content, element("span", icons.CHECK, class_="dc-option-check")])
    return element("li", content, role="option", aria_selected="true" if chosen else "false", data_value=value)


def picture(url: str, description: str, class_: str) -> Html:
    """Return an image that tells its server nothing about the page; `url` is ours or has passed `link_target`."""
    return element(
        "img", src=url, alt=description, class_=class_, loading="lazy", decoding="async", referrerpolicy="no-referrer"
    )


def picture_placeholder(description: str, class_: str) -> Html:
    """Return a neutral box of an image's size."""
    return element(
        "span", icons.PICTURE, class_=f"{class_} dc-placeholder", role="img", aria_label=description or "Picture"
    )


def file_card(name: str, size_bytes: int, url: str | None) -> Html:
    """Return a file as a card with its name, its size where known (0 = unknown) and a link where it has one."""
    shown = escape(name or "file")
    title = link(url, shown, class_="dc-file-name") if url else element("span", shown, class_="dc-file-name")
    size = element("span", escape(_size(size_bytes)), class_="dc-file-size") if size_bytes > 0 else NOTHING
    return element("div", join([icons.DOCUMENT, element("div", join([title, size]))]), class_="dc-file")


def _size(size_bytes: int) -> str:
    if size_bytes < 1024:
        return f"{size_bytes} bytes"
    if size_bytes < 1024**2:
        return f"{size_bytes / 1024:.2f} KB"
    return f"{min(size_bytes, 10**15) / 1024**2:.2f} MB"
