"""A web page on the stand-in's port that looks and works like a Discord channel; knows nothing of the bot."""

from sandbox.page.controls import Controls
from sandbox.page.site import mount

__all__ = ["Controls", "mount"]
