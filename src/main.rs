//! The `conductwatch` program: parses arguments, runs the command, maps errors to exit codes.

use clap::Parser as _;
use conductwatch::cli::{self, Cli};
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::complain(&error);
            ExitCode::from(error.code)
        }
    }
}
