use crate::{
    app::App,
    http::{
        AcceptLanguage, Answer, Listed, Reply,
        extract::{Asked, FromQuery, Query},
    },
    log::{
        Kind,
        search::{self, Found},
        store::SORTABLE,
    },
};
use axum::extract::State;
use push_notify_db::page::Page;

pub struct SearchQuery {
    page: Page,
    keyword: String,
    kinds: Vec<Kind>,
}

impl FromQuery for SearchQuery {
    fn read(query: &mut Query) -> Self {
        query.require("keyword");
        let kind = query.choice("type", &Kind::NAMES).and_then(Kind::of_name);
        Self {
            page: query.page(&SORTABLE[..1]),
            keyword: query.text("keyword").unwrap_or_default(),
            kinds: kind.map_or_else(|| Kind::ALL.to_vec(), |kind| vec![kind]),
        }
    }
}

/// `GET /logs/search`: the logs merged into one list.
pub async fn search(
    State(app): State<App>,
    AcceptLanguage(locale): AcceptLanguage,
    Asked(asked): Asked<SearchQuery>,
) -> Answer<Listed<Found>> {
    let SearchQuery {
        page,
        keyword,
        kinds,
    } = asked;
    let (entries, total) =
        search::store::search(app.db.read(), &kinds, &keyword, &page, locale).await?;
    Reply::page(entries, &page, total)
}
