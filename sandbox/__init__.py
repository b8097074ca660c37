"""A local stand-in for Discord: REST v10, gateway and the people around a bot; knows neither the bot nor its news."""

from sandbox.driver.reply import Choice, Impossible, Modal, NotAnswered, Reply
from sandbox.driver.sandbox import Sandbox
from sandbox.entities import Channel, Guild, Member, Message, Pinged, Role, User
from sandbox.errors import ApiError
from sandbox.faults import Fault, FaultKind, Faults
from sandbox.http import Request
from sandbox.world import Event

__all__ = [
    "ApiError",
    "Channel",
    "Choice",
    "Event",
    "Fault",
    "FaultKind",
    "Faults",
    "Guild",
    "Impossible",
    "Member",
    "Message",
    "Modal",
    "NotAnswered",
    "Pinged",
    "Reply",
    "Request",
    "Role",
    "Sandbox",
    "User",
]
