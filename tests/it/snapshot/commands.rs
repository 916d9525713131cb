//! What the two commands say of themselves.

use super::compare::unchanged;
use clap::CommandFactory as _;
use std::{fmt::Write as _, process::Command};

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");

#[test]
fn the_help_of_the_server_and_of_its_commands() {
    let mut text = String::new();
    describe(&mut Vec::new(), &mut text);
    unchanged("push-notify", &text);
}

#[test]
fn the_help_of_the_build_tool_and_of_its_commands() {
    let mut tool = push_notify_plugin::cli::Cli::command();
    tool.build();
    let mut text = tool.render_long_help().to_string();
    for command in tool.get_subcommands_mut() {
        write!(text, "\n\n{}", command.render_long_help()).expect("a text");
    }
    unchanged("push-notify-plugin", &text);
}

/// The help of a command, and then that of each command below it.
fn describe(command: &mut Vec<String>, text: &mut String) {
    let output = Command::new(BINARY)
        .args(&*command)
        .arg("--help")
        .env_clear()
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{command:?}: {output:?}");
    let help = String::from_utf8(output.stdout).expect("UTF-8");
    let help = help.replace("push-notify-under-test", "push-notify");
    writeln!(text, "$ push-notify {}--help\n{help}", words(command)).expect("a text");
    let below = help
        .split_once("\nCommands:\n")
        .map_or("", |(_, list)| list);
    // A name stands two columns in; what goes on from the line before stands further.
    let named = |line: &str| {
        let line = line
            .strip_prefix("  ")
            .filter(|line| !line.starts_with(' '))?;
        line.split(' ').next().map(str::to_owned)
    };
    for name in below.lines().map_while(named) {
        command.push(name);
        describe(command, text);
        command.pop();
    }
}

fn words(command: &[String]) -> String {
    command
        .iter()
        .fold(String::new(), |text, word| text + word + " ")
}
