//! The worst that is tolerated: what lies on a border is neither taken back nor promoted more often than promised (T2).

use backstop::gate::Bound;

use super::cells::{BORDER, Judged, Size, judged};
use super::gate::Rule;
use super::report::{Report, Table, percent};
use super::spread;
use super::tally::{Times, allowed, worst_and_median};
use super::traffic::{Cell, Effect, SHAPES, Shape};

/// What a gate may fail at, and what it may promote below.
const FAIL: [f64; 4] = [1.0, 1.25, 1.5, 2.0];
const PASS: [f64; 4] = [1.25, 1.5, 2.0, 3.0];

pub(crate) fn report(size: Size) -> Report {
    let mut report = Report::default();
    let harm = harm(size);
    let promotions = promotions(size);
    for (part, ends) in [("taken back at the border", &harm), ("promoted at the border", &promotions)] {
        let worst = ends.worst.iter().map(|worst| worst.0).fold(0.0, f64::max);
        let met = ends.worst.iter().all(|worst| worst.1);
        let over =
            if met { String::new() } else { format!("; more than promised: {}", ends.broken.join("; ")) };
        let figure =
            format!("at most {} % over {} pairs of rule and truth{over}", percent(worst), ends.worst.len());
        report.target(2, part, met, figure);
    }
    report.broken = [harm.broken, promotions.broken].concat();
    report.tables.extend([harm.table, promotions.table.long()]);
    report
}

/// A table with the worst share of each of its rows, and whether it was allowed.
struct Ends {
    table: Table,
    worst: Vec<(f64, bool)>,
    /// The cells in which more came to it than was promised.
    broken: Vec<String>,
}

fn ends<T: Sync>(
    (title, head): (&str, &[&str]),
    rows: &[(String, T)],
    shapes: &[Shape],
    come: impl Fn(&T, Cell) -> Times + Sync,
) -> Ends {
    let mut ends = Ends { table: Table::new(title, head), worst: Vec::new(), broken: Vec::new() };
    let cells: Vec<(usize, Cell)> = (0..rows.len())
        .flat_map(|row| {
            let cells = shapes.iter().flat_map(|shape| Cell::all(*shape, Effect::NONE));
            cells.map(move |cell| (row, cell))
        })
        .collect();
    let times = spread::each(&cells, |(row, cell)| come(&rows[*row].1, *cell));
    for (number, (name, _)) in rows.iter().enumerate() {
        let of_row = || cells.iter().zip(&times).filter(|((row, _), _)| *row == number);
        let shares = |shape: Shape| -> Vec<f64> {
            of_row().filter(|((_, cell), _)| cell.shape == shape).map(|(_, times)| times.share()).collect()
        };
        ends.table.row(
            name,
            shapes.iter().map(|shape| {
                let (worst, median) = worst_and_median(shares(*shape));
                format!("{} / {}", percent(worst), percent(median))
            }),
        );
        let worst = of_row().map(|(_, times)| times.share()).fold(0.0, f64::max);
        let over = of_row().filter(|(_, times)| times.share() > allowed(0.05, times.many()));
        let over: Vec<String> =
            over.map(|((_, cell), times)| format!("{cell} {} %", percent(times.share()))).collect();
        ends.worst.push((worst, over.is_empty()));
        if !over.is_empty() {
            ends.broken.push(format!("{name}: {}", over.join(", ")));
        }
    }
    ends
}

fn judge(rule: &Rule, cell: Cell, rollouts: u64) -> Judged {
    (0..rollouts).map(|number| judged(rule, &cell.rollout(number))).collect()
}

fn harm(size: Size) -> Ends {
    let rows: Vec<(String, (Rule, Effect))> = [
        ("ratio > 1.25 at 1.25", Rule::fails(&[Bound::Ratio(1.25)]), Effect::Times(1.25)),
        ("ratio > 2 at 2", Rule::fails(&[Bound::Ratio(2.0)]), Effect::Times(2.0)),
        ("difference > 0.05pp at that", Rule::fails(&[Bound::Difference(0.000_5)]), Effect::More(0.000_5)),
        ("difference > 1pp at that", Rule::fails(&[Bound::Difference(0.01)]), Effect::More(0.01)),
        ("the default rule at its border", Rule::usual(), BORDER),
    ]
    .map(|(name, rule, effect)| (name.to_owned(), (rule, effect)))
    .into();
    let head = ["rule, truth", SHAPES[0].name(), SHAPES[1].name(), SHAPES[2].name(), SHAPES[3].name()];
    ends(
        ("Releases at the border of what is tolerated, taken back in %: worst cell / median cell", &head),
        &rows,
        &SHAPES,
        |(rule, effect), cell| judge(rule, cell.with(*effect), size.border).failed,
    )
}

/// Differences that a gate may fail at, and promote below.
const DIFFERENCES: [(f64, f64); 3] = [(0.000_5, 0.001), (0.01, 0.02), (0.01, 0.01)];

fn promotions(size: Size) -> Ends {
    let mut rows = Vec::new();
    for pass in PASS {
        for fail in FAIL {
            let rule = Rule::fails(&[Bound::Ratio(fail)]).passes(&[Bound::Ratio(pass)]);
            rows.push((format!("fails above {fail}, passes below {pass}"), (rule, Effect::Times(pass))));
        }
    }
    for (fail, pass) in DIFFERENCES {
        let rule = Rule::fails(&[Bound::Difference(fail)]).passes(&[Bound::Difference(pass)]);
        let name = format!("fails above {}pp, passes below {}pp", 100.0 * fail, 100.0 * pass);
        rows.push((name, (rule, Effect::More(pass))));
    }
    let shapes = [Shape::Single, Shape::Clusters];
    ends(
        (
            "Releases as bad as a pass has to rule out, promoted in %: worst cell / median cell",
            &["margins", shapes[0].name(), shapes[1].name()],
        ),
        &rows,
        &shapes,
        |(rule, effect), cell| judge(rule, cell.with(*effect), size.border).passed,
    )
}
