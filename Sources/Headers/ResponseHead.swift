import HTTPTypes

/// The head of an answer: its final status and the header fields.
package struct ResponseHead: Equatable, Sendable {
    package var status: HTTPResponse.Status
    package var headerFields: HeaderFields

    package init(status: HTTPResponse.Status, headerFields: HeaderFields = [:]) {
        self.status = status
        self.headerFields = headerFields
    }
}
