//! Who did what to which object. A record is written in the transaction that does it.

mod entry;
pub mod store;

pub use entry::OperationEntry;

use crate::{
    app::App,
    auth::{Credential, CurrentUser},
    http::{client::Client, request_id::RequestId},
    user::User,
};
use push_notify_core::{i18n::Text, id::RowId};
use sqlx::AnyConnection;

/// What was done.
#[derive(Debug, Clone, Copy)]
pub struct AuditEntry<'a> {
    /// `NOUN.VERB`, such as `repo.create`.
    pub action: &'static str,
    /// A plain number: the noun of `action` says of which table.
    pub object_id: Option<i64>,
    pub object_name: &'a str,
    /// What action and name do not say; mostly empty. Never a secret.
    pub detail: &'a str,
}

impl<'a> AuditEntry<'a> {
    pub fn new(action: &'static str, object_id: impl RowId, object_name: &'a str) -> Self {
        Self {
            action,
            object_id: Some(object_id.get()),
            object_name,
            detail: "",
        }
    }

    pub fn with(self, detail: &'a str) -> Self {
        Self { detail, ..self }
    }

    /// `repo.create` -> `repo`
    pub(super) fn object_type(&self) -> &'static str {
        self.action.split('.').next().unwrap_or_default()
    }
}

impl CurrentUser {
    /// Records that this user does so.
    pub async fn record(
        &self,
        app: &App,
        connection: &mut AnyConnection,
        audit: AuditEntry<'_>,
    ) -> Result<(), sqlx::Error> {
        let by = store::By {
            user_id: Some(self.id),
            username: &self.username,
            api_key_id: match self.credential {
                Credential::Session(_) => None,
                Credential::ApiKey { id, .. } => Some(id),
            },
            client: &self.client,
            request_id: self.request_id.as_str(),
        };
        store::insert(connection, &by, &audit, app.clock.now_us()).await
    }
}

/// Where a request comes from whose user is known only now: who logs in, registers or opens a link.
pub struct Visitor {
    pub client: Client,
    pub request_id: RequestId,
}

impl Visitor {
    /// Records that this user does so.
    pub async fn did_as(
        &self,
        app: &App,
        connection: &mut AnyConnection,
        user: &User,
        action: &'static str,
    ) -> Result<(), sqlx::Error> {
        let by = store::By {
            user_id: Some(user.id),
            username: &user.username,
            api_key_id: None,
            client: &self.client,
            request_id: self.request_id.as_str(),
        };
        let audit = AuditEntry::new(action, user.id, &user.username);
        store::insert(connection, &by, &audit, app.clock.now_us()).await
    }
}

/// `repo.create` of `backend` -> `创建仓库：backend`, `Created repository: backend`.
pub fn words(action: &str, object_name: &str) -> Text {
    let (noun, verb) = action.split_once('.').unwrap_or((action, ""));
    let noun = match noun {
        "repo" => ("仓库", "repository"),
        "target" => ("推送目标", "target"),
        "template" => ("模板", "template"),
        "prompt" => ("提示词", "prompt"),
        "model" => ("AI模型", "model"),
        "push" => ("推送记录", "push"),
        "event" => ("事件", "event"),
        "dead_letter" => ("死信", "dead letters"),
        "replay" => ("重放任务", "replay"),
        "review" => ("代码审查", "review"),
        "plugin" => ("插件", "plugins"),
        "team" => ("团队", "team"),
        "user" => ("用户", "user"),
        "api_key" => ("API密钥", "API key"),
        "settings" => ("个人设置", "settings"),
        "log" => ("日志", "log"),
        other => (other, other),
    };
    let verb = match verb {
        "create" => ("创建", "Created"),
        "update" => ("更新", "Changed"),
        "delete" => ("删除", "Deleted"),
        "link" => ("关联", "Linked"),
        "unlink" => ("取消关联", "Unlinked"),
        "retry" => ("重试", "Retried"),
        "replay" => ("重放", "Replayed"),
        "cancel" => ("取消", "Cancelled"),
        "reload" => ("重新加载", "Loaded again"),
        "rollback" => ("回滚", "Rolled back"),
        "duplicate" => ("复制", "Duplicated"),
        "import" => ("导入", "Imported"),
        "export" => ("导出", "Exported"),
        "test" => ("测试", "Tested"),
        "verify" => ("验证", "Verified"),
        "default" => ("设为默认", "Made the default"),
        "status" => ("启用或禁用", "Switched"),
        "join" => ("添加成员到", "Added a member to"),
        "leave" => ("移除成员的", "Removed a member from"),
        "role" => ("更改成员角色的", "Changed a role in"),
        "lock" => ("锁定", "Locked"),
        "unlock" => ("解锁", "Unlocked"),
        "register" => ("注册", "Registered"),
        "activate" => ("激活", "Activated"),
        "login" => ("登录", "Logged in"),
        "logout" => ("登出", "Logged out"),
        "password" => ("修改密码", "Changed the password of"),
        "reset" => ("重置密码", "Reset the password of"),
        "revoke" => ("吊销", "Revoked"),
        "end_access" => ("终止会话与API密钥", "Ended the sessions and API keys of"),
        other => (other, other),
    };
    Text::made(
        format!("{}{}：{object_name}", verb.0, noun.0),
        format!("{} {}: {object_name}", verb.1, noun.1),
    )
}

#[cfg(test)]
mod tests;
