-- What was sold and what was promised. A promise is a hold on a pool; the pool's CHECK is the last guard against
-- overselling, the compare-and-write of intake the one before it. What is hot carries its campaign or its warehouse,
-- and no statement of intake spans two of either (docs/scale.md).

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
    -- Units of orders the warehouse could not complete and that were moved to another: which of them are there nobody
    -- knows, so they are not in on_hand, and nobody is promised them, until somebody counts.
    missing BIGINT NOT NULL DEFAULT 0,
    written_off BIGINT NOT NULL DEFAULT 0,  -- were missing, and were not there when somebody counted
    PRIMARY KEY (warehouse, sku),
    CHECK (held >= 0 AND held <= on_hand),
    CHECK (shipped >= 0 AND owed >= 0 AND missing >= 0 AND written_off >= 0)
);

-- What somebody counted of the missing units of a pool, in order.
CREATE TABLE pool_count (
    warehouse TEXT NOT NULL,
    sku TEXT NOT NULL,
    seq BIGINT NOT NULL,                -- from 1 up
    found BIGINT NOT NULL CHECK (found >= 0),
    written_off BIGINT NOT NULL CHECK (written_off >= 0),
    who TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (warehouse, sku, seq),
    FOREIGN KEY (warehouse, sku) REFERENCES pool (warehouse, sku)
);

-- A sale: a show, or `daily`, the sale that is always on and draws on the pools themselves. A campaign sets stock
-- aside by holding it in the pools; what it then sells moves only its own quotas.
CREATE TABLE campaign (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    channel TEXT NOT NULL,              -- whose orders it takes; empty: any channel's
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,            -- orders made later are none of the show's
    state TEXT NOT NULL CHECK (state IN ('planned', 'armed', 'live', 'closed')),
    split_allowed BIGINT NOT NULL CHECK (split_allowed IN (0, 1)),
    buyer_limit BIGINT NOT NULL CHECK (buyer_limit >= 0),     -- orders a buyer; 0: no limit
    address_limit BIGINT NOT NULL CHECK (address_limit >= 0), -- orders an address; 0: no limit
    unpaid_ms BIGINT NOT NULL,          -- an unpaid order's hold lapses after so long
    rules TEXT NOT NULL,                -- domain::risk::Rules as JSON: thresholds, and which rules are on; empty: no rules
    prices TEXT NOT NULL,               -- planner::allocation::Prices as JSON, as last solved; empty: none yet
    -- Counts the groups of orders taken. Its update is what makes groups of one campaign take turns, on any
    -- database: everything a group reads of its campaign after that stays as it was read.
    turn BIGINT NOT NULL DEFAULT 0
);

INSERT INTO campaign (id, name, host, channel, starts_at, ends_at, state, split_allowed, buyer_limit, address_limit,
    unpaid_ms, rules, prices)
VALUES ('daily', 'daily', '', '', 0, 9223372036854775807, 'live', 0, 0, 0, 1800000, '', '');

-- Who did what to a campaign, in order.
CREATE TABLE campaign_act (
    campaign TEXT NOT NULL REFERENCES campaign (id),
    seq BIGINT NOT NULL,
    act TEXT NOT NULL,                  -- planned, armed, started, topped_up, drawn_down, closed, rules_set, …
    who TEXT NOT NULL,
    at BIGINT NOT NULL,
    detail TEXT NOT NULL,               -- JSON
    PRIMARY KEY (campaign, seq)
);

-- What a campaign sells: a SKU or a bundle at its price.
CREATE TABLE offer (
    campaign TEXT NOT NULL REFERENCES campaign (id),
    code TEXT NOT NULL,
    price_fen BIGINT NOT NULL CHECK (price_fen >= 0),
    expected BIGINT NOT NULL CHECK (expected >= 0),           -- units expected to be sold
    PRIMARY KEY (campaign, code)
);

-- Stock set aside: by SKU and warehouse, and by channel where the campaign is split so; channel '' is everybody's.
-- available = set_aside - held - settled.
CREATE TABLE quota (
    campaign TEXT NOT NULL REFERENCES campaign (id),
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    sku TEXT NOT NULL REFERENCES sku (id),
    channel TEXT NOT NULL,
    set_aside BIGINT NOT NULL,
    held BIGINT NOT NULL DEFAULT 0,
    settled BIGINT NOT NULL DEFAULT 0,  -- left the building
    PRIMARY KEY (campaign, warehouse, sku, channel),
    CHECK (held >= 0 AND settled >= 0 AND held + settled <= set_aside)
);

-- Orders a province may have of a campaign; no row: no limit.
CREATE TABLE province_quota (
    campaign TEXT NOT NULL REFERENCES campaign (id),
    province TEXT NOT NULL,             -- without its kind
    most BIGINT NOT NULL,
    taken BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign, province),
    CHECK (taken >= 0 AND taken <= most)
);

-- Orders that no longer count for their address, phone, buyer and device (keyed hashes, as in `orders`): let go in the
-- campaign's turn `turn`. Every server counts orders by key for itself and catches up by turns.
CREATE TABLE uncounted (
    campaign TEXT NOT NULL,
    turn BIGINT NOT NULL,
    order_no TEXT NOT NULL,
    address_key BIGINT NOT NULL,
    phone_key BIGINT NOT NULL,
    buyer_key BIGINT NOT NULL,
    device_key BIGINT NOT NULL,
    refund BIGINT NOT NULL CHECK (refund IN (0, 1)),          -- it had been paid
    PRIMARY KEY (campaign, turn, order_no)
);

-- Whom not to sell to: keyed hashes as in `orders`, here for all campaigns.
CREATE TABLE blocked (
    key BIGINT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('address', 'phone', 'buyer', 'device')),
    note TEXT NOT NULL,                 -- why; no personal data
    who TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- An order with its promise. The promise is a hold: `units` of its warehouse, taken from the campaign's quota of
-- `quota_channel` (or from the pools, for `daily`); settled when the goods leave the building, released when they are
-- not wanted any more.
CREATE TABLE orders (
    no TEXT PRIMARY KEY NOT NULL,       -- the channel's number; stands on the slip, so it is unique over all channels
    channel TEXT NOT NULL,              -- douyin, or the name a mapping gives its source
    campaign TEXT NOT NULL,
    turn BIGINT NOT NULL,               -- the campaign's turn it was taken in
    quota_channel TEXT NOT NULL,
    -- unpaid: held until the money comes or the hold lapses. waiting: held, but its receiver cannot be read yet.
    -- review: held, a person decides. routed: at its warehouse. packed, shipped: as the warehouse's facts say.
    -- short: the warehouse cannot complete it now. cancelled: by its channel, by lapse or by review.
    state TEXT NOT NULL CHECK (state IN
        ('unpaid', 'waiting', 'review', 'routed', 'packed', 'shipped', 'short', 'cancelled')),
    -- No REFERENCES: for each order PostgreSQL would lock the warehouse's row and the carrier's, which all orders
    -- share. Intake chooses among those there are, and they are never deleted.
    warehouse TEXT NOT NULL,
    carrier TEXT NOT NULL,
    routed_because TEXT NOT NULL,
    province TEXT NOT NULL,
    lines TEXT NOT NULL,                -- JSON: each line with its parts as they were when it was sold
    units TEXT NOT NULL,                -- JSON [[sku, qty], …]: what is promised, over all lines
    hold TEXT NOT NULL CHECK (hold IN ('held', 'settled', 'released')),
    hold_expires_at BIGINT,             -- NULL: paid, never lapses
    receiver_sealed BLOB NOT NULL,      -- domain::seal, place orders.receiver_sealed:<no>
    notes_sealed BLOB NOT NULL,         -- buyer's and shop's words, place orders.notes_sealed:<no>
    phone_key BIGINT NOT NULL,          -- keyed hash, to find an order by phone
    address_key BIGINT NOT NULL,        -- likewise; 0: not known
    buyer_key BIGINT NOT NULL,
    device_key BIGINT NOT NULL,
    -- The campaign's turn its receiver became readable in: from then on it counts for its address and phone. 0: it
    -- came readable, or cannot be read yet.
    readable_turn BIGINT NOT NULL DEFAULT 0,
    fingerprint TEXT NOT NULL,          -- keyed hash of the content: the first delivery wins, a changed one is noted
    paid_fen BIGINT NOT NULL,
    paid_at BIGINT NOT NULL,
    ship_by BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    waybill_no TEXT NOT NULL,           -- empty until it is routed; once given never given to another
    -- Of an order that is split: the channel's number, on each of its parts; the first part has that number itself, the
    -- others have it with `.2`, `.3`, … behind, neither keys nor money, and each is what one warehouse sends. Empty:
    -- the order is whole.
    part_of TEXT NOT NULL DEFAULT '',
    weight_g BIGINT,                    -- from here on: what the warehouse said
    packed_at BIGINT,
    packed_by TEXT,                     -- station
    shipped_at BIGINT,
    manifest TEXT,
    cancel_reason TEXT
);
CREATE INDEX orders_by_state ON orders (warehouse, state, no);
-- Partial, so that SQLite, which has no statistics, never takes it where an order is looked for by its number.
CREATE INDEX orders_by_turn ON orders (campaign, turn) WHERE turn > 0;
CREATE INDEX orders_by_readable_turn ON orders (campaign, readable_turn) WHERE readable_turn > 0;
-- Orders that are split are few: the others are not in it.
CREATE INDEX orders_by_part ON orders (campaign, part_of, turn) WHERE part_of <> '';
CREATE INDEX orders_by_phone ON orders (phone_key);
CREATE UNIQUE INDEX orders_by_waybill ON orders (waybill_no) WHERE waybill_no <> '';
CREATE INDEX orders_that_lapse ON orders (hold_expires_at) WHERE hold_expires_at IS NOT NULL;

-- How an order stood before a turn of its campaign changed its state, hold or warehouse. Who has added up a campaign's
-- orders needs to read only these again. Orders of `daily` are not noted: nobody adds them up.
CREATE TABLE order_change (
    campaign TEXT NOT NULL,
    turn BIGINT NOT NULL,
    order_no TEXT NOT NULL,
    state TEXT NOT NULL,
    hold TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    PRIMARY KEY (campaign, turn, order_no)
);

-- Orders a person decides on.
CREATE TABLE review (
    order_no TEXT PRIMARY KEY NOT NULL REFERENCES orders (no),
    campaign TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'asked', 'approved', 'rejected', 'lapsed')),
    hits TEXT NOT NULL,                 -- domain::risk::Hit as JSON
    opened_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT
);
CREATE INDEX review_open ON review (state, opened_at);

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
    campaign TEXT NOT NULL,
    order_no TEXT NOT NULL,
    channel TEXT NOT NULL,
    code TEXT NOT NULL,                 -- from the closed list in the program
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,                 -- when it was last refused so
    PRIMARY KEY (campaign, order_no, channel, code)
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
    -- open: to be worked on. short: its order is paid and was refused for want of stock, room or waybill numbers; it is
    -- tried again. done, refused: as outcome says.
    state TEXT NOT NULL CHECK (state IN ('open', 'short', 'done', 'refused')),
    tries BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX platform_message_open ON platform_message (state, next_try_at);

-- Orders a warehouse was given on a day, as days since 1970 in China's time. What is taken back the same day is
-- counted back.
CREATE TABLE warehouse_day (
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    day BIGINT NOT NULL,
    orders BIGINT NOT NULL CHECK (orders >= 0),
    PRIMARY KEY (warehouse, day)
);

-- Orders that were moved from one warehouse to another before they were picked. An order never comes back to a
-- warehouse it left: its stations keep the recall.
CREATE TABLE order_move (
    order_no TEXT NOT NULL REFERENCES orders (no),
    from_warehouse TEXT NOT NULL,
    to_warehouse TEXT NOT NULL,
    waybill_no TEXT NOT NULL,           -- the number it had there; never given to another
    why TEXT NOT NULL,                  -- closed, short
    who TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (order_no, from_warehouse)
);
