//! Large files: what is read backwards by several threads is what stands there, and a file that is changed under its lines
//! shows nothing wrong.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use super::Files;
use crate::domain::signal::{Level, LogBook, LogView, Look, Row, Seq};
use crate::domain::{Filter, Timestamp};
use crate::port::{Logs, Reply, Tailed};

const BEGIN: i64 = 1_767_603_600;

type Tail = BoxStream<'static, Reply<Tailed>>;

/// Some lines in one of the shapes that files have, numbered; the empty ones are not given.
fn text(lines: usize, shape: &str) -> String {
    let mut text = String::new();
    for number in 0..lines {
        let at = BEGIN + i64::try_from(number).expect("small");
        let line = match (shape, number % 50) {
            ("traces", 7) => format!("    at pool.take(pool.rs:{number})"),
            ("traces", 8) => format!("PoolTimeout: {number}"),
            ("blank", 5) => String::new(),
            ("coloured", 9) => format!("{{\"ts\":{at},\"level\":\"warn\",\"msg\":\"\u{1b}[31mn{number}n\u{1b}[0m\"}}"),
            ("escaped", 3) => format!("{{\"ts\":{at},\"level\":\"warn\",\"msg\":\"\\\"n{number}n\\\" é\"}}"),
            ("plain", _) => format!("nothing but words n{number}n and no time, however long one looks for it here"),
            _ => format!(
                "{{\"ts\":{at},\"level\":\"info\",\"service\":\"s{}\",\"msg\":\"n{number}n of many\"}}",
                number % 7
            ),
        };
        let end = if shape == "returns" { "\r\n" } else { "\n" };
        write!(text, "{line}{end}").expect("written");
    }
    text
}

async fn read(tail: &mut Tail, book: &mut LogBook, until: impl Fn(&LogBook, Option<u64>) -> bool) {
    let mut left = None;
    while !until(book, left) {
        let told = tokio::time::timeout(Duration::from_secs(30), tail.next()).await.expect("in time");
        match told.expect("a tail does not end").expect("read") {
            Tailed::Sheaves(sheaves) => {
                for sheaf in sheaves {
                    book.append_sheaf(sheaf);
                }
            }
            Tailed::Older { sheaves, left: bytes, .. } => {
                sheaves.into_iter().rev().for_each(|sheaf| book.prepend_sheaf(sheaf));
                left = Some(bytes);
            }
            _ => {}
        }
    }
}

fn tail(path: &Path) -> Tail {
    Files::open(&[path.to_owned()]).expect("a file").tail(String::new(), Timestamp::EPOCH)
}

fn raws(book: &mut LogBook) -> Vec<String> {
    let recall = book.recall((book.first_seq().0..book.end_seq().0).map(Seq));
    recall.read();
    book.keep_warm(recall);
    let book = &*book;
    (book.first_seq().0..book.end_seq().0).map(|seq| book.get(Seq(seq)).expect("a line").raw.to_owned()).collect()
}

fn found(book: &LogBook, filter: &str) -> Vec<String> {
    let mut view = LogView::new(Look { filter: Filter::parse(filter), ..Look::default() });
    view.grow(book, usize::MAX);
    if let Some(rest) = view.rest(book) {
        for slice in &rest.slices {
            view.take(book, slice.search(&rest.look, &mut Vec::new()));
        }
    }
    let line = |row| match view.row(book, row) {
        Some(Row::Line(seq)) => {
            book.recall([seq]).read();
            book.get(seq).map(|line| line.text.to_owned())
        }
        _ => None,
    };
    (0..view.len()).filter_map(line).collect()
}

#[tokio::test]
async fn every_line_of_a_large_file_is_there_once_and_in_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    for shape in ["json", "traces", "blank", "coloured", "escaped", "plain", "returns"] {
        let path = folder.path().join(shape);
        let text = text(60_000, shape);
        fs::write(&path, &text).expect("written");
        let wanted: Vec<String> = text
            .lines()
            .map(|line| line.replace("\u{1b}[31m", "").replace("\u{1b}[0m", ""))
            .filter(|line| !line.is_empty())
            .collect();
        let mut book = LogBook::with_bound(usize::MAX);
        read(&mut tail(&path), &mut book, |_, left| left == Some(0)).await;
        assert_eq!(book.len(), wanted.len(), "{shape}");
        assert_eq!(raws(&mut book), wanted, "{shape}");
        assert_eq!(found(&book, "n31337n").len(), 1, "{shape}");
        assert_eq!(found(&book, "n1n n2n").len(), 0, "{shape}");
        if shape != "coloured" {
            assert!(book.bytes() * 2 < text.len(), "{shape}: {} for {}", book.bytes(), text.len());
        }
        book.cool(0);
        assert_eq!(raws(&mut book), wanted, "{shape}, read back");
    }
}

#[tokio::test]
async fn a_stack_trace_belongs_to_the_line_before() {
    let folder = tempfile::tempdir().expect("a folder");
    for lines in [200, 60_000] {
        let path = folder.path().join("traces");
        fs::write(&path, text(lines, "traces")).expect("written");
        let mut book = LogBook::with_bound(usize::MAX);
        let wanted = if lines > 200 { Some(0) } else { None };
        read(&mut tail(&path), &mut book, |book, left| left == wanted && book.len() == lines).await;
        for (number, seq) in (book.first_seq().0..book.end_seq().0).enumerate() {
            let line = book.get(Seq(seq)).expect("a line");
            assert_eq!(line.goes_on, matches!(number % 50, 7 | 8), "{number}");
            let before =
                BEGIN + i64::try_from(if line.goes_on { number / 50 * 50 + 6 } else { number }).expect("small");
            assert_eq!((line.time.seconds(), line.level), (before, Level::Info), "{number}");
        }
    }
}

#[tokio::test]
async fn a_large_file_is_followed_from_where_it_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("grows");
    fs::write(&path, text(30_000, "json") + "{\"msg\":\"the beginning").expect("written");
    let mut book = LogBook::with_bound(usize::MAX);
    let mut tail = tail(&path);
    read(&mut tail, &mut book, |book, _| book.len() >= 100).await;
    let mut file = OpenOptions::new().append(true).open(&path).expect("a file");
    file.write_all(b" and the end\"}\nlast\n").expect("written");
    read(&mut tail, &mut book, |book, left| left == Some(0) && book.len() == 30_002).await;
    let all = raws(&mut book);
    assert_eq!(all[30_000..], ["{\"msg\":\"the beginning and the end\"}", "last"]);
    assert!(all[29_999].contains("n29999n"));
}

#[tokio::test]
async fn a_file_that_is_changed_under_its_lines_shows_nothing_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("changed");
    let before = text(40_000, "json");
    for change in ["cut", "other", "one byte"] {
        fs::write(&path, &before).expect("written");
        let mut book = LogBook::with_bound(usize::MAX);
        let mut tail = tail(&path);
        read(&mut tail, &mut book, |_, left| left == Some(0)).await;
        let whole = raws(&mut book);
        book.cool(0);
        // In place, so that the file that is open is the one that changes.
        let file = OpenOptions::new().write(true).open(&path).expect("a file");
        let mut bytes = before.clone().into_bytes();
        match change {
            "cut" => file.set_len(1_000_000).expect("cut"),
            "other" => fs::write(&path, text(50_000, "plain")).expect("written"),
            _ => {
                bytes[2_000_000] ^= 1;
                fs::write(&path, &bytes).expect("written");
            }
        }
        let now = raws(&mut book);
        let gone = now.iter().filter(|line| line.starts_with("✗ this line is no more")).count();
        assert!(gone > 0, "{change}");
        assert!(now.iter().zip(&whole).all(|(now, was)| now == was || now.starts_with("✗ this line")), "{change}");
        let lost = if change == "one byte" { 64 } else { 40_000 };
        assert!(gone <= lost, "{change}: {gone}");
        let found = found(&book, "many");
        assert!(found.iter().all(|line| line.ends_with("of many")), "{change}");
        assert_eq!(found.len(), whole.len() - gone, "{change}");
        if change == "cut" {
            read(&mut tail, &mut book, |book, _| found_note(book)).await;
        }
    }
}

fn found_note(book: &LogBook) -> bool {
    (book.first_seq().0..book.end_seq().0)
        .rev()
        .take(20_000)
        .any(|seq| book.get(Seq(seq)).is_some_and(|line| line.raw.contains("was cut short")))
}

#[tokio::test]
async fn a_line_without_end_in_a_large_file_is_cut_at_its_end_and_the_others_are_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long");
    for (after, megabytes) in [(30_000, 3), (30_000, 5), (30_000, 20), (0, 20), (0, 5)] {
        let (begin, end) = (text(20_000, "json"), text(after, "json"));
        let head = "2026-01-05T14:00:00.000Z ERROR svc HEAD ";
        let long = format!("{head}{}", "x".repeat(megabytes * 1024 * 1024));
        fs::write(&path, format!("{begin}{long}\n{end}")).expect("written");
        let mut book = LogBook::with_bound(usize::MAX);
        read(&mut tail(&path), &mut book, |_, left| left == Some(0)).await;
        let all = raws(&mut book);
        assert_eq!(all.len(), 20_001 + after);
        let kept = 1024 * 1024;
        assert_eq!(
            all[20_000],
            format!("{}… [{} bytes cut]", long.get(..kept).expect("text"), long.len() - kept),
            "{megabytes}"
        );
        assert!(all[19_999].contains("n19999n") && all.get(20_001).is_none_or(|line| line.contains("n0n")));
        let line = book.get(Seq(book.first_seq().0 + 20_000)).expect("a line");
        assert_eq!((line.time.seconds(), line.level), (1_767_621_600, Level::Error), "{megabytes}");
        assert_eq!(found(&book, "HEAD").len(), 1, "{megabytes}");
    }
}
