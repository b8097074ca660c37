-- Why: on a platform that carries many publishers (youtube.com) the name on the article is the publisher's. What a
-- domain carries is counted with its articles: how many names, and how many articles use the commonest.

ALTER TABLE providers ADD COLUMN name_count INTEGER NOT NULL DEFAULT 1;
ALTER TABLE providers ADD COLUMN named_count INTEGER NOT NULL DEFAULT 0;

UPDATE providers SET
    name_count = (SELECT COUNT(DISTINCT provider_name) FROM articles WHERE provider_domain = providers.domain),
    named_count = (
        SELECT COUNT(*) FROM articles WHERE provider_domain = providers.domain AND provider_name = providers.name
    );
