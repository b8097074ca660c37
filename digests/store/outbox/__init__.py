"""Editions, their compositions and their parts on the way, in state.db."""
