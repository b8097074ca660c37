-- Why: a day without a digest looked like a bot that is broken. The edition keeps why it was quiet: how many stories
-- arrived, and how many of them were delivered before, of too low a quality or too old (JSON). NULL where it was not
-- quiet, and for editions made before this.

ALTER TABLE editions ADD COLUMN silence TEXT;
