//! What holds of sources that answer as servers do: within bounds of their own, and more than there is room for.

use std::collections::BTreeSet;
use std::sync::Mutex;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use serde_json::{Value as Json, json};

use super::*;
use crate::decision::{CellId, Key};
use crate::engine::{Sums, Wanted};
use crate::promql::{Query, Value, When, evaluate};
use crate::run::control::Line;
use crate::run::mirror::desk::Wish;
use crate::run::mirror::feed::Want;
use crate::run::mirror::{Mirror, Ward};
use crate::signal::{Labels, NAME, Point, Sample};
use crate::source::asking::Login;
use crate::source::prometheus::Room;
use crate::store::{Is, LOOKBACK, Window, tally};
use crate::surface::http::{Limits, serve};
use crate::unit::Span;

const METRIC: &str = "http_requests_total";

const fn at(second: i64) -> UnixMillis {
    UnixMillis::new(1_795_271_400_000 + second * 1_000)
}

/// A server that answers of a store, and refuses ranges of more moments than it likes.
struct Server {
    store: Mutex<Store>,
    most: u64,
    asked: Mutex<Vec<u64>>,
}

impl Server {
    async fn start(store: Store, most: u64) -> (Arc<Self>, String) {
        let server = Arc::new(Self { store: Mutex::new(store), most, asked: Mutex::default() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answer = |State(server): State<Arc<Self>>, uri: Uri, body: String| {
            std::future::ready(server.answer(&uri, &body))
        };
        let app = Router::new().fallback(answer).with_state(Arc::clone(&server));
        tokio::spawn(serve(listener, app, Limits::default(), Arc::default(), std::future::pending()));
        (server, url)
    }

    fn answer(&self, uri: &Uri, body: &str) -> (StatusCode, String) {
        let fields: BTreeMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let moment = |name: &str| {
            let seconds: f64 = fields[name].parse().unwrap();
            #[expect(clippy::cast_possible_truncation, reason = "a moment of our days")]
            UnixMillis::new((seconds * 1_000.0).round() as i64)
        };
        let when = if uri.path().ends_with("_range") {
            let step = Span::from_millis(u64::try_from(moment("step").millis()).unwrap());
            When::Range { from: moment("start"), to: moment("end"), step }
        } else {
            When::At(moment("time"))
        };
        if let When::Range { from, to, step } = when {
            let many = to.since(from).millis() / step.millis() + 1;
            self.asked.lock().unwrap().push(many);
            if self.most < many {
                let error =
                    json!({ "status": "error", "errorType": "execution", "error": "too many samples" });
                return (StatusCode::UNPROCESSABLE_ENTITY, error.to_string());
            }
        }
        let plan = parse(&fields["query"], Features::NONE).unwrap();
        let value = evaluate(&plan, &Query::new(when), &*self.store.lock().unwrap()).unwrap().value;
        (StatusCode::OK, json!({ "status": "success", "data": data(value) }).to_string())
    }
}

fn data(value: Value) -> Json {
    let told = |(at, point): (UnixMillis, Point)| {
        let Point::Float(value) = point else { panic!("a histogram") };
        #[expect(clippy::cast_precision_loss, reason = "a moment of our days")]
        let seconds = at.millis() as f64 / 1_000.0;
        json!([seconds, value.to_string()])
    };
    let labels = |labels: &Labels| json!(labels.iter().collect::<BTreeMap<_, _>>());
    let (kind, rows): (_, Vec<Json>) = match value {
        Value::Vector(rows) => {
            let row = |(own, point): (Labels, Point)| json!({ "metric": labels(&own), "value": told((at(0), point)) });
            ("vector", rows.into_iter().map(row).collect())
        }
        Value::Matrix(rows) => {
            let row = |row: crate::promql::Row| json!({ "metric": labels(&row.labels), "values": row.points().map(told).collect::<Vec<_>>() });
            ("matrix", rows.into_iter().map(row).collect())
        }
        other @ (Value::Scalar(_) | Value::Text(_)) => panic!("{other:?}"),
    };
    json!({ "resultType": kind, "result": rows })
}

/// Three processes that have one request every fifteen seconds each.
fn requests() -> Store {
    let mut store = Store::new(Bounds::default());
    for number in 0..3 {
        let instance = format!("10.0.0.{number}:80");
        let labels = |name: &str| {
            let pairs = [(NAME, name), ("service", "shop"), ("job", "shop"), ("instance", &instance)];
            let pairs = pairs.map(|(label, value)| (label.to_owned(), value.to_owned()));
            Labels::new(pairs.to_vec()).unwrap()
        };
        #[expect(clippy::cast_precision_loss, reason = "they are few")]
        let counts = (0..160_i64).map(|step| Sample { at: at(step * 15), value: step as f64 }.into());
        let up = (0..160_i64).map(|step| Sample { at: at(step * 15), value: 1.0 }.into());
        store.append(
            &[
                Series { labels: labels(METRIC), samples: counts.collect() },
                Series { labels: labels("up"), samples: up.collect() },
            ],
            at(2_400),
        );
    }
    store
}

fn wanted() -> Wanted {
    let selector = format!("{METRIC}{{service=\"shop\"}}");
    let sum = Sum {
        metric: METRIC.to_owned(),
        selector: selector.clone(),
        target: selector.clone(),
        others: Vec::new(),
        place: ["instance", "job"].map(str::to_owned).into(),
        without: ["instance", "job"].map(str::to_owned).into(),
        step: Span::from_secs(30),
        before: Span::ZERO,
    };
    let plan = parse(&selector, Features::NONE).unwrap();
    let sums = Sums { of: vec![sum], besides: BTreeSet::new() };
    Wanted { from: at(0), sums: Some(sums), ..Wanted::of_plan(&plan, at(0)) }
}

fn mirror(url: &str, series: u64, bounds: Bounds) -> Mirror {
    rustls::crypto::ring::default_provider().install_default().ok();
    let client = crate::responder::client().unwrap();
    let prometheus = Prometheus::new(client, url, Login::Nobody).unwrap().at_most(series);
    let (sender, _) = std::sync::mpsc::sync_channel(1);
    let handle = tokio::runtime::Handle::current();
    Mirror::within(("source".parse().unwrap(), prometheus), false, (Line(sender), &handle), bounds)
}

fn ward() -> Ward {
    let target = crate::signal::TargetKey { service: "shop".to_owned(), environment: None, cluster: None };
    Ward::Cell(CellId::of(&"gate".parse().unwrap(), &crate::signal::ChangeId("c".to_owned()), &target))
}

/// What a mirror says once it has it, or cannot have it.
async fn settled(mirror: &mut Mirror, to: i64) -> Result<Arc<RwLock<Store>>, Deaf> {
    let settled = async {
        loop {
            match mirror.has(&ward(), (at(to), at(to)), (false, || Some(wanted()))) {
                Ok(store) => break Ok(store),
                Err(Some(deaf)) => break Err(deaf),
                Err(None) => mirror.flush(),
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), settled).await.unwrap()
}

fn counted(store: &RwLock<Store>, (from, to): (i64, i64)) -> u64 {
    let asks = [Is { label: NAME, value: METRIC }];
    let window = Window { from: at(from), to: at(to), lookback: LOOKBACK };
    tally(&store.read().unwrap(), &asks, &window, 1, |_| Some(0)).sum()
}

/// A server that works on so many samples at once is asked for fewer moments, down to one.
#[tokio::test]
async fn what_is_too_much_work_for_a_server_is_asked_in_parts() {
    for most in [1, 7, 1_000] {
        let (server, url) = Server::start(requests(), most).await;
        let store = settled(&mut mirror(&url, 1, Bounds::default()), 2_370).await.unwrap();
        assert_eq!(counted(&store, (300, 2_370)), 3 * (2_370 - 300) / 15);
        let refused = server.asked.lock().unwrap().iter().filter(|many| most < **many).count();
        assert!(refused <= 7, "of parts that are too large a server is not asked again: {refused}");
    }
    let (_, url) = Server::start(requests(), 0).await;
    assert_eq!(settled(&mut mirror(&url, 1, Bounds::default()), 2_370).await.err(), Some(Deaf::Refused));
}

/// That there is no room says nothing of how many series a source has; and sums have no room besides.
#[tokio::test]
async fn what_has_no_room_is_not_too_many_series() {
    let (_, url) = Server::start(requests(), 1_000).await;
    for (most, samples, is_apart) in [(100, 50, false), (1, 50, true)] {
        let mut mirror = mirror(&url, most, Bounds { samples, ..Bounds::default() });
        assert_eq!(settled(&mut mirror, 2_370).await.err(), Some(Deaf::TooMuch));
        assert_eq!(mirror.shared.desk().is_apart(&ward()), is_apart);
    }
    // What others want leaves no room, until they want it no more.
    let mut mirror = mirror(&url, 1, Bounds { samples: 300, ..Bounds::default() });
    let want =
        Want { selector: "other".to_owned(), from: at(0), before: None, room: Room::Number, sum: None };
    let other = Ward::Action(Key("other".to_owned()));
    let wish = Wish { from: at(0), own: vec![want], ..Wish::default() };
    mirror.shared.desk().wish(other, wish, false);
    let store = Arc::clone(&mirror.shared.desk().stores()[0]);
    let sample = |second: i64| Sample { at: at(second), value: 1.0 }.into();
    let labels = Labels::new(vec![(NAME.to_owned(), "other".to_owned())]).unwrap();
    store.write().unwrap().append(&[Series { labels, samples: (0..100).map(sample).collect() }], at(2_400));
    assert_eq!(settled(&mut mirror, 2_370).await.err(), Some(Deaf::TooMuch));
    mirror.sweep(|own| (*own == ward()).then_some(at(0)));
    let let_go = async {
        while settled(&mut mirror, 2_370).await.is_err() {
            mirror.flush();
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), let_go).await.unwrap();
}
