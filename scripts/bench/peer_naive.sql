-- What a shop would write first: one transaction an order, which holds a unit of the hot row and adds the order.
\set province random(1, 31)
\set number random(1, 9000000000000000000)
BEGIN;
UPDATE product SET free = free - 1, held = held + 1 WHERE id = 1 AND free >= 1;
INSERT INTO sale (number, product, units, province, receiver)
    VALUES ('S' || :number, 1, 1, :province, '周秋禾 12000000000 江苏省苏州市姑苏区双塔街道谷雨街45弄25号1405室');
COMMIT;
