-- The tables of the PostgreSQL peers: one hot product, and a row an order with a unique number.
DROP TABLE IF EXISTS sale, product;
CREATE TABLE product (
    id   int PRIMARY KEY,
    free bigint NOT NULL CHECK (free >= 0),
    held bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
CREATE TABLE sale (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number   text NOT NULL UNIQUE,
    product  int NOT NULL,
    units    int NOT NULL,
    province smallint NOT NULL,
    receiver text,
    taken_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO product VALUES (1, 1000000000);
