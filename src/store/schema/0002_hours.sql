-- Counts of bad and of all events an hour, of the questions that `key` stands for. Times are seconds since 1970, UTC.
-- No record: it can be read again from the metrics server, unless that has forgotten it.
CREATE TABLE hours (
    key     TEXT NOT NULL,
    start   INTEGER NOT NULL,
    bad     REAL NOT NULL,
    total   REAL NOT NULL,
    read_at INTEGER NOT NULL,
    PRIMARY KEY (key, start)
) STRICT, WITHOUT ROWID;
