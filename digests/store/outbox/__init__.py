"""Editions, their compositions and the delivery of their parts, in state.db."""
