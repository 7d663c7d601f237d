-- Events that were handled, so that one delivered again changes nothing and gets the same reply. Kept for a day.
CREATE TABLE inbox (
    key   TEXT PRIMARY KEY, -- the network's name for the event
    at    INTEGER NOT NULL,
    reply TEXT NOT NULL     -- the Reply as JSON, or ''
) STRICT;
CREATE INDEX inbox_at ON inbox (at);

-- Messages on their way. new -> sending -> sent; parked where it can never be sent and somebody must look; dropped by
-- somebody, or overtaken by a later state of the same card.
CREATE TABLE outbox (
    id       INTEGER PRIMARY KEY, -- the order in which they were asked for
    key      TEXT NOT NULL UNIQUE,
    network  TEXT NOT NULL,
    place    TEXT NOT NULL,       -- the address it goes to; one place gets its messages in order
    post     TEXT NOT NULL,       -- the Post as JSON; '' once it is sent, for a message is kept by its network
    replaces TEXT NOT NULL,       -- key of the row that this one edits, or ''
    state    TEXT NOT NULL CHECK (state IN ('new', 'sending', 'sent', 'parked', 'dropped')),
    at       INTEGER NOT NULL,    -- when it was asked for
    next     INTEGER NOT NULL,    -- not before this time
    attempts INTEGER NOT NULL DEFAULT 0,
    ref      TEXT NOT NULL DEFAULT '', -- the network's reference, once sent
    problem  TEXT NOT NULL DEFAULT ''  -- what the network said last; no text of a message
) STRICT;
CREATE INDEX outbox_waiting ON outbox (network, place, id) WHERE state IN ('new', 'sending');
CREATE INDEX outbox_parked ON outbox (id) WHERE state = 'parked';
CREATE INDEX outbox_ref ON outbox (ref) WHERE ref <> '';
CREATE INDEX outbox_done ON outbox (at) WHERE state IN ('sent', 'dropped');

-- What comes due. The row goes in the transaction of the event that it became.
CREATE TABLE due (
    key  TEXT PRIMARY KEY,
    at   INTEGER NOT NULL,
    what TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX due_at ON due (at);

-- Who serves the file: one row at most.
CREATE TABLE lease (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    holder TEXT NOT NULL, -- random, anew for each process
    pid    INTEGER NOT NULL,
    host   TEXT NOT NULL,
    until  INTEGER NOT NULL
) STRICT;

-- What people may do beside asking, and where: at the place and everywhere below it.
CREATE TABLE permission (
    person TEXT NOT NULL, -- an address
    may    TEXT NOT NULL CHECK (may IN ('champion', 'curator', 'approver', 'admin')),
    place  TEXT NOT NULL REFERENCES place (id),
    by     TEXT NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (person, may, place)
) STRICT;

-- What an admin changed from its default, for a place and everywhere below it.
CREATE TABLE setting (
    place TEXT NOT NULL REFERENCES place (id),
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (place, key)
) STRICT;

-- Rooms in which a person was told who can see what they write there.
CREATE TABLE told (
    person TEXT NOT NULL,
    room   TEXT NOT NULL,
    PRIMARY KEY (person, room)
) STRICT;

ALTER TABLE person ADD COLUMN name TEXT NOT NULL DEFAULT ''; -- as the network last gave it
ALTER TABLE question ADD COLUMN message TEXT NOT NULL DEFAULT ''; -- the network's reference to what was asked, to follow its edit and deletion
CREATE INDEX question_message ON question (message) WHERE message <> '';
CREATE INDEX question_person ON question (person, at);
CREATE INDEX person_home ON person (home);
