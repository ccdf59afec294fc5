//! Stories of the counter: what the operator does to orders, and what stands in the books afterwards.
mod books;
mod calling_off;
mod coming_back;
mod journey;
mod late;
mod on_the_way;
mod rates;
mod refused;
mod sent_by_hand;
pub mod stand;
