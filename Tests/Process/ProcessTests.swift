import Testing

/// Everything that runs the built program. One after the other: each test starts servers and measures time.
@Suite("the built program", .serialized)
enum ProcessTests {}
