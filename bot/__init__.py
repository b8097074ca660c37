"""The Discord surface and the command line of Broadsheet."""

__version__ = "0.1.0"
