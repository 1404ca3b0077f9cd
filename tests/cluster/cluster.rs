//! A Kubernetes cluster without nodes: etcd, the API server and the controllers, on ports of their own, and somebody who
//! says that pods are ready.

use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use reqwest::{Certificate, Client, Method};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::folder::Folder;
use crate::skip::skip;

/// Who may do everything.
const ADMIN: &str = "admin-own";

/// Who may do what a Role says: the account that the Roles of `deploy/` are bound to.
pub(crate) const BACKSTOP: &str = "backstop-own";

const MERGE: &str = "application/merge-patch+json";

/// How often something is looked for, a tenth of a second apart: as long as a busy machine may take.
const PATIENCE: u32 = 900;

/// The cluster.
pub(crate) struct Cluster {
    folder: Folder,
    processes: Vec<Child>,
    api: Arc<Api>,
    stops: Arc<AtomicBool>,
}

/// Its API, for whoever may do everything.
pub(crate) struct Api {
    runtime: Runtime,
    client: Client,
    server: String,
}

impl Api {
    /// What it answers.
    pub(crate) fn ask(&self, method: &str, path: &str, kind: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}{path}", self.server);
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, url).bearer_auth(ADMIN).header("content-type", kind);
        let request = if body.is_null() { request } else { request.body(body.to_string()) };
        self.runtime.block_on(async {
            let Ok(response) = request.send().await else { return (0, Value::Null) };
            let status = response.status().as_u16();
            let text = response.text().await.unwrap_or_default();
            (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
        })
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.ask("GET", path, "application/json", &Value::Null).1
    }

    pub(crate) fn post(&self, path: &str, body: &Value) {
        let (status, answer) = self.ask("POST", path, "application/json", body);
        assert!(matches!(status, 200 | 201), "{path}: {status} {answer}");
    }

    /// Changes something as somebody else would.
    pub(crate) fn patch(&self, path: &str, body: &Value) {
        let (status, answer) = self.ask("PATCH", path, MERGE, body);
        assert_eq!(status, 200, "{path}: {answer}");
    }

    /// Says of every pod that waits that it runs.
    fn make_ready(&self) {
        let pods = self.get("/api/v1/namespaces/shop/pods");
        for pod in pods["items"].as_array().into_iter().flatten() {
            let name = pod["metadata"]["name"].as_str().unwrap_or_default();
            if pod["status"]["phase"] == "Pending" && pod["metadata"]["deletionTimestamp"].is_null() {
                let ready = json!({"status": {"phase": "Running", "conditions": [
                    {"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}});
                // One that was deleted meanwhile is ready no more.
                self.ask("PATCH", &format!("/api/v1/namespaces/shop/pods/{name}/status"), MERGE, &ready);
            }
        }
    }
}

impl Cluster {
    /// One that is ready; nothing where its programs are not there.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let (Some(kube), Some(etcd)) = (folder("BACKSTOP_KUBE"), folder("BACKSTOP_ETCD")) else {
            skip(
                test,
                "cluster: `BACKSTOP_KUBE` and `BACKSTOP_ETCD` name the folders of kube-apiserver, kube-controller-manager and etcd",
            );
            return None;
        };
        let folder = Folder::of(test);
        let own = folder.path().to_owned();
        let [store, peers, port] = [(); 3].map(|()| free_port());
        let mut etcd = Command::new(etcd.join("etcd"));
        let store = format!("http://127.0.0.1:{store}");
        etcd.args(["--listen-client-urls", &store, "--advertise-client-urls", &store]);
        etcd.args(["--listen-peer-urls", &format!("http://127.0.0.1:{peers}"), "--data-dir"]);
        let mut processes = vec![run(etcd.arg(own.join("etcd")), &own)];
        std::fs::write(
            own.join("tokens.csv"),
            format!(
                "{ADMIN},admin,1,\"system:masters\"\n{BACKSTOP},system:serviceaccount:backstop:backstop,2\n"
            ),
        )
        .unwrap();
        processes.push(run(&mut apiserver(&kube, &own, (&store, port)), &own));
        let certificate = own.join("certs/apiserver.crt");
        let roots =
            wait("its certificate", || std::fs::read(&certificate).ok().filter(|pem| !pem.is_empty()));
        let server = format!("https://127.0.0.1:{port}");
        let config = own.join("admin.yaml");
        std::fs::write(&config, kubeconfig(&server, &certificate, ADMIN)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let roots = Certificate::from_pem_bundle(&roots).unwrap();
        let client = backstop::responder::client_with(|builder| builder.tls_certs_only(roots)).unwrap();
        let api = Arc::new(Api { runtime, client, server });
        let mut cluster = Self { folder, processes, api, stops: Arc::default() };
        wait("its API", || {
            (cluster.api.ask("GET", "/readyz", "application/json", &Value::Null).0 == 200).then_some(())
        });
        let mut controllers = Command::new(kube.join("kube-controller-manager"));
        controllers.arg("--kubeconfig").arg(&config).args([
            "--controllers=deployment,replicaset,statefulset,daemonset,namespace,serviceaccount,garbagecollector",
            "--leader-elect=false",
            "--bind-address=127.0.0.1",
            "--port=0",
            "--secure-port=0",
        ]);
        cluster.processes.push(run(&mut controllers, &own));
        cluster.api.post("/api/v1/namespaces", &json!({"metadata": {"name": "shop"}}));
        let stops = Arc::clone(&cluster.stops);
        let api = cluster.another_api();
        std::thread::spawn(move || {
            while !stops.load(Ordering::SeqCst) {
                api.make_ready();
                sleep(Duration::from_millis(100));
            }
        });
        Some(cluster)
    }

    /// Another way to its API, for another thread.
    fn another_api(&self) -> Api {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Api { runtime, client: self.api.client.clone(), server: self.api.server.clone() }
    }

    pub(crate) fn api(&self) -> &Api {
        &self.api
    }

    /// A kubeconfig of somebody.
    pub(crate) fn config(&self, token: &str) -> String {
        kubeconfig(&self.api.server, &self.folder.path().join("certs/apiserver.crt"), token)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stops.store(true, Ordering::SeqCst);
        if std::thread::panicking() {
            for name in ["etcd", "kube-apiserver", "kube-controller-manager"] {
                let log =
                    std::fs::read_to_string(self.path().join(format!("{name}.log"))).unwrap_or_default();
                let last: Vec<&str> = log.lines().rev().take(10).collect();
                writeln!(std::io::stderr(), "--- the last of {name}, backwards\n{}", last.join("\n")).ok();
            }
        }
        for process in self.processes.iter_mut().rev() {
            // One that has ended is not there to be killed.
            process.kill().ok();
            process.wait().ok();
        }
    }
}

/// The folder that a variable names.
fn folder(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_dir())
}

fn apiserver(kube: &Path, own: &Path, (store, port): (&str, u16)) -> Command {
    let certs = own.join("certs");
    // It makes its own key before it reads this one.
    let key = certs.join("apiserver.key");
    let mut server = Command::new(kube.join("kube-apiserver"));
    server.arg(format!("--etcd-servers={store}")).arg(format!("--secure-port={port}"));
    server.arg(format!("--cert-dir={}", certs.display()));
    server.arg(format!("--token-auth-file={}", own.join("tokens.csv").display()));
    for flag in ["service-account-key-file", "service-account-signing-key-file"] {
        server.arg(format!("--{flag}={}", key.display()));
    }
    server.args([
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--disable-admission-plugins=ServiceAccount",
        "--endpoint-reconciler-type=none",
    ]);
    server
}

fn kubeconfig(server: &str, certificate: &Path, token: &str) -> String {
    let certificate = certificate.display();
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: here\n\
         clusters: [ {{ name: c, cluster: {{ server: '{server}', certificate-authority: {certificate} }} }} ]\n\
         users: [ {{ name: u, user: {{ token: {token} }} }} ]\n\
         contexts: [ {{ name: here, context: {{ cluster: c, user: u }} }} ]\n"
    )
}

fn run(command: &mut Command, own: &Path) -> Child {
    let name = Path::new(command.get_program()).file_name().unwrap().to_str().unwrap().to_owned();
    let log = std::fs::File::create(own.join(format!("{name}.log"))).unwrap();
    command.current_dir(own).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Waits until something is there.
pub(crate) fn wait<T>(what: &str, mut there: impl FnMut() -> Option<T>) -> T {
    for _ in 0..PATIENCE {
        if let Some(found) = there() {
            return found;
        }
        sleep(Duration::from_millis(100));
    }
    panic!("waited in vain for {what}");
}
