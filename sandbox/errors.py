"""The stand-in's errors, with Discord's sentences and codes, and the tree of faults in a body."""

from typing import Any

Path = tuple[str | int, ...]


class ApiError(Exception):
    """A request that Discord would refuse.

    Args:
        status: The HTTP status.
        code: Discord's own number, 0 where it gives none.
        message: Discord's sentence.
        errors: For 50035 the tree that names the fields.
    """

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def payload(self) -> dict[str, Any]:
        """Return the JSON body of the answer."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body


# Source of numbers and sentences: docs, topics/opcodes-and-status-codes.
_KNOWN: dict[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    10087: (404, "Unknown Tag"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30032: (400, "Maximum number of application commands reached (100)."),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    40033: (400, "This message has already been crossposted."),
    40058: (400, "Cannot send a message in a forum channel"),
    40060: (400, "Interaction has already been acknowledged."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    40094: (400, "This interaction has reached the maximum number of follow up messages"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50033: (400, "Invalid Recipient(s)"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Thread is locked"),
}


def refusal(code: int) -> ApiError:
    """Return the refusal that carries one of Discord's known codes."""
    status, message = _KNOWN[code]
    return ApiError(status, code, message)


class Problems:
    """Collects every fault of one body and raises them together, as Discord's "Invalid Form Body" does."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}

    def __bool__(self) -> bool:
        return bool(self._tree)

    def add(self, path: Path, code: str, message: str) -> None:
        """Note one fault of the field that `path` leads to; an empty path means the body itself."""
        node = self._tree
        for step in path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def merge(self, other: "Problems") -> None:
        """Take over the faults of another collection, whose paths are the same body's."""
        _graft(self._tree, other._tree)

    def check(self) -> None:
        """Raise what was collected, if anything was."""
        if self._tree:
            raise ApiError(400, 50035, "Invalid Form Body", self._tree)


def _graft(tree: dict[str, Any], branch: dict[str, Any]) -> None:
    for key, value in branch.items():
        if key == "_errors":
            tree.setdefault(key, []).extend(value)
        else:
            _graft(tree.setdefault(key, {}), value)


def invalid(path: Path, code: str, message: str) -> ApiError:
    """Return a 50035 with a single fault."""
    problems = Problems()
    problems.add(path, code, message)
    return ApiError(400, 50035, "Invalid Form Body", problems._tree)
