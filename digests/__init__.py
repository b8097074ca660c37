"""The news domain: articles, stories, editions. Knows nothing about Discord, the clock, argv or configuration files."""
