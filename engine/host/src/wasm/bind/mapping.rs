//! What a plugin tells of mappings, as the engine keeps it.

use super::{bounds::reason, delivery, v0_1::push_notify::plugin::provider_types as provider};
use crate::{
    ports::{Delivery, MappingProblem, Misfit, Preset},
    verdict::{CallError, Rejection},
};

/// More than anybody chooses from, or mends at once.
const MOST: usize = 64;
/// Of a mapping or a sample, in bytes.
const LONGEST: usize = 256 << 10;

pub(super) fn presets(told: Vec<provider::Preset>) -> Result<Vec<Preset>, CallError> {
    if told.len() > MOST {
        return Err(CallError::Output(format!("more than {MOST} presets")));
    }
    told.into_iter().map(preset).collect()
}

fn preset(told: provider::Preset) -> Result<Preset, CallError> {
    let name = reason(told.name);
    let faulty = |what: &str| CallError::Output(format!("preset `{name}`: {what}"));
    if told.mapping.len() > LONGEST || told.sample.len() > LONGEST {
        return Err(faulty("it is too large"));
    }
    let mapping = serde_json::from_str(&told.mapping);
    let mapping = mapping.map_err(|_| faulty("its mapping is not a JSON object"))?;
    let sample = String::from_utf8(told.sample);
    let sample = sample.map_err(|_| faulty("its sample is not text"))?;
    Ok(Preset {
        title_en: reason(told.title_en),
        title_zh: reason(told.title_zh),
        name,
        mapping,
        sample,
    })
}

/// The first of them.
pub(super) fn problems(told: Vec<provider::MappingProblem>) -> Vec<MappingProblem> {
    let problem = |told: provider::MappingProblem| MappingProblem {
        field: reason(told.field),
        en: reason(told.en),
        zh: reason(told.zh),
    };
    told.into_iter().take(MOST).map(problem).collect()
}

pub(super) fn previewed(
    told: Result<provider::Delivery, provider::Misfit>,
    plugin: &str,
) -> Result<Result<Delivery, Misfit>, CallError> {
    match told {
        Ok(told) => match delivery::delivery(told, plugin)? {
            Ok(delivery) => Ok(Ok(delivery)),
            Err(Rejection::Ignored(why)) => Ok(Err(Misfit::Ignored(why))),
            Err(Rejection::Malformed(why) | Rejection::Unauthenticated(why)) => {
                let problem = MappingProblem {
                    field: String::new(),
                    zh: why.clone(),
                    en: why,
                };
                Ok(Err(Misfit::Faulty(vec![problem])))
            }
        },
        Err(provider::Misfit::Ignored(why)) => Ok(Err(Misfit::Ignored(reason(why)))),
        Err(provider::Misfit::Faulty(told)) => Ok(Err(Misfit::Faulty(problems(told)))),
    }
}
