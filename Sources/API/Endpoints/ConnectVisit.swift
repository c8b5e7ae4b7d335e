import Encoding
import Web

/// The parameters of a browser whose user wants to connect, from a query or from our page's form.
struct ConnectVisit {
    /// The address to which the browser goes in the end.
    let returnTo: ReturnTo?
    /// The same, as it was written.
    let returnToText: String?
    let isPopup: Bool
    /// `data.shop=acme`: the values from the user that the connection keeps. An empty value counts
    /// as not given.
    let data: [(name: String, value: String)]
    /// Whether the user has filled in our page, so that a missing value is a mistake.
    let isFilledIn: Bool
    /// Whether the address was typed, or clicked in a mail, and has data: it could name a
    /// stranger's host.
    let mustBeAskedFor: Bool

    static let data = "data."
    static let filledIn = "form"

    /// - Throws: 400 for a program, for a `returnTo` that might lead elsewhere, and for a `popup`
    ///   that says neither yes nor no.
    init(_ request: APIRequest, _ form: Form) throws {
        guard request.identity?.isAPIKey != true else { throw Self.browserRequired }
        guard form.all("returnTo").count < 2 else { throw ReturnTo.refusal }
        returnToText = form["returnTo"]
        returnTo = try returnToText.map { try ReturnTo($0, settings: request.settings) }
        isPopup = try form.flag("popup", on: "1", off: "0")
        isFilledIn = try form.flag(Self.filledIn, on: "1", off: "0")
        data = form.fields.filter { $0.name.hasPrefix(Self.data) }.map {
            (String($0.name.dropFirst(Self.data.count)), $0.value.trimmed)
        }.filter { !$0.value.isEmpty }
        mustBeAskedFor = request.fetchMetadata.isTyped && !data.isEmpty
    }

    private static let browserRequired = Problem(
        .badRequest, .browserRequired,
        "Connecting takes the user's browser. Make a session with POST /grantkeeper/sessions, "
            + "whose 'returnTo' may be this path, and open its 'startUrl' in the browser.")
}

extension String {
    /// The text without the spaces at its ends that people copy along.
    var trimmed: String {
        func isSpace(_ character: Character) -> Bool { character.isWhitespace }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
