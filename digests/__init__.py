"""The news domain: articles, stories, editions. Knows nothing of Discord, the clock, argv or configuration files."""
