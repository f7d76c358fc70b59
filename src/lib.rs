//! warroom: the war room in one terminal.
//!
//! Six floors; an import never climbs. A responder gives Commands, the world reports Facts, the room answers with Effects.
//!
//! | floor | folder | what it is | imports |
//! |---|---|---|---|
//! | 1 | `domain` | what is true | nothing |

pub mod backend;
pub mod config;
pub mod demo;
pub mod domain;
pub mod port;
pub mod room;
pub mod store;
pub mod ui;
