-- Why: what is stored of a server that removed the bot is erased after 30 days, counted from when its absence was seen.

CREATE TABLE absent_guilds (
    guild_id INTEGER PRIMARY KEY,
    since_at INTEGER NOT NULL
);
