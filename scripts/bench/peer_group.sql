-- The best PostgreSQL does with one hot row: a thousand orders in one statement, the row touched once.
\set number random(1, 9000000000000000)
WITH held AS (
    UPDATE product SET free = free - 1000, held = held + 1000 WHERE id = 1 AND free >= 1000 RETURNING id
)
INSERT INTO sale (number, product, units, province, receiver)
    SELECT 'S' || (:number::bigint * 1000 + place), id, 1, 1 + place % 31,
        '周秋禾 12000000000 江苏省苏州市姑苏区双塔街道谷雨街45弄25号1405室'
    FROM held, generate_series(0, 999) AS place;
