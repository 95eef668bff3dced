import Dispatch
import Testing

@testable import Telemetry

@Suite("Metrics")
struct MetricsTests {
    private let metrics = Metrics()

    private var text: String { String(decoding: metrics.exposition(), as: UTF8.self) }

    @Test("series that somebody else keeps are shown in their order, at most 256 of them")
    func readEach() {
        metrics.readEach("l_open", help: "L.", labels: ["channel"]) {
            [MetricSample("sms", value: 1), MetricSample("a\"b", value: 0.5)]
        }
        metrics.readEach("r_total", help: "R.", labels: ["channel", "result"], isCounter: true) {
            (0..<300).map { MetricSample("c\($0)", "accepted", value: 3) }
        }
        #expect(text.contains("# TYPE l_open gauge\nl_open{channel=\"sms\"} 1\nl_open{channel=\"a\\\"b\"} 0.5\n"))
        #expect(text.contains("# TYPE r_total counter\nr_total{channel=\"c0\",result=\"accepted\"} 3\n"))
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("r_total{") }.count == 256)
    }

    @Test("the text format names type and help, and orders series by their labels")
    func exposition() {
        let sent = metrics.counter("g_sent_total", help: "Sent \\ all\nof them.", labels: ["channel", "outcome"])
        sent["sms", "ok"].increment()
        sent["email", "a\"b\\c\nd"].increment(by: 41)
        sent["sms", "ok"].increment(by: -3)
        metrics.gauge("g_open", help: "Open.")[].set(2.5)
        metrics.gauge("g_now", help: "Now.") { -.infinity }
        #expect(
            text == #"""
                # HELP g_sent_total Sent \\ all\nof them.
                # TYPE g_sent_total counter
                g_sent_total{channel="email",outcome="a\"b\\c\nd"} 41
                g_sent_total{channel="sms",outcome="ok"} 1
                # HELP g_open Open.
                # TYPE g_open gauge
                g_open 2.5
                # HELP g_now Now.
                # TYPE g_now gauge
                g_now -Inf

                """#)
    }

    @Test("a histogram counts cumulatively, its bounds included")
    func histogram() {
        let seconds = metrics.histogram("h", help: "H.", labels: ["c"], bounds: [1, 0.5])["x"]
        for value in [0.5, 0.75, 3, .nan] { seconds.observe(value) }
        seconds.observe(.milliseconds(250))
        #expect(
            text == """
                # HELP h H.
                # TYPE h histogram
                h_bucket{c="x",le="0.5"} 2
                h_bucket{c="x",le="1"} 3
                h_bucket{c="x",le="+Inf"} 4
                h_sum{c="x"} 4.5
                h_count{c="x"} 4

                """)
    }

    @Test("from the limit on, new label values share one series")
    func bounded() {
        let family = metrics.counter("c_total", help: "C.", labels: ["l"], limit: 2)
        for value in ["a", "b", "c", "d", "a"] { family[value].increment() }
        #expect(text.contains("c_total{l=\"a\"} 2\n"))
        #expect(text.contains("c_total{l=\"other\"} 2\n"))
        #expect(!text.contains("\"c\""))
    }

    @Test("declaring a metric twice gives the same one, an unlabelled one starts at zero")
    func twice() {
        metrics.counter("t_total", help: "T.")[].increment()
        metrics.counter("t_total", help: "T.")[].increment()
        _ = metrics.counter("z_total", help: "Z.")
        #expect(text.contains("\nt_total 2\n"))
        #expect(text.contains("\nz_total 0\n"))
    }

    @Test("counts from many threads are not lost")
    func threads() {
        let counter = metrics.counter("n_total", help: "N.")[]
        let gauge = metrics.gauge("n", help: "N.")[]
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<1000 {
                counter.increment()
                gauge.add(0.5)
            }
        }
        #expect(counter.value == 8000)
        #expect(gauge.value == 4000)
    }
}
