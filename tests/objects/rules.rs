//! A site whose releases are undone, held and let go on by what is done to their objects.

use backstop::archive::Archive;
use backstop::decision::{Answers, CellId, DecisionId, Intention, Key, Kind, Outcome};
use backstop::ledger::{Entry, Record};
use backstop::signal::{ChangeId, TargetKey};
use backstop::unit::Span;

use crate::kube::Kube;
use crate::posts::Posts as _;
use crate::process::{Process, wait};
use crate::receiver::Receiver;
use crate::shop::{Shop, now, send};
use crate::site::Site;

/// The gate's ladder, where a canary that fails is taken back.
pub(crate) const TAKEN_BACK: &str = "{ confidence: 0.99, do: take-back }";

/// One where it is held, and no more.
pub(crate) const HELD: &str = "{ confidence: 0.95, do: hold }";

/// A site with a shop in production that is an object of a cluster.
pub(crate) fn site(test: &str, who: (&Kube, &Receiver), fail: &str) -> Site {
    site_of(test, who, "deployment/shop/shop", fail)
}

/// The same, where the shop is this object.
pub(crate) fn site_of(test: &str, (kube, receiver): (&Kube, &Receiver), object: &str, fail: &str) -> Site {
    let site = Site::new(test, &[]);
    site.write("kube.yaml", kube.config());
    site.write("rules.yaml", rules(&site, receiver, fail).replace("deployment/shop/shop", object));
    site
}

fn rules(site: &Site, receiver: &Receiver, fail: &str) -> String {
    let (folder, told) = (site.path().display(), receiver.address);
    format!(
        "mode: act
hosts: [ {{ host: 127.0.0.1, addresses: [127.0.0.0/8], http: true }} ]
settle: 250ms
limits: {{ everywhere: 20/h, changes_undone_at_once: 20 }}
secrets: {{ token: {{ file: {folder}/token }} }}
access: [ {{ who: pipeline, token: token, may: [change, ingest, read, operate] }} ]
trust: [ {{ files: '*', services: [shop], actions: [rollback, pause, resume, promote, restart, notify], at_most: act }} ]
kubernetes: {{ main: {{ kubeconfig: {folder}/kube.yaml }} }}
targets:
  - {{ service: shop, environment: production, select: {{ service: shop }}, owner: team, object: deployment/shop/shop }}
gates:
  - gate: canary
    owner: team
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: {{ service: shop, environment: production }}
    every: 1s
    begins: {{ at: first_traffic, warmup: 0s, within: 10m }}
    ends: {{ after: 10m, not_before: 5s }}
    tracks: {{ label: track, canary: canary, stable: stable }}
    checks:
      - check: errors
        proportion: {{ bad: 'http_requests_total{{code=~\"5..\"}}', of: http_requests_total }}
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ {{ confidence: 0.80, do: notify }}, {fail} ]
    first_release: notify
  - gate: settled
    owner: team
    runbook: https://runbooks.example.com/settled
    upon: deployment
    match: {{ service: shop, environment: production }}
    every: 1s
    begins: {{ at: change, warmup: 0s }}
    ends: {{ after: 5s, not_before: 2s }}
    checks:
      - {{ check: up, expr: 'sum(http_requests_total) or vector(1)', fails_when: value > 1000000000000, passes_when: not_contradicted }}
    then:
      fail: [ {{ confidence: 0.80, do: notify }} ]
      pass: go-on
    first_release: notify
actions:
  - {{ action: take-back, undo: target, to: last_known_good, approval: none, owner: team, runbook: 'https://runbooks.example.com/take-back' }}
  - {{ action: hold, hold: target, approval: none, owner: team, runbook: 'https://runbooks.example.com/hold' }}
  - {{ action: go-on, go_on: target, approval: none, owner: team, runbook: 'https://runbooks.example.com/go-on' }}
  - {{ action: anew, restart: target, approval: none, owner: team, runbook: 'https://runbooks.example.com/anew' }}
  - action: notify
    does: notify
    webhook: {{ url: 'http://{told}/notify' }}
"
    )
}

/// Notes in a ledger that no process has opened yet that a version passed.
pub(crate) fn vouched(site: &Site, version: &str) {
    let (target, change) = (target(), ChangeId(format!("shop-{version}")));
    let record = Record::Vouched { cell: CellId(1), change, target, version: version.to_owned(), at: now() };
    before(site, async |archive| {
        archive.append(&[Entry::of(&record, now()).unwrap()]).await.unwrap();
    });
}

/// Notes there that backstop held the release, some time ago.
pub(crate) fn held(site: &Site) {
    let (change, action) = (ChangeId("shop-held".to_owned()), "hold".parse().unwrap());
    let (target, at) = (target(), now().minus(Span::from_secs(3 * 3_600)));
    let intention = Intention {
        key: Key::of(&change, &target, &action),
        decision: DecisionId { cell: CellId(1), number: 1 },
        action,
        kind: Kind::Pause,
        change,
        target,
        at,
        expires: at,
        claims: Vec::new(),
        page: None,
        aim: None,
        answers: Answers::default(),
    };
    before(site, async |archive| {
        archive.intend(&[], &intention).await.unwrap();
        let (key, worked) = (&intention.key, "it is seen to have worked".to_owned());
        archive.close_intention(key, at, Outcome::Verified, worked).await.unwrap();
    });
}

fn before(site: &Site, what: impl AsyncFnOnce(&mut Archive)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // A process that another test starts meanwhile has in use what is open here, until it has begun.
    let opened = wait("the ledger", || runtime.block_on(Archive::open(site.ledger(), CHAIN)).ok());
    runtime.block_on(async {
        let mut archive = opened;
        what(&mut archive).await;
        archive.close().await.unwrap();
    });
}

fn target() -> TargetKey {
    TargetKey { service: "shop".to_owned(), environment: Some("production".to_owned()), cluster: None }
}

/// The chain that the program writes.
const CHAIN: u32 = 1;

/// A service that has been told of a bad release.
pub(crate) fn started(site: &Site, shop: &Shop) -> Process {
    let process = site.start();
    send(&process, &shop.sales(60));
    let (status, text) = process.post("/v1/changes", &shop.change());
    assert!(matches!(status, 200 | 201), "{text}");
    process
}

/// How an action ended.
pub(crate) fn closed(site: &Site, process: &Process, action: &str) -> String {
    let key = wait("the intention", || {
        let intended = site.records("intended", &format!("\"action\":\"{action}\""));
        Some(intended.first()?["key"].as_str()?.to_owned())
    });
    let closed = wait("the end", || {
        let closed = site.records("closed", &key);
        (!closed.is_empty() || process.logged("nothing is acted on")).then_some(closed)
    });
    format!("{}: {}", closed[0]["outcome"].as_str().unwrap(), closed[0]["why"].as_str().unwrap())
}

/// What a guard said that asked a person, in the last decision that wanted an action.
pub(crate) fn asked(site: &Site, action: &str) -> String {
    wait("a decision that asks", || {
        let decided = site.records("decided", &format!("\"action\":\"{action}\""));
        let asks = decided.iter().rfind(|decided| decided["ruling"]["course"] == "ask")?;
        Some(asks["ruling"]["spoke"].to_string())
    })
}
