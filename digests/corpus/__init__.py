"""Reads one file of the corpus: bytes in, an `Article` or problems out. Pure; knows no folder, store or clock.

Hostile input ends here: what comes out is clean text, http(s) links and numbers within bounds.
This module imports nothing: the parsers take half a second to import, and the main process never reads a file.
"""
