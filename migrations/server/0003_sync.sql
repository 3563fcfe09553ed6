-- What the warehouses are told and what they tell. Every writer has one append-only log; a cursor is saved in the
-- transaction of its effects.

-- The head of each warehouse's feed.
CREATE TABLE feed_head (
    warehouse TEXT PRIMARY KEY NOT NULL REFERENCES warehouse (id),
    seq BIGINT NOT NULL
);

-- The feed: one log a warehouse, written in the transaction that changed what it tells. A row carries the entries
-- `first` to `seq`: zstd of FeedEntry JSON, one a line, sealed as a whole where a receiver is in it (domain::seal,
-- place feed.body:<warehouse>:<seq>).
CREATE TABLE feed (
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    seq BIGINT NOT NULL,
    first BIGINT NOT NULL,
    schema BIGINT NOT NULL,
    sealed BIGINT NOT NULL CHECK (sealed IN (0, 1)),
    body BLOB NOT NULL,
    PRIMARY KEY (warehouse, seq),
    CHECK (first <= seq)
);

-- A workstation that has proved with a code that it belongs here.
CREATE TABLE station (
    id TEXT PRIMARY KEY NOT NULL,       -- also the writer's name of its log
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    hardware TEXT NOT NULL,
    enrolled_at BIGINT NOT NULL
);

CREATE TABLE enrolment_code (
    code_hash TEXT PRIMARY KEY NOT NULL,
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    station TEXT REFERENCES station (id)
);

-- How far the server has got in each station's log.
CREATE TABLE cursor (
    writer TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (writer, epoch)
);

-- Facts as they came. `applied` 0: written by a newer program or not readable; kept for the program that can.
CREATE TABLE fact (
    station TEXT NOT NULL REFERENCES station (id),
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    schema BIGINT NOT NULL,
    gesture TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- the fact's word: packed, scanned_out, …
    at BIGINT NOT NULL,                 -- by the station's clock
    body TEXT NOT NULL,
    applied BIGINT NOT NULL CHECK (applied IN (0, 1)),
    PRIMARY KEY (station, epoch, seq)
);

-- Facts that contradict what the server knows (packed twice, shipped after a cancellation). The fact stands; a
-- person decides.
CREATE TABLE clash (
    station TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    order_no TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (station, epoch, seq, order_no)
);

-- Who may act for the office: hashes of bearer tokens.
CREATE TABLE admin_token (
    token_hash TEXT PRIMARY KEY NOT NULL,
    made_at BIGINT NOT NULL
);

-- What the key of this database is known by, so that a server with another key is refused.
CREATE TABLE key_mark (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    mark TEXT NOT NULL
);
