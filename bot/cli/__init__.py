"""The command line: one small file per group of commands, with typer in front and the services behind."""

from bot.cli.root import main

__all__ = ["main"]
