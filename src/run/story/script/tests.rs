//! Scripts: what they say, and what is said of those that say nothing.

use super::*;
use crate::signal::GitOpsKind;

/// A story with these lines as its script; they begin in line 4.
fn told(lines: &str) -> String {
    format!("About one thing.\n\n-- story --\n{lines}\nuntil 1h\n")
}

fn scenes(lines: &str) -> Vec<Act> {
    Script::read(&told(lines)).unwrap().scenes.into_iter().map(|scene| scene.what).collect()
}

#[test]
fn each_line_is_something_that_happens() {
    use Act::{Change, Clock, Crash, CrashAt, Receiver as R, SourceCut, SourceDeaf, Switch};
    let secs = Span::from_secs;
    let alert = |series: &str, fires, since, provenance| {
        let labels = series::labels(series).unwrap();
        Act::Alert(Alert { labels, fires, since, provenance })
    };
    let answers = |status, retry_after| R(Receiver::Answers { status, retry_after });
    for (line, act) in [
        (r#"at 1m change {"a": "b # c"}"#, Change(r#"{"a": "b # c"}"#.to_owned(), Provenance::Authenticated)),
        ("at 1m change {} # known", Change("{}".to_owned(), Provenance::Authenticated)),
        ("at 1m change unattested {}", Change("{}".to_owned(), Provenance::Unauthenticated)),
        ("at 1m  change  inferred {}", Change("{}".to_owned(), Provenance::Inferred)),
        ("at 1m alert A firing", alert("A", true, None, Provenance::Authenticated)),
        (
            r#"at 1m alert unattested A{b="c d"} resolved since -5m # late"#,
            alert(r#"A{b="c d"}"#, false, Some(Moment(-300_000)), Provenance::Unauthenticated),
        ),
        ("at 1m receiver takes", R(Receiver::Takes)),
        ("at 1m receiver drops", R(Receiver::Drops)),
        ("at 1m receiver loses", R(Receiver::Loses)),
        ("at 1m receiver is down # for good", R(Receiver::Down)),
        ("at 1m receiver answers 503", answers(503, None)),
        ("at 1m receiver answers 429 retry after 90s", answers(429, Some(secs(90)))),
        (
            "at 1m switch off: the mesh is moved",
            Switch { service: None, off: Some("the mesh is moved".to_owned()) },
        ),
        (
            "at 1m switch off shop: the mesh is moved",
            Switch { service: Some("shop".to_owned()), off: Some("the mesh is moved".to_owned()) },
        ),
        ("at 1m switch on shop", Switch { service: Some("shop".to_owned()), off: None }),
        ("at 1m switch on", Switch { service: None, off: None }),
        ("at 1m source cut for 5m", SourceCut(secs(300))),
        ("at 1m source is over_budget for 5m", SourceDeaf(Deaf::OverBudget, secs(300))),
        ("at 1m crash", Crash(Span::ZERO)),
        ("at 1m down 5m", Crash(secs(300))),
        ("at 1m crash before journal", CrashAt(Step::Journal)),
        ("at 1m crash before send", CrashAt(Step::Send)),
        ("at 1m crash before answer", CrashAt(Step::Answer)),
        ("at 1m crash before close", CrashAt(Step::Close)),
        ("at 1m clock +1h", Clock(3_600_000)),
        ("at 1m clock -90s", Clock(-90_000)),
    ] {
        assert_eq!(scenes(line), [act], "{line}");
    }
    assert_eq!(scenes("\n  # nothing but a word\n"), []);
}

#[test]
fn what_others_do_to_objects_is_written_by_their_names() {
    let (shop, image) = ("deployment/shop/shop", || "registry.example.com/shop:2.4.0".to_owned());
    let runs = |version: Option<&str>| Hand::Run { image: image(), version: version.map(str::to_owned) };
    let kept = |kind, app: &str| Hand::KeptBy(GitOps { kind, app: app.to_owned() });
    for (line, hand) in [
        ("runs registry.example.com/shop:2.4.0 # by the pipeline", runs(None)),
        ("runs registry.example.com/shop:2.4.0 as 2.4", runs(Some("2.4"))),
        ("is restarted", Hand::Restart),
        ("is paused", Hand::Pause),
        ("is resumed", Hand::Resume),
        ("is undone", Hand::Undo),
        ("is gone", Hand::Remove),
        ("is kept by argocd/shop", kept(GitOpsKind::ArgoCd, "shop")),
        ("is kept by argocd/apps/shop", kept(GitOpsKind::ArgoCd, "apps/shop")),
        (
            "is kept by kustomization/flux-system/shop",
            kept(GitOpsKind::Flux, "kustomization/flux-system/shop"),
        ),
    ] {
        // Nothing is done to what is not there.
        let lines = format!("at 0s {shop} runs first\nat 1m {shop} {line}");
        let acted = scenes(&lines).pop();
        assert_eq!(acted, Some(Act::Object(shop.parse().unwrap(), hand)), "{line}");
    }
    for object in ["statefulset/shop/shop", "daemonset/shop/shop"] {
        let lines = format!(
            "at 0s {object} is kept by argocd/shop\nat 1m git asks {object} for {} at 3f2a9c1\nat 2m {object} is undone",
            image()
        );
        let (object, revision) = (object.parse::<Object>().unwrap(), "3f2a9c1".to_owned());
        let asked = Act::Object(object.clone(), Hand::Ask { image: image(), revision });
        assert_eq!(scenes(&lines)[1..], [asked, Act::Object(object, Hand::Undo)]);
    }
}

#[test]
fn what_cannot_be_done_to_an_object_is_told_with_its_line_and_the_way_out() {
    for (line, message) in [
        (
            "deploy/shop/shop runs a",
            "line 5: `deploy` is no kind of object; they are deployment, statefulset, daemonset",
        ),
        (
            "deployment/shop runs a",
            "line 5: `deployment/shop` does not name an object; write `deployment/NAMESPACE",
        ),
        (
            "rollout/shop/shop runs a",
            "line 5: stories do not play `rollout/shop/shop`; they play deployment, statefulset and daemonset",
        ),
        ("git asks argocd/shop for a at b", "line 5: stories do not play `argocd/shop`"),
        ("deployment/shop/shop", "line 5: something is missing; write `at T OBJECT runs IMAGE|is restarted"),
        ("deployment/shop/shop run a", "line 5: `run` is nothing that can stand here; did you mean `runs`?"),
        ("deployment/shop/shop runs a b", "line 5: `b` is more than can stand here; take it out"),
        (
            "deployment/shop/shop runs a as",
            "line 5: something is missing; write `at T OBJECT runs IMAGE as VERSION`",
        ),
        (
            "deployment/shop/shop is pausd",
            "line 5: `pausd` is nothing that can stand here; did you mean `paused`?",
        ),
        ("statefulset/shop/shop is paused", "line 5: `statefulset/shop/shop` cannot be paused"),
        ("deployment/shop/shop is kept", "line 5: something is missing; write `at T OBJECT runs IMAGE|"),
        (
            "deployment/shop/shop is kept by helm/shop",
            "line 5: `helm/shop` is nothing that keeps objects here; write `argocd/APP` or `kustomization/NAMESPACE/NAME`",
        ),
        ("deployment/shop/shop is kept by argocd/", "line 5: `argocd/` is nothing that keeps objects here"),
        (
            "deployment/shop/shop is kept by helmrelease/a/b",
            "line 5: `helmrelease/a/b` is nothing that keeps objects here",
        ),
        (
            "deployment/shop/cart is kept by argocd/cart",
            "line 5: deployment/shop/cart is kept as git says already; take one of the two out",
        ),
        (
            "git deployment/shop/cart",
            "line 5: `deployment/shop/cart` is nothing that can stand here; it is one of `asks`",
        ),
        (
            "git asks deployment/shop/cart for a",
            "line 5: something is missing; write `at T git asks OBJECT for IMAGE at",
        ),
        (
            "git asks deployment/shop/shop for a at b",
            "line 5: nothing keeps deployment/shop/shop as git says by then; say above what does: `at T deployment/shop/shop is kept by argocd/APP`",
        ),
        (
            "deployment/shop/shop is restarted",
            "line 5: there is no deployment/shop/shop by then; say above what it runs: `at T deployment/shop/shop runs IMAGE`",
        ),
        ("deployment/shop/shop is gone", "line 5: there is no deployment/shop/shop by then"),
    ] {
        let text = told(&format!("at 0s deployment/shop/cart is kept by argocd/shop\nat 1m {line}"));
        let error = Script::read(&text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{line}\n{error}\n{message}");
    }
}

#[test]
fn series_are_written_with_their_values() {
    for (line, at, every, late, labels, values) in [
        ("from 0s every 15s: up 1 _ 0", 0, 15, 0, "up", vec![Some(1.0), None, Some(0.0)]),
        ("from -1h every 1m: a{b=\"c\"} 0+1x1", -3_600_000, 60, 0, "a{b=\"c\"}", vec![Some(0.0), Some(1.0)]),
        ("from 5m every 15s late 10s: a{} 7", 300_000, 15, 10, "a", vec![Some(7.0)]),
        (
            r#"from 0s every 1s: a{b="} # : {", c="d e"} 7 # x"#,
            0,
            1,
            0,
            r#"a{b="} # : {", c="d e"}"#,
            vec![Some(7.0)],
        ),
    ] {
        let script = Script::read(&told(line)).unwrap();
        let Act::Series(row) = &script.scenes[0].what else { panic!("{line}") };
        assert_eq!(script.scenes[0].at, Moment(at), "{line}");
        assert_eq!((row.every, row.late), (Span::from_secs(every), Span::from_secs(late)), "{line}");
        let values: Vec<Option<Point>> = values.into_iter().map(|value| value.map(Point::Float)).collect();
        assert_eq!((row.labels.to_string().as_str(), &row.values), (labels, &values), "{line}");
    }
}

#[test]
fn what_cannot_happen_is_told_with_its_line_and_the_way_out() {
    for (line, message) in [
        ("on 1m crash", "line 4: `on` is nothing that can stand here; it is one of `at`, `from`"),
        ("at 1m chnge {}", "line 4: `chnge` is nothing that can stand here; did you mean `change`?"),
        (
            "at 1m explode",
            "line 4: `explode` is nothing that can stand here; it is one of `change`, `alert`, `receiver`",
        ),
        ("# first\nat 1m", "line 5: something is missing; write `at T change|"),
        ("at noon crash", "line 4: `noon` is not a duration; write number and unit"),
        ("at -1m crash", "line 4: the story begins at `0s`, and only series may begin before"),
        ("at 2h crash", "line 4: the story is over by then: it says `until 1h`"),
        ("at 1m change", "line 4: something is missing; write `at T change {"),
        (
            "at 1m change unatested {}",
            "line 4: `unatested` is nothing that can stand here; did you mean `unattested`?",
        ),
        ("at 1m receiver", "line 4: something is missing; write `at T receiver"),
        ("at 1m receiver is up", "line 4: `up` is nothing that can stand here; it is one of `down`"),
        (
            "at 1m receiver answers no",
            "line 4: `no` is no status of an answer; write a number from 100 to 599",
        ),
        ("at 1m receiver answers 600", "line 4: `600` is no status"),
        ("at 1m receiver answers 429 retry in 5s", "line 4: `in` is nothing that can stand here"),
        ("at 1m receiver takes all", "line 4: `all` is more than can stand here; take it out"),
        ("at 1m switch off", "line 4: something is missing; write `at T switch off: WHY`"),
        ("at 1m switch of: x", "line 4: `of:` is nothing that can stand here; did you mean `off:`?"),
        (
            "at 1m source is tired for 5m",
            "line 4: `tired` is nothing that can stand here; it is one of `unusable`, `unreachable`, `late`, `unwelcome`, `redirected`, `refused`, `failed`, `overloaded`, `backing_off`, `over_budget`, `garbage`, `too_much`, `partial`",
        ),
        ("at 1m source cut 5m", "line 4: `5m` is nothing that can stand here; it is one of `for`"),
        (
            "at 1m crash before lunch",
            "line 4: `lunch` is nothing that can stand here; it is one of `journal`",
        ),
        ("at 1m down", "line 4: something is missing; write `at T down 5m`"),
        ("at 1m reload", "line 4: something is missing; write `at T reload FILE as PART, FILE gone`"),
        ("at 1m reload a.yaml", "line 4: something is missing; write `at T reload FILE as PART, FILE gone`"),
        (
            "at 1m reload a.yaml into b.yaml",
            "line 4: `into` is nothing that can stand here; it is one of `as`",
        ),
        ("at 1m reload a.yaml gone b.yaml", "line 4: `b.yaml` is more than can stand here; take it out"),
        ("at 1m reload a.yaml gone,", "line 4: something is missing"),
        ("at 1m reload a.yaml as b.yaml", "line 4: there is no part `-- b.yaml --`"),
        ("at 1m reload a.yaml gone", "line 4: `a.yaml` is not read in this story"),
        ("at 1m clock 1 h", "line 4: `1` is not a duration"),
        ("from 0s every 0s: up 1", "line 4: samples no time apart are one"),
        ("from 0s every 15s up 1", "line 4: something is missing; write `from T every T: SERIES VALUES`"),
        ("from 0s every 15s: up", "line 4: something is missing; write `from T every T: SERIES VALUES`"),
        ("from 0s every 15s: up one", "line 4: `one` is no sample"),
        ("from 0s every 15s: up{a=~\"b\"} 1", "line 4: `up{a=~\"b\"}` is no series"),
        ("from 0s every 15s: {a=\"b\"} 1", "line 4: `{a=\"b\"}` is no series"),
        ("from 0s every 15s: up 1x100001", "line 4: with `1x100001` there are more than"),
        ("include", "line 4: something is missing; write `include PATH`"),
        (
            "include /etc/passwd",
            "line 4: `/etc/passwd` is an absolute path, which other machines do not have",
        ),
        ("until 2h", "line 5: that the story ends is said in line 4 already"),
        ("until 8d", "line 4: a story lasts 1w at most, and this one 8d"),
    ] {
        let error = Script::read(&told(line)).unwrap_err().to_string();
        assert!(error.starts_with(message), "{line}\n{error}\n{message}");
    }
}

#[test]
fn a_file_that_is_no_story_says_what_it_lacks() {
    for (text, message) in [
        ("", "line 1: a story begins with a line that says what it is about"),
        ("-- story --\nuntil 1h\n", "line 1: a story begins with a line that says what it is about"),
        ("About.\n", "line 1: the story has no part `-- story --`"),
        ("About.\n-- story --\n", "line 2: the story says nowhere when it ends; write `until 1h`"),
        ("About.\n-- stroy --\n", "line 2: `-- stroy --` is no part of a story; did you mean `-- story --`?"),
        ("About.\n-- notes --\n", "line 2: `-- notes --` is no part of a story; it is `story`, `expected`"),
        (
            "About.\n-- story --\nuntil 1h\n-- a.yaml --\n-- a.yaml --\n",
            "line 5: there is a part `-- a.yaml --` in line 4 already",
        ),
    ] {
        let error = Script::read(text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{text:?}\n{error}\n{message}");
    }
    let many = told(&"include a\n".repeat(MOST_INCLUDES + 1));
    assert!(Script::read(&many).unwrap_err().to_string().contains("32 paths at most"));
}

#[test]
fn what_came_of_a_story_takes_the_place_of_what_was_expected() {
    let head = "About.\n\n-- a.yaml --\nmode: act\n-- story --\nuntil 1h\n";
    for (text, updated) in [
        (format!("{head}-- expected --\nold\n"), format!("{head}-- expected --\nnew\n")),
        (
            format!("{head}-- expected --\nold\n-- rationale --\nold\n"),
            format!("{head}-- expected --\nnew\n-- rationale --\nwhy\n"),
        ),
        (
            format!("{head}-- rationale --\nold\n-- expected --\nold\n"),
            format!("{head}-- rationale --\nwhy\n-- expected --\nnew\n"),
        ),
        (head.to_owned(), format!("{head}-- expected --\nnew\n")),
        (head.trim_end().to_owned(), format!("{head}-- expected --\nnew\n")),
    ] {
        assert_eq!(Script::updated(&text, "new\n", "why\n"), updated, "{text:?}");
        let script = Script::read(&updated).unwrap();
        assert_eq!(script.expected, "new\n", "{text:?}");
    }
}

#[test]
fn files_within_a_story_keep_the_numbers_of_its_lines() {
    let script = Script::read("About.\n-- a.yaml --\nmode: act\n-- story --\nuntil 1h\n").unwrap();
    assert_eq!((script.files[0].name.as_str(), script.files[0].text.as_str()), ("a.yaml", "\n\nmode: act\n"));
}
