import Foundation

/// Programs in the virtual environment that the Makefile makes.
enum Python {
    static func start(
        _ script: String, _ arguments: [String] = [], environment: [String: String], in folder: Folder
    ) throws -> Program {
        let python = Repository.root + "/.build/venv/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw Failure("\(python) is missing: run `make .build/venv/.installed` first, as `make test` does")
        }
        return try Program(
            python, [Repository.root + "/Tests/Process/Python/" + script] + arguments,
            environment: environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }, in: folder)
    }
}
