//! What a scan reports, as deliveries hold it.

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use std::fmt;

/// The first report: they are listed by their media type, and there is one as a rule.
#[derive(Default)]
pub(crate) struct Overview(pub(crate) Option<Report>);

#[derive(Deserialize)]
pub(crate) struct Report {
    pub(crate) severity: Option<String>,
    pub(crate) scan_status: Option<String>,
    pub(crate) summary: Option<Summary>,
}

#[derive(Deserialize)]
pub(crate) struct Summary {
    pub(crate) total: Option<u64>,
    pub(crate) fixable: Option<u64>,
    pub(crate) summary: Option<Counts>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Counts {
    pub(crate) critical: Option<u64>,
    pub(crate) high: Option<u64>,
    pub(crate) medium: Option<u64>,
    pub(crate) low: Option<u64>,
}

impl<'de> Deserialize<'de> for Overview {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Overview;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("reports by their media type")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Overview, A::Error> {
                let first = map.next_entry::<IgnoredAny, Option<Report>>()?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Overview(first.and_then(|(_, report)| report)))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}
