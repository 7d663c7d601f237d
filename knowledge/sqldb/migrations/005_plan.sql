-- A file that a curator sent to the bot, until it is put in or an hour has passed. What putting it in would do is worked
-- out again then: the base may have changed.
CREATE TABLE import_plan (
    id      TEXT PRIMARY KEY, -- random: it stands in buttons
    person  TEXT NOT NULL,    -- who sent it; nobody else can put it in
    expires INTEGER NOT NULL,
    name    TEXT NOT NULL,    -- of the file
    place   TEXT NOT NULL,    -- where rows belong that name none, or ''
    shown   TEXT NOT NULL,    -- what the person was told that it would do, as a digest
    body    BLOB NOT NULL
) STRICT;
CREATE INDEX import_plan_expires ON import_plan (expires);
