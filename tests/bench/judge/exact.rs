//! The same counts, the same bits (T11).

use backstop::gate::Standing;

use super::cells::Size;
use super::gate::{Judge, Rule};
use super::report::Report;
use super::traffic::{BEFORE, Cell, Effect, Rollout, SHAPES};

pub(crate) fn report(size: Size) -> Report {
    let mut report = Report::default();
    let (mut looks, mut unlike) = (0, 0);
    for shape in SHAPES {
        for cell in Cell::all(shape, Effect::Times(1.5)) {
            for number in 0..size.border / 10 {
                let rollout = cell.rollout(number);
                let (whole, again) =
                    (standings(&rollout, None), standings(&rollout, Some(usize::try_from(number).unwrap())));
                looks += whole.len();
                unlike += whole.iter().zip(&again).filter(|(one, other)| bits(one) != bits(other)).count();
            }
        }
    }
    report.target(
        11,
        "",
        unlike == 0 && looks > 0,
        format!("{unlike} of {looks} looks differ by a bit after a restart from the stored counts"),
    );
    report
}

/// Where a trial stands after each look; with a restart it is opened again at some look and folded from its counts.
fn standings(rollout: &Rollout, restart: Option<usize>) -> Vec<Standing> {
    let rows = || rollout.before[BEFORE - 120..].iter().map(|beat| beat.old.to_vec()).collect();
    let open = || Judge::beside(&Rule::usual(), rows());
    let mut judge = open();
    let mut standings = Vec::new();
    for (number, beat) in rollout.looks.iter().enumerate() {
        if restart.is_some_and(|at| at % rollout.looks.len() == number) {
            judge = open();
            for beat in &rollout.looks[..number] {
                judge.look(&[Some((beat.new, &beat.old[..]))]);
            }
        }
        standings.push(judge.look(&[Some((beat.new, &beat.old[..]))]));
    }
    standings
}

fn bits(standing: &Standing) -> (u64, u64, String) {
    (standing.ln_now.to_bits(), standing.ln_most.to_bits(), format!("{:?}", standing.verdict))
}
