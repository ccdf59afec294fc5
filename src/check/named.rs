//! What rows name that are written by the thousand. PostgreSQL keeps no keys for it (see the migration that let go of
//! them), so that it is asked here.
use super::Rule;

pub(super) const RULES: &[Rule] = &[Rule { name: "whatever a row names is there", sql: NAMED }];

const NAMED: &str = r#"SELECT 'posting ' || p.id || ', account' AS record, p.account_id AS expected, 0 AS found FROM posting p
    WHERE NOT EXISTS (SELECT 1 FROM account n WHERE n.id = p.account_id)
    UNION ALL SELECT 'stock move ' || m.id || ', item', m.item_id, 0 FROM stock_move m
    WHERE NOT EXISTS (SELECT 1 FROM item n WHERE n.id = m.item_id)
    UNION ALL SELECT 'stock move ' || m.id || ', place', m.place_id, 0 FROM stock_move m
    WHERE NOT EXISTS (SELECT 1 FROM place n WHERE n.id = m.place_id)
    UNION ALL SELECT 'cost of move ' || c.move_id || ', item', c.item_id, 0 FROM move_cost c
    WHERE NOT EXISTS (SELECT 1 FROM item n WHERE n.id = c.item_id)
    UNION ALL SELECT 'sale ' || s.id || ', outlet', s.outlet_id, 0 FROM sale s
    WHERE NOT EXISTS (SELECT 1 FROM outlet n WHERE n.id = s.outlet_id)
    UNION ALL SELECT 'sale ' || s.id || ', person', s.person_id, 0 FROM sale s
    WHERE NOT EXISTS (SELECT 1 FROM person n WHERE n.id = s.person_id)
    UNION ALL SELECT 'sale line ' || l.id || ', item', l.item_id, 0 FROM sale_line l
    WHERE NOT EXISTS (SELECT 1 FROM item n WHERE n.id = l.item_id)
    UNION ALL SELECT 'event ' || e.id || ', device', e.device_id, 0 FROM device_event e
    WHERE NOT EXISTS (SELECT 1 FROM device n WHERE n.id = e.device_id)
    UNION ALL SELECT 'event ' || e.id || ', sender', e.sender_id, 0 FROM device_event e
    WHERE NOT EXISTS (SELECT 1 FROM person n WHERE n.id = e.sender_id)"#;
