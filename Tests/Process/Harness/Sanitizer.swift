import Glibc

/// What the tests do differently when they, and the programs that they start, are built with a sanitizer.
enum Sanitizer {
    /// Functions that a program has in it when it is built with the sanitizer of addresses, or of threads, alone.
    static let marks = ["__asan_report_load8", "__tsan_func_entry"]

    /// Where options of a sanitizer are; they hold for the programs that are started as well.
    static let variables = ["ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"]

    /// Whether this test program has the function.
    static func isHere(_ mark: String) -> Bool { dlsym(nil, mark) != nil }

    /// By how much deadlines are longer: what is instrumented runs several times slower. Deadlines only say when to give
    /// up; what is asserted stays.
    static let patience: Double = marks.contains(where: isHere) ? 5 : 1

    /// The first line of a sanitizer's report among what a program wrote to its standard error.
    static func report(in text: String) -> String? {
        let starts = ["AddressSanitizer: ", "ThreadSanitizer: ", "LeakSanitizer: "]
        let lines = text.split(separator: "\n").map(String.init)
        return lines.first { line in starts.contains(where: line.contains) }
    }
}
