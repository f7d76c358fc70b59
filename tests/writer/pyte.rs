//! The same question to a second emulator, written in another language by other people. A sample: it is slow.

use std::fmt::Write;
use std::io::Write as _;
use std::process::{Command, Stdio};

use ratatui::buffer::CellWidth;
use warroom::writer::Means;

use crate::canvas::{Canvas, Dice, SURE};
use crate::desk::Desk;

const SCRIPT: &str = include_str!("screen.py");
const SEQUENCES: u64 = 150;
const FRAMES: usize = 5;

/// A python that has the emulator.
fn python() -> Option<&'static str> {
    let has = |name: &&str| {
        Command::new(name)
            .args(["-c", "import pyte"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    ["python3", "/usr/bin/python3"].into_iter().find(has)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}

#[test]
fn a_second_emulator_sees_the_same() {
    let Some(python) = python() else {
        assert!(std::env::var_os("WARROOM_CI_SERVERS").is_none(), "python3 with pyte is not installed");
        println!("skipped: there is no python3 with pyte");
        return;
    };
    let mut story = String::new();
    for seed in 0..SEQUENCES {
        let mut dice = Dice::new(seed);
        let (width, height) = dice.size();
        let (width, height) = (width.min(80), height.min(30));
        let mut desk = Desk::new(width, height, Means::FULL);
        let mut canvas = Canvas::new(width, height);
        canvas.words = SURE;
        canvas.fill(&mut dice);
        writeln!(story, "size {width} {height}").expect("a String takes everything");
        for _ in 0..FRAMES {
            let bytes = desk.draw(&canvas.picture, None);
            writeln!(story, "bytes {}", hex(&bytes)).expect("a String takes everything");
            for y in 0..height {
                let mut row = String::new();
                let mut x = 0;
                while x < width {
                    let cell = canvas.picture.cell((x, y)).expect("inside");
                    row.push_str(cell.symbol());
                    x += cell.cell_width().max(1);
                }
                writeln!(story, "row {}", hex(row.as_bytes())).expect("a String takes everything");
            }
            canvas.change(&mut dice);
        }
    }
    let mut command = Command::new(python);
    command.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("python starts");
    child.stdin.take().expect("piped").write_all(story.as_bytes()).expect("python reads");
    let said = child.wait_with_output().expect("python ends");
    let (out, err) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success(), "{out}{err}");
    let rows = story.lines().filter(|line| line.starts_with("row ")).count();
    assert_eq!(out.trim(), format!("{rows} rows are equal"));
}
