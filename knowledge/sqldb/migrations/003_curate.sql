-- What curators do: drafts beside what is live, what was done and why, imports that can be undone, edited words.

-- Work on an entry that has not gone live: the entry itself stays as it is until the draft is approved. Each author has
-- one open draft of an entry at most, so nobody writes over another's work. Closed drafts are kept.
CREATE TABLE draft (
    id     INTEGER PRIMARY KEY,
    slug   TEXT NOT NULL,
    place  TEXT NOT NULL REFERENCES place (id),
    base   INTEGER NOT NULL, -- version of the entry it starts from, 0 for a new one
    saved  INTEGER NOT NULL, -- how often it was written, for compare-and-set
    state  TEXT NOT NULL CHECK (state IN ('draft', 'review', 'approved', 'dropped')),
    author TEXT NOT NULL,
    by     TEXT NOT NULL,    -- who wrote it last
    at     INTEGER NOT NULL, -- when it was written last
    source TEXT NOT NULL,    -- where it came from, such as pack:signpost-starter, or ''
    note   TEXT NOT NULL,    -- the last word about it, such as why it was sent back
    body   TEXT NOT NULL     -- the entry as JSON
) STRICT;
CREATE UNIQUE INDEX draft_open ON draft (slug, place, author) WHERE state IN ('draft', 'review');
CREATE INDEX draft_entry ON draft (slug, place);

-- Many entries written at once from a file.
CREATE TABLE import_batch (
    id      INTEGER PRIMARY KEY,
    by      TEXT NOT NULL,
    at      INTEGER NOT NULL,
    rows    INTEGER NOT NULL, -- how many entries it added or changed
    because TEXT NOT NULL,
    undone  INTEGER           -- when it was undone, or null
) STRICT;

ALTER TABLE entry_version ADD COLUMN act TEXT NOT NULL DEFAULT '';     -- edit, approve, retire, hide, restore, undo, import, pack; '' for a plain save
ALTER TABLE entry_version ADD COLUMN because TEXT NOT NULL DEFAULT ''; -- the reason given, such as for passing over a warning
ALTER TABLE entry_version ADD COLUMN batch INTEGER REFERENCES import_batch (id);
CREATE INDEX entry_version_batch ON entry_version (batch) WHERE batch IS NOT NULL;

-- Who edited a record that a pack brought; '' while nobody has. A pack does not write over an edited one, nor bring back
-- one that was taken out.
ALTER TABLE record ADD COLUMN by TEXT NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
