//! The program: hands its arguments to `cli` and returns its exit code. Nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    warroom::cli::main()
}
