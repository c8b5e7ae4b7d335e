import HTTPTypes

/// The words behind a status. An upstream's status may come without any (HTTP/2 has none), and
/// nginx copies the status: a bare number would make a malformed status line (RFC 9112 §4).
enum ReasonPhrases {
    static func phrase(of status: HTTPResponse.Status) -> String {
        status.reasonPhrase.isEmpty ? known[status.code] ?? "Unknown" : status.reasonPhrase
    }

    private static let known = Dictionary(
        uniqueKeysWithValues: statuses.map { ($0.code, $0.reasonPhrase) })

    private static let statuses: [HTTPResponse.Status] = [
        .ok, .created, .accepted, .nonAuthoritativeInformation, .noContent, .resetContent,
        .partialContent, .multipleChoices, .movedPermanently, .found, .seeOther, .notModified,
        .temporaryRedirect, .permanentRedirect, .badRequest, .unauthorized, .forbidden, .notFound,
        .methodNotAllowed, .notAcceptable, .proxyAuthenticationRequired, .requestTimeout, .conflict,
        .gone, .lengthRequired, .preconditionFailed, .contentTooLarge, .uriTooLong,
        .unsupportedMediaType, .rangeNotSatisfiable, .expectationFailed, .misdirectedRequest,
        .unprocessableContent, .tooEarly, .upgradeRequired, .preconditionRequired, .tooManyRequests,
        .requestHeaderFieldsTooLarge, .unavailableForLegalReasons, .internalServerError,
        .notImplemented, .badGateway, .serviceUnavailable, .gatewayTimeout,
        .httpVersionNotSupported, .networkAuthenticationRequired,
    ]
}
