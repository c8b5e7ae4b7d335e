import OAuth

/// The field `callbackSignature` of an integration.
extension CallbackSignature: FieldedObject {
    package static var initial: CallbackSignature { CallbackSignature(parameter: "") }

    package static let fields: [Field<CallbackSignature>] = [
        Field("parameter", \.parameter, .text, traits: .required, "The parameter that carries it.")
    ]
}
