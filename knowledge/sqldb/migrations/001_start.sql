-- Times are integer milliseconds UTC. Lists and records that are only ever read whole are JSON.

-- One row. number rises with every change to what questions are answered from; processes compare it to reload.
CREATE TABLE revision (number INTEGER NOT NULL) STRICT;
INSERT INTO revision (number) VALUES (0);

-- The one audit trail: who did what, when, before and after. Append only; never holds a question's text.
CREATE TABLE audit (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    who    TEXT NOT NULL,
    what   TEXT NOT NULL,
    before TEXT NOT NULL,
    after  TEXT NOT NULL
) STRICT;

-- The tree national > region > organisation.
CREATE TABLE place (
    id     TEXT PRIMARY KEY,
    parent TEXT REFERENCES place (id), -- null for the nation only
    kind   TEXT NOT NULL,              -- nation, region, trust, gp, care, ...
    name   TEXT NOT NULL,
    ods    TEXT NOT NULL               -- the organisation's ODS code, or ''
) STRICT;
CREATE UNIQUE INDEX place_ods ON place (ods) WHERE ods <> '';

-- What only an organisation (or region) knows. key is one of local_key.
CREATE TABLE local_detail (
    place TEXT NOT NULL REFERENCES place (id),
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (place, key)
) STRICT;

-- Sets of entries that came together, and the version installed.
CREATE TABLE pack (
    id      TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

-- What packs bring beside entries, each as one JSON record: topics, local keys, glossary words.
CREATE TABLE record (
    kind     TEXT NOT NULL, -- topic, local key, term
    id       TEXT NOT NULL,
    position INTEGER NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

-- Every entry as it stands. The same slug at an organisation is its own version of the national entry.
CREATE TABLE entry (
    slug     TEXT NOT NULL,
    place    TEXT NOT NULL REFERENCES place (id),
    version  INTEGER NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('draft', 'live', 'retired')),
    pack     TEXT NOT NULL,    -- where it came from, or ''
    revision INTEGER NOT NULL, -- when it last changed, see revision
    body     TEXT NOT NULL,    -- the entry as JSON
    PRIMARY KEY (slug, place)
) STRICT;
CREATE INDEX entry_revision ON entry (revision);

-- Every version an entry ever had; nothing is deleted.
CREATE TABLE entry_version (
    slug    TEXT NOT NULL,
    place   TEXT NOT NULL,
    version INTEGER NOT NULL,
    state   TEXT NOT NULL,
    by      TEXT NOT NULL,
    at      INTEGER NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (slug, place, version)
) STRICT;

-- One account on one network.
CREATE TABLE person (
    address TEXT PRIMARY KEY, -- such as terminal:sam
    home    TEXT REFERENCES place (id),
    role    TEXT NOT NULL,    -- a word of the audience vocabulary, or ''
    met     INTEGER NOT NULL  -- first seen
) STRICT;

-- A person's recent turns in one place. Masked text only; gone when it expires.
CREATE TABLE conversation (
    person  TEXT NOT NULL,
    at      TEXT NOT NULL, -- the address of the place
    expires INTEGER NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (person, at)
) STRICT;
CREATE INDEX conversation_expires ON conversation (expires);

-- What was asked: masked text, kept for the retention time. Of a stop there is no row, see stop.
CREATE TABLE question (
    id       TEXT PRIMARY KEY, -- random: it stands in buttons
    at       INTEGER NOT NULL,
    person   TEXT NOT NULL,
    home     TEXT NOT NULL, -- where the person belonged when asking
    text     TEXT NOT NULL,
    verdict  TEXT NOT NULL,
    reason   TEXT NOT NULL,
    entries  TEXT NOT NULL, -- JSON list of the slugs shown
    feedback TEXT NOT NULL DEFAULT '',
    about    TEXT NOT NULL DEFAULT '' -- the slug the feedback is about
) STRICT;
CREATE INDEX question_at ON question (at);

-- Stops, counted by day and kind; no text, no person.
CREATE TABLE stop (
    day   TEXT NOT NULL, -- 2026-11-23
    kind  TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, kind)
) STRICT;

-- Questions nobody could be helped with, counted by their words.
CREATE TABLE gap (
    words TEXT PRIMARY KEY, -- the masked question, normalised
    text  TEXT NOT NULL,    -- as first asked, masked
    count INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL
) STRICT;
CREATE INDEX gap_last ON gap (last);

-- What people said is wrong with an answer. No name: who said it does not matter to putting it right.
CREATE TABLE report (
    id    INTEGER PRIMARY KEY,
    at    INTEGER NOT NULL,
    slug  TEXT NOT NULL,
    place TEXT NOT NULL, -- where the person works, or ''
    what  TEXT NOT NULL, -- link, old, local, other
    more  TEXT NOT NULL  -- masked
) STRICT;
CREATE INDEX report_slug ON report (slug);

-- What texts mean, as an encoder gave it, so that each is encoded once; and, under "model fit", whole documents placed by
-- that fit. Can be made anew at any time.
CREATE TABLE vector (
    model TEXT NOT NULL, -- id of the encoder's weights
    text  TEXT NOT NULL, -- first 32 hex digits of the text's sha256
    body  BLOB NOT NULL, -- see knowledge/vector.go
    PRIMARY KEY (model, text)
) STRICT;

-- What was learnt from the base, by encoder ('' for words alone). Can be made anew at any time.
CREATE TABLE fit (
    model TEXT PRIMARY KEY,
    base  TEXT NOT NULL, -- fingerprint of the phrasings it was learnt from
    body  BLOB NOT NULL
) STRICT;
