-- What was sold and what was promised. A promise is a hold on a pool; the pool's CHECK is the last guard against
-- overselling, the compare-and-write of intake the one before it.

-- Sellable stock of one SKU in one warehouse.
CREATE TABLE pool (
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    sku TEXT NOT NULL REFERENCES sku (id),
    on_hand BIGINT NOT NULL,            -- units in the building
    held BIGINT NOT NULL,               -- of these, promised
    shipped BIGINT NOT NULL,            -- left the building since the system began
    -- Units that left for orders cancelled a moment before, while all the rest was promised to others: on_hand is
    -- too high by so many until somebody counts or decides.
    owed BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (warehouse, sku),
    CHECK (held >= 0 AND held <= on_hand),
    CHECK (shipped >= 0 AND owed >= 0)
);

CREATE TABLE orders (
    no TEXT PRIMARY KEY NOT NULL,       -- the channel's number; stands on the slip, so it is unique over all channels
    channel TEXT NOT NULL,              -- douyin, or the name a mapping gives its source
    -- waiting: held, but its receiver cannot be read yet. routed: at its warehouse. packed, shipped: as the
    -- warehouse's facts say. short: the warehouse cannot complete it now. cancelled: by its channel.
    state TEXT NOT NULL CHECK (state IN ('waiting', 'routed', 'packed', 'shipped', 'short', 'cancelled')),
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    carrier TEXT NOT NULL REFERENCES carrier (id),
    routed_because TEXT NOT NULL,
    province TEXT NOT NULL,
    receiver_sealed BLOB NOT NULL,      -- domain::seal, place orders.receiver_sealed:<no>
    notes_sealed BLOB NOT NULL,         -- buyer's and shop's words, place orders.notes_sealed:<no>
    phone_hash TEXT NOT NULL,           -- keyed hash, to find an order by phone
    fingerprint TEXT NOT NULL,          -- keyed hash of the content: the first delivery wins, a changed one is noted
    paid_fen BIGINT NOT NULL,
    paid_at BIGINT NOT NULL,
    ship_by BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    waybill_no TEXT NOT NULL,           -- empty while waiting
    weight_g BIGINT,                    -- from here on: what the warehouse said
    packed_at BIGINT,
    packed_by TEXT,                     -- station
    shipped_at BIGINT,
    manifest TEXT,
    cancel_reason TEXT,
    UNIQUE (channel, no)
);
CREATE INDEX orders_by_state ON orders (state, no);
CREATE INDEX orders_by_warehouse ON orders (warehouse, state, no);
CREATE INDEX orders_by_phone ON orders (phone_hash);

CREATE TABLE order_line (
    order_no TEXT NOT NULL REFERENCES orders (no),
    rank BIGINT NOT NULL,
    sub_order_no TEXT NOT NULL,
    code TEXT NOT NULL,                 -- SKU or bundle
    title TEXT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    paid_fen BIGINT NOT NULL,
    parts TEXT NOT NULL,                -- JSON [[sku, qty], …]: the line exploded, as it was when it was sold
    PRIMARY KEY (order_no, rank)
);

-- A promise of units to an order.
CREATE TABLE hold (
    id TEXT PRIMARY KEY NOT NULL,       -- chosen by the caller (<order>/<sku>), so that a retry is the same hold
    order_no TEXT NOT NULL REFERENCES orders (no),
    warehouse TEXT NOT NULL,
    sku TEXT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    state TEXT NOT NULL CHECK (state IN ('held', 'settled', 'released')),
    expires_at BIGINT,                  -- NULL: paid, never lapses
    FOREIGN KEY (warehouse, sku) REFERENCES pool (warehouse, sku)
);
CREATE INDEX hold_by_order ON hold (order_no);
CREATE INDEX hold_by_pool ON hold (warehouse, sku, state);

-- A number, once given to an order, is never given to another, cancelled or not.
CREATE TABLE waybill_number (
    number TEXT PRIMARY KEY NOT NULL,
    carrier TEXT NOT NULL REFERENCES carrier (id),
    order_no TEXT NOT NULL REFERENCES orders (no)
);
CREATE UNIQUE INDEX waybill_number_by_order ON waybill_number (order_no);

-- What is in the parcel, lot by lot, as the packer scanned it.
CREATE TABLE parcel_goods (
    order_no TEXT NOT NULL REFERENCES orders (no),
    sku TEXT NOT NULL,
    lot TEXT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    PRIMARY KEY (order_no, sku, lot)
);

-- A hand-over to a carrier.
CREATE TABLE manifest (
    id TEXT PRIMARY KEY NOT NULL,
    warehouse TEXT NOT NULL,
    carrier TEXT NOT NULL,
    cage TEXT NOT NULL,
    parcels BIGINT NOT NULL,
    gross_g BIGINT NOT NULL,
    at BIGINT NOT NULL
);

-- What a person in the office should know about an order; nothing is ever decided from it. No personal data.
CREATE TABLE order_note (
    order_no TEXT NOT NULL,
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (order_no, note)
);

-- Orders that were not taken, and why: the answer to "where is my order". No personal data.
CREATE TABLE refusal (
    order_no TEXT NOT NULL,
    channel TEXT NOT NULL,
    code TEXT NOT NULL,                 -- from the closed list in the program
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,                 -- when it was last refused so
    PRIMARY KEY (order_no, channel, code)
);

-- How the files of other sources are read: mapping files, by name.
CREATE TABLE import_mapping (
    name TEXT PRIMARY KEY NOT NULL,
    toml TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);

-- What a platform told us. The key is the same on every delivery, so the second changes nothing; what is not yet
-- done is found again after a crash.
CREATE TABLE platform_message (
    dedupe_key TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('paid', 'cancelled', 'check', 'other')), -- check: ask before acting
    order_no TEXT NOT NULL,
    reason TEXT NOT NULL,               -- the platform's words for a cancellation
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'refused')),
    tries BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX platform_message_open ON platform_message (state, next_try_at);
