//! Who backstop is in a cluster: by a kubeconfig file, or by what a pod is given.
//!
//! What is in these files is read whenever the cluster is asked: tokens that a pod is given last an hour, and whoever
//! renews a kubeconfig does not tell.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Certificate, Identity, Url};
use serde_json::Value;

use crate::responder::platform::Platform;
use crate::responder::webhook::{certified, client_with};
use crate::unit::{Secret, is_hidden, told};

/// Where a pod finds what it is given.
const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The most bytes of a file that is read here.
const LARGEST_FILE: u64 = 1024 * 1024;

/// How a cluster is come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By a kubeconfig file, in this context of it, or else in its current one.
    Kubeconfig {
        /// The file.
        file: String,
        /// The context.
        context: Option<String>,
    },
    /// By what a pod in it is given.
    InCluster,
}

/// All that is needed to ask an API server.
#[derive(Default)]
struct Access {
    server: String,
    roots: Vec<u8>,
    identity: Vec<u8>,
    token: Option<Secret>,
}

/// The API server that a way leads to, as the files say now; else why it does not, in words.
pub fn platform(way: &Way) -> Result<Platform, String> {
    let access = match way {
        Way::Kubeconfig { file, context } => by_file(file, context.as_deref())?,
        Way::InCluster => in_cluster(&|name| std::env::var(name).ok(), Path::new(ACCOUNT))?,
    };
    let Access { server, roots, identity, token } = access;
    let url = Url::parse(&server).map_err(|error| format!("its server `{server}` is no address: {error}"))?;
    if !is_hidden(&url) {
        let way_out = "write an address with https";
        return Err(format!("its server `{server}` would be told a token in the clear; {way_out}"));
    }
    let broken = |what: &str, error: &reqwest::Error| format!("its {what} cannot be taken: {}", told(error));
    let roots = match &*roots {
        [] => Vec::new(),
        pem => Certificate::from_pem_bundle(pem).map_err(|error| broken("certificate authority", &error))?,
    };
    let identity = match &*identity {
        [] => None,
        pem => Some(Identity::from_pem(pem).map_err(|error| broken("client certificate", &error))?),
    };
    let client = client_with(|builder| certified(builder, roots, identity));
    Ok(Platform::new(client.map_err(|error| error.to_string())?, &server, token))
}

/// What a pod is given.
fn in_cluster(variable: &dyn Fn(&str) -> Option<String>, account: &Path) -> Result<Access, String> {
    let lacks = |what: &str| {
        format!(
            "{what}, so backstop runs in no pod of the cluster; name a `kubeconfig` instead of `in_cluster`"
        )
    };
    let given = |name: &str| variable(name).ok_or_else(|| lacks(&format!("`{name}` is not set")));
    let (host, port) = (given("KUBERNETES_SERVICE_HOST")?, given("KUBERNETES_SERVICE_PORT")?);
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    let token = read(&account.join("token")).map_err(|why| lacks(&why))?;
    let roots = read(&account.join("ca.crt")).map_err(|why| lacks(&why))?;
    Ok(Access {
        server: format!("https://{host}:{port}"),
        roots,
        identity: Vec::new(),
        token: Some(secret(&token)?),
    })
}

/// What a kubeconfig file says.
fn by_file(file: &str, context: Option<&str>) -> Result<Access, String> {
    let path = Path::new(file);
    let text = read(path)?;
    let text = String::from_utf8(text).map_err(|_| format!("`{file}` is no text"))?;
    let config: Value =
        serde_yaml::from_str(&text).map_err(|error| format!("`{file}` is no kubeconfig: {error}"))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    of_config(&config, context, folder).map_err(|why| format!("kubeconfig `{file}`: {why}"))
}

fn of_config(config: &Value, context: Option<&str>, folder: &Path) -> Result<Access, String> {
    let current = || config.get("current-context").and_then(Value::as_str).filter(|name| !name.is_empty());
    let context = context.or_else(current).ok_or("it has no current context; name one in `context`")?;
    let context = named(config, "context", context)?;
    let text = |it: &Value, key: &str| it.get(key).and_then(Value::as_str).map(str::to_owned);
    let of = |key: &str| text(&context, key).ok_or_else(|| format!("its context names no {key}"));
    let cluster = named(config, "cluster", &of("cluster")?)?;
    let user = named(config, "user", &of("user")?)?;
    if cluster.get("insecure-skip-tls-verify").and_then(Value::as_bool) == Some(true) {
        return Err("it would trust anybody (`insecure-skip-tls-verify`); name the \
                    `certificate-authority` of the cluster"
            .to_owned());
    }
    for (it, key, way_out) in [
        (&cluster, "tls-server-name", "use an address that the certificate is for"),
        (&cluster, "proxy-url", "use an address that is reached without a proxy"),
        (&user, "exec", "give it a `tokenFile` that is renewed, or run backstop in the cluster"),
        (&user, "auth-provider", "give it a `tokenFile` that is renewed, or run backstop in the cluster"),
        (&user, "username", "API servers take no passwords any more; give it a token or a certificate"),
    ] {
        if it.get(key).is_some_and(|value| !value.is_null()) {
            return Err(format!("`{key}` is not carried out; {way_out}"));
        }
    }
    let held = |it: &Value, key: &str| -> Result<Vec<u8>, String> {
        if let Some(data) = text(it, &format!("{key}-data")) {
            return STANDARD.decode(data.trim()).map_err(|_| format!("its `{key}-data` is no base64"));
        }
        text(it, key).map_or(Ok(Vec::new()), |file| read(&from(folder, &file)))
    };
    let mut identity = held(&user, "client-certificate")?;
    let key = held(&user, "client-key")?;
    if identity.is_empty() != key.is_empty() {
        return Err("a client certificate and its key belong together, and one of them is missing".to_owned());
    }
    if !key.is_empty() {
        identity.push(b'\n');
        identity.extend(key);
    }
    let token = match (text(&user, "tokenFile"), text(&user, "token")) {
        (Some(file), _) => Some(secret(&read(&from(folder, &file))?)?),
        (None, Some(token)) => Some(secret(token.as_bytes())?),
        (None, None) => None,
    };
    let server = text(&cluster, "server").ok_or("its cluster has no server")?;
    Ok(Access { server, roots: held(&cluster, "certificate-authority")?, identity, token })
}

/// The entry of this name in a list of a kubeconfig.
fn named(config: &Value, kind: &str, name: &str) -> Result<Value, String> {
    let all = config.get(format!("{kind}s")).and_then(Value::as_array).into_iter().flatten();
    let is_it = |entry: &&Value| entry.get("name").and_then(Value::as_str) == Some(name);
    let found = all.into_iter().find(is_it).and_then(|entry| entry.get(kind));
    found.cloned().ok_or_else(|| format!("it has no {kind} `{name}`"))
}

fn from(folder: &Path, file: &str) -> PathBuf {
    folder.join(file)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let broken = |why: &dyn std::fmt::Display| format!("`{}` cannot be read: {why}", path.display());
    let held = fs::metadata(path).map_err(|error| broken(&error))?;
    if !held.is_file() || LARGEST_FILE < held.len() {
        return Err(broken(&"it is no file of this sort"));
    }
    fs::read(path).map_err(|error| broken(&error))
}

fn secret(token: &[u8]) -> Result<Secret, String> {
    let text = std::str::from_utf8(token).map(str::trim).unwrap_or_default();
    if text.is_empty() || text.contains(char::is_control) {
        return Err("its token is empty, or no text in one line".to_owned());
    }
    Ok(Secret::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "
current-context: here
contexts:
  - { name: here, context: { cluster: c, user: u } }
  - { name: there, context: { cluster: gone, user: u } }
clusters: [ { name: c, cluster: { server: 'https://10.0.0.1:6443' } } ]
users: [ { name: u, user: { token: t0ken } } ]
";

    fn of(text: &str, context: Option<&str>) -> Result<Access, String> {
        of_config(&serde_yaml::from_str(text).unwrap(), context, Path::new("/nowhere"))
    }

    #[test]
    fn a_kubeconfig_says_where_and_who() {
        let access = of(WHOLE, None).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(access.server, "https://10.0.0.1:6443");
        assert_eq!(access.token.as_ref().map(Secret::reveal), Some("t0ken"));
        assert!(access.roots.is_empty() && access.identity.is_empty());
    }

    #[test]
    fn what_cannot_be_carried_out_is_told_with_the_way_out_and_without_the_token() {
        let user = "token: t0ken";
        let server = "server: 'https://10.0.0.1:6443'";
        for (what, old, new, context, words) in [
            (
                "no context",
                "current-context: here",
                "",
                None,
                "it has no current context; name one in `context`",
            ),
            ("an unknown one", "", "", Some("elsewhere"), "it has no context `elsewhere`"),
            ("a cluster that is gone", "", "", Some("there"), "it has no cluster `gone`"),
            ("no user", "user: u }", "}", None, "its context names no user"),
            (
                "anybody is trusted",
                server,
                "server: 'https://h', insecure-skip-tls-verify: true",
                None,
                "name the `certificate-authority`",
            ),
            (
                "another name",
                server,
                "server: 'https://h', tls-server-name: x",
                None,
                "use an address that the certificate is for",
            ),
            (
                "a proxy",
                server,
                "server: 'https://h', proxy-url: 'http://p'",
                None,
                "reached without a proxy",
            ),
            ("a plugin", user, "exec: { command: aws }", None, "give it a `tokenFile` that is renewed"),
            ("a password", user, "username: jo, password: t0ken", None, "give it a token or a certificate"),
            ("half an identity", user, "client-certificate-data: YQ==", None, "belong together"),
            ("no base64", user, "client-key-data: '?'", None, "`client-key-data` is no base64"),
            ("no file", user, "tokenFile: gone", None, "`/nowhere/gone` cannot be read"),
            ("two lines", user, "token: \"a\\nb\"", None, "no text in one line"),
            ("no server", server, "", None, "its cluster has no server"),
        ] {
            assert!(WHOLE.contains(old), "{what}");
            let text = if old.is_empty() { WHOLE.to_owned() } else { WHOLE.replacen(old, new, 1) };
            let why = of(&text, context).err().unwrap_or_default();
            assert!(why.contains(words) && !why.contains("t0ken"), "{what}: {why}");
        }
    }

    #[test]
    fn a_pod_is_given_all_of_it_or_is_none() {
        let folder = std::env::temp_dir().join(format!("backstop-account-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("ca.crt"), "pem").unwrap();
        let set = |name: &str| match name {
            "KUBERNETES_SERVICE_HOST" => Some("fd00::1".to_owned()),
            "KUBERNETES_SERVICE_PORT" => Some("443".to_owned()),
            _ => None,
        };
        let why = in_cluster(&set, &folder).err().unwrap_or_default();
        assert!(why.contains("token` cannot be read") && why.contains("name a `kubeconfig`"), "{why}");
        fs::write(folder.join("token"), "t0ken\n").unwrap();
        let access = in_cluster(&set, &folder).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!((&*access.server, &*access.roots), ("https://[fd00::1]:443", &b"pem"[..]));
        assert_eq!(access.token.as_ref().map(Secret::reveal), Some("t0ken"));
        let why = in_cluster(&|_| None, &folder).err().unwrap_or_default();
        assert!(why.contains("`KUBERNETES_SERVICE_HOST` is not set"), "{why}");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_token_is_told_in_the_clear_to_nobody_else() {
        let folder = std::env::temp_dir().join(format!("backstop-clear-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("kube.yaml");
        for (server, fits) in [
            ("http://127.0.0.1:8080", true),
            ("http://localhost:8080", true),
            ("http://[::1]:8080", true),
            ("http://10.0.0.1:8080", false),
            ("http://localhost.example.com", false),
            ("http://127.example.com", false),
            ("http://127.0.0.1.example.com", false),
            ("http://127.0.0.1@example.com", false),
            ("ftp://10.0.0.1", false),
            ("nowhere", false),
        ] {
            fs::write(&file, WHOLE.replace("https://10.0.0.1:6443", server)).unwrap();
            let way = Way::Kubeconfig { file: file.to_str().unwrap().to_owned(), context: None };
            assert_eq!(platform(&way).is_ok(), fits, "{server}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
