//! Ways around the list of hosts: names, spellings, networks within networks, answers that change, and redirections.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use backstop::decision::{Answer, Host, Hosts, Key, Method};
use backstop::responder::{Found, Lookup, Reach, Request, Responder};
use backstop::source::asking::Login;
use backstop::unit::{Span, UnixMillis};

const AT: UnixMillis = UnixMillis::new(1_795_271_400_000);

/// Somebody who listens, and counts who came.
struct Door {
    at: SocketAddr,
    came: Arc<AtomicUsize>,
}

impl Door {
    /// One that answers so.
    fn open(at: &str, answer: &'static str) -> Self {
        let listener = TcpListener::bind(at).unwrap();
        let door = Self { at: listener.local_addr().unwrap(), came: Arc::default() };
        let came = Arc::clone(&door.came);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                came.fetch_add(1, Ordering::SeqCst);
                let head = BufReader::new(&stream).lines().map_while(Result::ok);
                head.take_while(|line| !line.is_empty()).for_each(drop);
                stream.write_all(answer.as_bytes()).ok();
            }
        });
        door
    }

    fn came(&self) -> usize {
        self.came.load(Ordering::SeqCst)
    }
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

/// Names whose addresses are others each time: the last ones stay.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    answers: VecDeque<Vec<IpAddr>>,
    asked: Vec<String>,
}

impl Names {
    fn of(answers: &[&[&str]]) -> Self {
        let answers = answers.iter().map(|each| each.iter().map(|text| text.parse().unwrap()).collect());
        Self(Arc::new(Mutex::new(State { answers: answers.collect(), asked: Vec::new() })))
    }

    fn asked(&self) -> Vec<String> {
        self.0.lock().unwrap().asked.clone()
    }
}

impl Lookup for Names {
    fn addresses(&self, host: &str) -> Found {
        let mut state = self.0.lock().unwrap();
        state.asked.push(host.to_owned());
        let last = state.answers.len() <= 1;
        let found = if last { state.answers.front().cloned() } else { state.answers.pop_front() };
        Box::pin(async move { Ok(found.unwrap_or_default()) })
    }
}

fn host(name: &str, addresses: &[&str]) -> Host {
    let addresses = addresses.iter().map(|network| network.parse().unwrap()).collect();
    Host { name: name.parse().unwrap(), addresses, http: true }
}

fn responder(hosts: Vec<Host>, names: &Names) -> Responder {
    let hosts = Arc::new(Hosts(hosts));
    Responder::new(Reach::new(move || Arc::clone(&hosts)).looked_up_by(names.clone())).unwrap()
}

fn request(url: &str) -> Request {
    Request {
        url: url.to_owned(),
        method: Method::Post,
        headers: BTreeMap::new(),
        body: b"{}".to_vec(),
        signing: Vec::new(),
        seal: None,
        login: Arc::new(Login::Nobody),
        client: None,
        expect: vec![200],
        timeout: Span::from_secs(20),
        key: Some(Key("act_0123456789abcdef01234567".to_owned())),
        stop: Arc::new(|| None),
    }
}

/// Everything is listed here, but nothing with an address of somebody's own network.
fn all_listed() -> Vec<Host> {
    let names = [
        "*.example.com",
        "localhost",
        "127.0.0.1",
        "0.0.0.0",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
    ];
    names.iter().map(|name| host(name, &[])).collect()
}

/// Spellings of this machine.
const SPELLED: &[&str] = &[
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "１２７.0.0.1",
    "%31%32%37.0.0.1",
    "user:password@127.0.0.1",
    "hooks.example.com@127.0.0.1",
    "0",
    "0.0.0.0",
    "0x0",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
];

/// Addresses that are nobody's own.
const FOUND: &[&str] = &[
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.0.1",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a9fe:a9fe",
    "2001:0:7f00:1::",
    "2002:7f00:1::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
];

#[tokio::test]
async fn each_way_around_is_blocked() {
    let door = Door::open("127.0.0.1:0", OK);
    let port = door.at.port();
    for spelled in SPELLED {
        let names = Names::default();
        let answer =
            responder(all_listed(), &names).attempt(&request(&format!("http://{spelled}:{port}/")), AT).await;
        let Answer::Unsent { why } = &answer else { panic!("{spelled}: {answer:?}") };
        assert!(why.contains("`addresses:`"), "{spelled}: {why}");
        assert!(names.asked().is_empty(), "{spelled} is looked up");
    }
    // Names with addresses that are nobody's own.
    for found in FOUND {
        for name in ["hooks.example.com", "HOOKS.example.com.", "localhost"] {
            let names = Names::of(&[&[*found]]);
            let url = format!("http://{name}:{port}/");
            let answer = responder(all_listed(), &names).attempt(&request(&url), AT).await;
            let Answer::Unsent { why } = &answer else { panic!("{name} at {found}: {answer:?}") };
            assert!(
                why.contains("`addresses:`") && why.contains("nothing is sent to"),
                "{name} at {found}: {why}"
            );
        }
    }
    // Names that nobody listed are not even looked up.
    for name in
        ["evil.example", "example.com", "hooks.example.com.evil.example", "hooks.example.com\\@evil.example"]
    {
        let names = Names::of(&[&["127.0.0.1"]]);
        let answer =
            responder(all_listed(), &names).attempt(&request(&format!("http://{name}:{port}/")), AT).await;
        let is_listed = name.contains('\\');
        assert!(
            matches!(&answer, Answer::Unsent { why } if is_listed || why.contains("`hosts:`")),
            "{name}: {answer:?}"
        );
        assert!(!names.asked().iter().any(|asked| asked.contains("evil")), "{name} is looked up");
    }
    assert_eq!(door.came(), 0, "somebody came through");
}

#[tokio::test]
async fn what_is_listed_with_its_addresses_is_reached() {
    let door = Door::open("127.0.0.1:0", OK);
    let port = door.at.port();
    let listed = vec![host("a.example.com", &["127.0.0.0/8"]), host("127.0.0.1", &["127.0.0.1"])];
    for name in ["a.example.com", "A.example.com.", "127.0.0.1", "0x7f.1"] {
        let names = Names::of(&[&["::1", "10.0.0.1", "127.0.0.1"]]);
        let answer =
            responder(listed.clone(), &names).attempt(&request(&format!("http://{name}:{port}/")), AT).await;
        assert!(matches!(answer, Answer::Accepted { status: 200, .. }), "{name}: {answer:?}");
    }
    assert_eq!(door.came(), 4);
}

#[tokio::test]
async fn a_name_that_changes_between_look_ups_gains_nothing() {
    let wanted = Door::open("127.0.0.2:0", OK);
    let port = wanted.at.port();
    let other = Door::open(&format!("127.0.0.1:{port}"), OK);
    let names = Names::of(&[&["127.0.0.1", "127.0.0.2"], &["127.0.0.2"], &["127.0.0.1"]]);
    let responder = responder(vec![host("a.example.com", &["127.0.0.2/32"])], &names);
    let request = request(&format!("http://a.example.com:{port}/"));
    // One look-up for each attempt: there is no second one that could say otherwise.
    for (attempt, sent) in [(1, true), (2, true), (3, false), (4, false)] {
        let answer = responder.attempt(&request, AT).await;
        assert_eq!(matches!(answer, Answer::Accepted { .. }), sent, "{attempt}: {answer:?}");
        assert_eq!(matches!(answer, Answer::Unsent { .. }), !sent, "{attempt}: {answer:?}");
        assert_eq!(names.asked().len(), attempt);
    }
    assert_eq!((wanted.came(), other.came()), (2, 0));
}

#[tokio::test]
async fn a_redirection_is_an_answer_and_leads_nowhere() {
    let inside = Door::open("127.0.0.1:0", OK);
    for to in
        ["http://169.254.169.254/latest/meta-data", "http://b.example.com/", "//127.0.0.1/", "/elsewhere"]
    {
        for status in
            ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
        {
            let to = to.replace("127.0.0.1", &inside.at.to_string());
            let text = format!(
                "HTTP/1.1 {status}\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            let door = Door::open("127.0.0.1:0", text.leak());
            let names = Names::of(&[&["127.0.0.1"]]);
            let listed = vec![host("*.example.com", &["127.0.0.0/8"]), host("127.0.0.1", &["127.0.0.1"])];
            let url = format!("http://a.example.com:{}/", door.at.port());
            let answer = responder(listed, &names).attempt(&request(&url), AT).await;
            assert!(matches!(answer, Answer::Rejected { status: 301..=308, .. }), "{answer:?}");
            assert_eq!(
                (door.came(), names.asked()),
                (1, vec!["a.example.com".to_owned()]),
                "{status} to {to}"
            );
        }
    }
    assert_eq!(inside.came(), 0);
}

#[tokio::test]
async fn a_host_that_is_listed_no_more_is_reached_no_more() {
    let door = Door::open("127.0.0.1:0", OK);
    let listed = Arc::new(Mutex::new(Arc::new(Hosts(vec![host("127.0.0.1", &["127.0.0.1"])]))));
    let now = Arc::clone(&listed);
    let responder = Responder::new(Reach::new(move || Arc::clone(&now.lock().unwrap()))).unwrap();
    let request = request(&format!("http://{}/", door.at));
    assert!(matches!(responder.attempt(&request, AT).await, Answer::Accepted { .. }));
    *listed.lock().unwrap() = Arc::default();
    let answer = responder.attempt(&request, AT).await;
    let Answer::Unsent { why } = answer else { panic!("{answer:?}") };
    assert_eq!(why, "nothing may be sent to `127.0.0.1`: it is not among the `hosts:` of the server file");
    assert_eq!(door.came(), 1);
}
