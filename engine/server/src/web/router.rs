//! THE route table.

use super::{
    console, delivery, docs,
    endpoint::{Endpoint, Routes},
    measure, middleware, openapi, operations, rehearsal, routing, webhook, worker,
};
use crate::{
    api_key,
    app::App,
    auth::{
        API_KEY,
        access::{
            Access::{
                Account, Admin, AdminLogin, Anyone, Login, Owner, Public, Scraper, User, Viewer,
            },
            Noun::*,
            Verb::*,
        },
    },
    dead_letter, event,
    http::{ApiError, client::Proxies, rate_limit::RateLimits, request_id},
    log, metrics, model,
    owner::Thing,
    person,
    pipeline::Pipeline,
    plugin, prompt, push, replay, repo, review, rule, session, settings, stats, subject,
    system::{self, Checks},
    target, team, template, test_message, user,
};
use axum::{
    Extension, Router,
    http::{HeaderValue, Method, header},
    middleware::{from_fn, from_fn_with_state},
};
use push_notify_core::config::Role;
use std::{sync::Arc, time::Duration};
use tower::ServiceBuilder;
use tower_http::cors::{Any, CorsLayer};

/// Every endpoint: path, who may call it, what it does, its handler.
#[rustfmt::skip] // A line each.
fn table(app: &App) -> Routes {
    Routes::new(app.clone())
        .post("/webhook/{webhook_id}", Public, "Receive a delivery of a source", webhook::deliver)
        .get("/webhook/{webhook_id}", Public, "Answer a source's challenge, or tell that deliveries are received here, whether or not somebody has this id", webhook::challenge)
        .post("/webhook/{webhook_id}/{*path}", Public, "Receive a delivery of a source that sends below its address", webhook::deliver)
        .get("/webhook/{webhook_id}/{*path}", Public, "Answer a source's challenge below its address", webhook::challenge)
        .post("/api/v1/webhooks/{provider}/{repo_id}", Public, "Receive a delivery, for the repository with this id", webhook::deliver_to)
        .get("/api/v1/webhooks/{provider}/{repo_id}", Public, "Tell that deliveries are received here, whether or not there is this repository", webhook::about)
        .post("/api/v1/webhooks/{provider}", Public, "Receive a delivery, for the repository whose URL it holds", webhook::deliver_by_url)
        .get("/api/v1/webhooks/{provider}", Public, "Tell that deliveries are received here", webhook::about)
        .post("/api/v1/webhooks", Public, "Receive a delivery, for the repository whose URL it holds, of the source that its headers tell", webhook::deliver_by_headers)
        .get("/api/v1/webhooks", Public, "Tell that deliveries of any source are received here", webhook::about)

        .post("/api/v1/auth/login", Public, "Log in", session::api::login)
        .post("/api/v1/auth/refresh", Public, "Exchange a refresh token for new tokens", session::api::refresh)
        .get("/api/v1/auth/captcha", Public, "Get a captcha for the next login", session::api::captcha)
        .post("/api/v1/auth/register", Public, "Register", user::api::register)
        .post("/api/v1/auth/activation", Public, "Ask for another activation mail", user::api::send_activation)
        .get("/api/v1/auth/activate", Public, "Show whom the link in an activation mail is for; nothing is activated", user::api::show_activation)
        .post("/api/v1/auth/activate", Public, "Activate an account by the link in the mail", user::api::activate)
        .post("/api/v1/auth/logout", Account, "End this session", session::api::logout)
        .get("/api/v1/auth/me", Anyone, "Show the current user", session::api::me)
        .put("/api/v1/auth/password", Account, "Change one's password; other sessions end, API keys stay", user::api::change_password)

        .get("/api/v1/users", Admin(Users, Read), "List users", user::api::list)
        .post("/api/v1/users", AdminLogin, "Add a user", user::api::create)
        .get("/api/v1/users/{id}", Admin(Users, Read), "Show a user", user::api::show)
        .put("/api/v1/users/{id}", Admin(Users, Write), "Change a user", user::api::update)
        .delete("/api/v1/users/{id}", Admin(Users, Write), "Delete a user", user::api::delete)
        .put("/api/v1/users/{id}/lock", Admin(Users, Write), "Lock or unlock a user", user::api::lock)
        .post("/api/v1/users/{id}/reset-password", AdminLogin, "Give a user a temporary password; sessions and API keys end", user::api::reset_password)

        .get("/api/v1/settings", Login, "Show one's settings", settings::api::show)
        .put("/api/v1/settings", Login, "Change one's settings", settings::api::update)

        .get("/api/v1/api-keys", Login, "List API keys", api_key::api::list)
        .post("/api/v1/api-keys", Login, "Make an API key", api_key::api::create)
        .delete("/api/v1/api-keys/{id}", Login, "Revoke an API key", api_key::api::revoke)

        .get("/api/v1/teams", User(Teams, Read), "List teams", team::api::list)
        .post("/api/v1/teams", User(Teams, Write), "Make a team, to manage it", team::api::create)
        .get("/api/v1/teams/{id}", Viewer(Thing::Team, Read), "Show a team and its members", team::api::show)
        .put("/api/v1/teams/{id}", Owner(Thing::Team), "Change a team", team::api::update)
        .delete("/api/v1/teams/{id}", Owner(Thing::Team), "Delete a team; what it owns is given to whom the query names", team::api::delete)
        .post("/api/v1/teams/{id}/members", Owner(Thing::Team), "Add a user to a team", team::api::add)
        .put("/api/v1/teams/{id}/members/{user_id}", Owner(Thing::Team), "Make a member a manager, or a manager a member", team::api::change)
        .delete("/api/v1/teams/{id}/members/{user_id}", Owner(Thing::Membership), "Remove a user from a team, or leave it", team::api::remove)

        .get("/api/v1/repos", User(Repos, Read), "List repositories", repo::api::list)
        .post("/api/v1/repos", User(Repos, Write), "Add a repository", repo::api::create)
        .get("/api/v1/repos/mapping/presets", User(Repos, Read), "List the mappings that a provider brings along", repo::api::mapping::presets)
        .post("/api/v1/repos/mapping/preview", User(Repos, Read), "Show what events a mapping makes of a pasted delivery; nothing is stored", repo::api::mapping::preview)
        .get("/api/v1/repos/{id}", Viewer(Thing::Repo, Read), "Show a repository", repo::api::show)
        .put("/api/v1/repos/{id}", Owner(Thing::Repo), "Change a repository", repo::api::update)
        .delete("/api/v1/repos/{id}", Owner(Thing::Repo), "Delete a repository", repo::api::delete)
        .delete("/api/v1/repos/{id}/former-webhook-secrets", Owner(Thing::Repo), "End the webhook secrets that were replaced, at once", repo::api::end_former_secrets)
        .post("/api/v1/repos/{id}/test", Owner(Thing::Repo), "Take a made-up delivery down the road up to the channels", rehearsal::rehearse)
        .get("/api/v1/repos/{id}/webhook-url", Viewer(Thing::Repo, Read), "Show how to set up the webhook", repo::api::webhook)
        .get("/api/v1/repos/{id}/targets", Viewer(Thing::Repo, Read), "List the targets of a repository", repo::api::targets)
        .post("/api/v1/repos/{id}/targets", Owner(Thing::Repo), "Link targets to a repository", repo::api::link)

        .get("/api/v1/targets", User(Targets, Read), "List targets", target::api::list)
        .post("/api/v1/targets", User(Targets, Write), "Add a target", target::api::create)
        .get("/api/v1/targets/{id}", Viewer(Thing::Target, Read), "Show a target", target::api::show)
        .put("/api/v1/targets/{id}", Owner(Thing::Target), "Change a target", target::api::update)
        .delete("/api/v1/targets/{id}", Owner(Thing::Target), "Delete a target", target::api::delete)
        .post("/api/v1/targets/{id}/test", Owner(Thing::Target), "Send a test message to a target", test_message::api::of_target)
        .post("/api/v1/targets/{id}/repos", Owner(Thing::Target), "Link repositories to a target", target::api::link)
        .delete("/api/v1/targets/{id}/repos/{repo_id}", Owner(Thing::Link), "Unlink a repository from a target", target::api::unlink)

        .get("/api/v1/rules", User(Rules, Read), "List rules, in the order in which they are asked", rule::api::list)
        .post("/api/v1/rules", User(Rules, Write), "Add a rule, after all others", rule::api::create)
        .post("/api/v1/rules/test", User(Rules, Read), "Show who would hear of an event, and what each rule makes of it", routing::test)
        .get("/api/v1/rules/{id}", Viewer(Thing::Rule, Read), "Show a rule", rule::api::show)
        .put("/api/v1/rules/{id}", Owner(Thing::Rule), "Change a rule", rule::api::update)
        .put("/api/v1/rules/{id}/position", Owner(Thing::Rule), "Put a rule before another one, or last", rule::api::place)
        .delete("/api/v1/rules/{id}", Owner(Thing::Rule), "Delete a rule", rule::api::delete)

        .get("/api/v1/people", User(People, Read), "List people and teams whom messages call by name", person::api::list)
        .post("/api/v1/people", Admin(People, Write), "Add a person", person::api::create)
        .post("/api/v1/people/import", Admin(People, Write), "Add and change people by a table in CSV", person::api::import)
        .get("/api/v1/people/export", Admin(People, Read), "Download people as a table in CSV", person::api::export)
        .get("/api/v1/people/unknown", Admin(People, Read), "List authors of events of late whom no person stands for, with the likeliest one", person::api::unknown)
        .get("/api/v1/people/{id}", User(People, Read), "Show a person", person::api::show)
        .put("/api/v1/people/{id}", Admin(People, Write), "Change a person", person::api::update)
        .delete("/api/v1/people/{id}", Admin(People, Write), "Delete a person", person::api::delete)

        .get("/api/v1/templates", User(Templates, Read), "List templates", template::api::list)
        .post("/api/v1/templates", User(Templates, Write), "Add a template", template::api::create)
        .post("/api/v1/templates/preview", User(Templates, Read), "Render a template, or texts that are not saved yet, with given data", template::api::preview)
        .get("/api/v1/templates/reference", User(Templates, Read), "Show what templates can name: functions, and the variables of each scene", template::api::reference::show)
        .get("/api/v1/templates/{id}", Viewer(Thing::Template, Read), "Show a template", template::api::show)
        .put("/api/v1/templates/{id}", Owner(Thing::Template), "Change a template", template::api::update)
        .delete("/api/v1/templates/{id}", Owner(Thing::Template), "Delete a template", template::api::delete)
        .put("/api/v1/templates/{id}/status", Owner(Thing::Template), "Switch a template on or off", template::api::switch)
        .get("/api/v1/templates/{id}/versions", Viewer(Thing::Template, Read), "List the versions of a template", template::api::version::list)
        .post("/api/v1/templates/{id}/rollback", Owner(Thing::Template), "Go back to an earlier version of a template", template::api::version::rollback)
        .post("/api/v1/templates/{id}/test", Viewer(Thing::Template, Write), "Send a test message made with a template (an API key needs targets:write too)", test_message::api::of_template)

        .get("/api/v1/prompts", User(Prompts, Read), "List prompts", prompt::api::list)
        .post("/api/v1/prompts", User(Prompts, Write), "Add a prompt", prompt::api::create)
        .post("/api/v1/prompts/import", User(Prompts, Write), "Add a prompt from a file", prompt::api::import)
        .get("/api/v1/prompts/{id}", Viewer(Thing::Prompt, Read), "Show a prompt", prompt::api::show)
        .put("/api/v1/prompts/{id}", Owner(Thing::Prompt), "Change a prompt", prompt::api::update)
        .delete("/api/v1/prompts/{id}", Owner(Thing::Prompt), "Delete a prompt", prompt::api::delete)
        .get("/api/v1/prompts/{id}/versions", Viewer(Thing::Prompt, Read), "List the versions of a prompt", prompt::api::versions)
        .post("/api/v1/prompts/{id}/rollback", Owner(Thing::Prompt), "Take an old version of a prompt again", prompt::api::rollback)
        .post("/api/v1/prompts/{id}/duplicate", Viewer(Thing::Prompt, Write), "Copy a prompt, also a built-in one", prompt::api::duplicate)
        .post("/api/v1/prompts/{id}/test", Viewer(Thing::Prompt, Write), "Ask a model with a prompt (an API key needs models:write too)", prompt::api::test)
        .get("/api/v1/prompts/{id}/export", Viewer(Thing::Prompt, Read), "Save a prompt as a file", prompt::api::export)

        .get("/api/v1/models", User(Models, Read), "List AI models", model::api::list)
        .post("/api/v1/models", Admin(Models, Write), "Add an AI model", model::api::create)
        .get("/api/v1/models/{id}", User(Models, Read), "Show an AI model", model::api::show)
        .put("/api/v1/models/{id}", Admin(Models, Write), "Change an AI model", model::api::update)
        .delete("/api/v1/models/{id}", Admin(Models, Write), "Delete an AI model", model::api::delete)
        .post("/api/v1/models/{id}/default", Admin(Models, Write), "Make an AI model the default", model::api::make_default)
        .get("/api/v1/models/{id}/logs", Admin(Models, Read), "List the calls of an AI model", model::api::logs)
        .post("/api/v1/models/{id}/verify", Admin(Models, Write), "Check whether an AI model can be asked", model::api::verify)

        .get("/api/v1/events", User(Events, Read), "List events", event::api::list)
        .delete("/api/v1/events/batch-delete", Admin(Events, Write), "Remove parked and discarded events", event::api::remove_many)
        .get("/api/v1/events/{id}", Viewer(Thing::Event, Read), "Show an event", event::api::show)
        .delete("/api/v1/events/{id}", Admin(Events, Write), "Remove a parked or discarded event", event::api::remove)
        .get("/api/v1/events/{id}/routes", Viewer(Thing::Event, Read), "Show who hears of an event by the rules of now, and why", routing::of_event)
        .get("/api/v1/events/{id}/delivery", Admin(Events, Read), "Show the delivery of an event as it came in", delivery::show)
        .post("/api/v1/events/{id}/replay", Admin(Events, Write), "Replay an event from its stored delivery, or show what that would change", super::replay::event)

        .get("/api/v1/subjects", User(Events, Read), "List what events are about, with its present state", subject::api::list)
        .get("/api/v1/subjects/{id}", Viewer(Thing::Subject, Read), "Show a subject with its events and pushes", subject::api::show)

        .get("/api/v1/pushes", User(Pushes, Read), "List pushes", push::api::list)
        .get("/api/v1/pushes/stats", User(Pushes, Read), "Count pushes by day", push::api::stats)
        .post("/api/v1/pushes/batch-retry", User(Pushes, Write), "Send failed pushes again", push::api::retry_many)
        .delete("/api/v1/pushes/batch-delete", Admin(Pushes, Write), "Delete pushes that have ended", push::api::delete_many)
        .get("/api/v1/pushes/{id}", Viewer(Thing::Push, Read), "Show a push and its attempts", push::api::show)
        .post("/api/v1/pushes/{id}/retry", Owner(Thing::Push), "Send a failed push again", push::api::retry)

        .get("/api/v1/dead-letters", User(Pushes, Read), "List pushes that ended without success and were not sent again", dead_letter::api::list)
        .get("/api/v1/dead-letters/summary", User(Pushes, Read), "Count dead letters by state, target and reason", dead_letter::api::summary)
        .post("/api/v1/dead-letters/replay", Admin(Pushes, Write), "Send dead letters again, in the background", dead_letter::api::replay)
        .get("/api/v1/replays", User(Pushes, Read), "List replays", replay::api::list)
        .get("/api/v1/replays/{id}", Viewer(Thing::Replay, Read), "Show how far a replay is", replay::api::show)
        .post("/api/v1/replays/{id}/cancel", Admin(Pushes, Write), "End a replay; what it has not come to yet stays", replay::api::cancel)

        .get("/api/v1/reviews", User(Reviews, Read), "List reviews", review::api::list)
        .get("/api/v1/reviews/{id}", Viewer(Thing::Review, Read), "Show a review and its comments", review::api::show)
        .post("/api/v1/reviews/{id}/retry", Owner(Thing::Review), "Review an event again", review::api::retry)

        .get("/api/v1/plugins", User(Plugins, Read), "List plugins", plugin::api::list)
        .post("/api/v1/plugins/reload", Admin(Plugins, Write), "Load the plugins again", operations::reload)

        .get("/api/v1/stats/overview", User(Pushes, Read), "Show how much of everything there is", stats::api::overview)
        .get("/api/v1/stats/usage", User(Pushes, Read), "Show pushes and AI calls by day, week or month", stats::api::usage)

        .get("/api/v1/logs/system", Admin(Logs, Read), "List what the server said", log::api::system)
        .get("/api/v1/logs/operations", Admin(Logs, Read), "List who did what", log::api::operations)
        .get("/api/v1/logs/ai-calls", Admin(Logs, Read), "List calls of models", log::api::ai_calls)
        .get("/api/v1/logs/search", Admin(Logs, Read), "Search all logs", log::api::search)
        .get("/api/v1/logs/export", Admin(Logs, Read), "Download a log", log::api::export)
        .get("/api/v1/logs/stats", Admin(Logs, Read), "Count what the logs say", log::api::stats)

        .get("/healthz", Public, "Tell that the server runs", system::live)
        .get("/readyz", Public, "Tell whether webhooks can be accepted", system::ready)
        .get("/metrics", Scraper, "Show the metrics, for Prometheus", metrics::show)
        .get("/api/v1/system/health", Public, "Show how the server is; to administrators, in full", system::health)
        .get("/api/v1/system/config", Admin(System, Read), "Show the configuration without its secrets", system::config)
        .get("/api/v1/doc", Public, "The OpenAPI document", openapi::document)
        .get("/api/v1/docs", Public, "The OpenAPI document as a page", docs::page)
}

/// The rows of the table.
pub fn endpoints(app: &App) -> Vec<Endpoint> {
    table(app).split().1
}

/// The routes with what surrounds them.
pub fn router(app: App, pipeline: Pipeline, checks: Checks) -> Router {
    let limits = Arc::new(RateLimits::new(
        &app.config.rate_limit,
        app.config.connections.per_address,
        &app.shared,
    ));
    let proxies = Arc::new(Proxies::of(&app.config.server));
    let (routes, _) = table(&app).split();
    let routes = routes.merge(console::routes());
    let routes = match app.config.server.has(Role::Api) {
        true => routes,
        false => routes.layer(from_fn(worker::only_answers_about_itself)),
    };
    // In one: each layer that a router gets by itself costs each request a clone of all that is
    // inside.
    let around = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), measure::measure))
        .layer(cors(&app.config.cors.origins))
        .layer(from_fn_with_state(proxies, middleware::surround))
        .layer(Extension(checks))
        .layer(Extension(pipeline))
        .layer(Extension(limits));
    routes
        .fallback(|| async { ApiError::not_found() })
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .layer(around)
        .with_state(app)
}

/// What browsers may do for pages of these origins. Nothing is sent along by itself: tokens are in
/// a header.
fn cors(origins: &[String]) -> CorsLayer {
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::ACCEPT_LANGUAGE,
            API_KEY,
            request_id::HEADER,
        ])
        .expose_headers([
            header::RETRY_AFTER,
            header::CONTENT_DISPOSITION,
            request_id::HEADER,
        ])
        .max_age(Duration::from_secs(600));
    if origins.iter().any(|origin| origin == "*") {
        return layer.allow_origin(Any);
    }
    let origins = origins.iter().map(|origin| HeaderValue::from_str(origin));
    layer.allow_origin(origins.flatten().collect::<Vec<_>>())
}
