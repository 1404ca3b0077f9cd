CREATE TABLE entry (
    seq     INTEGER PRIMARY KEY,
    format  INTEGER NOT NULL,
    chain   INTEGER NOT NULL,
    epoch   INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    digest  BLOB NOT NULL,
    hash    BLOB NOT NULL,
    payload BLOB
) STRICT;
CREATE INDEX entry_subject ON entry (subject) WHERE subject <> 0;
CREATE INDEX entry_kind ON entry (kind) WHERE kind <> 4;
CREATE INDEX entry_kind_at ON entry (kind, at) WHERE kind <> 4;

CREATE TABLE ledger (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    chain INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    clean INTEGER NOT NULL,
    off   TEXT,
    seq   INTEGER NOT NULL,
    hash  BLOB NOT NULL
) STRICT;

CREATE TABLE cell (
    id     INTEGER PRIMARY KEY,
    opened INTEGER NOT NULL,
    ended  INTEGER,
    pruned INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX cell_open ON cell (opened) WHERE ended IS NULL;
CREATE INDEX cell_ended ON cell (ended) WHERE pruned = 0;

CREATE TABLE intention (
    key         TEXT PRIMARY KEY,
    seq         INTEGER NOT NULL,
    cell        INTEGER NOT NULL,
    decision    TEXT NOT NULL,
    at          INTEGER NOT NULL,
    service     TEXT NOT NULL,
    environment TEXT,
    cluster     TEXT,
    action      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    change      TEXT NOT NULL,
    changes     INTEGER NOT NULL,
    open        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX intention_at ON intention (at);
CREATE INDEX intention_open ON intention (service) WHERE open = 1;

PRAGMA application_id = 1651209076;
PRAGMA user_version = 1;
