//! What is said to whom: mails and messages to people, always through the outbox.
pub mod mail;
pub mod whatsapp;
