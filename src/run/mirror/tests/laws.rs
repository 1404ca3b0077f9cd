//! Laws: what holds of a desk whatever is wished and answered.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// However a source answers, whoever is told to have what it wants was given all of it, and in the end everybody is.
    #[test]
    fn whoever_is_told_to_have_it_has_it(
        wants in prop::collection::vec((0_usize..6, prop::sample::select(vec!["m", "n"]), 0_i64..2_000), 1..12),
        fuses: bool,
        answers in prop::collection::vec((any::<bool>(), 0_usize..4, any::<bool>()), 0..60),
    ) {
        let mut desk = new_desk(fuses);
        let selector = |name: &str, service: usize| format!("{name}{{service=\"s{service}\"}}");
        let mut given: BTreeMap<String, Vec<(UnixMillis, UnixMillis)>> = BTreeMap::new();
        let mut running: Vec<Batch> = Vec::new();
        let (mut wards, mut now) = (Vec::new(), 4_000);
        let mut wants = wants.into_iter();
        let mut answers = answers.into_iter();
        for round in 0..400 {
            if let Some((service, name, from)) = wants.next() {
                let wish = Wish { own: vec![want(&selector(name, service), from)], ..Wish::default() };
                desk.wish(ward(wards.len()), wish, false);
                wards.push((selector(name, service), from));
            }
            for (number, (selector, from)) in wards.iter().enumerate() {
                if desk.has(&ward(number), (at(now - 60), at(now))).is_ok() {
                    let mut to = at(*from);
                    for (begin, end) in given.get(selector).into_iter().flatten() {
                        if *begin <= to { to = to.max(*end); }
                    }
                    prop_assert!(at(now - 60) <= to, "{selector} from {from}: {given:?}");
                }
            }
            running.extend(desk.next_batch(at(now)));
            let (fails, which, waits) = answers.next().unwrap_or((false, 0, false));
            if waits || running.is_empty() { now += 1; continue; }
            let batch = running.remove(which % running.len());
            prop_assert!(batch.feeds.len() <= MOST_FUSED);
            if fails {
                desk.failed(&batch, if which % 2 == 0 { Deaf::Garbage } else { Deaf::Late }, at(now));
            } else {
                let plan = parse(&batch.selector, Features::NONE).unwrap();
                let asked = plan.as_selector().unwrap();
                for (name, service) in [("m", 0..6), ("n", 0..6)].into_iter().flat_map(|(name, all)| all.map(move |s| (name, s))) {
                    let labels = [(NAME, name.to_owned()), ("service", format!("s{service}"))];
                    let labels = Labels::new(labels.map(|(label, value)| (label.to_owned(), value)).to_vec()).unwrap();
                    if asked.accepts(&labels) {
                        given.entry(selector(name, service)).or_default().push((batch.stretch.from, batch.stretch.to));
                    }
                }
                desk.answered(&batch, nothing(&batch));
            }
            if round % 3 == 0 { now += 1; }
        }
        now += 60;
        for _ in 0..40 {
            for (number, _) in wards.iter().enumerate() {
                desk.has(&ward(number), (at(now - 60), at(now))).ok();
            }
            running.extend(std::iter::from_fn(|| desk.next_batch(at(now + 60))));
            running.drain(..).for_each(|batch| desk.answered(&batch, nothing(&batch)));
        }
        for number in 0..wards.len() {
            prop_assert_eq!(desk.has(&ward(number), (at(now - 60), at(now))), Ok(()));
        }
    }

    /// A batch's beginning is no later than its feeds want, whatever is wished meanwhile.
    #[test]
    fn no_span_is_negative(froms in prop::collection::vec(0_i64..5_000, 1..8)) {
        let mut desk = new_desk(true);
        for (number, from) in froms.iter().enumerate() {
            desk.wish(ward(number), Wish { own: vec![want("up", *from)], ..Wish::default() }, false);
            desk.has(&ward(number), (at(5_000), at(5_000))).ok();
        }
        let batch = desk.next_batch(at(5_000)).unwrap();
        let least = froms.iter().min().copied().unwrap_or_default();
        prop_assert!(batch.stretch.from <= at(least) && batch.stretch.length() > Span::ZERO);
    }
}
