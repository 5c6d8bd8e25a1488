//! The `conductwatch` program: parses arguments, runs the command, maps errors to exit codes.

use clap::Parser as _;
use conductwatch::cli::{self, Cli};
use std::process::ExitCode;

/// Reading an article takes thousands of small pieces of memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, not faults; a closed standard output leaves nobody to tell.
            let wrong = error.use_stderr();
            drop(error.print());
            return if wrong { ExitCode::from(cli::USAGE) } else { ExitCode::SUCCESS };
        }
    };
    match cli::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::complain(&error);
            ExitCode::from(error.code)
        }
    }
}
