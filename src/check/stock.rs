//! Goods: what stands, what is promised, and what became of every piece that came.
use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "stock on hand equals the sum of its moves",
        sql: r#"SELECT 'stock of item ' || w.item_id || ' in place ' || w.place_id AS record,
            SUM(w.moved) AS expected, SUM(w.on_hand) AS found FROM (
            SELECT item_id, place_id, quantity AS moved, 0 AS on_hand FROM stock_move
            UNION ALL SELECT item_id, place_id, 0, on_hand FROM stock) w
            GROUP BY w.item_id, w.place_id HAVING SUM(w.moved) <> SUM(w.on_hand) ORDER BY w.item_id, w.place_id"#,
    },
    Rule {
        name: "stock on hand equals what is left of its lots",
        sql: r#"SELECT 'stock of item ' || w.item_id || ' in place ' || w.place_id AS record,
            SUM(w.remaining) AS expected, SUM(w.on_hand) AS found FROM (
            SELECT item_id, place_id, remaining, 0 AS on_hand FROM lot
            UNION ALL SELECT item_id, place_id, 0, on_hand FROM stock) w
            GROUP BY w.item_id, w.place_id HAVING SUM(w.remaining) <> SUM(w.on_hand) ORDER BY w.item_id, w.place_id"#,
    },
    Rule {
        name: "what is left of a lot equals its moves",
        sql: r#"SELECT 'lot ' || l.id AS record, COALESCE(SUM(m.quantity), 0) AS expected, l.remaining AS found
            FROM lot l LEFT JOIN stock_move m ON m.lot_id = l.id
            GROUP BY l.id, l.remaining HAVING COALESCE(SUM(m.quantity), 0) <> l.remaining ORDER BY l.id"#,
    },
    Rule {
        name: "promised stock equals the holds that stand",
        sql: r#"SELECT 'stock of item ' || w.item_id || ' in place ' || w.place_id AS record,
            SUM(w.held) AS expected, SUM(w.promised) AS found FROM (
            SELECT item_id, place_id, quantity AS held, 0 AS promised FROM hold WHERE state = 'held'
            UNION ALL SELECT item_id, place_id, 0, promised FROM stock) w
            GROUP BY w.item_id, w.place_id HAVING SUM(w.held) <> SUM(w.promised) ORDER BY w.item_id, w.place_id"#,
    },
    Rule {
        name: "no lot earned by more pieces than left it",
        sql: r#"SELECT 'lot ' || l.id AS record, l.received - l.remaining AS expected, SUM(n.quantity) AS found
            FROM lot l JOIN earning n ON n.lot_id = l.id AND n.undone_at IS NULL
            GROUP BY l.id, l.received, l.remaining HAVING SUM(n.quantity) > l.received - l.remaining ORDER BY l.id"#,
    },
    Rule {
        name: "nothing is left of a hand-over that was reversed",
        sql: r#"SELECT 'lot ' || l.id AS record, 0 AS expected, l.remaining AS found FROM lot l
            JOIN intake i ON i.id = l.intake_id WHERE i.reversed_at IS NOT NULL AND l.remaining <> 0 ORDER BY l.id"#,
    },
    Rule {
        name: "pieces moved between places are neither lost nor doubled",
        sql: r#"SELECT 'hand-over of lot ' || COALESCE(l.origin_id, l.id) AS record, 0 AS expected, SUM(m.quantity) AS found
            FROM stock_move m JOIN lot l ON l.id = m.lot_id WHERE m.kind = 'moved'
            GROUP BY COALESCE(l.origin_id, l.id) HAVING SUM(m.quantity) <> 0 ORDER BY COALESCE(l.origin_id, l.id)"#,
    },
    Rule {
        name: "no more of a lot is kept than is left of it",
        sql: r#"SELECT 'lot ' || l.id AS record, l.remaining AS expected, SUM(h.quantity) AS found
            FROM hold h JOIN lot l ON l.id = h.lot_id WHERE h.state = 'held'
            GROUP BY l.id, l.remaining HAVING SUM(h.quantity) > l.remaining ORDER BY l.id"#,
    },
    Rule {
        name: "what is kept is of the lot it names, for an order that goes on",
        sql: r#"SELECT 'hold ' || h.id || ' for ' || h.subject AS record, h.item_id AS expected, l.item_id AS found
            FROM hold h LEFT JOIN lot l ON l.id = h.lot_id
            WHERE h.state = 'held' AND h.lot_id IS NOT NULL AND (l.id IS NULL OR l.item_id <> h.item_id
            OR l.place_id <> h.place_id OR NOT EXISTS (
            SELECT 1 FROM "order" o WHERE 'order:' || o.id = h.subject AND o.state = 'placed')) ORDER BY h.id"#,
    },
    Rule {
        name: "what was handed in is on the shelf, in kiosks, sold, given back, repacked, broken or lost",
        sql: HANDED_IN,
    },
];

/// Everything that came as one lot, wherever its pieces stand now, by what became of them: a return takes back a sale or
/// what was written off, and so counts against those.
const HANDED_IN: &str = r#"SELECT 'hand-over of lot ' || w.id AS record, SUM(w.came) AS expected,
    SUM(w.stands) + SUM(w.gone) AS found FROM (
    SELECT id, received AS came, 0 AS stands, 0 AS gone FROM lot WHERE origin_id IS NULL
    UNION ALL SELECT COALESCE(origin_id, id), 0, remaining, 0 FROM lot
    UNION ALL SELECT COALESCE(l.origin_id, l.id), 0, 0, -m.quantity FROM stock_move m JOIN lot l ON l.id = m.lot_id
    WHERE m.kind IN ('sold', 'returned', 'given_back', 'damaged', 'shrunk')
    OR (m.kind = 'repacked' AND m.quantity < 0)) w
    GROUP BY w.id HAVING SUM(w.came) <> SUM(w.stands) + SUM(w.gone) ORDER BY w.id"#;
