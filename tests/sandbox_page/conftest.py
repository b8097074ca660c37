"""discord.py imports the standard library's audioop, which warns; the tests' "error" filter is not for it."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord

discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False
