-- Why: a pause kept the display name of the member who asked for it. It keeps an id from now on, which a person who
-- reads the list sees as that member's name of the day.

UPDATE subscriptions SET paused_reason = 'Paused with /digest pause. /digest resume goes on with it.'
WHERE pause_cause = 'person' AND paused_reason IS NOT NULL;
