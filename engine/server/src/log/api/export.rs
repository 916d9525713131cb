use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        AcceptLanguage, ApiError,
        download::Stream,
        extract::{Asked, FromQuery, Query},
    },
    log::{
        Entry, Kind,
        ai_call::AiCallEntry,
        export::{self, ExportError, Format},
        operation::{AuditEntry, OperationEntry},
        store::Span,
        system::SystemEntry,
    },
};
use axum::extract::State;
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use push_notify_core::{clock::Micros, i18n::Locale};

pub struct ExportQuery {
    kind: Kind,
    span: (Micros, Micros),
    format: Format,
}

impl FromQuery for ExportQuery {
    fn read(query: &mut Query) -> Self {
        for name in ["type", "start_time", "end_time"] {
            query.require(name);
        }
        let kind = query.choice("type", &Kind::NAMES).and_then(Kind::of_name);
        let span = Span::read(query);
        let format = query.choice("format", &Format::NAMES);
        Self {
            kind: kind.unwrap_or(Kind::System),
            span: (span.from.unwrap_or_default(), span.to.unwrap_or_default()),
            format: Format::of_name(format.unwrap_or_default()),
        }
    }
}

/// `GET /logs/export`: a file, as long as the log is.
pub async fn export(
    State(app): State<App>,
    user: CurrentUser,
    AcceptLanguage(locale): AcceptLanguage,
    Asked(asked): Asked<ExportQuery>,
) -> Result<Stream, ApiError> {
    let name = asked.kind.name();
    let audit = AuditEntry {
        action: "log.export",
        object_id: None,
        object_name: name,
        detail: asked.format.name(),
    };
    user.record(&app, &mut *app.db.writer().await?, audit)
        .await?;
    let rows = match asked.kind {
        Kind::System => rows::<SystemEntry>(&app, &asked, locale).await,
        Kind::Operation => rows::<OperationEntry>(&app, &asked, locale).await,
        Kind::AiCall => rows::<AiCallEntry>(&app, &asked, locale).await,
    };
    // The beginning of the answer is gone by then: all that is left is to cut it off.
    let rows = rows.map_err(ApiError::internal)?.inspect_err(|error| {
        tracing::error!(%error, "an export broke off");
    });
    Ok(Stream {
        file_name: format!("{name}-logs.{}", asked.format.name()),
        media_type: asked.format.media_type(),
        content: rows.map_err(std::io::Error::other).boxed(),
    })
}

type Rows = BoxStream<'static, Result<Bytes, ExportError>>;

async fn rows<E: Entry + 'static>(
    app: &App,
    asked: &ExportQuery,
    locale: Locale,
) -> Result<Rows, ExportError> {
    let pool = app.db.read().clone();
    let rows = export::export::<E>(pool, asked.format, asked.span, locale).await?;
    Ok(rows.boxed())
}
