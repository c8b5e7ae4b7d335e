import Crypto
import Encoding
import Foundation
import HTTPTypes
import Integrations
import Mustache
import Primitives
import Web

/// A page for people: no script is needed, nothing is loaded from elsewhere, nothing may frame it,
/// and all values are escaped.
struct Page: Sendable {
    private let template: MustacheTemplate?

    /// - Parameter source: A template whose text goes into the frame that all pages share.
    init(_ source: [UInt8]) {
        MustacheContentTypes.register(HTMLText(), named: HTMLText.name)
        let frame = String(decoding: PackageResources.frame_mustache, as: UTF8.self)
        let content = String(decoding: source, as: UTF8.self)
        template = try? MustacheTemplate(
            string: frame.replacing("{{> content}}", with: content))
    }

    /// - Parameters:
    ///   - seconds: The time after which a popup closes itself; `nil` when the page stays.
    ///   - referrerPolicy: The Referrer-Policy of requests from the page.
    func response(
        _ values: [String: Any], closesAfter seconds: String? = nil,
        referrerPolicy: String = "no-referrer"
    ) -> Response {
        var values = values
        values["style"] = Self.style
        values["script"] = Self.script
        values["closeAfter"] = seconds
        let html = template?.render(values) ?? ""
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy: Self.policy,
                .referrerPolicy: referrerPolicy,
                .cacheControl: "no-store",
            ], body: .bytes([UInt8](html.utf8)))
    }

    /// Returns the slug of the integration in a query. Any other text is not shown, because others
    /// must not write on our pages.
    static func slug(in query: Form) -> String? {
        query["integration"].flatMap { IntegrationDefinition.isSlug($0) ? $0 : nil }
    }

    private static let style = String(decoding: PackageResources.page_css, as: UTF8.self)
    private static let script = String(decoding: PackageResources.popup_js, as: UTF8.self)

    /// The page's style and script are named by hash; everything else is off (SECURITY 11).
    ///
    /// For some browsers `form-action` holds for all redirects that follow a form, too, and their
    /// targets are not known in advance. So a form leaves the host by ``LeavingPage``.
    private static let policy =
        "default-src 'none'; style-src '\(hash(style))'; script-src '\(hash(script))'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    private static func hash(_ text: String) -> String {
        "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
    }
}
