//! `warroom keys` and `warroom completions`: what can be pressed and typed, on standard output.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Arguments;
use crate::room::{Command, Group, Keymap};

/// One action a line: its keys, its name, its words, under the head of its group.
pub(super) fn print(keymap: &Keymap, out: &mut impl Write) -> io::Result<()> {
    for (at, group) in Group::ALL.into_iter().enumerate() {
        writeln!(out, "{}{}", if at == 0 { "" } else { "\n" }, group.word())?;
        for action in Command::ALL.iter().filter(|action| action.group == group) {
            let changed = if keymap.is_remapped(action.command) { " *" } else { "" };
            let keys = format!("{}{changed}", keymap.show(action.command));
            writeln!(out, "  {keys:<18} {:<18} {}", action.name, action.words)?;
        }
    }
    Ok(())
}

/// Whoever reads may stop reading: that is the writer's to tell, and not the generator's to fall over.
pub(super) fn completions(shell: Shell, out: &mut impl Write) -> io::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "warroom", &mut script);
    out.write_all(&script)
}
