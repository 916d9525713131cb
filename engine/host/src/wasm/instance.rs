use super::{
    bind::{Guest, Indices},
    limits::Limits,
};
use crate::call::Call;
use tokio::sync::OwnedSemaphorePermit;
use wasmtime::{Store, component::InstancePre};

/// What belongs to an instance: the call that it serves now, and its limits.
pub(super) struct State {
    pub(super) call: Call,
    pub(super) limits: Limits,
}

/// An instance and its exports.
pub(super) struct Live {
    pub(super) store: Store<State>,
    pub(super) guest: Guest,
    /// Calls so far.
    pub(super) served: u32,
    /// To wait in for the next call. Once it has some it keeps it.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// An instance that grew beyond this after an unusual call is not kept.
const LARGEST_TO_KEEP: usize = 8 << 20;

impl Live {
    pub(super) async fn fresh(
        pre: &InstancePre<State>,
        indices: &Indices,
        call: Call,
        limits: Limits,
    ) -> Result<Box<Self>, (wasmtime::Error, Option<String>)> {
        let mut store = Store::new(pre.engine(), State { call, limits });
        store.limiter(|state| &mut state.limits);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut context| {
            let state = context.data_mut();
            let worked = std::mem::take(&mut state.call.worked);
            state.limits.tick(worked)
        });
        // What one transfer from the guest may hold, counted as the host holds it: a list may name
        // the same bytes many times.
        let transfer = store.data().limits.memory_cap();
        store.set_hostcall_fuel(transfer);
        let started = async {
            let instance = pre.instantiate_async(&mut store).await?;
            indices.load(&mut store, &instance)
        }
        .await;
        match started {
            Ok(guest) => Ok(Box::new(Self {
                store,
                guest,
                served: 0,
                room: None,
            })),
            Err(problem) => Err((problem, store.data_mut().call.panic.take())),
        }
    }

    /// The same instance for another call.
    pub(super) fn renew(&mut self, call: Call) {
        let state = self.store.data_mut();
        state.call = call;
        state.limits.renew();
        self.store.set_epoch_deadline(1);
    }

    pub(super) fn is_slim(&self) -> bool {
        self.store.data().limits.memory_used() <= LARGEST_TO_KEEP
    }

    pub(super) fn is_starved(&self) -> bool {
        self.store.data().limits.is_starved()
    }

    pub(super) fn panic(&mut self) -> Option<String> {
        self.store.data_mut().call.panic.take()
    }
}
