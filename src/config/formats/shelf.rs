//! The documents of all files together, for one may speak of another by its name.

use std::rc::Rc;

use super::yaml::{Kind, Node, documents};
use crate::config::problem::Sink;

/// What OpenSLO has above every document.
pub(super) const METADATA: [&str; 4] = ["name", "displayName", "labels", "annotations"];

pub(super) struct File {
    pub(super) documents: Vec<Rc<Node>>,
    pub(super) sink: Sink,
}

impl File {
    pub(super) fn read(text: &str) -> Self {
        let (documents, mistake) = documents(text);
        let documents = documents.into_iter().flat_map(unlisted).collect();
        Self { documents, sink: Sink::new(mistake.into_iter().collect()) }
    }
}

pub(super) struct Shelf<'a> {
    pub(super) files: &'a [File],
}

impl<'a> Shelf<'a> {
    /// An OpenSLO document by its kind and name, and where to tell what is wrong with it.
    pub(super) fn find(&self, kind: &str, name: &str) -> Option<(&'a Node, &'a Sink)> {
        let is =
            |document: &&Rc<Node>| word(document, "kind") == Some(kind) && name_of(document).as_deref() == Some(name);
        self.files.iter().find_map(|file| Some((file.documents.iter().find(is)?.as_ref(), &file.sink)))
    }
}

/// The items of a Kubernetes list, else the document itself.
fn unlisted(document: Rc<Node>) -> Vec<Rc<Node>> {
    if word(&document, "kind").is_some_and(|kind| kind.ends_with("List"))
        && let Kind::Map(entries) = &document.kind
        && let Some(items) = entries.iter().find(|entry| entry.key == "items")
        && let Kind::List(items) = &items.value.kind
    {
        return items.clone();
    }
    vec![document]
}

/// The one word of a key of a document.
pub(super) fn word<'a>(document: &'a Node, key: &str) -> Option<&'a str> {
    let Kind::Map(entries) = &document.kind else { return None };
    match &entries.iter().find(|entry| entry.key == key)?.value.kind {
        Kind::Scalar(text) => Some(text),
        _ => None,
    }
}

/// The name of a document, for those that refer to it.
fn name_of(document: &Node) -> Option<String> {
    let Kind::Map(entries) = &document.kind else { return None };
    let metadata = entries.iter().find(|entry| entry.key == "metadata")?;
    let Kind::Map(entries) = &metadata.value.kind else { return None };
    match &entries.iter().find(|entry| entry.key == "name")?.value.kind {
        Kind::Scalar(name) => Some(name.clone()),
        _ => None,
    }
}
