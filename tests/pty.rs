//! The real binary in a pseudo terminal: it starts, listens, ends in every way a program can end, and gives the terminal back.

#[path = "pty/continued.rs"]
mod continued;
#[path = "pty/ending.rs"]
mod ending;
#[path = "pty/logs.rs"]
mod logs;
#[path = "pty/record.rs"]
mod record;
#[path = "pty/screen.rs"]
mod screen;
#[path = "pty/slow.rs"]
mod slow;
#[path = "pty/story.rs"]
mod story;
#[path = "pty/terminal.rs"]
mod terminal;
