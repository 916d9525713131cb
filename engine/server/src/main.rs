fn main() -> anyhow::Result<()> {
    push_notify::cli::main()
}
