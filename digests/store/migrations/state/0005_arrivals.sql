-- Why: when an article arrived decides which edition tells it, and stood in corpus.db only. Deleting that file, which is
-- a cache, lost what had arrived late and was not told yet. After each load these rows mirror corpus.db; a load that
-- finds corpus.db empty takes arrivals from here.

CREATE TABLE arrival_folders (
    id INTEGER PRIMARY KEY,
    folder TEXT NOT NULL UNIQUE
);

-- One row for each article that may lead a story, known by its file, by its content and by its address.
CREATE TABLE arrivals (
    folder_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    -- Hash of the address (`digests.urls.reference`); NULL for an article without one.
    ref INTEGER,
    digest BLOB NOT NULL,
    arrived_at INTEGER NOT NULL,
    PRIMARY KEY (folder_id, path)
) WITHOUT ROWID;
