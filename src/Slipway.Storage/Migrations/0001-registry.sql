-- Model versions, aliases, and the history of aliases. Times are UTC microseconds since 1970.
PRAGMA application_id = 1397508432; -- "SLIP"

CREATE TABLE model_version (
    id         INTEGER PRIMARY KEY,
    model      TEXT    NOT NULL,
    version    INTEGER NOT NULL CHECK (version >= 1),
    digest     TEXT    NOT NULL CHECK (length(digest) = 64),
    runtime    TEXT    NOT NULL,
    format     TEXT    NOT NULL,
    signature  TEXT    NOT NULL,
    files      TEXT    NOT NULL,
    lineage    TEXT    NOT NULL,
    parity     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT    NOT NULL,
    UNIQUE (model, version),
    UNIQUE (model, digest)
);

CREATE TABLE alias (
    model   TEXT    NOT NULL,
    alias   TEXT    NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (model, alias),
    FOREIGN KEY (model, version) REFERENCES model_version (model, version)
);

CREATE TABLE alias_change (
    id           INTEGER PRIMARY KEY,
    model        TEXT    NOT NULL,
    alias        TEXT    NOT NULL,
    from_version INTEGER,
    to_version   INTEGER,
    who          TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    why          TEXT
);

CREATE INDEX alias_change_by_model ON alias_change (model, id);

CREATE TABLE registry_counter (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    value INTEGER NOT NULL
);

INSERT INTO registry_counter (id, value) VALUES (1, 0);

-- What has happened stays as it happened, whoever asks.
CREATE TRIGGER model_version_update BEFORE UPDATE ON model_version
BEGIN SELECT RAISE(ABORT, 'a model version never changes'); END;

CREATE TRIGGER model_version_delete BEFORE DELETE ON model_version
BEGIN SELECT RAISE(ABORT, 'a model version is never deleted'); END;

CREATE TRIGGER alias_change_update BEFORE UPDATE ON alias_change
BEGIN SELECT RAISE(ABORT, 'the history of aliases is append-only'); END;

CREATE TRIGGER alias_change_delete BEFORE DELETE ON alias_change
BEGIN SELECT RAISE(ABORT, 'the history of aliases is append-only'); END;
