//! The breakers of the targets: what this server knows of their health, and what others on the same
//! database found out.

use crate::{
    app::App,
    target::health::{Gate, Health, HealthSignal, Rules, store},
};
use parking_lot::{Mutex, MutexGuard};
use push_notify_core::{clock::Micros, id::TargetId, random};
use std::collections::HashMap;

/// What is well is remembered this long, until what was written of it can be read again.
const FORGET_AFTER_US: i64 = 60_000_000;

/// Only of targets that are not well, or were not until just now.
pub(in crate::pipeline) struct Breakers {
    rules: Rules,
    known: Mutex<HashMap<TargetId, Health>>,
}

/// What came of a sign.
#[derive(Debug, Default)]
pub(in crate::pipeline) struct Noted {
    /// To be written, if it says something new.
    pub health: Option<Health>,
    /// Nothing may be sent any more.
    pub is_shut: bool,
    /// Something of what waits may be sent: the sweeper is to look.
    pub wakes: bool,
}

impl Breakers {
    pub(in crate::pipeline) fn new(rules: Rules) -> Self {
        Self {
            rules,
            known: Mutex::default(),
        }
    }

    pub(in crate::pipeline) fn gate(&self, target_id: TargetId, now: Micros) -> Gate {
        self.known()
            .get(&target_id)
            .map_or(Gate::Open, |health| health.gate(now))
    }

    /// The targets that nothing may be sent to now.
    pub(in crate::pipeline) fn shut(&self, now: Micros) -> Vec<TargetId> {
        let known = self.known();
        let shut = known
            .iter()
            .filter(|(_, health)| health.gate(now) == Gate::Shut);
        shut.map(|(target_id, _)| *target_id).collect()
    }

    pub(in crate::pipeline) fn note(
        &self,
        target_id: TargetId,
        sign: HealthSignal,
        is_probe: bool,
        now: Micros,
    ) -> Noted {
        let mut known = self.known();
        // Nearly all sends are of this kind.
        if sign == HealthSignal::Well && !known.contains_key(&target_id) {
            return Noted::default();
        }
        let health = known.entry(target_id).or_default();
        let before = health.gate(now);
        let is_new = health.note(sign, is_probe, self.rules, now, random::any());
        let after = health.gate(now);
        Noted {
            health: is_new.then(|| health.clone()),
            is_shut: after != Gate::Open,
            wakes: before != Gate::Open && after == Gate::Open,
        }
    }

    pub(in crate::pipeline) fn of(&self, target_id: TargetId) -> Health {
        self.known().get(&target_id).cloned().unwrap_or_default()
    }

    /// The probe ended without an answer: another may go at once.
    pub(in crate::pipeline) fn release(&self, target_id: TargetId, now: Micros) -> Noted {
        let mut known = self.known();
        let open = known
            .get_mut(&target_id)
            .filter(|health| health.open_until.is_some());
        let health = open.map(|health| {
            health.probe(now, now);
            health.clone()
        });
        Noted {
            is_shut: health.is_some(),
            wakes: health.is_some(),
            health,
        }
    }

    /// Takes over what is newer than what is known.
    pub(in crate::pipeline) fn learn(&self, target_id: TargetId, health: Health) {
        let mut known = self.known();
        let own = known.entry(target_id).or_default();
        if health.updated_at > own.updated_at {
            *own = health;
        }
    }

    /// Reads what others found out, or changed by hand.
    pub(in crate::pipeline) async fn refresh(&self, app: &App) -> Result<(), sqlx::Error> {
        let now = app.clock.now_us();
        let ids: Vec<TargetId> = self.known().keys().copied().collect();
        for (target_id, health) in store::ailing(app.db.read(), &ids, now).await? {
            self.learn(target_id, health);
        }
        self.known()
            .retain(|_, health| !health.is_well(now) || health.updated_at + FORGET_AFTER_US > now);
        Ok(())
    }

    fn known(&self) -> MutexGuard<'_, HashMap<TargetId, Health>> {
        self.known.lock()
    }
}
