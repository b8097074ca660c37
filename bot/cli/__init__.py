"""The command line: one small file a group of commands, typer in front, the services behind."""

from bot.cli.root import main

__all__ = ["main"]
