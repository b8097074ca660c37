"""What tests and the page use: build a world, act as its people, look at what the bot did."""
