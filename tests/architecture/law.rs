//! The law itself, as tables: which floor may use which floor, and which external crate belongs where.

/// A floor, and the floors that it may use.
pub const FLOORS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("writer", &[]),
    ("port", &["domain"]),
    ("room", &["domain"]),
    ("demo", &["domain"]),
    ("backend", &["port", "domain"]),
    ("store", &["port", "domain"]),
    ("ui", &["room", "domain"]),
    ("config", &["ui", "room", "domain"]),
    ("runtime", &["port", "room", "ui", "writer", "domain"]),
    ("cli", &["config", "runtime", "ui", "backend", "store", "demo", "room", "port", "writer", "domain"]),
];

/// Words of data, without a world behind them.
const EVERYWHERE: &[&str] = &["std", "core", "alloc", "chrono", "serde", "uuid"];

/// External crates beside those that are everywhere; a key that ends in `/` or `.rs` is a part of a floor.
const EXTERNALS: &[(&str, &[&str])] = &[
    ("domain", &["chrono_tz"]),
    ("domain/filter/", &["regex"]),
    ("domain/runbook/", &["pulldown_cmark", "serde_saphyr", "toml"]),
    ("port", &["futures_util", "thiserror"]),
    ("room", &["chrono_tz"]),
    ("room/editor.rs", &["tui_textarea"]),
    (
        "demo",
        &[
            "tokio",
            "axum",
            "hyper",
            "hyper_util",
            "tokio_tungstenite",
            "futures_util",
            "promql_parser",
            "prost",
            "serde_json",
            "regex",
            "base64",
            "thiserror",
            "tokio_util",
            "url",
        ],
    ),
    ("backend/files/", &["rustix"]),
    (
        "backend",
        &[
            "reqwest",
            "tokio",
            "tokio_tungstenite",
            "serde_json",
            "prost",
            "backon",
            "futures_util",
            "secrecy",
            "rustls",
            "rustls_platform_verifier",
            "url",
            "base64",
        ],
    ),
    ("store", &["sqlx", "serde_json", "futures_util", "tokio"]),
    ("writer", &["ratatui", "unicode_width"]),
    ("ui", &["ratatui", "unicode_width", "unicode_segmentation", "toml", "chrono_tz"]),
    ("config/formats/", &["granit_parser"]),
    ("config", &["toml", "directories", "secrecy", "url", "chrono_tz", "tokio"]),
    ("runtime", &["tokio", "ratatui", "futures_util", "tokio_util", "rustix", "base64", "uuid"]),
];

/// Floors whose code decides and never asks: no clock, no files, no threads, no dice.
const PURE: &[&str] = &["domain", "room", "ui"];

const WORLD: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "std::time::SystemTime",
    "std::time::Instant",
    "chrono::Utc::now",
    "chrono::Local::now",
    "uuid::Uuid::now_v7",
    "uuid::Uuid::new_v4",
];

/// The first folder of a file's name; `None` for `lib.rs` and `main.rs`.
pub fn floor_of(name: &str) -> Option<&str> {
    name.split_once('/').map(|(floor, _)| floor)
}

/// `None` when the floor is not in the plan.
pub fn may_use(floor: &str) -> Option<&'static [&'static str]> {
    FLOORS.iter().find(|(name, _)| *name == floor).map(|(_, below)| *below)
}

/// Whether the file may use this external crate.
pub fn may_use_crate(name: &str, external: &str) -> bool {
    let floor = floor_of(name);
    floor == Some("cli")
        || EVERYWHERE.contains(&external)
        || EXTERNALS.iter().any(|(place, crates)| {
            let here = match place.strip_suffix('/') {
                Some(_) => name.starts_with(place),
                None => name == *place || floor == Some(place),
            };
            here && crates.contains(&external)
        })
}

/// What of the world a path touches although its floor must not.
pub fn impurity(name: &str, path: &[String]) -> Option<&'static str> {
    let floor = floor_of(name)?;
    let written = path.join("::");
    PURE.contains(&floor)
        .then(|| WORLD.iter().find(|world| written == **world || written.starts_with(&format!("{world}::"))).copied())
        .flatten()
}
