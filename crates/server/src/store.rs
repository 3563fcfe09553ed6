//! The tables, one noun a module: plain functions over a connection, so that a caller decides what is one
//! transaction. No rule of the business is here but those a single statement can hold.

pub mod admin;
pub mod because;
pub mod blocked;
pub mod campaign;
pub mod changes;
pub mod company;
mod company_read;
mod company_write;
pub mod counted;
pub mod feed;
pub mod freight;
pub mod hold;
pub mod mapping;
pub mod moves;
pub mod order_insert;
pub mod order_list;
pub mod orders;
pub mod parts;
pub mod platform_message;
pub mod quota;
pub mod readable;
pub mod review;
pub mod station;
pub mod warehouse_day;
pub mod waybill;
