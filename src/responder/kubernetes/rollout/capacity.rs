//! Whether there are pods for the traffic that going back brings them. Where a router splits the traffic, it can shift all at
//! once, and what is not ready by then is run over by it. Where pods alone split it, it shifts as they come.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::responder::kubernetes::template;
use crate::responder::object::field::{text, whole};

/// Its own word for how many pods may be missing, where it says none.
const USUALLY_MISSING: u64 = 25;

/// The revisions, by their hashes, that its controller goes back to without taking the steps again; and whether each has a
/// pod for each that is wanted. It tells them by when they were made, and has a router send what the last step that sets a
/// weight says before their pods are there.
pub(super) fn fast(it: &Value, sets: &[&Value]) -> BTreeMap<String, bool> {
    let window = whole(it, "/spec/rollbackWindow/revisions");
    let made = |set: &Value| text(set, "/metadata/creationTimestamp").map(str::to_owned);
    let serves = text(it, "/status/stableRS");
    let stable = sets.iter().find(|set| template::hash(set) == serves).and_then(|set| made(set));
    let Some(stable) = stable else { return BTreeMap::new() };
    // All are in one form, to the second, so that their texts stand in their order.
    let all = sets.iter().filter_map(|set| Some((made(set)?, *set)));
    let earlier: Vec<(String, &Value)> = all.filter(|(at, _)| *at < stable).collect();
    let between = |at: &str| earlier.iter().filter(|(other, _)| at < &**other).count();
    let in_window = |at: &str| u64::try_from(between(at)).is_ok_and(|between| between < window);
    let ready = |set: &Value| !splits(it) || wanted(it) <= available(set);
    let fast = earlier.iter().filter(|(at, _)| in_window(at));
    fast.filter_map(|(_, set)| Some((template::hash(set)?.to_owned(), ready(set)))).collect()
}

/// How many pods of what an abort goes back to have to be ready for what shifts to it at once, and how many are; nothing
/// where there are enough, or where it shifts as they come.
pub(super) fn short(it: &Value, stable: &Value) -> Option<(u64, u64)> {
    let dynamic =
        it.pointer("/spec/strategy/canary/dynamicStableScale").and_then(Value::as_bool) == Some(true);
    let share = match text(it, "/status/blueGreen/activeSelector") {
        // Nothing shifts where the new side serves nobody yet.
        Some(active) if Some(active) == template::hash(stable) => 0,
        Some(_) => 100,
        None if splits(it) && !dynamic => whole(it, "/status/canary/weights/canary/weight").min(100),
        None => 0,
    };
    let (wanted, ready) = (wanted(it), available(stable));
    if share == 0 || wanted == 0 {
        return None;
    }
    let needed = (wanted * share).div_ceil(100).saturating_sub(missing(it, wanted)).max(1);
    (ready < needed).then_some((needed, ready))
}

fn splits(it: &Value) -> bool {
    it.pointer("/spec/strategy/canary/trafficRouting").is_some()
}

fn wanted(it: &Value) -> u64 {
    it.pointer("/spec/replicas").and_then(Value::as_u64).unwrap_or(1)
}

fn available(set: &Value) -> u64 {
    whole(set, "/status/availableReplicas")
}

/// How many of so many pods its owner lets be missing.
fn missing(it: &Value, wanted: u64) -> u64 {
    let by = |strategy: &str| it.pointer(&format!("/spec/strategy/{strategy}/maxUnavailable"));
    let said = by("canary").or_else(|| by("blueGreen"));
    let percent = |share: u64| wanted * share.min(100) / 100;
    let written = |text: &str| text.strip_suffix('%').and_then(|share| share.parse().ok()).map(percent);
    let said = said.and_then(|it| it.as_u64().or_else(|| it.as_str().and_then(written)));
    said.unwrap_or_else(|| percent(USUALLY_MISSING))
}
