-- What the columns of a source were taken for when a revision of a use case was first bound: JSON pairs of name and type.
CREATE TABLE learnt_columns (
    use_case TEXT    NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    columns  TEXT    NOT NULL
);
