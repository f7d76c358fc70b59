//! An entry as columns and back. A row whose JSON this version cannot read is shown by its columns, never left out.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::domain::incident::{Entry, Kind, Origin};
use crate::domain::{Symbol, Timestamp};

pub(super) struct Columns {
    pub(super) id: String,
    pub(super) happened: i64,
    pub(super) recorded: i64,
    pub(super) author: String,
    pub(super) origin: String,
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) supersedes: Option<String>,
    pub(super) entry: String,
}

impl Columns {
    pub(super) fn of(entry: &Entry) -> Result<Self, serde_json::Error> {
        let value = serde_json::to_value(entry)?;
        let word = |name: &str| value.get(name).and_then(|word| word.as_str()).unwrap_or_default().to_owned();
        Ok(Self {
            id: entry.id.to_string(),
            happened: entry.happened.nanos(),
            recorded: entry.recorded.nanos(),
            author: entry.author.to_string(),
            origin: word("origin"),
            kind: word("kind"),
            text: entry.text.clone(),
            supersedes: entry.supersedes.map(|id| id.to_string()),
            entry: value.to_string(),
        })
    }

    pub(super) fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            happened: row.try_get("happened")?,
            recorded: row.try_get("recorded")?,
            author: row.try_get("author")?,
            origin: row.try_get("origin")?,
            kind: row.try_get("kind")?,
            text: row.try_get("text")?,
            supersedes: row.try_get("supersedes")?,
            entry: row.try_get("entry")?,
        })
    }

    pub(super) fn into_entry(self) -> Entry {
        serde_json::from_str(&self.entry).unwrap_or_else(|_| Entry {
            id: Uuid::parse_str(&self.id).unwrap_or_default(),
            happened: Timestamp::from_nanos(self.happened),
            recorded: Timestamp::from_nanos(self.recorded),
            author: Symbol::from(self.author),
            origin: serde_json::from_value(self.origin.into()).unwrap_or(Origin::System),
            kind: Kind::Note,
            text: format!("{} (a `{}` that this version of warroom cannot read whole)", self.text, self.kind),
            evidence: Vec::new(),
            supersedes: self.supersedes.and_then(|id| Uuid::parse_str(&id).ok()),
            key: None,
        })
    }
}
