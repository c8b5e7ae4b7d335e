/// Fields that describe what is asked for and kept when a user connects.
extension IntegrationDefinition {
    static let connectionFields: [Field<IntegrationDefinition>] = [
        Field(
            "connectionData", \.connectionData, .connectionData,
            """
            The values that are kept about each connection; `{name}` in a URL and in the values \
            of `headers` stands for one.
            """),
        Field(
            "lookup", \.lookup, .object,
            """
            A request that is sent right after connecting, from whose answer values of \
            `connectionData` are read.
            """),
        Field(
            "credentialForm", \.credentialForm, .object,
            """
            Labels on the page that asks for a credential, such as `{apiKey: Secret key}`; of the \
            values that `authType` takes.
            """),
        Field(
            "credentialTestPath", \.credentialTestPath, .text.sent(as: .constant),
            """
            A path below `apiBaseUri` to GET before a credential is stored; any status but 2xx \
            refuses it.
            """),
    ]
}
