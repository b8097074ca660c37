"""Turns a person's input for a command into the options that Discord sends, as strictly as Discord's client."""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.driver.reply import Impossible
from sandbox.entities import Channel, Guild, Member, Message, Payload, Role, User
from sandbox.permissions import in_channel
from sandbox.world import World

STRING: Final = 3
INTEGER: Final = 4
BOOLEAN: Final = 5
USER: Final = 6
CHANNEL: Final = 7
ROLE: Final = 8
MENTIONABLE: Final = 9
NUMBER: Final = 10


class Resolved:
    """The people, roles and channels in an interaction, in full."""

    def __init__(self, world: World, guild: Guild | None, asker: User) -> None:
        self._world = world
        self._guild = guild
        self._asker = asker
        self.body: Payload = {}

    def user(self, value: Any) -> str:
        """Add a person given as user, member or id."""
        user = value if isinstance(value, User) else value.user if isinstance(value, Member) else None
        if user is None:
            user = self._world.users.get(_number(value))
        if user is None:
            raise Impossible(f"no such user: {value!r}")
        self.body.setdefault("users", {})[str(user.id)] = user.payload()
        member = self._guild.members.get(user.id) if self._guild is not None else None
        if member is not None:
            part = member.payload()
            del part["user"]
            part["permissions"] = str(_roles_permissions(member))
            self.body.setdefault("members", {})[str(user.id)] = part
        return str(user.id)

    def message(self, message: Message) -> str:
        """Add a message whose menu was used; its text is included whatever the bot's intents are."""
        self.body.setdefault("messages", {})[str(message.id)] = message.payload()
        return str(message.id)

    def role(self, value: Any) -> str:
        """Add a role given as such or by id."""
        number = value.id if isinstance(value, Role) else _number(value)
        if self._guild is None or number not in self._guild.roles:
            raise Impossible(f"no such role here: {value!r}")
        self.body.setdefault("roles", {})[str(number)] = self._guild.roles[number].payload()
        return str(number)

    def channel(self, value: Any, types: list[int] | None) -> str:
        """Add a channel given as such or by id, if its kind may be chosen."""
        number = value.id if isinstance(value, Channel) else _number(value)
        channel = self._world.channels.get(number)
        if channel is None or channel.deleted or self._guild is None or channel.guild is not self._guild:
            raise Impossible(f"no such channel here: {value!r}")
        if types and channel.kind not in types:
            raise Impossible(f"a channel of kind {channel.kind} can't be chosen here, only {types}")
        member = self._guild.members.get(self._asker.id)
        bits = 0 if member is None else in_channel(channel, member)
        left_out = ("permission_overwrites", "available_tags", "bitrate", "user_limit", "rtc_region")
        part = {key: value for key, value in channel.payload().items() if key not in left_out}
        part["permissions"] = str(bits)
        self.body.setdefault("channels", {})[str(number)] = part
        return str(number)

    def mentionable(self, value: Any) -> str:
        """Add a person or a role."""
        number = _number(value) if isinstance(value, int | str) else value.id
        if self._guild is not None and number in self._guild.roles:
            return self.role(number)
        return self.user(value)


def _roles_permissions(member: Member) -> int:
    bits = member.guild.roles[member.guild.id].permissions
    for role_id in member.role_ids:
        bits |= member.guild.roles[role_id].permissions
    return bits


def _number(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    raise Impossible(f"not an id: {value!r}")


def find_leaf(command: Payload, path: list[str]) -> list[Payload]:
    """Follow a command's sub-commands; return the options along the way, the sub-command that runs last."""
    chain: list[Payload] = []
    node = command
    for name in path:
        following = next(
            (one for one in node.get("options") or () if one["name"] == name and one["type"] in (1, 2)), None
        )
        if following is None:
            raise Impossible(f"/{command['name']} has no sub-command {name!r}")
        chain.append(following)
        node = following
    inner = [one["name"] for one in node.get("options") or () if one["type"] in (1, 2)]
    if inner:
        raise Impossible(f"/{node['name']} can't be run by itself, only with {', '.join(inner)}")
    return chain


def fill(
    declared: list[Payload], values: Mapping[str, Any], resolved: Resolved, *, focused: str | None = None
) -> list[Payload]:
    """Return the options that a person filled in.

    Args:
        declared: The options as the command was registered.
        values: What was filled in, by option name.
        resolved: Collects the people, roles and channels.
        focused: The option being typed, for an autocomplete; then required options may still be missing.
    """
    known = {option["name"]: option for option in declared}
    for name in values:
        if name not in known:
            raise Impossible(f"no option {name!r}, only {', '.join(known) or 'none'}")
    filled: list[Payload] = []
    for name, option in known.items():
        if name not in values or values[name] is None:
            if option.get("required") and focused is None:
                raise Impossible(f"option {name!r} is required")
            continue
        entry: Payload = {"name": name, "type": option["type"]}
        if name == focused:
            if not option.get("autocomplete"):
                raise Impossible(f"option {name!r} has no autocomplete")
            entry |= {"value": str(values[name]), "focused": True}
        else:
            entry["value"] = _value(option, values[name], resolved)
        filled.append(entry)
    # Discord sends options in the order the person filled them in.
    order = list(values)
    return sorted(filled, key=lambda one: order.index(one["name"]))


def _value(option: Payload, value: Any, resolved: Resolved) -> Any:
    kind, name = option["type"], option["name"]
    choices = option.get("choices")
    if choices:
        for choice in choices:
            if value in (choice["value"], choice["name"]):
                return choice["value"]
        raise Impossible(f"option {name!r} takes only {[choice['name'] for choice in choices]}, not {value!r}")
    if kind == STRING:
        return _text(option, value)
    if kind in (INTEGER, NUMBER):
        wanted = int if kind == INTEGER else (int, float)
        if isinstance(value, bool) or not isinstance(value, wanted):
            raise Impossible(f"option {name!r} takes a number, not {value!r}")
        low, high = option.get("min_value"), option.get("max_value")
        if (low is not None and value < low) or (high is not None and value > high):
            raise Impossible(f"option {name!r} takes {low} to {high}, not {value!r}")
        return value
    if kind == BOOLEAN:
        if not isinstance(value, bool):
            raise Impossible(f"option {name!r} takes true or false, not {value!r}")
        return value
    if kind == USER:
        return resolved.user(value)
    if kind == CHANNEL:
        return resolved.channel(value, option.get("channel_types"))
    if kind == ROLE:
        return resolved.role(value)
    if kind == MENTIONABLE:
        return resolved.mentionable(value)
    raise Impossible(f"option {name!r} is of a type this stand-in can't fill: {kind}")


def _text(option: Payload, value: Any) -> str:
    name = option["name"]
    if not isinstance(value, str):
        raise Impossible(f"option {name!r} takes text, not {value!r}")
    low, high = option.get("min_length") or 0, option.get("max_length") or 6000
    if not value.strip() and option.get("required"):
        raise Impossible(f"option {name!r} is required")
    if not low <= len(value) <= high:
        raise Impossible(f"option {name!r} takes {low} to {high} characters, not {len(value)}")
    return value
