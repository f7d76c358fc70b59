//! From files to checked values: `config.toml`, where it lies, and the way to each secret. Every mistake is told at once,
//! each with its line. Not what a value does: a source is asked by `backend`, an SLO judged by `domain::slo`.

mod burn;
mod duration;
mod file;
mod formats;
mod keys;
mod load;
mod mask;
mod method;
mod nearest;
mod place;
mod problem;
mod screen;
mod secret;
mod section;
mod sections;
mod sli;
mod slo;
mod slo_files;
mod source;
#[cfg(test)]
mod tests;
mod text;
mod unreadable;

pub use file::{Config, Group};
pub use formats::{Exported, File, Format, Import, Imported, export, import};
pub use load::{EXAMPLE, LoadError, load};
pub use place::Surroundings;
pub use problem::{Found, Problem, Problems};
pub use screen::{Binding, FrameWriter, Screen, TimeZone};
pub use secret::{Credential, SecretError};
pub use slo_files::import_paths;
pub use source::{Source, SourceKind};
