//! What servers of JSON APIs have in common: requests, answers and patches.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) content_type: String,
    pub(crate) token: String,
    pub(crate) body: Value,
}

/// As RFC 6902 has it, as far as it is used here.
pub(crate) fn patched(object: &mut Value, patch: &Value) -> Result<(), String> {
    for operation in patch.as_array().ok_or("the patch is no list")? {
        let path = operation["path"].as_str().ok_or("no path")?;
        let value = &operation["value"];
        match operation["op"].as_str() {
            Some("test") if object.pointer(path) == Some(value) => {}
            Some("test") => return Err(format!("testing value {path} failed")),
            Some("replace") => {
                *object.pointer_mut(path).ok_or(format!("replace operation does not apply: {path}"))? =
                    value.clone();
            }
            Some("add") => {
                let (parent, name) = path.rsplit_once('/').ok_or("no parent")?;
                let parent = object.pointer_mut(parent).ok_or(format!("add does not apply: {path}"))?;
                parent[unescaped(name)] = value.clone();
            }
            Some("remove") => {
                let (parent, name) = path.rsplit_once('/').ok_or("no parent")?;
                let parent = object.pointer_mut(parent).and_then(Value::as_object_mut);
                let removed = parent.and_then(|parent| parent.remove(&unescaped(name)));
                removed.ok_or(format!("remove operation does not apply: {path}"))?;
            }
            other => return Err(format!("{other:?} is not known here")),
        }
    }
    Ok(())
}

/// The name of a field, as a pointer writes it.
fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

/// Answers, and closes.
pub(crate) fn respond(mut stream: TcpStream, status: u16, body: &Value) {
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).ok();
}

/// The request that comes; nothing where none does.
pub(crate) fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let mut first = lines.first()?.split(' ').map(str::to_owned);
    let (method, target) = (first.next()?, first.next()?);
    let header = |name: &str| {
        let found = lines.iter().filter_map(|line| line.split_once(':'));
        let mut found = found.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Some(Asked {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        content_type: header("content-type"),
        token: header("authorization"),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    })
}
