use std::process::ExitCode;

fn main() -> ExitCode {
    push_notify::cli::main()
}
