//! What a rule has a webhook say, where it says something itself.

use serde_json::{Value, json};

use crate::process::wait;
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, send};
use crate::site::{Site, Watched};

/// The body that is asked for, after the line of an address.
const BODY: &str = r#"
      body:
        text: "{{ .Decision.Headline }}"
        list: [ 1, 2.5, true, null, "{{ .Service | toUpper }}/{{ .Environment }}", plain ]
        release: { is: "{{ .Change.Kind }} {{ .Version }}", id: "{{ .Change.ID }}", weighs: "{{ .Weight }}" }
        by: "{{ .Action }} {{ .Kind }} {{ .Gate }} {{ .Verdict }} {{ .Owner }} {{ .Runbook }}"
        sure: "{{ with .Confidence }}{{ if lt 0.9 . }}very{{ end }}{{ end }}"
        key: "{{ .Key }}{{ .Cluster }}"
"#;

#[test]
fn a_receiver_gets_the_body_that_its_rule_gives() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "done"));
    let address = receiver.address;
    let watched =
        Watched { service: "shop", receiver: address, timeout: "1s", verified: false, watch: "10m" };
    let site = Site::new("body", &[watched]);
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    let line = format!("url: http://{address}/shop/take-back\n");
    assert!(rules.contains(&line), "{rules}");
    let templated = format!(
        "url: 'http://{address}/shop/{{{{ print .Service \"/a b?c\" }}}}/{{{{ .Verdict }}}}?of={{{{ \"&\" }}}}'{BODY}"
    );
    site.write("rules.yaml", rules.replace(&line, &templated));
    let process = site.start();
    let shop = Shop::new("shop");
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    send(&process, &shop.sales(60));
    // Nothing that is filled in becomes a part of the path or of the query.
    let path = "/shop/shop%2Fa%20b%3Fc/fail?of=%26";
    let got = wait("the webhook", || receiver.got(path).pop());
    assert!(got.is_signed(crate::site::SECRET));
    let mut body: Value = serde_json::from_slice(&got.body).unwrap();
    let text = body["text"].take();
    assert!(text.as_str().unwrap().starts_with("roll back shop"), "{text}");
    let version = &shop.change()["version"];
    let id = body["release"]["id"].take();
    assert!(id.as_str().is_some_and(|id| !id.is_empty()), "{id}");
    let expected = json!({
        "text": null,
        "list": [1, 2.5, true, null, "SHOP/production", "plain"],
        "release": { "is": format!("canary {}", version.as_str().unwrap()), "id": null, "weighs": "" },
        "by": "shop-take-back rollback shop-canary fail team https://runbooks.example.com/take-back",
        "sure": "very",
        "key": got.header("webhook-id"),
    });
    assert_eq!(body, expected);
    assert_eq!(process.stop().0, 0);
    site.holds();
}
