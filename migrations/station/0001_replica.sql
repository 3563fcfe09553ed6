-- The replica of one station: what the server says (feed), what happened here (facts), and views of both.
-- Columns are integers (epoch milliseconds, grams, units), text and blobs. Migrations here only add.

-- Who this replica is. Keys: station, warehouse, warehouse_name, epoch, hardware, opened (opening stock taken in).
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- How far each log of others is taken in, and how far others have taken in ours.
CREATE TABLE cursor (
    direction TEXT NOT NULL CHECK (direction IN ('taken', 'confirmed')),
    writer    TEXT NOT NULL,
    epoch     INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (direction, writer, epoch)
) WITHOUT ROWID;

-- Entries of a newer schema, kept for the upgraded program.
CREATE TABLE aside (
    writer TEXT NOT NULL,
    epoch  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (writer, epoch, seq)
) WITHOUT ROWID;

-- Reference records by kind (sku, bundle, packaging, warehouse, carrier, operator, tote, cage, lot), as JSON.
CREATE TABLE reference (
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

CREATE TABLE bin (
    id           TEXT PRIMARY KEY,
    zone         TEXT NOT NULL,
    aisle        INTEGER NOT NULL,
    bay          INTEGER NOT NULL,
    level        INTEGER NOT NULL,
    check_digits TEXT NOT NULL
) WITHOUT ROWID;

-- One row an order. `body` is the order without its receiver; `receiver` is sealed.
-- Everything after `receiver` is a view of the facts and can be rebuilt from them.
CREATE TABLE orders (
    no         TEXT PRIMARY KEY,
    channel    TEXT NOT NULL,
    carrier    TEXT NOT NULL,
    waybill_no TEXT NOT NULL,
    paid_at    INTEGER NOT NULL,
    ship_by    INTEGER NOT NULL,
    body       TEXT NOT NULL,
    receiver   BLOB NOT NULL,
    state      TEXT NOT NULL,
    wave       TEXT NOT NULL DEFAULT '',
    walk       TEXT NOT NULL DEFAULT '',
    tote       TEXT NOT NULL DEFAULT '',
    cage       TEXT NOT NULL DEFAULT '',
    gross_g    INTEGER,
    cancelled_sealed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX orders_state ON orders (state, carrier, no);
CREATE UNIQUE INDEX orders_waybill ON orders (waybill_no);
CREATE INDEX orders_walk ON orders (walk) WHERE walk <> '';
CREATE INDEX orders_tote ON orders (tote) WHERE tote <> '';
CREATE INDEX orders_cage ON orders (cage) WHERE cage <> '';

-- Orders per wave, carrier and state, so that the Today screen never counts a hundred thousand rows.
CREATE TABLE tally (
    wave    TEXT NOT NULL,
    carrier TEXT NOT NULL,
    state   TEXT NOT NULL,
    orders  INTEGER NOT NULL,
    PRIMARY KEY (wave, carrier, state)
) WITHOUT ROWID;
CREATE TRIGGER orders_tally_insert AFTER INSERT ON orders BEGIN
    INSERT INTO tally VALUES (new.wave, new.carrier, new.state, 1)
        ON CONFLICT (wave, carrier, state) DO UPDATE SET orders = orders + 1;
END;
CREATE TRIGGER orders_tally_update AFTER UPDATE OF state, wave ON orders
    WHEN old.state <> new.state OR old.wave <> new.wave BEGIN
    UPDATE tally SET orders = orders - 1
        WHERE wave = old.wave AND carrier = old.carrier AND state = old.state;
    INSERT INTO tally VALUES (new.wave, new.carrier, new.state, 1)
        ON CONFLICT (wave, carrier, state) DO UPDATE SET orders = orders + 1;
END;

-- The station's own log: facts, append-only. `task` finds the facts a task's state is rebuilt from.
CREATE TABLE fact (
    seq     INTEGER PRIMARY KEY,
    gesture TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    operator TEXT NOT NULL,
    task    TEXT NOT NULL,
    body    TEXT NOT NULL,
    UNIQUE (gesture, ordinal)
);
CREATE INDEX fact_task ON fact (task, seq) WHERE task <> '';

-- Goods: every movement, and the balance per place that follows from them.
CREATE TABLE movement (
    id         INTEGER PRIMARY KEY,
    fact       INTEGER NOT NULL REFERENCES fact (seq),
    sku        TEXT NOT NULL,
    lot        TEXT NOT NULL,
    qty        INTEGER NOT NULL CHECK (qty > 0),
    from_place TEXT NOT NULL,
    to_place   TEXT NOT NULL CHECK (to_place <> from_place),
    at         INTEGER NOT NULL
);
CREATE TABLE stock (
    place TEXT NOT NULL,
    sku   TEXT NOT NULL,
    lot   TEXT NOT NULL,
    qty   INTEGER NOT NULL CHECK (qty >= 0 OR place IN ('supplier', 'count_difference')),
    PRIMARY KEY (place, sku, lot)
) WITHOUT ROWID;

CREATE TABLE wave (
    id          TEXT PRIMARY KEY,
    carrier     TEXT NOT NULL,
    cutoff      INTEGER NOT NULL,
    released_at INTEGER NOT NULL
) WITHOUT ROWID;

-- `held` units of a bin belong to walks that are not finished: what FEFO may still give to others is qty less these.
CREATE TABLE walk (
    id       TEXT PRIMARY KEY,
    wave     TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('open', 'walking', 'finished')),
    tote     TEXT NOT NULL DEFAULT '',
    put_back INTEGER NOT NULL DEFAULT 0,
    lines    INTEGER NOT NULL,
    orders   INTEGER NOT NULL,
    weight_g INTEGER NOT NULL,
    plan     TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX walk_state ON walk (state, id);
CREATE TABLE allocation (
    walk TEXT NOT NULL,
    bin  TEXT NOT NULL,
    sku  TEXT NOT NULL,
    lot  TEXT NOT NULL,
    qty  INTEGER NOT NULL CHECK (qty >= 0),
    PRIMARY KEY (walk, bin, sku, lot)
) WITHOUT ROWID;

-- What lies in a tote for which order.
CREATE TABLE allotment (
    order_no TEXT NOT NULL,
    sku      TEXT NOT NULL,
    lot      TEXT NOT NULL,
    qty      INTEGER NOT NULL CHECK (qty > 0),
    PRIMARY KEY (order_no, sku, lot)
) WITHOUT ROWID;

-- The label journal: one row a print. `zpl` is kept until the label is scanned back or voided.
CREATE TABLE label (
    print        TEXT PRIMARY KEY,
    order_no     TEXT NOT NULL,
    waybill_no   TEXT NOT NULL,
    state        TEXT NOT NULL,
    why          TEXT,
    reprint      TEXT,
    requested_at INTEGER NOT NULL,
    moved_at     INTEGER NOT NULL,
    zpl          BLOB
);
CREATE INDEX label_order ON label (order_no);
CREATE INDEX label_state ON label (state);

CREATE TABLE manifest (
    id        TEXT PRIMARY KEY,
    carrier   TEXT NOT NULL,
    cage      TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    gross_g   INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE caged (
    manifest   TEXT NOT NULL,
    position   INTEGER NOT NULL,
    order_no   TEXT NOT NULL UNIQUE,
    waybill_no TEXT NOT NULL,
    PRIMARY KEY (manifest, position)
) WITHOUT ROWID;

-- Work that waits for the loop: cancelled orders to be found on the floor, bins to be counted.
CREATE TABLE recall (
    order_no TEXT PRIMARY KEY,
    reason   TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE count_task (
    bin       TEXT NOT NULL,
    sku       TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    PRIMARY KEY (bin, sku)
) WITHOUT ROWID;
