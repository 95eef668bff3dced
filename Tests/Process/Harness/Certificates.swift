/// A certificate authority and a certificate of it, made by the `openssl` command.
enum Certificates {
    /// `ca.pem`, and `server.pem` with `server.key` for 127.0.0.1, in a folder.
    static func make(in folder: Folder) throws {
        try folder.write("subjectAltName=IP:127.0.0.1\n", to: "san.txt")
        let path = folder.path
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        let commands = [
            [
                "req", "-x509", "-days", "2", "-subj", "/CN=Test authority", "-keyout", path + "/ca.key", "-out",
                path + "/ca.pem",
            ]
                + curve,
            ["req", "-subj", "/CN=gateway", "-keyout", path + "/server.key", "-out", path + "/server.csr"] + curve,
            [
                "x509", "-req", "-days", "2", "-in", path + "/server.csr", "-CA", path + "/ca.pem", "-CAkey",
                path + "/ca.key", "-CAcreateserial", "-extfile", path + "/san.txt", "-out", path + "/server.pem",
            ],
        ]
        for command in commands {
            let program = try Program("/usr/bin/openssl", command, in: folder)
            guard try program.wait() == 0 else { throw Failure(program.errorOutput) }
        }
    }
}
