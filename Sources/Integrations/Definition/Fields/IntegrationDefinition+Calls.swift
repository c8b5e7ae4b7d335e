/// Fields of the calls to the API.
extension IntegrationDefinition {
    static let callFields: [Field<IntegrationDefinition>] = [
        Field(
            "credentialPlacement", \.credentialPlacement, .object,
            """
            The credential's place in a call; the default is `Authorization: Bearer` (`X-API-Key` \
            for `apikey`, Basic for `basic`).
            """),
        Field("headers", \.headers, .headers(of: .api), "Fixed header fields of each call."),
        Field(
            "forwardHeaders", \.forwardHeaders, .texts,
            """
            Names of the caller's header fields that the path form forwards beside the usual \
            ones. A name that is also in `headers` has a default value that a caller may replace.
            """),
        Field(
            "followRedirects", \.followsRedirects, .flag,
            """
            Whether redirects of the API are followed, unless the call says otherwise; the \
            credential goes only below `apiBaseUri` and `apiHosts`.
            """),
        Field(
            "streamedTypes", \.streamedTypes, .mediaTypes,
            """
            Media types of answers, beside `text/event-stream`, of which nginx holds nothing back.
            """),
        Field(
            "limits", \.limits, .object,
            "The most calls that the API is sent; beyond that a call is a 429."),
        Field(
            "timeouts", \.timeouts, .object,
            "Time limits in seconds, in place of the configuration's."),
        Field(
            "connections", \.connections, .object, "Network connections to the API's host."),
        Field("retries", \.retries, .object, "The sending of a call again."),
        Field(
            "rateLimit", \.rateLimit, .object,
            """
            The way in which the API announces its rate limit, where that is not just 429 with \
            `Retry-After`.
            """),
    ]
}
