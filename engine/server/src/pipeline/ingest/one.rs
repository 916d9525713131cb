//! A delivery may tell of several events, each of which is stored and replayed by itself.

use super::rows::{clean, digest};
use push_notify_host::{Delivery, Effect, Event, Shortened, Webhook};

/// One of the events of a delivery, with what is known of the delivery.
pub(in crate::pipeline) struct One {
    pub event: Event,
    /// The sender's id of the delivery.
    pub id: Option<String>,
    /// What tells the event from all others of the repository.
    pub key: String,
    pub effect: Option<Effect>,
    pub shortened: Option<Shortened>,
}

/// The events of a delivery. The first has the delivery's own key and effect.
pub(in crate::pipeline) fn each(
    delivery: Delivery,
    webhook: &Webhook,
) -> impl Iterator<Item = One> {
    let id = delivery.id.map(|id| clean(&id, 200));
    let key = id.clone().unwrap_or_else(|| digest(&webhook.body));
    let mut effect = delivery.effect;
    let events = delivery.events.into_iter().enumerate();
    events.map(move |(place, event)| One {
        event,
        id: id.clone(),
        key: match place {
            0 => key.clone(),
            place => format!("{key}{PLACE}{place}"),
        },
        effect: effect.take(),
        shortened: delivery.shortened,
    })
}

/// Stands in the key of an event before its place among those of its delivery.
const PLACE: char = '#';

/// The place among the events of its delivery of the one that has this key.
pub(in crate::pipeline) fn place(key: &str) -> usize {
    let place = key.rsplit_once(PLACE).map(|(_, place)| place.parse());
    place.and_then(Result::ok).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook() -> Webhook {
        super::super::envelope::read(Vec::new(), "{}".into())
    }

    #[test]
    fn each_event_of_a_delivery_has_a_key_of_its_own() {
        for (id, first) in [
            (Some("d-1"), "d-1"),
            (
                None,
                "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            ),
        ] {
            let delivery = Delivery {
                id: id.map(str::to_owned),
                effect: Some(Effect {
                    key: "k".to_owned(),
                    source: "s".to_owned(),
                }),
                events: vec![Event::default(); 3],
                shortened: None,
            };
            let all: Vec<One> = each(delivery, &webhook()).collect();
            let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
            assert_eq!(
                keys,
                [first.to_owned(), format!("{first}#1"), format!("{first}#2")]
            );
            let places: Vec<usize> = keys.iter().map(|key| place(key)).collect();
            assert_eq!(places, [0, 1, 2]);
            // What a host announces twice is the first of them.
            assert!(all[0].effect.is_some() && all[1].effect.is_none());
        }
    }

    #[test]
    fn a_key_without_a_place_is_the_first() {
        for key in ["", "d-1", "#", "d#x", "sha256:00", "d#-1"] {
            assert_eq!(place(key), 0, "{key}");
        }
    }
}
