//! What nothing of the kind can be quicker than, for `benches/outside/goals.py`: `limits frame` is a bare ratatui program,
//! `limits panic` one that holds the terminal as warroom does, with eight questions in flight, and panics at the first key,
//! `limits prost FILE` and `limits json FILE` print how many milliseconds the parser alone takes for a trace.

use std::error::Error;
use std::hint::black_box;
use std::io::{Read, Write, stdin, stdout};
use std::time::Instant;

use prost::Message;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{Event, KeyCode, read};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

#[path = "../benches/limits/json.rs"]
#[expect(dead_code, reason = "it is read, and that is all")]
mod json;
#[path = "../benches/limits/otlp.rs"]
mod otlp;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let took = match (arguments.next().as_deref(), arguments.next()) {
        (Some("frame"), None) => return frame(),
        (Some("panic"), None) => return panics(),
        (Some("prost"), Some(file)) => {
            let bytes = std::fs::read(file)?;
            let began = Instant::now();
            black_box(otlp::Answer::decode(bytes.as_slice())?);
            began.elapsed()
        }
        (Some("json"), Some(file)) => {
            let bytes = std::fs::read(file)?;
            let began = Instant::now();
            black_box(serde_json::from_slice::<json::Answer<'_>>(&bytes)?);
            began.elapsed()
        }
        _ => return Err("limits frame, limits panic, limits prost FILE, or limits json FILE".into()),
    };
    writeln!(stdout(), "{}", took.as_secs_f64() * 1_000.0)?;
    Ok(())
}

/// What warroom holds when it is asked things, in the hands of a program that ends by a panic.
#[expect(clippy::panic, reason = "that is what is measured")]
fn panics() -> Result<(), Box<dyn Error>> {
    let asked = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let _guard = warroom::runtime::Guard::take()?;
    asked.block_on(async {
        let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let place = silent.local_addr()?;
        for _ in 0..8 {
            tokio::spawn(async move {
                let question = tokio::net::TcpStream::connect(place).await?;
                question.readable().await
            });
        }
        stdout().write_all(&b"panics at the first key ".repeat(4))?;
        stdout().flush()?;
        stdin().read_exact(&mut [0])?;
        drop(silent);
        std::io::Result::Ok(())
    })?;
    panic!("at the first key");
}

/// A list over the whole screen; `j` moves on, `q` ends.
fn frame() -> Result<(), Box<dyn Error>> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen)?;
    let mut terminal = Terminal::new(CrosstermBackend::new(stdout().lock()))?;
    let mut first = 0_usize;
    loop {
        terminal.draw(|frame| {
            let row = |number| Line::from(format!(" {number:>6}  order {} accepted, label requested", number * 7_919));
            let rows: Vec<Line<'_>> = (first..first + usize::from(frame.area().height)).map(row).collect();
            frame.render_widget(Paragraph::new(rows), frame.area());
        })?;
        match read()? {
            Event::Key(key) if key.code == KeyCode::Char('q') => break,
            Event::Key(key) if key.code == KeyCode::Char('j') => first += 1,
            _ => {}
        }
    }
    execute!(stdout(), LeaveAlternateScreen)?;
    disable_raw_mode()?;
    Ok(())
}
