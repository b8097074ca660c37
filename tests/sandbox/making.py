"""Makes components and bodies of messages, right ones and wrong ones, and finds the faults that an answer names."""

from typing import Any

V2 = 1 << 15


def v2(*components: Any, **more: Any) -> dict[str, Any]:
    return {"flags": V2, "components": list(components), **more}


def text(content: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": 10, "content": content, **more}


def container(*components: Any, **more: Any) -> dict[str, Any]:
    return {"type": 17, "components": list(components), **more}


def row(*components: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def button(custom_id: Any = "a", **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "press", "custom_id": custom_id, **more}


def link(url: Any = "https://example.com", **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 5, "label": "open", "url": url, **more}


def option(value: str = "v", **more: Any) -> dict[str, Any]:
    return {"label": "label", "value": value, **more}


def select(*options: Any, **more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": list(options), **more}


def thumbnail(url: str = "https://example.com/a.png", **more: Any) -> dict[str, Any]:
    return {"type": 11, "media": {"url": url}, **more}


def section(*texts: Any, accessory: Any = None) -> dict[str, Any]:
    return {"type": 9, "components": list(texts), **({"accessory": accessory} if accessory else {})}


def gallery(count: int) -> dict[str, Any]:
    return {"type": 12, "items": [{"media": {"url": "https://example.com/a.png"}} for _ in range(count)]}


def embed(**fields: Any) -> dict[str, Any]:
    return {"embeds": [fields]}


def leaves(tree: Any, path: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """List (path, code) of every fault in an `errors` tree."""
    found = [(".".join(path), error["code"]) for error in tree.get("_errors", ())]
    for key, value in tree.items():
        if key != "_errors":
            found += leaves(value, (*path, key))
    return found
