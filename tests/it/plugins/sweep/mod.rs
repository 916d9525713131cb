//! Every payload there is, through a whole server: those that the project wrote, and recorded ones
//! where they are at hand. Who proves nothing gets a 401, who proves itself an answer; nothing
//! traps, and nothing is a fault of the server.

mod conformance;
mod mangle;
mod road;

use push_notify_tests::{Payload, Proof};
use road::{Knows, Road};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authentic_delivery_is_taken_and_no_other() {
    let road = Road::start().await;
    for proof in Proof::ALL {
        let own = Payload::of(proof.host());
        assert!(own.len() >= 20, "{} payloads for {proof:?}", own.len());
        for (knows, expected) in [
            (Knows::Secret, 200),
            (Knows::AnotherSecret, 401),
            (Knows::Nothing, 401),
        ] {
            let own = own.iter().cloned();
            road.deliver(proof, knows, own, &[expected]).await;
        }
    }
    road.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_host_wrote_is_refused_or_ignored() {
    let road = Road::start().await;
    for host in Payload::HOSTS {
        let proof = Proof::of(host);
        let foreign = Payload::not_of(host).into_iter().enumerate();
        let dressed = foreign.map(|(index, payload)| payload.dressed(host, index));
        let dressed: Vec<Payload> = dressed.collect();
        for (knows, expected) in [(Knows::Secret, &[200, 400][..]), (Knows::Nothing, &[401])] {
            let dressed = dressed.iter().cloned();
            road.deliver(proof, knows, dressed, expected).await;
        }
    }
    road.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mangled_delivery_breaks_nothing() {
    let road = Road::start().await;
    for host in Payload::HOSTS {
        let mangled = mangle::each(Payload::of(host));
        road.deliver(Proof::of(host), Knows::Secret, mangled, &[200, 400])
            .await;
    }
    road.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_anybody_may_deliver_only_the_named_repository_takes_it() {
    let road = Road::start().await;
    for host in Payload::HOSTS {
        let proof = Proof::of(host);
        let by_provider = format!("/api/v1/webhooks/{host}");
        for path in ["/api/v1/webhooks", &by_provider] {
            // This server has none of their repositories.
            let strays = mangle::each(Payload::of(host)).chain(Payload::of(host));
            road.deliver_to(path, proof, Knows::Secret, strays, &[400, 401])
                .await;
            let own = Payload::of(host).into_iter();
            let own = own.filter_map(|payload| payload.of_repository(&road::url(proof)));
            let own: Vec<Payload> = own.collect();
            for (knows, expected) in [
                (Knows::Secret, 200),
                (Knows::AnotherSecret, 401),
                (Knows::Nothing, 401),
            ] {
                let own = own.iter().cloned();
                road.deliver_to(path, proof, knows, own, &[expected]).await;
            }
        }
    }
    road.stop().await;
}
