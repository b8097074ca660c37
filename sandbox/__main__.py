"""`python -m sandbox`: runs the stand-in alone with a small world, to try any client."""

import argparse
import asyncio
import json
import sys

from sandbox import Sandbox
from sandbox.world import PRIVILEGED


async def serve(port: int, *, limits: bool, privileged: bool) -> None:
    """Serve a small world until interrupted; the first line printed is JSON that says where."""
    async with Sandbox.start(port, limits=limits, privileged_intents=PRIVILEGED if privileged else 0) as sandbox:
        guild = sandbox.add_guild("Newsroom")
        channels = {
            name: sandbox.add_channel(guild, name, kind, tags=("World", "Technology") if kind == "forum" else ())
            for name, kind in (("general", "text"), ("announcements", "announcement"), ("daily", "forum"))
        }
        reader = sandbox.add_member(guild, "reader")
        about = {
            "url": sandbox.base_url,
            "api_base_url": sandbox.api_base_url,
            "gateway_url": sandbox.gateway_url,
            "token": sandbox.token,
            "application_id": str(sandbox.application_id),
            "guild_id": str(guild.id),
            "channels": {name: str(channel.id) for name, channel in channels.items()},
            "reader_id": str(reader.id),
        }
        sys.stdout.write(json.dumps(about) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local stand-in for Discord.")
    parser.add_argument("--port", type=int, default=0, help="loopback port (default: a free one)")
    parser.add_argument("--limits", action="store_true", help="answer with Discord's rate limits")
    parser.add_argument("--privileged", action="store_true", help="grant the privileged intents")
    options = parser.parse_args()
    try:
        asyncio.run(serve(options.port, limits=options.limits, privileged=options.privileged))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
