//! SLOs as other tools write them: OpenSLO, Sloth, Pyrra. Read into tables of `config.toml`; every field is understood
//! or refused with its line. Not where the files lie.

mod block;
mod dispatch;
mod export;
mod export_openslo;
mod export_rules;
mod export_sloth;
mod export_words;
mod exported;
mod fields;
mod import;
mod openslo;
mod openslo_alerts;
mod openslo_alpha;
mod openslo_sli;
mod promise;
mod pyrra;
mod shelf;
mod sloth;
mod windows;
mod yaml;

pub use export::{Format, export};
pub use exported::Exported;
pub use import::{File, Import, Imported, import};
