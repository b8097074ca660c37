-- Why: a digest that did not arrive whole was told to nobody but the log. The reason lies with the edition, in a word
-- that can be put into a sentence; editions that failed before this have none.

ALTER TABLE editions ADD COLUMN failure TEXT;
