"""Discord's documented limits on what a client may send; knows bodies, not the world."""
