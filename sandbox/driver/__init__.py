"""For tests and the page: build a world, act as its people, inspect what the bot did."""
