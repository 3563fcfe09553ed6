-- What the company is: its goods, its buildings, its people and what lay in the bins when the system began.
-- Written by `import catalogue` alone. Nothing here is ever deleted: what a file leaves out stays as it was.
--
-- One text for SQLite and PostgreSQL: columns are BIGINT (epoch milliseconds, fen, grams, units), TEXT and BLOB.

CREATE TABLE warehouse (
    id TEXT PRIMARY KEY NOT NULL,       -- SH
    name TEXT NOT NULL,
    sender_name TEXT NOT NULL,          -- printed on labels
    sender_phone TEXT NOT NULL,         -- a service line, not a person's
    sender_address TEXT NOT NULL,
    provinces TEXT NOT NULL             -- JSON array of the provinces it serves first
);

CREATE TABLE carrier (
    id TEXT PRIMARY KEY NOT NULL,       -- ZTO
    name TEXT NOT NULL,
    service TEXT NOT NULL,              -- product printed beside the name
    cutoff_minute BIGINT NOT NULL CHECK (cutoff_minute BETWEEN 0 AND 1439), -- after midnight, China standard time
    provinces TEXT NOT NULL             -- JSON array; empty: takes what no other carrier is chosen for
);

CREATE TABLE sku (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    short_name TEXT NOT NULL,           -- fits a shelf label
    spoken_zh TEXT NOT NULL,
    spoken_en TEXT NOT NULL,
    gross_weight_g BIGINT NOT NULL CHECK (gross_weight_g > 0),
    length_mm BIGINT NOT NULL,
    width_mm BIGINT NOT NULL,
    height_mm BIGINT NOT NULL,
    shelf_life_days BIGINT NOT NULL,
    fragility TEXT NOT NULL,            -- none, bottle, glass
    packaging_class TEXT NOT NULL
);

-- A code stands for one SKU; a SKU has many. rank 0 is the one printed.
CREATE TABLE barcode (
    code TEXT PRIMARY KEY NOT NULL,
    sku TEXT NOT NULL REFERENCES sku (id),
    rank BIGINT NOT NULL
);
CREATE INDEX barcode_by_sku ON barcode (sku, rank);

-- Sold as one, picked as its components.
CREATE TABLE bundle (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL
);

CREATE TABLE component (
    bundle TEXT NOT NULL REFERENCES bundle (id),
    rank BIGINT NOT NULL,               -- order on the screen
    sku TEXT NOT NULL REFERENCES sku (id),
    qty BIGINT NOT NULL CHECK (qty > 0),
    PRIMARY KEY (bundle, rank)
);

CREATE TABLE packaging (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    class TEXT NOT NULL,                -- woven_bag, carton, air_column_carton
    tare_g BIGINT NOT NULL,
    length_mm BIGINT NOT NULL,          -- inner measures
    width_mm BIGINT NOT NULL,
    height_mm BIGINT NOT NULL,
    max_weight_g BIGINT NOT NULL
);

CREATE TABLE operator (
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    id TEXT NOT NULL,                   -- stands on the badge behind OP-
    name TEXT NOT NULL,
    lead BIGINT NOT NULL CHECK (lead IN (0, 1)),
    PRIMARY KEY (warehouse, id)
);

CREATE TABLE tote (
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    id TEXT NOT NULL,
    PRIMARY KEY (warehouse, id)
);

CREATE TABLE cage (
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    id TEXT NOT NULL,
    carrier TEXT NOT NULL REFERENCES carrier (id),  -- who fetches it
    PRIMARY KEY (warehouse, id)
);

CREATE TABLE bin (
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    id TEXT NOT NULL,                   -- zone-aisle-bay-level
    zone TEXT NOT NULL,
    aisle BIGINT NOT NULL,
    bay BIGINT NOT NULL,
    level BIGINT NOT NULL,
    check_digits TEXT NOT NULL,
    PRIMARY KEY (warehouse, id)
);

CREATE TABLE lot (
    sku TEXT NOT NULL REFERENCES sku (id),
    id TEXT NOT NULL,
    mfg_date TEXT NOT NULL,             -- YYYY-MM-DD
    expiry TEXT NOT NULL,               -- YYYY-MM-DD; FEFO sorts by it
    PRIMARY KEY (sku, id)
);

-- What lay where when the system began. Taken once: the pool grew by it then, and the warehouse received it then.
CREATE TABLE opening_stock (
    warehouse TEXT NOT NULL,
    bin TEXT NOT NULL,
    sku TEXT NOT NULL,
    lot TEXT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    PRIMARY KEY (warehouse, bin, sku, lot),
    FOREIGN KEY (warehouse, bin) REFERENCES bin (warehouse, id),
    FOREIGN KEY (sku, lot) REFERENCES lot (sku, id)
);

-- Waybill numbers leased ahead from a carrier, so that an order has its number before anybody prints.
CREATE TABLE waybill_range (
    carrier TEXT NOT NULL REFERENCES carrier (id),
    prefix TEXT NOT NULL,               -- SF, or empty
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    digits BIGINT NOT NULL,             -- digits behind the prefix, padded with zeros
    next BIGINT NOT NULL,               -- the next to be given out; last + 1 when there is none
    PRIMARY KEY (carrier, prefix, first),
    CHECK (first <= next AND next <= last + 1)
);

-- Of a range, what a warehouse has been given ahead, so that taking orders there touches no number of another's.
CREATE TABLE waybill_lease (
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    carrier TEXT NOT NULL REFERENCES carrier (id),
    prefix TEXT NOT NULL,
    digits BIGINT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    next BIGINT NOT NULL,               -- as in waybill_range
    PRIMARY KEY (warehouse, carrier, prefix, first),
    CHECK (first <= next AND next <= last + 1)
);

-- What a carrier prints for a city, in its own words.
CREATE TABLE route (
    carrier TEXT NOT NULL REFERENCES carrier (id),
    province TEXT NOT NULL,             -- as in the region table, without its kind
    city TEXT NOT NULL,                 -- as channels write it
    route_code TEXT NOT NULL,           -- the three-segment code, printed largest
    consolidation TEXT NOT NULL,        -- where parcels are put into one bag
    PRIMARY KEY (carrier, province, city)
);

-- Counts the imports of the catalogue, so that a server knows when what it has read of the company is old.
CREATE TABLE company_revision (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    revision BIGINT NOT NULL
);
INSERT INTO company_revision VALUES (1, 0);

-- Orders a warehouse can send out on one day; no row: no limit.
CREATE TABLE warehouse_capacity (
    warehouse TEXT PRIMARY KEY NOT NULL REFERENCES warehouse (id),
    daily_orders BIGINT NOT NULL CHECK (daily_orders >= 0)
);

-- Whether a warehouse takes new orders; no row: it does. Set by the office, never by a file.
CREATE TABLE warehouse_state (
    warehouse TEXT PRIMARY KEY NOT NULL REFERENCES warehouse (id),
    open BIGINT NOT NULL CHECK (open IN (0, 1)),
    who TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- What carrying an order costs: a first kilogram, then each one begun. A lane without a row follows a plain rule
-- (store/freight.rs).
CREATE TABLE freight (
    warehouse TEXT NOT NULL REFERENCES warehouse (id),
    province TEXT NOT NULL,             -- without its kind; empty: all that are not named from there
    first_kg_fen BIGINT NOT NULL CHECK (first_kg_fen >= 0),
    further_kg_fen BIGINT NOT NULL CHECK (further_kg_fen >= 0),
    PRIMARY KEY (warehouse, province)
);
