//! warroom: the war room in one terminal.
//!
//! Six floors; an import never climbs (`tests/architecture.rs` holds the law). A responder gives Commands, the world reports
//! Facts, the room answers with Effects.
//!
//! | floor | folder | what it is | imports |
//! |---|---|---|---|
//! | 5 | `cli` | the composition root: the only place that knows every name | all |
//! | 4 | `runtime` | effects become jobs, jobs become facts | `port`, `room`, `ui`, `writer`, `domain` |
//! | 4 | `config` | files become checked values | `room` (keymap), `domain` |
//! | 3 | `ui` | the eye: a room becomes a frame | `room`, `domain` |
//! | 3 | `backend` | the mouths: one client a kind of server | `port`, `domain` |
//! | 3 | `store` | the ledger: the journal | `port`, `domain` |
//! | 2 | `room` | the mind: the state and the one pure function that changes it | `domain` |
//! | 2 | `port` | what may be asked of the world | `domain` |
//! | 2 | `demo` | a company to practise on, with servers of its own | `domain` |
//! | 1 | `domain` | what is true: no input or output, no clock, no async | nothing |
//! | 1 | `writer` | a frame becomes the fewest bytes; it could be a crate of its own | nothing |

pub mod domain;
pub mod writer;

pub mod demo;
pub mod port;
pub mod room;

pub mod backend;
pub mod store;
pub mod ui;

pub mod config;
pub mod runtime;

pub mod cli;
