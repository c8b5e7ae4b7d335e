import Encoding
import OAuth
import Primitives

/// An integration as its operator writes it: the definition, the client's secrets, and the values
/// that are the same for all connections.
struct IntegrationInput: FieldedObject {
    var definition = IntegrationDefinition.initial
    var secrets = ClientSecrets()
    var data: [IntegrationDefinition.Parameter] = []

    static var initial: IntegrationInput { IntegrationInput() }

    static let fields: [Field<IntegrationInput>] = groups.flatMap(\.fields)

    /// The fields by topic, as the reference shows them.
    static let groups: [(title: String, fields: [Field<IntegrationInput>])] = [
        ("Name and access", IntegrationDefinition.accessFields.map { $0.lifted(\.definition) }),
        ("Addresses", IntegrationDefinition.addressFields.map { $0.lifted(\.definition) }),
        (
            "Authorization",
            IntegrationDefinition.authorizationFields.map { $0.lifted(\.definition) }
        ),
        (
            "Client",
            IntegrationDefinition.clientFields.map { $0.lifted(\.definition) }
                + ClientSecrets.fields.map { $0.lifted(\.secrets) }
        ),
        ("Tokens", IntegrationDefinition.tokenFields.map { $0.lifted(\.definition) }),
        (
            "Connections",
            [dataField] + IntegrationDefinition.connectionFields.map { $0.lifted(\.definition) }
        ),
        ("Calls", IntegrationDefinition.callFields.map { $0.lifted(\.definition) }),
    ]

    private static let dataField = Field<IntegrationInput>(
        "data", \.data, .parameters, traits: [.operatorSets, .secret],
        """
        Values for `connectionData` that are the same for all connections, such as \
        `{host: gitlab.example.com}`; shown in `connectionData`.
        """)
}

extension IntegrationInput {
    /// The names of the fields that the operator who adds an integration sets, and an entry of the
    /// catalogue cannot.
    static let operatorsNames = Set(
        fields.filter { $0.about.traits.contains(.operatorSets) }.map(\.name))
}
