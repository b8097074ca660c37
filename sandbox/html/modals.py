"""A modal as a form: labels around inputs, each named by its custom id."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from sandbox.html.components import (
    ACTION_ROW,
    TEXT_DISPLAY,
    Component,
    components_of,
    number_of,
    render_components,
    select_options,
    select_placeholder,
    text_of,
)
from sandbox.html.elements import NOTHING, Html, element, escape, join
from sandbox.html.view import View

TEXT_INPUT, LABEL, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 4, 18, 21, 22, 23
_SELECTS = frozenset({3, 5, 6, 7, 8})
_PARAGRAPH = 2


def render_modal(modal: Component, view: View) -> Html:
    """Return a modal's form; fields are named by custom id, groups and selects may give several values."""
    numbers = count()
    drawn = [element("h2", escape(text_of(modal, "title")), id="modal-title")]
    for row in components_of(modal):
        kind = number_of(row, "type")
        if kind == TEXT_DISPLAY:
            drawn.append(render_components([row], view))
        elif kind == ACTION_ROW:
            drawn.extend(_field(text_of(each, "label"), "", each, view, next(numbers)) for each in components_of(row))
        elif kind == LABEL and isinstance(inner := row.get("component"), Mapping):
            drawn.append(_field(text_of(row, "label"), text_of(row, "description"), inner, view, next(numbers)))
    cancel = element("button", escape("Cancel"), type="button", class_="dc-button dc-secondary", data_cancel=True)
    submit = element("button", escape("Submit"), type="submit", class_="dc-button dc-primary")
    drawn.append(element("footer", join([cancel, submit])))
    return element("form", join(drawn), method="dialog", data_custom_id=text_of(modal, "custom_id"))


def _field(label: str, about: str, component: Component, view: View, number: int) -> Html:
    required = component.get("required") is not False
    kind = number_of(component, "type")
    ident, name = f"modal-field-{number}", text_of(component, "custom_id")
    words = [escape(label)]
    if required and kind != CHECKBOX:
        words.append(element("span", escape(" *"), class_="dc-required", aria_hidden="true"))
    shown_about = element("span", escape(about), class_="dc-field-about") if about else NOTHING
    if kind in (RADIO_GROUP, CHECKBOX_GROUP):
        choices = _choices(component, name, radio=kind == RADIO_GROUP, required=required)
        return element(
            "fieldset", join([element("legend", join(words)), shown_about, choices]), class_="dc-field-group"
        )
    heading = element("label", join(words), for_=ident)
    if kind == TEXT_INPUT:
        control = _text_input(component, ident, name, required)
    elif kind in _SELECTS:
        control = _select(component, view, ident, name, required)
    elif kind == CHECKBOX:
        box = element(
            "input", type="checkbox", id=ident, name=name, value="true", checked=component.get("default") is True
        )
        return element("div", join([element("div", join([box, heading])), shown_about]), class_="dc-field-group")
    else:
        control = element("span", escape("Files cannot be sent from here."), class_="dc-field-about")
    return element("div", join([heading, shown_about, control]), class_="dc-field-group")


def _text_input(component: Component, ident: str, name: str, required: bool) -> Html:
    value = text_of(component, "value")
    limits: dict[str, str | int | bool | None] = {
        "id": ident,
        "name": name,
        "required": required,
        "minlength": number_of(component, "min_length") or None,
        "maxlength": number_of(component, "max_length") or 4000,
        "placeholder": text_of(component, "placeholder") or None,
    }
    if number_of(component, "style", 1) == _PARAGRAPH:
        # A line break right after the tag is dropped by browsers, so one is put there for them to drop.
        return element("textarea", Html(f"\n{escape(value)}"), rows=4, **limits)
    return element("input", type="text", value=value or None, **limits)


def _select(component: Component, view: View, ident: str, name: str, required: bool) -> Html:
    several = number_of(component, "max_values", 1) > 1
    options = [
        element(
            "option",
            escape(" — ".join(part for part in (option.label, option.description) if part)),
            value=option.value,
            selected=option.chosen,
        )
        for option in select_options(component, view)
    ]
    if not several:
        options.insert(0, element("option", escape(select_placeholder(component)), value=""))
    return element("select", join(options), id=ident, name=name, required=required, multiple=several)


def _choices(component: Component, name: str, *, radio: bool, required: bool) -> Html:
    drawn = []
    for option in components_of(component, "options"):
        box = element(
            "input",
            type="radio" if radio else "checkbox",
            name=name,
            value=text_of(option, "value"),
            checked=option.get("default") is True,
            required=required and radio,
        )
        about = text_of(option, "description")
        words = [escape(text_of(option, "label"))]
        if about:
            words.append(element("span", escape(about), class_="dc-option-description"))
        drawn.append(element("label", join([box, element("span", join(words))]), class_="dc-choice"))
    return join(drawn)
