-- "warr": tells a journal from any other SQLite file.
PRAGMA application_id = 2002874994;

-- Times are nanoseconds since 1970, UTC. `entry` is the whole entry as JSON; the other columns repeat what people ask for.
CREATE TABLE entries (
    id         TEXT PRIMARY KEY NOT NULL,
    happened   INTEGER NOT NULL,
    recorded   INTEGER NOT NULL,
    author     TEXT NOT NULL,
    origin     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    text       TEXT NOT NULL,
    supersedes TEXT,
    entry      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX entries_in_order ON entries (happened, recorded, id);

CREATE TRIGGER entries_are_never_changed BEFORE UPDATE ON entries
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only: an edit is a new entry that supersedes');
END;

CREATE TRIGGER entries_are_never_deleted BEFORE DELETE ON entries
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only: an entry is taken back by a new one');
END;

-- Also keeps INSERT OR REPLACE, for which no delete trigger runs, from changing an entry.
CREATE TRIGGER entries_are_written_once BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE id = NEW.id)
BEGIN
    SELECT RAISE(IGNORE);
END;

-- What is being typed; one at most.
CREATE TABLE draft (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    text TEXT NOT NULL
) STRICT;
