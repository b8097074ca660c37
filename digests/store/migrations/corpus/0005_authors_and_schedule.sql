-- Why: an opened story shows its byline; and sites schedule their posts: one that is due later than its date may not
-- arrive before, and one that has expired is taken out at the next reload.

ALTER TABLE articles ADD COLUMN author_list TEXT NOT NULL DEFAULT '[]';
ALTER TABLE articles ADD COLUMN due_at INTEGER;
ALTER TABLE articles ADD COLUMN expires_at INTEGER;
CREATE INDEX articles_by_expiry ON articles (expires_at) WHERE expires_at IS NOT NULL;
