-- Kept rows. sample_count holds the number of samples of each use case, so that counting reads one row.
CREATE TABLE sample (
    row         INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    use_case    TEXT    NOT NULL,
    model       TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    time        INTEGER NOT NULL,
    input       TEXT    NOT NULL,
    prediction  TEXT    NOT NULL,
    label       TEXT,
    labelled_at INTEGER
);

CREATE INDEX sample_by_use_case ON sample (use_case, time);
CREATE INDEX sample_by_version ON sample (model, version, time);
CREATE INDEX sample_by_time ON sample (time);

CREATE TABLE sample_count (
    use_case TEXT    NOT NULL PRIMARY KEY,
    samples  INTEGER NOT NULL CHECK (samples >= 0)
);
