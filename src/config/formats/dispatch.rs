//! Each document to the format that it is of.

use super::block::Block;
use super::shelf::{File, Shelf, word};
use super::windows::{self, Windows};
use super::yaml::{Kind, Node};
use super::{openslo, openslo_alpha, pyrra, sloth};
use crate::config::problem::{Problem, Sink};

/// More SLOs than any config should hold.
const MOST: usize = 2_000;

/// What was found in one file.
pub(super) struct Found {
    pub(super) blocks: Vec<Block>,
    pub(super) problems: Vec<Problem>,
}

/// Reads the texts together; the answers stand in their order.
pub(super) fn read(texts: &[&str]) -> Vec<Found> {
    let files: Vec<File> = texts.iter().map(|text| File::read(text)).collect();
    let shelf = Shelf { files: &files };
    let windows = files.iter().find_map(|file| {
        let document = file.documents.iter().find(|document| word(document, "kind") == Some("AlertWindows"))?;
        Some(windows::read(document, &file.sink))
    });
    let windows = windows.flatten();
    let mut left = MOST;
    let read = files.iter().map(|file| {
        let mut blocks = Vec::new();
        for document in &file.documents {
            blocks.extend(of_document(document, &shelf, windows.as_ref(), &file.sink));
            if blocks.len() > left {
                let problem = Problem::at(document.span.clone(), format!("more than {MOST} SLOs"));
                file.sink.borrow_mut().push(problem.hint("name fewer files"));
                blocks.truncate(left);
                break;
            }
        }
        left -= blocks.len();
        blocks
    });
    let blocks: Vec<Vec<Block>> = read.collect();
    let told = files.into_iter().map(|file| file.sink.into_inner());
    blocks.into_iter().zip(told).map(|(blocks, problems)| Found { blocks, problems }).collect()
}

fn of_document(document: &Node, shelf: &Shelf<'_>, windows: Option<&Windows>, sink: &Sink) -> Vec<Block> {
    let (version, api, kind) = (word(document, "version"), word(document, "apiVersion"), word(document, "kind"));
    match (version, api, kind) {
        (Some("prometheus/v1"), None, _) => sloth::plain(document, windows, sink),
        (_, Some("sloth.slok.dev/v1"), Some("PrometheusServiceLevel")) => sloth::kubernetes(document, windows, sink),
        (_, Some("sloth.slok.dev/v1"), Some("AlertWindows")) => Vec::new(),
        (_, Some("pyrra.dev/v1alpha1"), Some("ServiceLevelObjective")) => {
            pyrra::read(document, sink).into_iter().collect()
        }
        (_, Some("openslo/v1"), Some("SLO")) => openslo::read(document, shelf, sink),
        (_, Some("openslo/v1alpha"), Some("SLO")) => openslo_alpha::read(document, sink),
        // They say nothing alone.
        (_, Some("openslo/v1"), Some("SLI" | "AlertPolicy" | "AlertCondition" | "DataSource"))
        | (_, Some("openslo/v1" | "openslo/v1alpha"), Some("AlertNotificationTarget" | "Service")) => Vec::new(),
        _ => {
            let at = match &document.kind {
                Kind::Map(entries) => {
                    let named = ["apiVersion", "version", "kind"];
                    let entry = entries.iter().find(|entry| named.contains(&entry.key.as_str()));
                    entry.or(entries.first()).map_or_else(|| document.span.clone(), |entry| entry.span.clone())
                }
                _ => document.span.clone(),
            };
            let hint = "known: version prometheus/v1 (Sloth); apiVersion sloth.slok.dev/v1, pyrra.dev/v1alpha1, \
                        openslo/v1, openslo/v1alpha with their kinds";
            sink.borrow_mut().push(Problem::at(at, "not a document of SLOs that is known").hint(hint));
            Vec::new()
        }
    }
}
