//! Who asks, and whether they may.

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use axum::extract::{Extension, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest;

use crate::config::Role;
use crate::signal::Provenance;
use crate::surface::http::problem::Problem;
use crate::surface::http::tls::Shown;
use crate::unit::{Name, Secret};

/// What anybody may while no token is known: such a server listens on loopback alone.
const ANYBODY: [Role; 4] = [Role::Read, Role::Ingest, Role::Change, Role::Alert];

/// The paths that anybody may always ask for: they say nothing but whether backstop is there.
pub(super) const HEALTHY: &str = "/-/healthy";
/// The same for whether it is ready.
pub(super) const READY: &str = "/-/ready";

/// Somebody's token, of which only the hash is kept.
#[derive(Clone, PartialEq)]
pub struct Token {
    name: Name,
    hash: [u8; digest::SHA256_OUTPUT_LEN],
    roles: BTreeSet<Role>,
}

/// All tokens that are known. Whoever holds a copy knows the same ones, also after they were renewed.
#[derive(Debug, Clone, Default)]
pub struct Access(Arc<RwLock<Known>>);

/// Everybody who is known.
#[derive(Debug, Clone, Default, PartialEq)]
struct Known {
    tokens: Vec<Token>,
    certified: Vec<Certified>,
}

/// Somebody who is known by the name in their certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// What they are called here.
    pub name: Name,
    /// The name in their certificate.
    pub san: String,
    /// What they may.
    pub roles: BTreeSet<Role>,
}

impl PartialEq for Access {
    fn eq(&self, other: &Self) -> bool {
        let other = other.known().clone();
        *self.known() == other
    }
}

/// Two entries whose tokens are the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{one} and {other} have the same token, so nobody can tell them apart; give each one of their own")]
pub struct SameToken {
    one: Name,
    other: Name,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Somebody whose token is known.
    Known {
        /// Their name.
        name: Name,
        /// What they may.
        roles: BTreeSet<Role>,
    },
    /// Anybody, where no token is known.
    Anonymous,
}

/// Why this address may not be listened on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} can be reached from other machines, and no token is known: anybody could record changes; \
     listen on 127.0.0.1, or give out tokens under `access:` in the server file"
)]
pub struct BindError(SocketAddr);

/// Whether an address may be listened on.
pub fn may_bind(access: &Access, address: SocketAddr) -> Result<(), BindError> {
    let here_alone = address.ip().to_canonical().is_loopback();
    if here_alone || access.knows_somebody() { Ok(()) } else { Err(BindError(address)) }
}

impl Token {
    /// Somebody's token.
    pub fn new(name: Name, secret: &Secret, roles: BTreeSet<Role>) -> Self {
        Self { name, hash: hash(secret.reveal()), roles }
    }
}

impl Access {
    /// These tokens.
    pub fn new(tokens: Vec<Token>) -> Result<Self, SameToken> {
        for (at, one) in tokens.iter().enumerate() {
            if let Some(other) = tokens[at + 1..].iter().find(|other| other.hash == one.hash) {
                return Err(SameToken { one: one.name.clone(), other: other.name.clone() });
            }
        }
        Ok(Self(Arc::new(RwLock::new(Known { tokens, certified: Vec::new() }))))
    }

    /// The same, and these besides.
    #[must_use]
    pub fn with(self, certified: Vec<Certified>) -> Self {
        self.0.write().unwrap_or_else(PoisonError::into_inner).certified = certified;
        self
    }

    /// Knows whom another does from now on, and no others.
    pub fn renew(&self, other: &Self) {
        let known = other.known().clone();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = known;
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anybody is known.
    fn knows_somebody(&self) -> bool {
        let known = self.known();
        !known.tokens.is_empty() || !known.certified.is_empty()
    }

    /// Who asks, by what they showed or by these headers. A token counts before a certificate.
    fn caller_by(&self, headers: &HeaderMap, shown: Option<&Shown>) -> Result<Caller, Problem> {
        let Some(shown) = shown.filter(|_| !headers.contains_key(AUTHORIZATION)) else {
            return self.caller(headers);
        };
        if !self.knows_somebody() {
            return Ok(Caller::Anonymous);
        }
        let known = self.known();
        let own = known.certified.iter().find(|certified| shown.is(&certified.san));
        let own = own.ok_or_else(|| Problem::unknown("the name in this certificate is not known here"))?;
        Ok(Caller::Known { name: own.name.clone(), roles: own.roles.clone() })
    }

    /// Who asks with these headers.
    pub fn caller(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        if !self.knows_somebody() {
            return Ok(Caller::Anonymous);
        }
        let tokens = &self.known().tokens;
        let mut given = headers.get_all(AUTHORIZATION).iter();
        let (first, second) = (given.next(), given.next());
        let first = first.ok_or_else(|| Problem::unknown("this needs a token, and the request has none"))?;
        if second.is_some() {
            return Err(Problem::unknown("the request has two tokens"));
        }
        let text = first.to_str().ok().and_then(given_by);
        let Given { user, token: text } = text.ok_or_else(|| {
            Problem::unknown("`Authorization` holds neither a bearer token nor a user and password")
        })?;
        let hash = hash(&text);
        // Each is looked at, whichever it is.
        let known = tokens
            .iter()
            .fold(None, |found, token| if same(&token.hash, &hash) { Some(token) } else { found });
        // Whoever says a name has to have it: a token of somebody else's is not theirs.
        let own = |token: &&Token| user.as_ref().is_none_or(|user| *user == token.name.as_str());
        let token = known.filter(own).ok_or_else(|| match &user {
            Some(_) => Problem::unknown("this user with this password is not known here"),
            None => Problem::unknown("this token is not known here"),
        })?;
        Ok(Caller::Known { name: token.name.clone(), roles: token.roles.clone() })
    }
}

/// How somebody says who they are.
struct Given {
    /// By which name; nothing where the token alone says it.
    user: Option<String>,
    token: String,
}

/// What a header says: a bearer's token, or a name with the token for its password, as some senders can do no other.
fn given_by(text: &str) -> Option<Given> {
    let (scheme, rest) = text.split_once(' ')?;
    let rest = rest.trim();
    let given = if scheme.eq_ignore_ascii_case("bearer") {
        Given { user: None, token: rest.to_owned() }
    } else if scheme.eq_ignore_ascii_case("basic") {
        let pair = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
        let (user, password) = pair.split_once(':')?;
        Given { user: Some(user.to_owned()), token: password.to_owned() }
    } else {
        return None;
    };
    (!given.token.is_empty()).then_some(given)
}

fn hash(text: &str) -> [u8; digest::SHA256_OUTPUT_LEN] {
    let mut hash = [0; digest::SHA256_OUTPUT_LEN];
    hash.copy_from_slice(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    hash
}

/// Whether two hashes are the same. It takes the same time wherever they differ.
fn same(one: &[u8; digest::SHA256_OUTPUT_LEN], other: &[u8; digest::SHA256_OUTPUT_LEN]) -> bool {
    one.iter().zip(other).fold(0, |differing, (one, other)| differing | (one ^ other)) == 0
}

impl Caller {
    /// Whether they may.
    pub fn may(&self, role: Role) -> bool {
        match self {
            Self::Known { roles, .. } => roles.contains(&role) || roles.contains(&Role::Admin),
            Self::Anonymous => ANYBODY.contains(&role),
        }
    }

    /// What a change is worth that they tell of.
    pub const fn provenance(&self) -> Provenance {
        match self {
            Self::Known { .. } => Provenance::Authenticated,
            Self::Anonymous => Provenance::Unauthenticated,
        }
    }

    /// Who they are, where they are known.
    pub fn name(&self) -> Option<Name> {
        match self {
            Self::Known { name, .. } => Some(name.clone()),
            Self::Anonymous => None,
        }
    }

    fn refused(&self, role: Role) -> Problem {
        let (error, help) = match self {
            Self::Known { name, .. } => (
                format!("{name} may not do this: it takes the role `{role}`"),
                format!("add `{role}` to `may` of {name} under `access:` in the server file"),
            ),
            Self::Anonymous => (
                format!("nobody may do this without a token: it takes the role `{role}`"),
                format!("give out a token with `may: [{role}]` under `access:` in the server file"),
            ),
        };
        Problem::new(StatusCode::FORBIDDEN, error, help)
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known { name, .. } => write!(f, "{name}"),
            Self::Anonymous => f.write_str("anybody"),
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("name", &self.name).field("roles", &self.roles).finish_non_exhaustive()
    }
}

/// Finds out who asks, before anything else is looked at: whoever is not known learns not even which paths there are.
pub(super) async fn identify(
    State(access): State<Arc<Access>>,
    mut request: Request,
    next: Next,
) -> Response {
    if matches!(request.uri().path(), HEALTHY | READY) {
        return next.run(request).await;
    }
    match access.caller_by(request.headers(), request.extensions().get::<Shown>()) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Lets through whoever has this role.
pub(super) async fn permit(
    State(role): State<Role>,
    Extension(caller): Extension<Caller>,
    request: Request,
    next: Next,
) -> Response {
    if caller.may(role) { next.run(request).await } else { caller.refused(role).into_response() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn token(name: &str, secret: &str, roles: &[Role]) -> Token {
        Token::new(name.parse().unwrap(), &Secret::new(secret.to_owned()), roles.iter().copied().collect())
    }

    #[test]
    fn only_a_known_bearer_is_known() {
        let access = Access::new(vec![
            token("ci", "s3cret", &[Role::Change]),
            token("on-call", "other", &[Role::Admin]),
        ])
        .unwrap();
        for (given, known) in [
            (vec!["Bearer s3cret"], Some("ci")),
            (vec!["bearer  s3cret "], Some("ci")),
            (vec!["Bearer other"], Some("on-call")),
            (vec![], None),
            (vec![""], None),
            (vec!["Bearer"], None),
            (vec!["Bearer "], None),
            (vec!["Bearer s3cre"], None),
            (vec!["Bearer s3cret2"], None),
            (vec!["Bearer S3CRET"], None),
            (vec!["s3cret"], None),
            (vec!["Basic s3cret"], None),
            (vec!["Bearer s3cret", "Bearer s3cret"], None),
            // ci:s3cret, on-call:other, ci:other, :s3cret, ci:, nobody:s3cret, ci, and what is no base64.
            (vec!["Basic Y2k6czNjcmV0"], Some("ci")),
            (vec!["basic b24tY2FsbDpvdGhlcg=="], Some("on-call")),
            (vec!["Basic Y2k6b3RoZXI="], None),
            (vec!["Basic OnMzY3JldA=="], None),
            (vec!["Basic Y2k6"], None),
            (vec!["Basic bm9ib2R5OnMzY3JldA=="], None),
            (vec!["Basic Y2k="], None),
            (vec!["Basic !!"], None),
            (vec!["Basic Y2k6czNjcmV0", "Bearer s3cret"], None),
        ] {
            let mut headers = HeaderMap::new();
            for value in &given {
                headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
            }
            let caller = access.caller(&headers);
            assert_eq!(caller.as_ref().ok().map(ToString::to_string).as_deref(), known, "{given:?}");
            assert_eq!(
                caller.err().map(|problem| problem.status()),
                known.is_none().then_some(StatusCode::UNAUTHORIZED)
            );
        }
        assert!(!format!("{access:?}").contains("hash"));
    }

    #[test]
    fn one_token_is_one_caller() {
        let same =
            Access::new(vec![token("a", "x", &[Role::Read]), token("b", "y", &[]), token("c", "x", &[])]);
        let (one, other) = ("a".parse().unwrap(), "c".parse().unwrap());
        assert_eq!(same.err(), Some(SameToken { one, other }));
    }

    #[test]
    fn admin_may_all_and_nobody_switches_without_a_name() {
        let known = |roles: &[Role]| Caller::Known {
            name: "x".parse().unwrap(),
            roles: roles.iter().copied().collect(),
        };
        for (_, role) in Role::NAMED {
            assert!(known(&[Role::Admin]).may(role), "{role}");
            assert!(known(&[role]).may(role) && !known(&[]).may(role), "{role}");
            assert_eq!(
                Caller::Anonymous.may(role),
                !matches!(role, Role::Approve | Role::Operate | Role::Admin),
                "{role}"
            );
            for (_, other) in Role::NAMED {
                assert_eq!(known(&[role]).may(other), role == other || role == Role::Admin, "{role} {other}");
            }
        }
    }

    #[test]
    fn tokens_that_were_renewed_are_known_to_all_who_hold_them() {
        let before = Access::new(vec![token("ci", "s3cret", &[Role::Change])]).unwrap();
        let held = before.clone();
        let bearer =
            |token: &str| HeaderMap::from_iter([(AUTHORIZATION, format!("Bearer {token}").parse().unwrap())]);
        let after = Access::new(vec![token("ci", "0ther", &[Role::Change])]).unwrap();
        assert!(before != after && before == held);
        before.renew(&after);
        assert!(held.caller(&bearer("s3cret")).is_err() && held.caller(&bearer("0ther")).is_ok());
        assert!(held == after);
    }

    #[test]
    fn other_machines_are_let_in_with_tokens_alone() {
        let some = Access::new(vec![token("ci", "s3cret", &[Role::Change])]).unwrap();
        for (address, here_alone) in [
            ("127.0.0.1:9098", true),
            ("127.8.8.8:1", true),
            ("[::1]:9098", true),
            ("[::ffff:127.0.0.1]:9098", true),
            ("0.0.0.0:9098", false),
            ("[::]:9098", false),
            ("10.0.0.1:9098", false),
            ("[::ffff:10.0.0.1]:9098", false),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(may_bind(&Access::default(), address).is_ok(), here_alone, "{address}");
            assert!(may_bind(&some, address).is_ok(), "{address}");
        }
    }
}
