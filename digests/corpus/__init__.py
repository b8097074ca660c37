"""One file of the corpus: bytes in, an `Article` or problems out. Pure; knows no folder, store or clock.

Everything hostile ends here: what leaves this room is clean text, http(s) links and numbers within bounds.
Nothing is imported here: the parsers take half a second, and the main process never reads a file itself.
"""
