-- Watched values that crossed their bound. One watch of one use case fires at most once at a time.
CREATE TABLE alert (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    use_case   TEXT    NOT NULL,
    watch      TEXT    NOT NULL,
    message    TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER
);

CREATE UNIQUE INDEX alert_firing ON alert (use_case, watch) WHERE ended_at IS NULL;
CREATE INDEX alert_by_time ON alert (started_at);
