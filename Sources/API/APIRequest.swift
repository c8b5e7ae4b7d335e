import Encoding
import HTTPTypes
import Primitives
import Web

/// A request on its way to its endpoint: routed, and its caller known.
struct APIRequest {
    let request: Request
    /// The values of the route's `{names}`.
    let parameters: PathParameters
    /// The identity of the caller; `nil` only at endpoints that anyone may call.
    let identity: Identity?
    let settings: APISettings
    private let fetchMetadataSoFar: FetchMetadata?

    /// - Parameter fetchMetadata: `nil` where it decides nothing, for a program with an API key.
    init(
        request: Request, parameters: PathParameters, identity: Identity?, settings: APISettings,
        fetchMetadata: FetchMetadata?
    ) {
        self.request = request
        self.parameters = parameters
        self.identity = identity
        self.settings = settings
        fetchMetadataSoFar = fetchMetadata
    }

    /// The browser's statements about the origin of the request.
    var fetchMetadata: FetchMetadata {
        fetchMetadataSoFar ?? FetchMetadata(request.headers, settings: settings)
    }

    /// The integration that the path names: an id or a slug.
    var integration: String { parameters["id"] }

    /// - Throws: 401 without an identity.
    func caller() throws -> Caller {
        guard let identity else { throw Problem.unauthenticated("Sign in first.") }
        return identity.caller
    }

    /// - Throws: 400 when the query is malformed.
    func query() throws -> Form {
        guard let form = request.queryForm else {
            throw Problem(.badRequest, .invalidQuery, "The query is not correctly encoded.")
        }
        return form
    }

    /// Reads the body as a form, as a page of ours sends it.
    ///
    /// - Throws: 415 for another content type, 413 when it is too long, 400 when it is malformed.
    func form() throws -> Form {
        guard mediaType == "application/x-www-form-urlencoded" else {
            throw Problem(
                .unsupportedMediaType, .formRequired,
                "This takes the form of the page, as 'application/x-www-form-urlencoded'.")
        }
        let body = try request.body.collect(upTo: settings.jsonBodyLimit)
        guard let form = Form(encodedBytes: body) else {
            throw Problem(.badRequest, .invalidForm, "The form is not correctly encoded.")
        }
        return form
    }

    /// The declared media type of the body, without parameters.
    private var mediaType: String? {
        request.headers[.contentType]?.prefix { $0 != ";" && $0 != " " }.lowercased()
    }

    /// Reads the body as a JSON document.
    ///
    /// - Throws: 415 for another content type, 413 when it is too long, 400 when it is not JSON.
    func json() throws -> JSONValue {
        guard let type = mediaType, type == "application/json" || type.hasSuffix("+json") else {
            throw Problem(
                .unsupportedMediaType, .jsonRequired,
                "Send the body as JSON, with 'Content-Type: application/json'.")
        }
        do {
            return try JSONValue(
                parsing: try request.body.collect(upTo: settings.jsonBodyLimit))
        } catch let error as JSONError {
            throw Problem(.badRequest, .invalidJSON, "The body is not JSON: \(error).")
        }
    }
}
