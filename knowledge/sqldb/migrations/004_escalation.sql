-- Colleagues who said that they are happy to help.
CREATE TABLE champion (
    address   TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    place     TEXT NOT NULL REFERENCES place (id), -- where they help
    topics    TEXT NOT NULL,    -- JSON list of ids; empty: all
    roles     TEXT NOT NULL,    -- JSON list; empty: everybody
    hours     TEXT NOT NULL,    -- JSON: week, leave, away
    most      INTEGER NOT NULL, -- questions at once; 0: as usual
    state     TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'paused', 'left')),
    listed    INTEGER NOT NULL CHECK (listed IN (0, 1)), -- agreed to be found by others
    practised INTEGER NOT NULL CHECK (practised IN (0, 1)),
    offered   INTEGER NOT NULL DEFAULT 0, -- when something was last offered to them
    joined    INTEGER NOT NULL
) STRICT;
CREATE INDEX champion_place ON champion (place, state);

-- Questions on their way to, or with, a champion. The checks keep the promise that none is without an owner or a due step.
CREATE TABLE escalation (
    id       TEXT PRIMARY KEY, -- random: it stands in buttons
    version  INTEGER NOT NULL, -- for compare-and-set
    state    TEXT NOT NULL CHECK (state IN ('open', 'offered', 'claimed', 'answered', 'closed')),
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)),
    asker    TEXT NOT NULL,    -- address; '' for practice, or once the person left
    home     TEXT NOT NULL,    -- id of the asker's place, or ''
    topic    TEXT NOT NULL,
    words    TEXT NOT NULL,    -- of the masked question: the same words at the same place are the same question
    holder   TEXT NOT NULL,    -- who has it, or ''
    offered  TEXT NOT NULL,    -- who alone is offered it, or ''
    made     INTEGER NOT NULL,
    closed   INTEGER NOT NULL, -- when last, or 0
    due      INTEGER,          -- when something is next to happen
    body     TEXT NOT NULL,    -- the rest as JSON; masked text only
    CHECK (state = 'closed' OR due IS NOT NULL),
    CHECK ((state IN ('claimed', 'answered')) = (holder <> ''))
) STRICT;
CREATE INDEX escalation_due ON escalation (due) WHERE due IS NOT NULL;
CREATE INDEX escalation_same ON escalation (home, words) WHERE state <> 'closed';
CREATE INDEX escalation_asker ON escalation (asker);
CREATE INDEX escalation_holder ON escalation (holder) WHERE holder <> '';
CREATE INDEX escalation_state ON escalation (state, made);

-- What was said in them.
CREATE TABLE escalation_line (
    escalation TEXT NOT NULL REFERENCES escalation (id) ON DELETE CASCADE,
    n          INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    side       TEXT NOT NULL CHECK (side IN ('asker', 'champion', 'note')),
    by         TEXT NOT NULL,
    text       TEXT NOT NULL, -- masked; '' once deleted
    ref        TEXT NOT NULL, -- the network's reference to the message
    sent       TEXT NOT NULL, -- JSON: the posts that carried it
    PRIMARY KEY (escalation, n)
) STRICT;
CREATE INDEX escalation_line_ref ON escalation_line (ref) WHERE ref <> '';

-- How many questions a champion answered: theirs alone, without a word about who asked.
CREATE TABLE champion_helped (
    champion TEXT NOT NULL,
    month    TEXT NOT NULL, -- 2026-11
    topic    TEXT NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (champion, month, topic)
) STRICT;

-- People who got "I don't know" and agreed to be told, once, when there is an answer.
CREATE TABLE waiting (
    id     TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    home   TEXT NOT NULL,
    text   TEXT NOT NULL, -- masked
    words  TEXT NOT NULL,
    at     INTEGER NOT NULL,
    UNIQUE (person, words)
) STRICT;
CREATE INDEX waiting_at ON waiting (at);

-- People who left their network. Nothing is sent to them.
CREATE TABLE departed (
    address TEXT PRIMARY KEY,
    at      INTEGER NOT NULL
) STRICT;
