//! The golden vectors, which other code wrote with fifty digits, and what the evidence makes of the same streams.
#![expect(clippy::unwrap_used, reason = "vectors that cannot be read have failed")]

use backstop::stats::{
    Aim, BaselineEvidence, DifferenceEvidence, Direction, Dispersion, Pair, Planned, Prior, RankEvidence,
    RatioEvidence, Size, Traffic, ValueEvidence, culprits, ln_mean, phi_upper, rank_temper, ratio_interval,
};
use serde_json::Value;
use std::path::PathBuf;

/// How near each value has to come.
pub(crate) const NEAR: f64 = 1e-9;

fn vectors() -> Option<Value> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("BACKSTOP_SHARED").map_or_else(beside, PathBuf::from);
    let text = std::fs::read_to_string(shared.join("golden/sequential.json")).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// What was compared, and what did not agree.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) values: usize,
    /// The furthest that a value was off.
    pub(crate) furthest: f64,
    pub(crate) wrong: Vec<String>,
}

impl Comparison {
    fn near(&mut self, what: &str, got: f64, golden: f64) {
        self.values += 1;
        let agrees = (got - golden).abs() <= NEAR;
        self.furthest = self.furthest.max((got - golden).abs());
        if !agrees {
            self.wrong.push(format!("{what}: {got}, but golden is {golden}"));
        }
    }

    fn same(&mut self, what: &str, got: f64, golden: f64) {
        self.values += 1;
        if got.to_bits() != golden.to_bits() {
            self.wrong.push(format!("{what}: {got}, but golden is exactly {golden}"));
        }
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// The looks of a stream, each with its temper.
fn looks(row: &Value) -> Vec<(Pair, f64)> {
    let pair = |value: &Value| {
        let [new_events, new_of, old_events, old_of] = numbers(value).try_into().unwrap();
        Pair { new_events, new_of, old_events, old_of }
    };
    row["intervals"].as_array().unwrap().iter().map(pair).zip(numbers(&row["c"])).collect()
}

fn planned(row: &Value) -> Planned {
    let cap = row["cap"].as_f64().unwrap_or(f64::INFINITY);
    Planned {
        looks: whole(&row["horizon"]),
        first: row["w1"].as_f64().unwrap_or(0.5),
        cap,
        prior: Prior::Even,
    }
}

fn whole(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

fn direction(row: &Value) -> Direction {
    if row["up"].as_bool().unwrap() { Direction::Up } else { Direction::Down }
}

/// What the vectors were made with: the rows would not agree with others.
const NO_VECTORS: [&str; 5] = ["about", "grid_up", "harm_g", "lambda", "ni_g"];

/// Compares one row of a kind.
type Check = fn(&mut Comparison, &str, &Value);

/// All vectors against the evidence; nothing where there are none.
pub(crate) fn comparison() -> Option<Comparison> {
    let vectors = vectors()?;
    let checks: [(&str, Check); 12] = [
        ("ratio", ratio),
        ("ratio_interval", interval),
        ("diff", difference),
        ("prepost", baseline),
        ("rank", rank),
        ("rank_temper", temper_of_ranks),
        ("one_sample", value),
        ("dispersion", dispersion),
        ("combine", mean),
        ("ebh", named),
        ("looks_needed", looks_needed),
        ("phi_upper", upper_limit),
    ];
    let left: Vec<&str> = vectors.as_object().unwrap().keys().map(String::as_str).collect();
    let left = left.into_iter().filter(|key| !checks.iter().any(|(name, _)| name == key));
    assert_eq!(left.collect::<Vec<_>>(), NO_VECTORS, "a kind of vectors is compared with nothing");
    let mut comparison = Comparison::default();
    for (name, check) in checks {
        let rows = vectors[name].as_array().unwrap();
        assert!(!rows.is_empty(), "{name} has no rows");
        for (row, values) in rows.iter().enumerate() {
            check(&mut comparison, &format!("{name} {row} {}", values["name"]), values);
        }
    }
    Some(comparison)
}

fn ratio(comparison: &mut Comparison, what: &str, row: &Value) {
    let mut evidence = RatioEvidence::new(number(&row["r"]), direction(row), planned(row));
    for ((pair, temper), golden) in looks(row).iter().zip(numbers(&row["ln_m"])) {
        let now = evidence.look(pair, *temper);
        comparison.near(what, now, golden);
        comparison.same(what, evidence.ln_now(), now);
    }
}

fn interval(comparison: &mut Comparison, what: &str, row: &Value) {
    let found = ratio_interval(&looks(row), 2.0 * number(&row["alpha_side"]));
    let lower = number(&row["lower"]);
    if lower > 0.0 {
        comparison.near(what, libm::log(found.lower), libm::log(lower));
    } else {
        comparison.same(what, found.lower, 0.0);
    }
    match row["upper"].as_f64() {
        Some(upper) => comparison.near(what, libm::log(found.upper), libm::log(upper)),
        None => comparison.same(what, found.upper, f64::INFINITY),
    }
}

fn difference(comparison: &mut Comparison, what: &str, row: &Value) {
    let aim = if row["harm"].as_bool().unwrap() { Aim::Harm } else { Aim::NonInferior };
    let prior = (number(&row["prior"][0]), number(&row["prior"][1]));
    let mut evidence = DifferenceEvidence::new(number(&row["d"]), aim, planned(row), prior);
    for ((pair, temper), golden) in looks(row).iter().zip(numbers(&row["ln_m"])) {
        comparison.near(what, evidence.look(pair, *temper), golden);
    }
}

fn baseline(comparison: &mut Comparison, what: &str, row: &Value) {
    let before = (number(&row["x"]), number(&row["n0"]));
    let (ratio, every) = (number(&row["r"]), whole(&row["every"]));
    let mut evidence = BaselineEvidence::new(before, ratio, Direction::Up, every, planned(row));
    for (look, golden) in row["looks"].as_array().unwrap().iter().zip(numbers(&row["ln_m"])) {
        let now = evidence.look(number(&look[0]), number(&look[1]), number(&row["c"]));
        comparison.near(what, now, golden);
    }
}

fn rank(comparison: &mut Comparison, what: &str, row: &Value) {
    let size = if row["sign_only"].as_bool().unwrap() { Size::Ignored } else { Size::Ranked };
    let temper = row["c"].as_f64().unwrap_or(1.0);
    let mut evidence = RankEvidence::new(size, planned(row));
    for (beyond, golden) in numbers(&row["d"]).into_iter().zip(numbers(&row["ln_m"])) {
        let now = evidence.look(Some(beyond), temper);
        comparison.near(what, now, golden);
        comparison.same(what, evidence.ln_now(), now);
    }
}

fn temper_of_ranks(comparison: &mut Comparison, what: &str, row: &Value) {
    comparison.near(what, rank_temper(&numbers(&row["pre"])), number(&row["c"]));
}

fn named(comparison: &mut Comparison, what: &str, row: &Value) {
    let evidence = numbers(&row["e"]);
    let ln: Vec<f64> = evidence.iter().map(|evidence| libm::log(*evidence)).collect();
    let many = usize::try_from(whole(&row["rejected"])).unwrap();
    let mut down = evidence.clone();
    down.sort_by(|one, other| other.total_cmp(one));
    // Whatever the weight of all, if it is the same.
    for weight in [1.0, 0.1, 1e300] {
        let named = culprits(&ln, &vec![weight; ln.len()], number(&row["alpha"]));
        for (evidence, named) in evidence.iter().zip(named) {
            let golden = down[..many].contains(evidence);
            comparison.same(what, f64::from(u8::from(named)), f64::from(u8::from(golden)));
        }
    }
}

fn value(comparison: &mut Comparison, what: &str, row: &Value) {
    let mut evidence = ValueEvidence::new(number(&row["p0"]), Direction::Up, planned(row));
    for (look, golden) in row["looks"].as_array().unwrap().iter().zip(numbers(&row["ln_m"])) {
        comparison.near(what, evidence.look(number(&look[0]), number(&look[1]), 1.0), golden);
    }
}

fn dispersion(comparison: &mut Comparison, what: &str, row: &Value) {
    let mut dispersion = Dispersion::default();
    for row in row["rows"].as_array().unwrap() {
        dispersion.add(&numbers(&row["e"]), &numbers(&row["n"]));
    }
    comparison.near(what, dispersion.phi(), number(&row["phi"]));
    comparison.near(what, dispersion.temper(2.0), number(&row["c_kappa_2"]));
}

fn mean(comparison: &mut Comparison, what: &str, row: &Value) {
    comparison.near(what, ln_mean(&numbers(&row["ln_m"]), &numbers(&row["w"])), number(&row["ln_mean"]));
}

fn looks_needed(comparison: &mut Comparison, what: &str, row: &Value) {
    let traffic = Traffic {
        new_of: number(&row["nc"]),
        old_of: number(&row["ns"]),
        old_share: number(&row["ps"]),
        temper: number(&row["c"]),
    };
    let planned = Planned { looks: 120, first: 0.5, cap: f64::INFINITY, prior: Prior::Even };
    let (border, truth, alpha) = (number(&row["r"]), number(&row["rho"]), number(&row["alpha"]));
    let looks = traffic.looks_needed(border, truth, alpha, planned).unwrap();
    comparison.near(what, libm::log(looks), libm::log(number(&row["looks"])));
}

fn upper_limit(comparison: &mut Comparison, what: &str, row: &Value) {
    comparison.near(what, phi_upper(number(&row["df"])), number(&row["u"]));
}
