//! Telling systemd how it goes: that backstop is ready, that it reads its rules again, that it lives, that it stops. Where
//! nobody asked to be told, nothing is sent.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixDatagram;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::run::clock::{self, Stopwatch};
use crate::run::front::Tally;

/// How long the engine's thread may take for a turn before it is not known to live: it turns more often than twice a
/// second, and each look takes a while.
const TURN: Duration = Duration::from_secs(2);

/// Whoever wants to be told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notify {
    socket: Option<Arc<UnixDatagram>>,
    /// How often they want to hear that backstop lives.
    watchdog: Option<Duration>,
}

impl Notify {
    /// Whoever the environment names.
    pub(crate) fn of_environment() -> Self {
        let text = |name: &str| std::env::var(name).ok();
        let socket = std::env::var_os("NOTIFY_SOCKET").and_then(|path| connected(path.as_bytes()));
        let own = std::process::id().to_string();
        let is_own = text("WATCHDOG_PID").is_none_or(|pid| pid == own);
        let micros =
            text("WATCHDOG_USEC").and_then(|micros| micros.parse().ok()).filter(|micros| *micros > 0);
        let watchdog = micros.filter(|_| is_own && socket.is_some()).map(Duration::from_micros);
        Self { socket: socket.map(Arc::new), watchdog }
    }

    /// It is ready, or is again, and goes by so many gates.
    pub(crate) fn ready(&self, status: &str) {
        self.send(&format!("READY=1\nSTATUS={status}\n"));
    }

    /// It reads its rules again.
    pub(crate) fn reloading(&self) {
        let since = clock::booted().map(|micros| format!("MONOTONIC_USEC={micros}\n")).unwrap_or_default();
        self.send(&format!("RELOADING=1\n{since}STATUS=reads its rules again\n"));
    }

    /// It stops.
    pub(crate) fn stopping(&self) {
        self.send("STOPPING=1\nSTATUS=stops\n");
    }

    /// Says that it lives, as long as the engine's thread turns. One that is stuck lets the watchdog bite.
    pub(crate) async fn live(&self, tally: &Tally) {
        let Some(watchdog) = self.watchdog else { return std::future::pending().await };
        let mut pulse = Pulse::new(tally.beats.load(Ordering::Relaxed));
        let clock = Stopwatch::start();
        loop {
            if pulse.lives(tally.beats.load(Ordering::Relaxed), clock.elapsed()) {
                self.send("WATCHDOG=1\n");
            }
            tokio::time::sleep(watchdog / 2).await;
        }
    }

    fn send(&self, state: &str) {
        if let Some(socket) = &self.socket
            && let Err(error) = socket.send(state.as_bytes())
        {
            tracing::warn!(%error, "systemd could not be told");
        }
    }
}

/// Whether something that counts goes on counting.
#[derive(Debug, Clone, Copy)]
struct Pulse {
    beats: u64,
    since: Duration,
}

impl Pulse {
    const fn new(beats: u64) -> Self {
        Self { beats, since: Duration::ZERO }
    }

    fn lives(&mut self, beats: u64, now: Duration) -> bool {
        if self.beats != beats {
            *self = Self { beats, since: now };
        }
        now.saturating_sub(self.since) < TURN
    }
}

/// A socket that leads to this address: a path, or, behind an `@`, a name that is in no file system.
fn connected(address: &[u8]) -> Option<UnixDatagram> {
    let socket = UnixDatagram::unbound().ok()?;
    // Whoever does not listen is not waited for.
    socket.set_nonblocking(true).ok()?;
    match address.split_first() {
        Some((b'@', name)) => named(&socket, name)?,
        Some((b'/', _)) => socket.connect(std::ffi::OsStr::from_bytes(address)).ok()?,
        Some(_) | None => return None,
    }
    Some(socket)
}

#[cfg(target_os = "linux")]
fn named(socket: &UnixDatagram, name: &[u8]) -> Option<()> {
    use std::os::linux::net::SocketAddrExt;
    let address = std::os::unix::net::SocketAddr::from_abstract_name(name).ok()?;
    socket.connect_addr(&address).ok()
}

#[cfg(not(target_os = "linux"))]
const fn named(_: &UnixDatagram, _: &[u8]) -> Option<()> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_does_not_go_on_does_not_live() {
        let mut pulse = Pulse::new(0);
        for (millis, beats, lives) in [
            (0, 0, true),
            (1_000, 1, true),
            (2_999, 1, true),
            (3_000, 1, false),
            (60_000, 1, false),
            (60_500, 2, true),
        ] {
            assert_eq!(pulse.lives(beats, Duration::from_millis(millis)), lives, "{millis} ms");
        }
    }

    #[test]
    fn addresses_lead_to_files_and_to_names() {
        let folder = crate::run::scratch::Folder::new("notify").unwrap();
        let path = folder.path().join("socket");
        let heard = UnixDatagram::bind(&path).unwrap();
        let told = connected(path.as_os_str().as_bytes()).unwrap();
        told.send(b"READY=1").unwrap();
        let mut buffer = [0; 16];
        assert_eq!(heard.recv(&mut buffer).unwrap(), 7);
        for nobody in [&b""[..], b"relative", b"/nobody/listens/here", b"@nobody-listens-here"] {
            assert!(connected(nobody).is_none(), "{nobody:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_in_no_file_system_are_led_to() {
        use std::os::linux::net::SocketAddrExt;
        let name = format!("backstop-notify-{}", std::process::id());
        let address = std::os::unix::net::SocketAddr::from_abstract_name(&name).unwrap();
        let heard = UnixDatagram::bind_addr(&address).unwrap();
        connected(format!("@{name}").as_bytes()).unwrap().send(b"x").unwrap();
        assert_eq!(heard.recv(&mut [0; 4]).unwrap(), 1);
    }
}
