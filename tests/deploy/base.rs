//! The base: how backstop runs in a pod, and that it runs so.

use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::kustomize::Kustomization;
use crate::manifests::{deploy, read};
use crate::process::{Process, backstop, ended};
use crate::site::TOKEN;

const SERVER: &str = "kubernetes/base/backstop.yaml";

/// Where the base puts things in a pod.
const RULES: &str = "/etc/backstop";
const TOKENS: &str = "/run/secrets/backstop";
const LEDGER: &str = "/var/lib/backstop";

fn deployment() -> Value {
    Kustomization::of("base").of_kind("Deployment").next().unwrap().clone()
}

fn container(deployment: &Value) -> &Value {
    let containers = deployment["spec"]["template"]["spec"]["containers"].as_array().unwrap();
    assert_eq!(containers.len(), 1);
    &containers[0]
}

fn server() -> (String, Value) {
    let text = std::fs::read_to_string(deploy(SERVER)).unwrap();
    let value = read(&text).unwrap().remove(0);
    (text, value)
}

#[test]
fn it_runs_once_and_with_no_rights_of_its_own() {
    let it = deployment();
    let pod = &it["spec"]["template"]["spec"];
    let its = |pointer: &str| container(&it).pointer(pointer).cloned().unwrap_or_default();
    for (what, found, wanted) in [
        ("replicas", it["spec"]["replicas"].clone(), json!(1)),
        ("strategy", it["spec"]["strategy"].clone(), json!({"type": "Recreate"})),
        ("account", pod["serviceAccountName"].clone(), json!("backstop")),
        ("token", pod["automountServiceAccountToken"].clone(), json!(false)),
        ("user", pod["securityContext"]["runAsNonRoot"].clone(), json!(true)),
        ("seccomp", pod["securityContext"]["seccompProfile"].clone(), json!({"type": "RuntimeDefault"})),
        ("escalation", its("/securityContext/allowPrivilegeEscalation"), json!(false)),
        ("root", its("/securityContext/readOnlyRootFilesystem"), json!(true)),
        ("capabilities", its("/securityContext/capabilities"), json!({"drop": ["ALL"]})),
        ("privileged", its("/securityContext/privileged"), Value::Null),
        ("network", pod["hostNetwork"].clone(), Value::Null),
        ("processes", pod["hostPID"].clone(), Value::Null),
    ] {
        assert_eq!(found, wanted, "{what}");
    }
    assert!(
        pod["terminationGracePeriodSeconds"].as_u64().unwrap() > 30,
        "it takes 30 seconds at most to end"
    );
    assert!(its("/resources/limits/memory").is_string());
}

#[test]
fn its_service_and_its_network_policy_are_for_its_pod_and_port() {
    let base = Kustomization::of("base");
    let it = deployment();
    let labels = &it["spec"]["template"]["metadata"]["labels"];
    let service = base.of_kind("Service").next().unwrap();
    let policy = &base.of_kind("NetworkPolicy").next().unwrap()["spec"];
    assert_eq!(&it["spec"]["selector"]["matchLabels"], labels);
    assert_eq!(&service["spec"]["selector"], labels);
    assert_eq!(&policy["podSelector"]["matchLabels"], labels);
    assert_eq!(policy["policyTypes"], json!(["Ingress", "Egress"]));
    for rule in policy["ingress"].as_array().unwrap() {
        assert!(
            rule["from"].is_array() && rule["ports"] == json!([{"port": "http", "protocol": "TCP"}]),
            "{rule}"
        );
    }
    for rule in policy["egress"].as_array().unwrap() {
        assert!(rule["to"].is_array() && rule["ports"].is_array(), "{rule}");
    }
    let port = &container(&it)["ports"][0];
    assert_eq!((&port["name"], &service["spec"]["ports"][0]["targetPort"]), (&json!("http"), &json!("http")));
    let listens = server().1["listen"].as_str().unwrap().rsplit_once(':').unwrap().1.to_owned();
    assert_eq!(port["containerPort"].to_string(), listens, "where the server file has it listen");
    assert_eq!(service["spec"]["ports"][0]["port"].to_string(), listens);
}

#[test]
fn what_the_server_file_names_is_mounted() {
    let it = deployment();
    let mount = |path: &str| {
        let mounts = container(&it)["volumeMounts"].as_array().unwrap();
        let found = mounts.iter().find(|mount| mount["mountPath"] == path).unwrap();
        let volumes = it["spec"]["template"]["spec"]["volumes"].as_array().unwrap();
        let volume = volumes.iter().find(|volume| volume["name"] == found["name"]).unwrap();
        (found["readOnly"] == true, volume.clone())
    };
    let claim =
        Kustomization::of("base").of_kind("PersistentVolumeClaim").next().unwrap()["metadata"]["name"]
            .clone();
    let (is_read_only, rules) = mount(RULES);
    assert_eq!((is_read_only, &rules["configMap"]["name"]), (true, &json!("backstop")));
    let (is_read_only, tokens) = mount(TOKENS);
    assert_eq!((is_read_only, &tokens["secret"]["secretName"]), (true, &json!("backstop-tokens")));
    let (is_read_only, ledger) = mount(LEDGER);
    assert_eq!((is_read_only, &ledger["persistentVolumeClaim"]["claimName"]), (false, &claim));

    let server = server().1;
    assert!(server["ledger"].as_str().unwrap().starts_with(&format!("{LEDGER}/")));
    for (name, secret) in server["secrets"].as_object().unwrap() {
        assert_eq!(secret["file"], format!("{TOKENS}/{name}"));
    }
    assert_eq!(server["mode"], "shadow", "the base does nothing to anybody");
}

#[test]
fn its_server_file_is_accepted() {
    let (out, log, code) = ended(backstop().args(["check", "--fail-on", "warning"]).arg(deploy(SERVER)));
    assert_eq!(code, 0, "{out}{log}");
}

/// As a pod has it: the folders are elsewhere, and files come through the links of a `ConfigMap`.
#[test]
fn it_runs_as_its_container_does_and_its_probes_are_answered() {
    let folder = Folder::of("deploy-base");
    let own = |path: &str| format!("{}{path}", folder.path().display());
    for path in [RULES, TOKENS, LEDGER] {
        std::fs::create_dir_all(own(path)).unwrap();
    }
    let (mut text, server) = server();
    for path in [TOKENS, LEDGER] {
        text = text.replace(path, &own(path));
    }
    text = text.replace(server["listen"].as_str().unwrap(), "127.0.0.1:0");
    for name in server["secrets"].as_object().unwrap().keys() {
        let token = if name == "pipeline" { TOKEN.to_owned() } else { format!("{name}-own") };
        std::fs::write(own(&format!("{TOKENS}/{name}")), token).unwrap();
    }
    std::fs::create_dir(own("/etc/backstop/..2026")).unwrap();
    std::fs::write(own("/etc/backstop/..2026/backstop.yaml"), text).unwrap();
    symlink("..2026", own("/etc/backstop/..data")).unwrap();
    symlink("..data/backstop.yaml", own("/etc/backstop/backstop.yaml")).unwrap();

    let it = deployment();
    let container = container(&it);
    assert_eq!(container["command"], json!(["backstop"]));
    let args = container["args"].as_array().unwrap().iter().map(|arg| arg.as_str().unwrap());
    let mut command = backstop();
    command.args(args.map(|arg| if arg == RULES { own(RULES) } else { arg.to_owned() }));
    let process = Process::start(&mut command);
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
        let get = &container[probe]["httpGet"];
        assert_eq!(get["port"], "http", "{probe}");
        let (status, body) = process.ask(&format!("GET {}", get["path"].as_str().unwrap()), "", b"");
        assert_eq!(status, 200, "{probe}: {body}");
    }
    assert_eq!(process.ask("GET /v1/changes", "", b"").0, 401, "nobody unknown is told anything");
    assert_eq!(process.get("/v1/changes").0, 200);
    assert_eq!(process.stop().0, 0);
}
