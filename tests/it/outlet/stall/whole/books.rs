//! What the product says, place by place and book by book, against what the pencil says.
use entity::{Rupiah, shift, stock};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use warong::{ledger::Book, outlet::cost};

use super::{Walk, shelves::PLACES};

impl Walk {
    /// Everything is told, and is what the pencil says, in every place and in every book.
    pub async fn adds_up(&mut self) {
        for n in 0..2 {
            self.tills[n].dark = 0;
            self.tells(n).await;
        }
        let sums = self.pencil.adds_up();
        let levels = stock::Entity::find().filter(stock::Column::ItemId.is_in(self.items));
        let levels = levels.all(self.db()).await.expect("what stands where");
        for (n, id) in self.items.into_iter().enumerate() {
            let heap = cost::heap(self.db(), id).await.expect("a heap");
            assert_eq!((heap.quantity, heap.value.0), sums.of(n), "item {n}");
            for (place, place_id) in self.places.into_iter().enumerate() {
                let row = levels.iter().find(|row| (row.item_id, row.place_id) == (id, place_id));
                let there = row.map_or(0, |row| row.on_hand);
                assert_eq!(there, self.shelves.there(n, place), "item {n} in place {place}");
            }
            let everywhere = (0..PLACES).map(|place| self.shelves.there(n, place)).sum::<i64>();
            assert_eq!(sums.of(n).0, everywhere, "item {n} in all places");
        }
        let (purse, outlet) = (&self.purse, self.stall.granary.stand.outlet.id);
        let mut books = vec![
            (Book::Stock(outlet), sums.worth()),
            (Book::CostOfGoods(outlet), sums.cost - purse.credited),
            (Book::Loss(outlet), sums.loss + purse.missing()),
            (Book::OwnSales(outlet), -purse.sold),
            (Book::Cash(outlet), purse.cash),
            (Book::Bank(outlet), purse.bank),
            (Book::Edc(outlet), purse.edc),
            (Book::Expense(outlet), purse.spent),
        ];
        for n in 0..2 {
            books.push((Book::Supplier(self.suppliers[n].id), -purse.owed[n]));
            books.push((Book::Member(self.members[n]), purse.members[n]));
        }
        for (book, sum) in books {
            assert_eq!(self.stall.granary.books(book).await, sum, "{}", book.code());
        }
        for (key, drawer) in &self.purse.drawers {
            let row = shift::Entity::find().filter(shift::Column::Key.eq(key.as_str()));
            let row = row.one(self.db()).await.expect("a read").expect("a shift");
            let lies = if drawer.counted.is_some() { 0 } else { drawer.flow };
            assert_eq!(self.stall.granary.books(Book::Drawer(row.id)).await, lies, "drawer {}", row.id);
            if let Some(counted) = drawer.counted {
                assert_eq!(row.expected.zip(row.counted), Some((Rupiah(drawer.flow), Rupiah(counted))));
            }
        }
        self.stall.granary.adds_up().await;
    }
}
