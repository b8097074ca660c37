-- Why: an entry of a feed file is an article, and so has a row in `files` like the file of any other: `feed` names the
-- feed's path, `left_at` (Unix seconds) is when the entry was first missing from it. An entry that a post or another
-- feed tells already has no article, and an empty digest, so that it is looked at again when something changes.

ALTER TABLE files ADD COLUMN feed TEXT;
ALTER TABLE files ADD COLUMN left_at INTEGER;

CREATE INDEX files_by_feed ON files (folder, feed) WHERE feed IS NOT NULL;

-- What is scheduled may not be found before it is due; `articles_by_publication` serves dates ahead.
CREATE INDEX articles_by_due ON articles (due_at) WHERE due_at IS NOT NULL;
