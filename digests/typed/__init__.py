"""Parses what people type: queries, dates, options, time zones, names. Pure."""
