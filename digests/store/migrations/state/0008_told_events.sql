-- Why: what is new is judged by headlines and words, not by addresses alone. A told story keeps what its readers saw
-- (headlines, the lead's excerpt, topics, provider and date), the files of its articles, and which story it continues.

ALTER TABLE told_stories ADD COLUMN seen TEXT NOT NULL DEFAULT '';
