use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    push_notify::cli::main()
}
