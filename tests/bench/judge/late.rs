//! Harm that sets in later: twenty minutes after the first look.

use super::cells::{Judged, Size, judged};
use super::gate::Rule;
use super::report::{Report, Table, minutes, percent};
use super::spread;
use super::traffic::{Cell, Effect, Shape};

const ONSET: u32 = 40;
const CELLS: [(f64, f64, f64); 4] =
    [(1.0, 0.05, 2.0), (10.0, 0.01, 2.0), (100.0, 0.05, 2.0), (100.0, 0.05, 5.0)];

pub(crate) fn report(size: Size) -> Report {
    let columns = CELLS.map(|(rate, base, times)| format!("{rate}/s, {} %, {times}x", 100.0 * base));
    let mut head = vec!["rule"];
    head.extend(columns.iter().map(String::as_str));
    let mut table = Table::new(
        "Harm that sets in after 20 minutes: median minutes from then / found before it in %",
        &head,
    );
    for (name, rule) in [("ratio > 1", Rule::any_worse()), ("default rule", Rule::usual())] {
        let found: Vec<Judged> = spread::each(&CELLS, |(rate, base, times)| {
            let (rate, base, effect) = (*rate, *base, Effect::Times(*times));
            let cell = Cell { shape: Shape::Single, rate, base, effect, onset: ONSET as usize };
            (0..size.harmful).map(|number| judged(&rule, &cell.rollout(number))).collect()
        });
        table.row(
            name,
            found.iter().map(|judged| {
                let after = judged.failed.since(ONSET);
                let before = 1.0 - f64::from(after.many()) / f64::from(judged.failed.many());
                format!("{} / {}", minutes(after.median()), percent(before))
            }),
        );
    }
    Report { tables: vec![table], ..Report::default() }
}
