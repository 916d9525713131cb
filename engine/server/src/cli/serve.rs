use crate::{log::system::Lines, run::Server, telemetry};
use push_notify_core::{
    clock::Clock,
    config::{self, Role},
    files,
};
use std::path::Path;
use tokio::signal::unix::{SignalKind, signal};

pub(super) fn serve(file: Option<&Path>, roles: &[Role]) -> anyhow::Result<()> {
    let mut report = config::check_as(file, roles)?;
    let warnings = std::mem::take(&mut report.warnings);
    let settings = report.sound()?;
    let clock = Clock::default();
    let telemetry = telemetry::start(&settings.log, &clock)?;
    if files::is_root() {
        tracing::warn!("runs as root, whose rights it has no use for: give it a user of its own");
    }
    for warning in warnings {
        tracing::warn!("configuration: {warning}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(run(file, roles, settings, telemetry.lines, clock));
    // A plugin may still be being compiled: nobody needs it any more.
    runtime.shutdown_background();
    ended
}

/// Until SIGTERM or SIGINT. SIGHUP reads the plugins and their switches again.
async fn run(
    file: Option<&Path>,
    roles: &[Role],
    settings: config::Config,
    lines: Option<Lines>,
    clock: Clock,
) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let mut server = Server::start_with(settings, lines, clock).await?;
    welcome(&server);
    loop {
        tokio::select! {
            stopped = server.serving() => return stopped,
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hangup.recv() => match config::load_as(file, roles) {
                Ok(settings) => {
                    if let Err(error) = server.reload(&settings).await {
                        tracing::error!("cannot reload: {error:#}");
                    }
                }
                Err(error) => tracing::error!("cannot reload: {error:#}"),
            },
        }
    }
    tracing::info!("stopping");
    server.stop().await;
    Ok(())
}

/// Said once, on the first start: the password is kept nowhere in clear.
fn welcome(server: &Server) {
    let base = &server.app().public_base;
    let Some(password) = server.first_password() else {
        return;
    };
    println!(
        "
  Open {base}/console

  First administrator   user name  admin
                        password   {password}
  The password is shown this once, and is good for one thing: to choose another.

  Or without a browser:

    token=$(curl -s {base}/api/v1/auth/login -H 'Content-Type: application/json' \\
        -d '{{\"username\":\"admin\",\"password\":\"{password}\"}}' | sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')
    read -rs new    # your password: 8 characters or more, upper and lower case and a digit among them
    curl -s -X PUT {base}/api/v1/auth/password -H \"Authorization: Bearer $token\" -H 'Content-Type: application/json' \\
        -d \"{{\\\"old_password\\\":\\\"{password}\\\",\\\"new_password\\\":\\\"$new\\\",\\\"confirm_password\\\":\\\"$new\\\"}}\"

  Next: create a repository (POST /api/v1/repos) and a target (POST /api/v1/targets), and put the webhook_url
  and webhook_secret of the answer into your Git host. The README shows each call.
"
    );
}
