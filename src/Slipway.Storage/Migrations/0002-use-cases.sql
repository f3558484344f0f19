-- Use cases, where their sources stand, their runs, and the rows that could not go through.
CREATE TABLE use_case (
    name       TEXT    NOT NULL PRIMARY KEY,
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    yaml       TEXT    NOT NULL,
    folder     TEXT    NOT NULL,
    paused     INTEGER NOT NULL CHECK (paused IN (0, 1)),
    applied_by TEXT    NOT NULL,
    applied_at INTEGER NOT NULL
);

CREATE TABLE source_position (
    use_case TEXT NOT NULL PRIMARY KEY,
    position TEXT NOT NULL
);

-- state: 0 running, 1 succeeded, 2 failed. owner: the lease of the process that runs it.
CREATE TABLE run (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    use_case     TEXT    NOT NULL,
    trigger_name TEXT    NOT NULL,
    state        INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    started_at   INTEGER NOT NULL,
    ended_at     INTEGER,
    rows_read    INTEGER NOT NULL DEFAULT 0,
    rows_acted   INTEGER NOT NULL DEFAULT 0,
    rows_bad     INTEGER NOT NULL DEFAULT 0,
    error        TEXT,
    owner        TEXT    NOT NULL
);

CREATE INDEX run_by_use_case ON run (use_case, id);
CREATE INDEX run_running ON run (owner) WHERE state = 0;

CREATE TABLE quarantine (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    use_case TEXT    NOT NULL,
    time     INTEGER NOT NULL,
    position TEXT    NOT NULL,
    stage    TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    raw      TEXT    NOT NULL
);

CREATE INDEX quarantine_by_use_case ON quarantine (use_case, id);
