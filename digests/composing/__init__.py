"""Turns articles into digests: stories, round-ups, ranks, sections. Pure: values in, values out."""
