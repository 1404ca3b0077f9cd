//! Stretches: how much there is is asked first, unless it cannot be too much to take at once.

use backstop::source::prometheus::{Room, Stretch};
use backstop::unit::{Span, UnixMillis};

use crate::client;
use crate::server::{NOTHING, Server, answer};

#[tokio::test]
async fn how_much_there_is_is_asked_of_long_stretches_and_of_histograms() {
    let to = UnixMillis::new(1_795_271_400_000);
    for (seconds, room, asked) in [(600, Room::Number, 0), (601, Room::Number, 1), (15, Room::Histogram, 1)] {
        // Nothing is there, so nothing more than how many series there are is asked.
        let server =
            Server::start(|stream, _, _| answer(stream, "200 OK", &NOTHING.replace("matrix", "vector")));
        let prometheus = client("", &format!("url: '{}'", server.url())).unwrap();
        let whole = Stretch { from: to.minus(Span::from_secs(seconds)), to };
        let stretches = prometheus.stretches("up", whole, room).await.unwrap();
        assert_eq!(server.queries(), asked, "{seconds} s of {room:?}");
        assert_eq!(stretches, if asked == 0 { vec![whole] } else { vec![] }, "{seconds} s of {room:?}");
    }
}
