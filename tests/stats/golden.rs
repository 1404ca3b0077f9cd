//! The golden vectors: each value within 1e-9 of what fifty digits give.

use crate::skip;
use backstop::stats::{
    Aim, BaselineEvidence, DifferenceEvidence, Direction, Dispersion, Pair, Planned, RatioEvidence, Traffic,
    ValueEvidence, ln_mean, phi_upper, ratio_interval,
};
use serde_json::Value;
use std::path::PathBuf;

const NEAR: f64 = 1e-9;

fn vectors() -> Option<Value> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("BACKSTOP_SHARED").map_or_else(beside, PathBuf::from);
    let text = std::fs::read_to_string(shared.join("golden/sequential.json")).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// What was compared, and what did not agree.
#[derive(Default)]
struct Comparison {
    values: usize,
    wrong: Vec<String>,
}

impl Comparison {
    fn near(&mut self, what: &str, got: f64, golden: f64) {
        self.values += 1;
        let agrees = (got - golden).abs() <= NEAR;
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
    Planned { looks: whole(&row["horizon"]), first: row["w1"].as_f64().unwrap_or(0.5), cap }
}

fn whole(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

fn direction(row: &Value) -> Direction {
    if row["up"].as_bool().unwrap() { Direction::Up } else { Direction::Down }
}

/// Compares one row of a kind.
type Check = fn(&mut Comparison, &str, &Value);

#[test]
fn every_value_agrees_with_its_golden_one() {
    let Some(vectors) = vectors() else {
        return skip::skip("the golden vectors of the sequential tests", "../shared/golden/sequential.json");
    };
    let checks: [(&str, Check); 9] = [
        ("ratio", ratio),
        ("ratio_interval", interval),
        ("diff", difference),
        ("prepost", baseline),
        ("one_sample", value),
        ("dispersion", dispersion),
        ("combine", mean),
        ("looks_needed", looks_needed),
        ("phi_upper", upper_limit),
    ];
    let mut comparison = Comparison::default();
    for (name, check) in checks {
        let rows = vectors[name].as_array().unwrap();
        assert!(!rows.is_empty(), "{name} has no rows");
        for (row, values) in rows.iter().enumerate() {
            check(&mut comparison, &format!("{name} {row} {}", values["name"]), values);
        }
    }
    let Comparison { values, wrong } = comparison;
    assert!(wrong.is_empty(), "{} of {values} values\n{}", wrong.len(), wrong.join("\n"));
}

fn ratio(comparison: &mut Comparison, what: &str, row: &Value) {
    let mut evidence = RatioEvidence::new(number(&row["r"]), direction(row), planned(row));
    for ((pair, temper), golden) in looks(row).iter().zip(numbers(&row["ln_m"])) {
        comparison.near(what, evidence.look(pair, *temper), golden);
        comparison.same(what, evidence.ln_now(), evidence.ln_now());
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
    let looks = traffic.looks_needed(number(&row["r"]), number(&row["rho"]), number(&row["alpha"])).unwrap();
    comparison.near(what, libm::log(looks), libm::log(number(&row["looks"])));
}

fn upper_limit(comparison: &mut Comparison, what: &str, row: &Value) {
    comparison.near(what, phi_upper(number(&row["df"])), number(&row["u"]));
}
