/// What answering machine detection finds, and when.
enum MachineDetector {
    /// The value of `AnsweredBy` and the milliseconds after the answer.
    static func result(_ script: VoiceScript, _ detection: Call.Detection) -> (answeredBy: String, after: Int64) {
        let word = script.detectedAs ?? script.outcome.rawValue
        var after = script.detection
        var answeredBy = word
        if word == "machine" {
            answeredBy = detection.waitsForEnd ? "machine_end_beep" : "machine_start"
        } else if word.hasPrefix("machine_end"), !detection.waitsForEnd {
            answeredBy = "machine_start"
        }
        if answeredBy.hasPrefix("machine_end") { after = max(after, script.greeting) }
        return after > detection.timeout ? ("unknown", detection.timeout) : (answeredBy, after)
    }
}
