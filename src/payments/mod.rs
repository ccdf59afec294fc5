//! Money on its way: attempts at paying, the provider's notices, and what they mean. Knows amounts and references, not orders.
pub mod web;
