-- Why: a source's files may be left out on purpose (a draft), which is no rejection, and what its articles lack (a date,
-- an address, topics) is counted at every load. The partial indexes hold nothing for articles that lack nothing.

ALTER TABLE files ADD COLUMN left_out TEXT;

CREATE INDEX files_left_out ON files (folder, left_out) WHERE left_out IS NOT NULL;
CREATE INDEX articles_undated ON articles (folder, path) WHERE published_at IS NULL;
CREATE INDEX articles_unaddressed ON articles (folder) WHERE url IS NULL;
CREATE INDEX articles_without_topics ON articles (folder) WHERE topic_list = '[]';
