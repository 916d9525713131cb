//! The one error of the API.

use super::{code::ErrorCode, envelope::Envelope};
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use push_notify_core::i18n::Text;
use push_notify_db::Fault;

/// What a request is refused with. The cause of an internal one goes to the log, never to the
/// client.
#[derive(Debug, Clone)]
pub struct ApiError {
    pub status: StatusCode,
    /// The business code where there is one, else the status.
    pub code: u32,
    pub message: Text,
    pub details: Vec<Text>,
    /// For `Retry-After`.
    pub retry_after_seconds: Option<u64>,
    /// What a client needs to do better.
    pub data: Option<Box<serde_json::Value>>,
    pub cause: Option<Box<str>>,
    /// For the metrics, where the status does not say it.
    pub reason: Option<Reason>,
}

/// Why a delivery was refused where the status does not say it; in the response's extensions.
#[derive(Debug, Clone, Copy)]
pub enum Reason {
    Coding,
    CommitQueueFull,
    Database,
    MemoryFull,
    ParkedFull,
    Plugin,
    RateLimited,
    Stopping,
    StorageFull,
}

impl Reason {
    pub fn name(self) -> &'static str {
        match self {
            Self::Coding => "unsupported_coding",
            Self::CommitQueueFull => "commit_queue_full",
            Self::Database => "database",
            Self::MemoryFull => "memory_full",
            Self::ParkedFull => "parked_full",
            Self::Plugin => "plugin",
            Self::RateLimited => "rate_limited",
            Self::Stopping => "stopping",
            Self::StorageFull => "storage_full",
        }
    }
}

impl ApiError {
    pub fn new(status: StatusCode, code: u32, message: Text) -> Self {
        Self {
            status,
            code,
            message,
            details: Vec::new(),
            retry_after_seconds: None,
            data: None,
            cause: None,
            reason: None,
        }
    }

    fn plain(status: StatusCode, zh: &'static str, en: &'static str) -> Self {
        Self::new(status, u32::from(status.as_u16()), Text::new(zh, en))
    }

    /// 400: what was sent cannot be read.
    pub fn malformed(details: Vec<Text>) -> Self {
        Self::plain(
            StatusCode::BAD_REQUEST,
            "参数错误",
            "The request is malformed",
        )
        .with(details)
    }

    /// 422: well-formed, but it breaks a rule.
    pub fn invalid(details: Vec<Text>) -> Self {
        Self::plain(
            StatusCode::UNPROCESSABLE_ENTITY,
            "数据验证失败",
            "The data breaks a rule",
        )
        .with(details)
    }

    /// As [`ApiError::invalid`], about one field.
    pub fn invalid_field(name: &str, problem: &Text) -> Self {
        Self::invalid(vec![Text::of_field(name, problem)])
    }

    pub fn unauthenticated() -> Self {
        Self::plain(
            StatusCode::UNAUTHORIZED,
            "未认证或Token已过期",
            "Not logged in, or the token has expired",
        )
    }

    pub fn forbidden() -> Self {
        Self::plain(
            StatusCode::FORBIDDEN,
            "无权限访问",
            "Not allowed for your role",
        )
    }

    pub fn not_found() -> Self {
        Self::plain(StatusCode::NOT_FOUND, "资源不存在", "Not found")
    }

    pub fn method_not_allowed() -> Self {
        Self::plain(
            StatusCode::METHOD_NOT_ALLOWED,
            "不支持的请求方法",
            "This path does not take this method",
        )
    }

    pub fn conflict(message: Text) -> Self {
        Self::new(StatusCode::CONFLICT, 409, message)
    }

    /// What is to be changed is no longer what was read.
    pub fn changed_meanwhile() -> Self {
        Self::conflict(Text::new(
            "数据已被他人修改，请刷新后重试",
            "Somebody else changed this meanwhile: read it again",
        ))
    }

    pub fn too_large(limit_bytes: usize) -> Self {
        Self::plain(
            StatusCode::PAYLOAD_TOO_LARGE,
            "请求体过大",
            "The body is too large",
        )
        .with(vec![Text::made(
            format!("请求体不能超过{limit_bytes}字节"),
            format!("a body has at most {limit_bytes} bytes"),
        )])
    }

    pub fn unsupported_media_type() -> Self {
        Self::plain(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Content-Type必须为application/json",
            "Content-Type must be application/json",
        )
    }

    /// 415, where a file is to be uploaded.
    pub fn not_multipart() -> Self {
        Self::plain(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Content-Type必须为multipart/form-data",
            "Content-Type must be multipart/form-data",
        )
    }

    pub fn body_timeout() -> Self {
        Self::plain(
            StatusCode::REQUEST_TIMEOUT,
            "请求体接收超时",
            "The body did not arrive in time",
        )
    }

    /// 400: the connection broke, or the body is no sound chunks.
    pub fn incomplete() -> Self {
        Self::malformed(vec![Text::new(
            "请求体接收不完整",
            "the body did not arrive in full",
        )])
    }

    pub fn too_many_requests(retry_after_seconds: u64) -> Self {
        Self {
            retry_after_seconds: Some(retry_after_seconds),
            ..Self::plain(
                StatusCode::TOO_MANY_REQUESTS,
                "请求过于频繁",
                "Too many requests",
            )
        }
    }

    /// 503.
    pub fn unavailable(message: Text) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, 503, message)
    }

    /// 503, for a moment.
    pub fn busy() -> Self {
        Self {
            retry_after_seconds: Some(1),
            ..Self::unavailable(Text::new(
                "服务繁忙，请稍后重试",
                "The server is busy: try again",
            ))
        }
    }

    /// 500. `cause` is logged once, with the request id, when the answer leaves.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string().into()),
            ..Self::plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "服务器内部错误",
                "Internal server error",
            )
        }
    }

    /// For what came from outside the handlers with nothing but a status.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => Self::method_not_allowed(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::unsupported_media_type(),
            StatusCode::REQUEST_TIMEOUT => Self::body_timeout(),
            status if status.is_server_error() => Self {
                status,
                code: u32::from(status.as_u16()),
                ..Self::internal(status)
            },
            status => Self::plain(status, "请求错误", "The request was refused"),
        }
    }

    /// With the business code and words of `known`, keeping the status.
    pub fn as_known(mut self, known: &ErrorCode) -> Self {
        self.code = known.code;
        self.message = known.message.clone();
        self
    }

    pub fn with(mut self, details: Vec<Text>) -> Self {
        self.details = details;
        self
    }

    pub fn with_data(mut self, data: serde_json::Value) -> Self {
        self.data = Some(Box::new(data));
        self
    }

    /// In other words.
    pub fn saying(mut self, message: Text) -> Self {
        self.message = message;
        self
    }

    pub fn because(mut self, reason: Reason) -> Self {
        self.reason = Some(reason);
        self
    }

    /// Of an internal one: for the log alone.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    pub fn with_detail(mut self, detail: Text) -> Self {
        self.details.push(detail);
        self
    }
}

/// A 500; a 503 when it may work in a moment.
impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        let internal = Self::internal(format_args!("database: {error}"));
        if Fault::of(&error).is_none() {
            return internal;
        }
        Self {
            cause: internal.cause,
            ..Self::busy()
        }
    }
}

impl From<push_notify_core::secret::VaultError> for ApiError {
    fn from(error: push_notify_core::secret::VaultError) -> Self {
        Self::internal(error)
    }
}

/// Whether a unique index stands against it.
pub fn is_taken(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|error| error.is_unique_violation())
}

/// Turns the violation of a unique index into `known`, anything else into a 500.
pub fn or_taken(known: &'static ErrorCode) -> impl FnOnce(sqlx::Error) -> ApiError {
    move |error| match is_taken(&error) {
        true => known.into(),
        false => error.into(),
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = header::HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(Reason::Coding) = self.reason {
            // RFC 9110, section 15.5.16.
            let taken = header::HeaderValue::from_static("gzip, deflate");
            headers.insert(header::ACCEPT_ENCODING, taken);
        }
        if let Some(reason) = self.reason {
            response.extensions_mut().insert(reason);
        }
        response.extensions_mut().insert(Envelope::from(self));
        response
    }
}
