use crate::{
    app::App,
    http::{
        AcceptLanguage, Answer, Listed, Reply,
        extract::{Asked, FromQuery, Query},
    },
    log::{
        Entry,
        ai_call::{AiCallEntry, Outcome},
        operation::OperationEntry,
        store::{self, SORTABLE, Span},
        system::{Level, SystemEntry},
    },
};
use axum::extract::State;
use push_notify_core::{
    i18n::Locale,
    id::{ModelId, UserId},
};
use push_notify_db::{list::Filter, page::Page, tally};

pub struct SystemQuery {
    page: Page,
    filter: Filter,
    known: Known,
}

/// Whether the tallies know how many entries there are.
#[derive(Clone, Copy)]
enum Known {
    Not,
    /// Of this level, or of all.
    Of(Option<&'static str>),
}

impl FromQuery for SystemQuery {
    fn read(query: &mut Query) -> Self {
        let level = query.choice("level", &Level::NAMES);
        let keyword = query.text("keyword");
        let span = Span::read(query);
        let known = Known::unless(keyword.is_some() || !span.is_all(), level);
        let filter = Filter::default().and("level = ?", level).containing(
            "(LOWER(message) LIKE LOWER(?) ESCAPE '\\' OR LOWER(module) LIKE LOWER(?) ESCAPE '\\'
                    OR LOWER(request_id) LIKE LOWER(?) ESCAPE '\\')",
            keyword,
        );
        Self {
            page: query.page(&SORTABLE),
            filter: span.within(filter),
            known,
        }
    }
}

/// `GET /logs/system`
pub async fn system(
    State(app): State<App>,
    AcceptLanguage(locale): AcceptLanguage,
    Asked(asked): Asked<SystemQuery>,
) -> Answer<Listed<SystemEntry>> {
    shown(&app, &asked.filter, asked.known, &asked.page, locale).await
}

pub struct OperationQuery {
    page: Page,
    filter: Filter,
    known: Known,
}

impl FromQuery for OperationQuery {
    fn read(query: &mut Query) -> Self {
        let user_id = query.id::<UserId>("user_id");
        let action = query.text("action");
        let span = Span::read(query);
        let some = user_id.is_some() || action.is_some() || !span.is_all();
        let filter = Filter::default()
            .and("user_id = ?", user_id)
            .and("action = ?", action);
        Self {
            page: query.page(&SORTABLE),
            filter: span.within(filter),
            known: Known::unless(some, None),
        }
    }
}

/// `GET /logs/operations`
pub async fn operations(
    State(app): State<App>,
    AcceptLanguage(locale): AcceptLanguage,
    Asked(asked): Asked<OperationQuery>,
) -> Answer<Listed<OperationEntry>> {
    shown(&app, &asked.filter, asked.known, &asked.page, locale).await
}

pub struct AiCallQuery {
    page: Page,
    filter: Filter,
    known: Known,
}

impl FromQuery for AiCallQuery {
    fn read(query: &mut Query) -> Self {
        let model_id = query.id::<ModelId>("model_id");
        let status = query.choice("status", &Outcome::NAMES);
        let span = Span::read(query);
        let known = Known::unless(model_id.is_some() || !span.is_all(), status);
        let filter = Filter::default()
            .and("model_id = ?", model_id)
            .and("status = ?", status);
        Self {
            page: query.page(&SORTABLE),
            filter: span.within(filter),
            known,
        }
    }
}

/// `GET /logs/ai-calls`
pub async fn ai_calls(
    State(app): State<App>,
    AcceptLanguage(locale): AcceptLanguage,
    Asked(asked): Asked<AiCallQuery>,
) -> Answer<Listed<AiCallEntry>> {
    shown(&app, &asked.filter, asked.known, &asked.page, locale).await
}

async fn shown<E: Entry>(
    app: &App,
    filter: &Filter,
    known: Known,
    page: &Page,
    locale: Locale,
) -> Answer<Listed<E>> {
    let total = match known {
        Known::Not => None,
        Known::Of(level) => Some(tally::total(app.db.read(), E::KIND.name(), level).await?),
    };
    let (entries, total) = store::list(app.db.read(), filter, total, page, locale).await?;
    Reply::page(entries, page, total)
}

impl Known {
    fn unless(more_is_asked: bool, level: Option<&'static str>) -> Self {
        match more_is_asked {
            true => Self::Not,
            false => Self::Of(level),
        }
    }
}
