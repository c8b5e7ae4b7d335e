/// Fields that hold the client's secrets.
extension ClientSecrets: FieldedObject {
    package static var initial: ClientSecrets { ClientSecrets() }

    package static let fields: [Field<ClientSecrets>] = [
        Field(
            "clientSecret", \.clientSecret, .secret(upToBytes: longest),
            traits: [.operatorSets, .secret],
            "The client's secret at the provider; never returned."),
        Field(
            "privateKey", \.privateKey, .text, traits: [.operatorSets, .secret],
            """
            The key with which the client signs: PEM, or the JSON key file of a Google service \
            account (`--key-file`); never returned.
            """),
    ]
}
