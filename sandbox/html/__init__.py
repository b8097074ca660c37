"""Discord's message objects as HTML that looks like Discord; pure, and safe whatever the content says."""

from sandbox.html.components import render_components
from sandbox.html.elements import Html
from sandbox.html.markdown import plain_text, render_inline, render_markdown
from sandbox.html.messages import Entry, Message, render_message, render_messages
from sandbox.html.modals import render_modal
from sandbox.html.page import Author, message_style, render_page
from sandbox.html.view import ChannelName, RoleName, View

__all__ = [
    "Author",
    "ChannelName",
    "Entry",
    "Html",
    "Message",
    "RoleName",
    "View",
    "message_style",
    "plain_text",
    "render_components",
    "render_inline",
    "render_markdown",
    "render_message",
    "render_messages",
    "render_modal",
    "render_page",
]
