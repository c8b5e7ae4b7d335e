import ArgumentParser

/// The options that name the client's secret or key, from a source that no one else can read.
struct SecretOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A file that holds the client secret.", valueName: "file"),
        completion: .file())
    var secretFile: String?

    @Flag(help: "Read the client secret from standard input.")
    var secretStdin = false

    @Option(
        help: ArgumentHelp(
            "A file that holds the client's private key.",
            discussion: """
                In PEM, or a JSON key file of a Google service account, which says most of the \
                rest too.
                """,
            valueName: "file"),
        completion: .file())
    var keyFile: String?

    func validate() throws {
        guard secretFile == nil || !secretStdin else {
            throw ValidationError("Give one of --secret-file and --secret-stdin.")
        }
    }

    /// Reads the secrets that the options name, as fields.
    ///
    /// - Throws: ``CommandFailure`` when a secret can't be read, or is none.
    func read() throws -> IntegrationFields {
        var fields = IntegrationFields()
        if let source { fields.set("clientSecret", .string(try source.read())) }
        if let keyFile { try fields.add(KeyFile(path: keyFile)) }
        return fields
    }

    private var source: SecretSource? {
        secretFile.map { .file($0) } ?? (secretStdin ? .standardInput : nil)
    }
}
