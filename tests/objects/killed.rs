//! Killed between the steps of an action on an object: whoever is started again looks at the object, and goes on with the
//! first step that is not taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::kube::Kube;
use crate::moves::{shipped, shipped_and_held};
use crate::process::wait;
use crate::rollouts;
use crate::rules::{TAKEN_BACK, closed, started};
use crate::shop::Shop;
use crate::site::Site;

const GOOD: &str = "registry.example.com/shop:2.4.0";

/// When the process is killed, as its patches go: which one, and whether that one still arrives.
#[derive(Debug, Clone, Copy)]
struct At {
    patch: usize,
    arrives: bool,
}

/// Has the patch of this number held, once: it arrives and is not answered, or never arrives. How many came.
fn held(kube: &Kube, at: At) -> Arc<AtomicUsize> {
    let came = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&came);
    kube.before(move |world, asked| {
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        if number == at.patch && at.arrives {
            world.apply(asked);
        }
        number != at.patch
    });
    came
}

fn is_killed_and_goes_on((kube, site): (Kube, Site), at: At) {
    is_taken_back_though_killed((&kube, &site), at);
    assert_eq!((kube.image("shop"), kube.is_paused("shop")), (GOOD.to_owned(), false), "{at:?}");
}

fn is_taken_back_though_killed((kube, site): (&Kube, &Site), at: At) {
    let shop = Shop::new("shop");
    let came = held(kube, at);
    let process = started(site, &shop);
    wait("the patch", || (at.patch <= came.load(Ordering::SeqCst)).then_some(()));
    process.kill();
    let process = started(site, &shop);
    assert_eq!(closed(site, &process, "take-back"), "verified: it is seen to have worked", "{at:?}");
    assert_eq!(process.stop().0, 0);
    let intended = site.records("intended", "\"action\":\"take-back\"");
    assert_eq!(intended.len(), 1, "{at:?}");
    site.holds();
}

#[test]
fn while_the_only_step_is_on_its_way() {
    for (test, arrives) in [("object-kill-sent", false), ("object-kill-taken", true)] {
        is_killed_and_goes_on(shipped(test, TAKEN_BACK), At { patch: 1, arrives });
    }
}

#[test]
fn between_two_steps() {
    for (test, patch, arrives) in [
        ("object-kill-undo", 1, false),
        ("object-kill-undone", 1, true),
        ("object-kill-resume", 2, false),
        ("object-kill-resumed", 2, true),
    ] {
        is_killed_and_goes_on(shipped_and_held(test), At { patch, arrives });
    }
}

#[test]
fn between_the_steps_of_a_rollout() {
    for (test, patch, arrives) in [
        ("rollout-kill-undo", 1, false),
        ("rollout-kill-undone", 1, true),
        ("rollout-kill-promote", 2, false),
        ("rollout-kill-promoted", 2, true),
    ] {
        let (kube, site) = rollouts::shipped(test, TAKEN_BACK);
        kube.with(|world| world.let_out("shop"));
        is_taken_back_though_killed((&kube, &site), At { patch, arrives });
        let it = kube.rollout("shop");
        let runs = &it["spec"]["template"]["spec"]["containers"][0]["image"];
        assert_eq!((runs.as_str(), &it["status"]["phase"]), (Some(GOOD), &"Healthy".into()), "{test}");
    }
}
