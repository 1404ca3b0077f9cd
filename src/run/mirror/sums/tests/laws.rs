//! Laws: what sums count, of whatever processes there are.

use proptest::prelude::*;

use super::*;

fn process(plain: bool, often: usize) -> impl Strategy<Value = Process> {
    (
        0_i64..15,
        if plain { (0_i64..1).boxed() } else { prop_oneof![Just(0_i64), 0..ALL].boxed() },
        prop_oneof![Just(0_i64), FROM..ALL],
        prop::collection::vec(FROM..ALL, 0..=often),
        if plain { Just(None).boxed() } else { prop::option::of((FROM..ALL, 1_i64..1_500)).boxed() },
        prop::collection::vec((0_u8..5, 0_u8..3), 1..20),
    )
        .prop_map(|(offset, begins, fails, restarts, gap, each)| Process {
            offset,
            begins,
            fails,
            restarts,
            gap: gap.map(|(from, length)| (from, from + length)),
            each,
        })
}

/// Moments on the grid of all windows, in their order.
fn windows(step: i64) -> Vec<(UnixMillis, UnixMillis)> {
    let first = at(FROM).floor(Span::from_secs(60)).plus(Span::from_secs(60));
    let edges: Vec<UnixMillis> =
        (0..15).map(|number| first.plus(Span::from_secs(u64::try_from(number * step).unwrap()))).collect();
    edges.windows(2).map(|pair| (pair[0], pair[1])).chain([(edges[0], edges[14])]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// However processes come, go and begin again, no more is counted of sums than happened; and it makes no difference in
    /// what pieces they were asked for.
    #[test]
    fn no_more_is_counted_than_happened(
        processes in prop::collection::vec(process(false, 3), 1..5), every in 5_i64..40,
        step in prop::sample::select(vec![10_u64, 30, 60]), whole: bool,
        upto in prop::collection::btree_set(60..ALL, 0..6),
    ) {
        let mut scraped = Scraped { step, ..Scraped::default() };
        processes.iter().enumerate().for_each(|(number, process)| scraped.scrape(number, process, every));
        let source = scraped.store();
        let sum = sum(step, &["instance", "job", "pod"]);
        let asking = Asking { sum: &sum, whole };
        let all = summed(&source, asking, &[ALL]);
        let upto: Vec<i64> = upto.into_iter().chain([ALL]).collect();
        let pieces = summed(&source, asking, &upto);
        for (window, code) in windows(60).into_iter().flat_map(|window| [(window, "200"), (window, "500")]) {
            let (count, truth) = (counted(&all, code, window), scraped.truth(code, window));
            prop_assert!(count <= truth, "{count} of {truth} {code} in {window:?}");
            prop_assert_eq!(count, counted(&pieces, code, window), "{} in {:?}", code, window);
        }
    }

    /// Where no process begins again or comes to be, as much is counted of sums as of their series, errors that are seen for the
    /// first time among it.
    #[test]
    fn as_much_is_counted_as_of_the_series(
        processes in prop::collection::vec(process(true, 0), 1..5), every in 5_i64..40,
        step in prop::sample::select(vec![10_u64, 30, 60]), whole: bool,
    ) {
        let mut scraped = Scraped { step, ..Scraped::default() };
        processes.iter().enumerate().for_each(|(number, process)| scraped.scrape(number, process, every));
        let source = scraped.store();
        let sum = sum(step, &["instance", "job", "pod"]);
        let sums = summed(&source, Asking { sum: &sum, whole }, &[ALL]);
        for (window, code) in windows(60).into_iter().flat_map(|window| [(window, "200"), (window, "500")]) {
            prop_assert_eq!(counted(&sums, code, window), counted(&source, code, window), "{} in {:?}", code, window);
            prop_assert_eq!(counted(&sums, code, window), scraped.truth(code, window), "{} in {:?}", code, window);
        }
    }

    /// Where processes begin again, no more is lost than what they had in those steps.
    #[test]
    fn little_is_lost_of_a_process_that_begins_again(
        processes in prop::collection::vec(process(true, 4), 1..5), every in 5_i64..40,
        step in prop::sample::select(vec![10_u64, 30, 60]), whole: bool,
    ) {
        let mut scraped = Scraped { step, ..Scraped::default() };
        processes.iter().enumerate().for_each(|(number, process)| scraped.scrape(number, process, every));
        let sum = sum(step, &["instance", "job", "pod"]);
        let sums = summed(&scraped.store(), Asking { sum: &sum, whole }, &[ALL]);
        for (window, code) in windows(60).into_iter().flat_map(|window| [(window, "200"), (window, "500")]) {
            let count = counted(&sums, code, window);
            let (least, most) = (scraped.least(code, window), scraped.truth(code, window));
            prop_assert!((least..=most).contains(&count), "{count} is none of {least} to {most} {code} in {window:?}");
        }
    }
}
