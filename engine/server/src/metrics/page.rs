//! THE METRICS, each with what it means. Names that end in `_total` and `_seconds` are of this node
//! since it started, unless their help says that they are of the database, which all nodes share.

use super::{process, queue::Found, store::MOST, text::Text};
use crate::{app::App, push::Status};
use push_notify_host::{PluginInfo, PluginState};

pub(super) fn write(app: &App, found: &Found) -> String {
    let mut text = Text::default();
    text.head("push_notify_build_info", "gauge", "The version; always 1.");
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    text.sample("push_notify_build_info", &version, 1);
    webhooks(&mut text, app);
    pushes(&mut text, app);
    queue(&mut text, found);
    commits(&mut text, app);
    reviews(&mut text, app);
    plugins(&mut text, &app.host.plugins());
    connections(&mut text, app, found);
    telemetry(&mut text, app);
    process::write(&mut text, app.started_at);
    text.end()
}

fn webhooks(text: &mut Text, app: &App) {
    let metrics = &app.metrics;
    text.counters(
        "push_notify_deliveries_total",
        "Authentic webhook deliveries, by Git host and outcome: accepted, duplicate, ignored, parked.",
        &metrics.deliveries,
    );
    text.counters(
        "push_notify_refused_deliveries_total",
        "Webhook deliveries that were not taken, by reason.",
        &metrics.refusals,
    );
    text.histogram(
        "push_notify_ack_seconds",
        "From the head of a webhook request to its 2xx: the event is on disk by then.",
        &metrics.ack,
    );
    text.counters(
        "push_notify_api_requests_total",
        "Requests to the admin API, by HTTP status.",
        &metrics.requests,
    );
}

fn pushes(text: &mut Text, app: &App) {
    let metrics = &app.metrics;
    text.counters(
        "push_notify_attempts_total",
        "Attempts at pushes, by channel and outcome.",
        &metrics.attempts,
    );
    text.counters(
        "push_notify_ended_pushes_total",
        "Pushes that came to an end, by channel and state: delivered, failed (attempts used up), rejected, misconfigured, partial, cancelled.",
        &metrics.pushes,
    );
    text.histograms(
        "push_notify_send_seconds",
        "An attempt: rendering, the channel plugin and the far side's answer, by channel.",
        &metrics.send,
    );
    text.histogram(
        "push_notify_queue_wait_seconds",
        "From when a push was due to the beginning of an attempt.",
        &metrics.queue_wait,
    );
    text.histogram(
        "push_notify_delivery_seconds",
        "From receiving an event to its delivery to one target, with reviews, retries and waits.",
        &metrics.delivery,
    );
    text.gauge(
        "push_notify_held_pushes",
        "Pushes in this node's memory, waiting or being sent.",
        metrics.held.get(),
    );
    text.gauge(
        "push_notify_sending_pushes",
        "Sends of this node under way.",
        metrics.sending.get(),
    );
}

/// Left out while the database does not answer: no value is better than an old one.
fn queue(text: &mut Text, found: &Found) {
    let Some(queue) = &found.queue else { return };
    let name = "push_notify_pushes";
    let help =
        "Pushes in the database by status, as the API tells them; failed ones are dead letters.";
    text.head(name, "gauge", help);
    let statuses = [
        ("pending", Status::Pending),
        ("success", Status::Success),
        ("failed", Status::Failed),
    ];
    for (word, status) in statuses {
        text.sample(name, &[("status", word)], queue.pushes.of(status));
    }
    let name = "push_notify_queue_pushes";
    let help = format!(
        "Pending pushes in the database: due, leased (held by a node), parked (no plugin), waiting (retries, reviews). All but waiting are counted up to {MOST}."
    );
    text.head(name, "gauge", &help);
    text.sample(name, &[("state", "due")], queue.due);
    text.sample(name, &[("state", "leased")], queue.leased);
    text.sample(name, &[("state", "parked")], queue.parked_pushes);
    text.sample(name, &[("state", "waiting")], queue.waiting());
    text.gauge(
        "push_notify_oldest_due_seconds",
        "For how long the push in the database that is most overdue has been due and held by nobody.",
        queue.oldest.as_secs_f64(),
    );
    text.gauge(
        "push_notify_parked_events",
        &format!(
            "Events in the database that wait for their provider plugin, counted up to {MOST}."
        ),
        queue.parked_events,
    );
    text.gauge(
        "push_notify_parked_bytes",
        "What the bodies of those events take up in the database.",
        queue.parked_bytes,
    );
    text.gauge(
        "push_notify_open_reviews",
        &format!("Reviews in the database that are to be made or shown, counted up to {MOST}."),
        queue.open_reviews,
    );
}

fn commits(text: &mut Text, app: &App) {
    let metrics = &app.metrics;
    text.gauge(
        "push_notify_stored_bytes",
        "What the deliveries and messages of all repositories take up in the database, as far as this node knows.",
        app.storage.bytes(),
    );
    text.histogram(
        "push_notify_commit_seconds",
        "Transactions of the committer.",
        &metrics.commit,
    );
    text.histogram(
        "push_notify_commit_rows",
        "Events and outcomes in one transaction of the committer.",
        &metrics.commit_rows,
    );
    text.counter(
        "push_notify_commit_failures_total",
        "Transactions of the committer that the database refused.",
        metrics.commit_failures.get(),
    );
}

fn reviews(text: &mut Text, app: &App) {
    let metrics = &app.metrics;
    text.counters(
        "push_notify_reviews_total",
        "Reviews that ended, by state: completed, skipped, failed, taken_over (another one of the same commit).",
        &metrics.reviews,
    );
    text.histogram(
        "push_notify_review_seconds",
        "From the beginning of a review to its result.",
        &metrics.review,
    );
    text.counters(
        "push_notify_ai_calls_total",
        "Questions to models, by AI plugin and outcome: success, failed.",
        &metrics.ai_calls,
    );
    text.counters(
        "push_notify_ai_tokens_total",
        "Tokens of models, by AI plugin and direction: input, output.",
        &metrics.ai_tokens,
    );
    text.histograms(
        "push_notify_ai_call_seconds",
        "A question to a model, by AI plugin.",
        &metrics.ai_call,
    );
}

/// A plugin that is replaced begins at 0 again.
fn plugins(text: &mut Text, plugins: &[PluginInfo]) {
    let known: Vec<_> = plugins
        .iter()
        .filter_map(|plugin| Some((plugin.manifest.as_ref()?, plugin)))
        .collect();
    let name = "push_notify_plugin_calls_total";
    text.head(name, "counter", "Calls of plugins, by kind and id.");
    for (manifest, plugin) in &known {
        let labels = [("kind", manifest.kind.name()), ("plugin", &*manifest.id)];
        text.sample(name, &labels, plugin.calls);
    }
    let name = "push_notify_plugin_faults_total";
    let help = "Calls of plugins without an answer: trap (the plugin broke), deadline (it took too long), busy (the host had no room).";
    text.head(name, "counter", help);
    for (manifest, plugin) in &known {
        let faults = [
            ("trap", plugin.traps),
            ("deadline", plugin.deadlines),
            ("busy", plugin.busy),
        ];
        for (fault, count) in faults {
            let labels = [
                ("kind", manifest.kind.name()),
                ("plugin", &*manifest.id),
                ("fault", fault),
            ];
            text.sample(name, &labels, count);
        }
    }
    let name = "push_notify_quarantined_plugins";
    let help = "Whether a plugin is in quarantine: 1, else 0.";
    text.head(name, "gauge", help);
    for (manifest, plugin) in &known {
        let labels = [("kind", manifest.kind.name()), ("plugin", &*manifest.id)];
        let quarantined = matches!(plugin.state, PluginState::Quarantined { .. });
        text.sample(name, &labels, u8::from(quarantined));
    }
    let failed = plugins
        .iter()
        .filter(|plugin| matches!(plugin.state, PluginState::Failed { .. }));
    text.gauge(
        "push_notify_failed_plugins",
        "Plugins that cannot be loaded.",
        failed.count(),
    );
}

fn connections(text: &mut Text, app: &App, found: &Found) {
    text.gauge(
        "push_notify_database_up",
        "Whether the database answered: 1, else 0.",
        u8::from(found.queue.is_some()),
    );
    let name = "push_notify_database_connections";
    let help =
        "Connections to the database by pool and state. On PostgreSQL the two pools are one.";
    text.head(name, "gauge", help);
    for (pool, of) in [("read", app.db.read()), ("write", app.db.write())] {
        let (size, idle) = (of.size() as usize, of.num_idle());
        text.sample(name, &[("pool", pool), ("state", "idle")], idle);
        let used = size.saturating_sub(idle);
        text.sample(name, &[("pool", pool), ("state", "used")], used);
    }
    if let Some(up) = found.redis {
        let help = "Whether Redis answered: 1, else 0. Absent when none is configured.";
        text.gauge("push_notify_redis_up", help, u8::from(up));
    }
}

fn telemetry(text: &mut Text, app: &App) {
    text.counter(
        "push_notify_dropped_log_lines_total",
        "Lines that the system log had no room for.",
        app.dropped_lines.count(),
    );
    if let Some(exported) = app.tracer.exported() {
        text.counter(
            "push_notify_exported_spans_total",
            "Spans that the collector took.",
            exported.sent.get(),
        );
        text.counter(
            "push_notify_dropped_spans_total",
            "Spans that were thrown away: the collector was away, or too slow.",
            exported.dropped.get(),
        );
    }
}
