//! Starting and stopping the server.

use crate::{
    app::{App, Parts},
    descriptors, loading,
    log::system::Lines,
    mail::Mailer,
    otel::Tracer,
    pipeline::{self, Pipeline, Records, start_housekeeping},
    prompt, rotation,
    shared::Shared,
    system::Checks,
    template, user, web,
};
use anyhow::Context as _;
use push_notify_core::{
    clock::Clock,
    config::{self, Config},
    files,
};
use push_notify_db::Db;
use push_notify_host::{Ceilings, Host, HostConfig, NetworkPolicy, Quarantine};
use std::{fs, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// A running server.
pub struct Server {
    app: App,
    pipeline: Pipeline,
    address: SocketAddr,
    first_password: Option<String>,
    stop: CancellationToken,
    serving: JoinHandle<std::io::Result<()>>,
    records: Records,
    loading: JoinHandle<()>,
}

impl Server {
    /// Opens the database, takes up what an earlier run left, and listens. The plugins are loaded
    /// beside it.
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        Self::start_with(config, None, Clock::default()).await
    }

    /// As [`Server::start`]; `lines` are kept in the database.
    pub async fn start_with(
        config: Config,
        lines: Option<Lines>,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let data_dir = config.server.data_dir.clone();
        // Before anything is opened.
        let mut config = config;
        config.connections.most = descriptors::connections(&config);
        files::private_folder(&data_dir, "server.data_dir")?;
        let db = Db::open(&config.database, &data_dir, &clock).await?;
        let vault = rotation::unlock(&config.secrets, &data_dir, &db).await?;
        let shared = Arc::new(match config.redis.url.as_str() {
            "" => Shared::in_memory(clock.clone()),
            url => Shared::on_redis(url, &db.installation().await?, clock.clone()).await?,
        });
        let host = Arc::new(plugin_host(&config, shared.clone())?);
        let plugins = loading::found(&config)?;
        host.announce(&plugins).await;
        // Bound before anything is taken up: a second server on the same address must not get that
        // far.
        let listener = TcpListener::bind(config.server.listen)
            .await
            .with_context(|| {
                format!(
                    "cannot listen on {} (`server.listen`)",
                    config.server.listen
                )
            })?;
        let address = listener.local_addr()?;
        let metrics = listen_for_scrapers(&config.metrics).await?;
        let public_base = config.server.public_base(address);
        let mailer = Mailer::new(&config.mail, &config.network.extra_roots)?;
        let mut parts = Parts::new(config, public_base, clock.clone(), db, vault, host, mailer);
        parts.tracer = Tracer::start(
            &parts.config.otel,
            &parts.config.network.extra_roots,
            parts.db.number().get(),
        )?;
        parts.shared = shared;
        if let Some(lines) = &lines {
            parts.dropped_lines = lines.dropped().clone();
        }
        let app = App::new(parts);
        let records = Records::start(&app, lines);
        let lock = app.db.startup_lock().await?;
        let first_password = user::ensure_admin(&app).await?;
        template::ensure_builtin(&app).await?;
        prompt::ensure_builtin(&app).await?;
        let recovered = pipeline::recover(&app).await?;
        if let Some(lock) = lock {
            lock.end().await;
        }
        if recovered > 0 {
            tracing::info!(
                pieces = recovered,
                "took up work that an earlier run left unfinished"
            );
        }
        let pipeline = Pipeline::start(app.clone());
        let loading = tokio::spawn(loading::first(app.clone(), pipeline.clone(), plugins));
        let checks = Checks::new(app.clone());
        let stop = CancellationToken::new();
        if let Some(listener) = metrics {
            tracing::info!("metrics at http://{}/metrics", listener.local_addr()?);
            let router = web::metrics_routes(app.clone(), checks.clone());
            tokio::spawn(web::serve(listener, router, stop.clone(), &app.config));
        }
        let router = web::router(app.clone(), pipeline.clone(), checks);
        start_housekeeping(&app, clock, &stop);
        let serving = tokio::spawn(web::serve(listener, router, stop.clone(), &app.config));
        tracing::info!("listening on http://{address}");
        Ok(Self {
            app,
            pipeline,
            address,
            first_password,
            stop,
            serving,
            records,
            loading,
        })
    }

    /// Returns when the plugins are loaded. Until then what comes in is kept, and nothing is sent.
    pub async fn loaded(&mut self) {
        if !self.loading.is_finished() {
            (&mut self.loading).await.ok();
        }
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    pub fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Made up at the first start, to be shown once.
    pub fn first_password(&self) -> Option<&str> {
        self.first_password.as_deref()
    }

    /// Reads the plugins and their switches again, and the secret keys. Calls in flight end on what
    /// they began with.
    pub async fn reload(&self, config: &Config) -> anyhow::Result<()> {
        loading::again(&self.app, &self.pipeline, config).await
    }

    /// Ends when the server stopped by itself.
    pub async fn serving(&mut self) -> anyhow::Result<()> {
        (&mut self.serving).await??;
        Ok(())
    }

    /// Takes no more requests, finishes those under way, then the sends.
    pub async fn stop(mut self) {
        self.app.pulse.stopping();
        self.stop.cancel();
        self.loading.abort();
        let grace_period = Duration::from_secs(self.app.config.server.shutdown_seconds);
        if tokio::time::timeout(grace_period, &mut self.serving)
            .await
            .is_err()
        {
            tracing::warn!("requests are still under way; they are cut off");
            self.serving.abort();
        }
        self.pipeline.stop(grace_period).await;
        self.app.tracer.stop().await;
        // What it held is due again: another node need not find that out by itself.
        self.app.pushes_due();
        self.app.reviews_due();
        self.records.stop().await;
        self.app.db.close().await;
        tracing::info!("stopped");
    }
}

/// At an address of its own, where there is one.
async fn listen_for_scrapers(settings: &config::Metrics) -> anyhow::Result<Option<TcpListener>> {
    let Some(address) = settings.listen.filter(|_| settings.enabled) else {
        return Ok(None);
    };
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address} (`metrics.listen`)"))?;
    Ok(Some(listener))
}

fn plugin_host(config: &Config, shared: Arc<Shared>) -> anyhow::Result<Host> {
    let read = |path: &std::path::PathBuf| {
        fs::read(path).with_context(|| format!("`network.extra_roots`: {}", path.display()))
    };
    let settings = HostConfig {
        cache_dir: config.server.data_dir.join("plugin-cache"),
        network: NetworkPolicy::new(config.network.allow.clone()),
        extra_roots_pem: config
            .network
            .extra_roots
            .iter()
            .map(read)
            .collect::<Result<_, _>>()?,
        ehlo_name: config.mail.ehlo_name(),
        limits: Ceilings {
            memory_mib: config.plugins.memory_mib,
            timeout: Duration::from_millis(config.plugins.timeout_ms),
            ai_timeout: Duration::from_millis(config.plugins.ai_timeout_ms),
            cpu: Duration::from_millis(config.plugins.cpu_ms),
            ..Ceilings::default()
        },
        quarantine: Quarantine::default(),
    };
    Host::new(settings, shared).context("cannot start the plugin host")
}
