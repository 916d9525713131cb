use push_notify_core::i18n::{Locale, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// What is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    Stopping,
    DatabaseDown,
    NotWritable,
    CommitterStopped,
    DiskFull { free_mib: u64, least_mib: u64 },
    PluginQuarantined(String),
    PluginFailed(String),
    PluginsLoading,
    Parked { events: i64, pushes: i64 },
    QueueLate { seconds: i64 },
    StorageFull { count: usize },
    RedisDown,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Messages flow; something needs a look.
    Degraded,
    /// Nothing can be accepted.
    Down,
}

/// A problem as it is told.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Told {
    /// For machines: `database_down`, `plugin_quarantined`, ...
    pub code: &'static str,
    pub severity: Severity,
    /// The plugin that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin: Option<String>,
    /// For people.
    pub message: String,
}

impl Problem {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Stopping => "stopping",
            Self::DatabaseDown => "database_down",
            Self::NotWritable => "database_not_writable",
            Self::CommitterStopped => "committer_stopped",
            Self::DiskFull { .. } => "disk_full",
            Self::PluginQuarantined(_) => "plugin_quarantined",
            Self::PluginFailed(_) => "plugin_failed",
            Self::PluginsLoading => "plugins_loading",
            Self::Parked { .. } => "parked",
            Self::QueueLate { .. } => "queue_late",
            Self::StorageFull { .. } => "storage_full",
            Self::RedisDown => "redis_down",
        }
    }

    pub fn severity(&self) -> Severity {
        match self {
            Self::Stopping
            | Self::DatabaseDown
            | Self::NotWritable
            | Self::CommitterStopped
            | Self::DiskFull { .. } => Severity::Down,
            Self::PluginQuarantined(_)
            | Self::PluginFailed(_)
            | Self::PluginsLoading
            | Self::Parked { .. }
            | Self::QueueLate { .. }
            | Self::StorageFull { .. }
            | Self::RedisDown => Severity::Degraded,
        }
    }

    pub fn told(&self, locale: Locale) -> Told {
        Told {
            code: self.code(),
            severity: self.severity(),
            plugin: match self {
                Self::PluginQuarantined(id) | Self::PluginFailed(id) => Some(id.clone()),
                _ => None,
            },
            message: self.text().as_str(locale).to_owned(),
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::Stopping => Text::new("服务正在停止", "The server is stopping"),
            Self::DatabaseDown => Text::new("数据库没有应答", "The database does not answer"),
            Self::NotWritable => Text::new("数据库无法写入", "The database cannot be written"),
            Self::CommitterStopped => Text::new(
                "写入任务已停止，请重启服务",
                "The committer has stopped: restart the server",
            ),
            Self::DiskFull {
                free_mib,
                least_mib,
            } => Text::made(
                format!("磁盘剩余空间仅{free_mib} MiB，至少需要{least_mib} MiB"),
                format!("The disk has {free_mib} MiB left and needs {least_mib} MiB"),
            ),
            Self::PluginQuarantined(id) => Text::made(
                format!("插件{id}反复出错，已被隔离；系统会自动重试，若不恢复请修复后重新加载插件"),
                format!(
                    "The plugin {id} failed again and again and is in quarantine until a try succeeds; if none does, mend it and load the plugins again"
                ),
            ),
            Self::PluginFailed(id) => Text::made(
                format!("插件{id}无法加载，原因见日志"),
                format!("The plugin {id} cannot be loaded; the log says why"),
            ),
            Self::PluginsLoading => Text::new(
                "插件正在加载，稍后即可处理",
                "The plugins are being loaded; what arrives waits for them",
            ),
            Self::Parked { events, pushes } => Text::made(
                format!("{events}个事件和{pushes}条推送正在等待插件"),
                format!("{events} events and {pushes} pushes wait for a plugin"),
            ),
            Self::QueueLate { seconds } => Text::made(
                format!("最早到期的推送已等待{seconds}秒"),
                format!("A push has been due for {seconds} s"),
            ),
            Self::StorageFull { count } => Text::made(
                format!("{count}个仓库或所有者的存储空间已用完，其Webhook被拒绝"),
                format!(
                    "{count} repositories or owners have used up their room (`storage`): their deliveries are refused"
                ),
            ),
            Self::RedisDown => Text::new("Redis没有应答", "Redis does not answer"),
        }
    }
}
