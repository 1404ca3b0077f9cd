//! A real Alertmanager, on loopback, that tells one receiver of alerts.
#![expect(clippy::unwrap_used, reason = "a test that cannot have its Alertmanager has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// An Alertmanager that runs until the test ends.
pub(crate) struct Alertmanager {
    child: Child,
    address: SocketAddr,
}

impl Alertmanager {
    /// The one that `BACKSTOP_ALERTMANAGER` names, or Debian's on the `PATH`, with its data in this folder. It tells this
    /// address, and says so who it is. Without one, it is noted that the test was skipped.
    pub(crate) fn start(test: &str, folder: &Path, (url, login): (&str, &str)) -> Option<Self> {
        let path = std::env::var_os("BACKSTOP_ALERTMANAGER")
            .map_or_else(|| PathBuf::from("prometheus-alertmanager"), PathBuf::from);
        std::fs::create_dir_all(folder).unwrap();
        let config = format!(
            "route: {{ receiver: backstop, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }}\n\
             receivers:\n  - name: backstop\n    webhook_configs:\n      \
             - {{ url: '{url}', send_resolved: true, http_config: {{ {login} }} }}\n"
        );
        std::fs::write(folder.join("alertmanager.yml"), config).unwrap();
        let mut command = program(&path);
        command.args(["--config.file=alertmanager.yml", "--storage.path=data", "--cluster.listen-address="]);
        command.arg("--web.listen-address=127.0.0.1:0").current_dir(folder);
        let Ok(mut child) = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn() else {
            crate::skip::skip(test, "prometheus-alertmanager");
            return None;
        };
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.by_ref().find_map(|line| {
            let rest = line.split_once("\"Listening on\"")?.1.split_once("address=")?.1.to_owned();
            rest.split_whitespace().next()?.parse().ok()
        });
        let Some(address) = address else {
            // It is there and does not start: it may lack its templates, where no other may be put in place.
            child.wait().unwrap();
            crate::skip::skip(test, "prometheus-alertmanager that starts");
            return None;
        };
        std::thread::spawn(move || lines.for_each(drop));
        let alertmanager = Self { child, address };
        crate::process::wait("a ready Alertmanager", || {
            (alertmanager.ask("GET /-/ready", "") == 200).then_some(())
        });
        Some(alertmanager)
    }

    /// Has an alert with these labels fire, as Prometheus does.
    pub(crate) fn fire(&self, labels: &Value) {
        self.post(&json!([{ "labels": labels, "annotations": { "summary": "it is \u{1b}[31mred" } }]));
    }

    /// Has it end now.
    pub(crate) fn resolve(&self, labels: &Value) {
        self.post(&json!([{ "labels": labels, "endsAt": crate::shop::now().to_string() }]));
    }

    fn post(&self, alerts: &Value) {
        let status = self.ask("POST /api/v2/alerts", &alerts.to_string());
        assert_eq!(status, 200, "{alerts}");
    }

    fn ask(&self, line: &str, body: &str) -> u16 {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.0\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }
}

/// Where Debian's Alertmanager looks for its templates.
const TEMPLATES: &str = "/usr/share/prometheus/alertmanager/default.tmpl";

/// How it is run. One that was unpacked beside the system's own files has its templates beside itself, and sees them where it
/// looks for them in a view of the files of its own.
fn program(path: &Path) -> Command {
    let share = path.parent().and_then(Path::parent).map(|usr| usr.join("share"));
    let share = share.filter(|share| share.join("prometheus/alertmanager/default.tmpl").exists());
    match share {
        Some(share) if !Path::new(TEMPLATES).exists() => {
            let over =
                format!("mount -t overlay overlay -o lowerdir={}:/usr/share /usr/share", share.display());
            let mut command = Command::new("unshare");
            command.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
            command.args([&format!("{over} && exec \"$@\""), "sh"]).arg(path);
            command
        }
        _ => Command::new(path),
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        // One that has ended is not there to be killed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
