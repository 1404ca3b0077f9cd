//! Why nobody can be asked: a secret or a token cannot be had.

/// Why there is nothing to show at the door.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A secret that is wanted cannot be had. It says where that is, and never what.
    #[error("{host} cannot be asked: {why}")]
    NoSecret {
        /// Who.
        host: String,
        /// Why.
        why: String,
    },
    /// Nobody gives us the token that is wanted.
    #[error("{host} cannot be asked, for want of a token: {why}")]
    NoToken {
        /// Who.
        host: String,
        /// Why.
        why: String,
        /// Whether it may be gone when somebody asks again.
        may_pass: bool,
    },
}
