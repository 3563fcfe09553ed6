-- What a station needs to outlive its file: which entry of its logs a row of `fact` is, facts saved from a damaged
-- file, and facts that stand in the log without what follows from them.

-- Rows of `fact` from `first_row` on are the entries from `seq` on of the station's log of this epoch, up to the next
-- span. Without any, all rows are of the replica's own epoch, from 1.
CREATE TABLE log_span (
    first_row INTEGER PRIMARY KEY,
    epoch     INTEGER NOT NULL,
    seq       INTEGER NOT NULL
);

-- Facts saved from a file that was replaced and that no server had confirmed, until they are in the log again.
CREATE TABLE salvaged (
    fact_row INTEGER PRIMARY KEY,
    gesture  TEXT NOT NULL,
    ordinal  INTEGER NOT NULL,
    body     TEXT NOT NULL
);

-- Facts of the log whose consequences could not be carried out here: a person looks at each.
CREATE TABLE unfit (
    fact_row INTEGER PRIMARY KEY REFERENCES fact (seq),
    why      TEXT NOT NULL
);
