/// What `gateway demo` was asked for.
struct DemoOptions: Sendable, Hashable {
    /// The path of channels.yaml.
    var config: String
    /// Where the demo keeps its data; a temporary folder when `nil`.
    var data: String?
    /// Goes on serving after the alert, on the listeners of the configuration, until it is interrupted.
    var keepsServing = false
    /// Colours of the timeline.
    var paint = Paint.off
}
