//! The business codes of the API contract (`tests/contract/codes.toml`) that this server answers
//! with, each with its HTTP status.

use crate::http::ApiError;
use axum::http::StatusCode;
use push_notify_core::i18n::Text;

/// A row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorCode {
    pub status: StatusCode,
    pub code: u32,
    pub message: Text,
}

pub static USERNAME_TAKEN: ErrorCode = known(
    StatusCode::CONFLICT,
    10001,
    "用户名已存在",
    "A user with this name exists already",
);
pub static EMAIL_TAKEN: ErrorCode = known(
    StatusCode::CONFLICT,
    10002,
    "邮箱已被注册",
    "A user with this mail address exists already",
);
pub static PASSWORD_WEAK: ErrorCode = known(
    StatusCode::UNPROCESSABLE_ENTITY,
    10003,
    "密码强度不足",
    "The password is too weak",
);
pub static ACCOUNT_LOCKED: ErrorCode = known(
    StatusCode::FORBIDDEN,
    10004,
    "账户已被锁定",
    "The account is locked",
);
pub static WRONG_PASSWORD: ErrorCode = known(
    StatusCode::UNAUTHORIZED,
    10005,
    "用户名或密码错误",
    "Wrong user name or password",
);
pub static REPO_NAME_TAKEN: ErrorCode = known(
    StatusCode::CONFLICT,
    20001,
    "仓库名称已存在",
    "A repository with this name exists already",
);
pub static REPO_URL_INVALID: ErrorCode = known(
    StatusCode::UNPROCESSABLE_ENTITY,
    20002,
    "仓库URL格式无效",
    "The repository URL is not valid",
);
pub static WEBHOOK_INVALID: ErrorCode = known(
    StatusCode::UNPROCESSABLE_ENTITY,
    20003,
    "Webhook配置无效",
    "The webhook settings are not valid",
);
pub static REPO_NOT_FOUND: ErrorCode = known(
    StatusCode::NOT_FOUND,
    20004,
    "仓库不存在",
    "There is no such repository",
);
pub static TARGET_NAME_TAKEN: ErrorCode = known(
    StatusCode::CONFLICT,
    30001,
    "推送目标名称已存在",
    "A target of this type with this name exists already",
);
pub static DINGTALK_INVALID: ErrorCode = known(
    StatusCode::UNPROCESSABLE_ENTITY,
    30002,
    "钉钉配置无效",
    "The DingTalk settings are not valid",
);
pub static EMAIL_INVALID: ErrorCode = known(
    StatusCode::UNPROCESSABLE_ENTITY,
    30003,
    "邮箱SMTP配置无效",
    "The mail settings are not valid",
);
pub static TARGET_NOT_FOUND: ErrorCode = known(
    StatusCode::NOT_FOUND,
    30004,
    "推送目标不存在",
    "There is no such target",
);
/// The contract has no business code for it.
pub static TEAM_NAME_TAKEN: ErrorCode = known(
    StatusCode::CONFLICT,
    409,
    "团队名称已存在",
    "A team with this name exists already",
);
/// The contract has no business code for it.
pub static RULE_NAME_TAKEN: ErrorCode = known(
    StatusCode::CONFLICT,
    409,
    "规则名称已存在",
    "A rule with this name exists already",
);
/// The contract has no business code for it.
pub static PERSON_TAKEN: ErrorCode = known(
    StatusCode::CONFLICT,
    409,
    "已有同名人员，或其账号、身份已属于他人",
    "A person with this name, account or identity exists already",
);
/// The contract has no business code for it.
pub static MODEL_NAME_TAKEN: ErrorCode = known(
    StatusCode::CONFLICT,
    409,
    "模型名称已存在",
    "A model with this name exists already",
);
pub static MODEL_INVALID: ErrorCode = known(
    StatusCode::UNPROCESSABLE_ENTITY,
    40001,
    "AI模型配置无效",
    "The model's settings are not valid",
);
pub static AI_CALL_FAILED: ErrorCode = known(
    StatusCode::FAILED_DEPENDENCY,
    40002,
    "AI服务调用失败",
    "The AI service did not answer",
);
pub static MODEL_NOT_FOUND: ErrorCode = known(
    StatusCode::NOT_FOUND,
    40003,
    "模型不存在",
    "There is no such model",
);
pub static TEMPLATE_NAME_TAKEN: ErrorCode = known(
    StatusCode::CONFLICT,
    50001,
    "模板名称已存在",
    "A template of this type and scene with this name exists already",
);
pub static TEMPLATE_EMPTY: ErrorCode = known(
    StatusCode::UNPROCESSABLE_ENTITY,
    50002,
    "模板内容不能为空",
    "The template must have content",
);
pub static TEMPLATE_IS_DEFAULT: ErrorCode = known(
    StatusCode::CONFLICT,
    50003,
    "默认模板不能删除",
    "The default template cannot be deleted",
);
pub static PROMPT_NAME_TAKEN: ErrorCode = known(
    StatusCode::CONFLICT,
    60001,
    "提示词名称已存在",
    "A prompt with this name exists already",
);
pub static PROMPT_VARIABLES_MISSING: ErrorCode = known(
    StatusCode::UNPROCESSABLE_ENTITY,
    60002,
    "提示词必须包含必要变量",
    "The prompt lacks a variable that it needs",
);
/// The contract has no business code for it.
pub static PROMPT_IS_BUILT_IN: ErrorCode = known(
    StatusCode::FORBIDDEN,
    403,
    "内置提示词不能修改或删除，请复制后修改副本",
    "A built-in prompt cannot be changed or deleted: duplicate it and change the copy",
);
pub static PUSH_NOT_FOUND: ErrorCode = known(
    StatusCode::NOT_FOUND,
    70001,
    "推送记录不存在",
    "There is no such push",
);
pub static RETRIES_EXHAUSTED: ErrorCode = known(
    StatusCode::CONFLICT,
    70002,
    "推送重试次数已用尽",
    "This push cannot be retried any more",
);

const fn known(status: StatusCode, code: u32, zh: &'static str, en: &'static str) -> ErrorCode {
    ErrorCode {
        status,
        code,
        message: Text::new(zh, en),
    }
}

impl From<&ErrorCode> for ApiError {
    fn from(known: &ErrorCode) -> Self {
        Self::new(known.status, known.code, known.message.clone())
    }
}
