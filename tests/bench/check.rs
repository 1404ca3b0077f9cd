//! How long `backstop check` takes over a large set: 10,000 rules, 2,000 gates and 2,000 targets in 202 files.
//!
//! `cargo bench --bench check` prints the best of seven runs of the very program, its processor time and its largest
//! memory, and fails above 1.5 s on one core or 150 MB.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and has failed where it cannot run"
)]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const FILES: usize = 200;
const RULES: usize = 10_000;
const GATES: usize = 2_000;
const RUNS: usize = 7;

const MOST_SECONDS: f64 = 1.5;
const MOST_MEGABYTES: u64 = 150;

fn main() {
    let folder = std::env::temp_dir().join(format!("backstop-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    write(&folder);
    let mut runs: Vec<(f64, Used, String)> = (0..RUNS).map(|_| run(&folder)).collect();
    runs.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (seconds, used, summary) = &runs[0];
    let kilobytes = runs.iter().map(|(_, used, _)| used.kilobytes).max().unwrap_or(0);
    let (processor, megabytes) = (used.processor, kilobytes / 1024);
    println!("{summary}");
    println!(
        "check: {seconds:.2} s (best of {RUNS}; {processor:.2} s of a processor), {megabytes} MB at most"
    );
    assert!(processor < MOST_SECONDS, "{processor:.2} s of a processor are more than {MOST_SECONDS} s");
    assert!(megabytes < MOST_MEGABYTES, "{megabytes} MB are more than {MOST_MEGABYTES} MB");
    fs::remove_dir_all(&folder).unwrap();
}

/// Runs the program once, on one core where the system can hold it there.
fn run(folder: &Path) -> (f64, Used, String) {
    let program = env!("CARGO_BIN_EXE_backstop");
    let pinned = Command::new("taskset").arg("--version").output().is_ok();
    let mut command = if pinned { Command::new("taskset") } else { Command::new(program) };
    if pinned {
        command.args(["-c", "0", program]);
    }
    let begun = Instant::now();
    let mut child = command.arg("check").arg(folder).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let used = watch(child.id());
    let output = {
        let mut text = String::new();
        std::io::Read::read_to_string(child.stdout.as_mut().unwrap(), &mut text).unwrap();
        text
    };
    let status = child.wait().unwrap();
    let seconds = begun.elapsed().as_secs_f64();
    assert!(status.success(), "{output}");
    (seconds, used.join().unwrap(), output.trim().to_owned())
}

/// What a process used.
#[derive(Clone, Copy, Default)]
struct Used {
    kilobytes: u64,
    processor: f64,
}

/// Watches what a process uses until it is gone.
fn watch(id: u32) -> std::thread::JoinHandle<Used> {
    /// The kernel counts processor time in hundredths of a second.
    const TICKS: f64 = 100.0;
    std::thread::spawn(move || {
        let mut used = Used::default();
        while let Ok(status) = fs::read_to_string(format!("/proc/{id}/status")) {
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let Some(peak) = peak else { break };
            used.kilobytes = used.kilobytes.max(peak.trim().trim_end_matches(" kB").parse().unwrap_or(0));
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split(' ').collect();
            let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
            used.processor = used.processor.max((ticks(12) + ticks(13)) / TICKS);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        used
    })
}

fn write(folder: &Path) {
    for file in 0..FILES {
        let team = folder.join(format!("team-{:03}", file / 4));
        fs::create_dir_all(&team).unwrap();
        let text = if file % 2 == 0 { groups(file / 2) } else { gates(file / 2) };
        fs::write(team.join(format!("rules-{file}.yaml")), text).unwrap();
    }
    fs::write(folder.join("shared.yaml"), SHARED).unwrap();
    fs::write(folder.join("backstop.yaml"), server()).unwrap();
}

/// The server file: each gate is held against each of its targets.
fn server() -> String {
    let mut text = String::from(
        "mode: shadow\ntrust: [ { files: \"**\", services: [\"*\"], actions: [notify, pause] } ]\ntargets:\n",
    );
    let per_file = GATES / (FILES / 2);
    for target in 0..GATES {
        let service = format!("service-{}-{}", target / per_file, target % per_file);
        writeln!(
            text,
            "  - {{ service: {service}, environment: production, select: {{ service_name: {service} }} }}"
        )
        .unwrap();
    }
    text
}

const SHARED: &str = r#"gates:
  - gate: http
    owner: team-platform
    match: { environment: production }
    checks:
      - check: errors
        proportion: { bad: 'http_requests_total{code=~"5.."}', of: http_requests_total }
        fails_when: ratio > 1.25 and difference > 0.05pp
actions:
  - action: notify
    webhook: { url: "https://hooks.example.com/releases", body: { text: "{{ .Decision.Headline }}" } }
  - { action: pause, hold: target }
"#;

/// A file of alternating recording and alerting rules, as people write them.
fn groups(file: usize) -> String {
    let per_file = RULES / (FILES / 2);
    let mut text = String::from("groups:\n");
    for rule in 0..per_file {
        if rule % 20 == 0 {
            writeln!(text, "  - name: group-{file}-{}\n    interval: 30s\n    rules:", rule / 20).unwrap();
        }
        if rule % 2 == 0 {
            writeln!(
                text,
                "      - record: job:http_requests_{file}_{rule}:rate5m\n        expr: |\n          sum by (job, code) (\n            rate(http_requests_total{{job=\"api-{rule}\", code=~\"5..|429\"}}[5m])\n          ) / on (job) group_left () sum by (job) (rate(http_requests_total[5m]))"
            )
            .unwrap();
        } else {
            writeln!(
                text,
                "      - alert: HighErrors_{file}_{rule}\n        expr: histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{{job=\"api-{rule}\"}}[5m]))) > 0.5\n        for: 5m\n        labels: {{ severity: page, team: \"team-{file}\" }}\n        annotations:\n          summary: \"{{{{ $labels.job }}}} is slow: {{{{ $value | humanizeDuration }}}}\"\n          runbook_url: https://runbooks.example.com/slow"
            )
            .unwrap();
        }
    }
    text
}

/// A file of gates, half of which extend the shared one.
fn gates(file: usize) -> String {
    let mut text = String::from("gates:\n");
    for gate in 0..GATES / (FILES / 2) {
        let service = format!("service-{file}-{gate}");
        if gate % 2 == 0 {
            writeln!(text, "  - gate: http-{file}-{gate}\n    extends: http\n    match: {{ service: {service}, environment: production }}").unwrap();
            continue;
        }
        writeln!(
            text,
            "  - gate: canary-{file}-{gate}\n    owner: team-{file}\n    upon: canary\n    match: {{ service: {service}, environment: production }}\n    tracks: {{ label: deployment_track, canary: canary, stable: stable }}\n    checks:\n      - check: errors\n        proportion: {{ bad: 'http_requests_total{{code=~\"5..\"}}', of: http_requests_total }}\n        fails_when: difference > 1pp\n        by: [http_route]\n      - check: p99\n        quantile: {{ q: 0.99, of: http_request_duration_seconds }}\n        fails_when: increase > 20%\n      - check: burn\n        expr: job:slo_burn:ratio{{job=\"{service}\"}}\n        fails_when: value > 14.4\n        looks: 3 of 5\n    then:\n      fail: [ {{ confidence: 0.80, do: notify }}, {{ confidence: 0.95, do: pause }} ]"
        )
        .unwrap();
    }
    text
}
