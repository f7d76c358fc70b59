//! From files to SLOs: read together, checked as the config checks its own, told where they are wrong.

use super::dispatch;
use crate::config::problem::{Problem, Problems, Sink};
use crate::domain::Symbol;
use crate::domain::slo::Slo;

/// A file as it was read, under the name that the user knows it by.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub text: String,
}

/// One SLO that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub slo: Slo,
    /// Labels, each combination of whose values is an SLO of its own.
    pub by: Vec<Symbol>,
    /// Its `[[slo]]` as `config.toml` has it, below comments.
    pub toml: String,
    /// Which file it is from.
    pub file: usize,
}

/// What was read; what was refused is told, and costs itself alone.
#[derive(Clone, Debug)]
pub struct Import {
    pub slos: Vec<Imported>,
    /// One for each file with problems.
    pub problems: Vec<Problems>,
}

/// Reads all files together: a document of one may speak of a document of another.
#[must_use]
pub fn import(files: &[File]) -> Import {
    let texts: Vec<&str> = files.iter().map(|file| file.text.as_str()).collect();
    let (mut slos, mut problems) = (Vec::<Imported>::new(), Vec::new());
    for (place, (file, found)) in files.iter().zip(dispatch::read(&texts)).enumerate() {
        let sink = Sink::new(found.problems);
        for block in found.blocks {
            let Some((slo, by)) = block.checked(&sink) else { continue };
            if slos.iter().any(|known| known.slo.name == slo.name) {
                let problem = Problem::at(block.at.clone(), format!("a second `{}`", slo.name));
                sink.borrow_mut().push(problem.hint("give each its own name"));
                continue;
            }
            slos.push(Imported { slo, by, toml: block.toml(), file: place });
        }
        let mut told = sink.into_inner();
        // A document that several SLOs speak of is read for each of them.
        told.sort_by(|one, other| (one.span.start, &one.message).cmp(&(other.span.start, &other.message)));
        told.dedup();
        if told.is_empty() && !slos.iter().any(|slo| slo.file == place) && texts.len() == 1 {
            let problem = Problem::at(0..0, "no SLO is in it");
            told.push(
                problem.hint("windows and indicators are read together with the files of the SLOs that use them"),
            );
        }
        if !told.is_empty() {
            problems.push(Problems::new(&file.name, &file.text, told));
        }
    }
    Import { slos, problems }
}
