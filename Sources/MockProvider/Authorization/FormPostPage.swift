import Encoding
import Mustache
import Web

/// The page that posts an authorization answer to the client (OAuth 2.0 Form Post Response Mode §2):
/// by its script, or by its button.
enum FormPostPage {
    static func response(_ form: Form, to redirectURI: String) -> Response {
        let html = template?.render([
            "target": redirectURI,
            "fields": form.fields.map { ["name": $0.name, "value": $0.value] },
        ])
        var response = Response.text(html ?? "", contentType: "text/html; charset=utf-8")
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'sha256-\(Text.base64OfHash(script))'; "
            + "frame-ancestors 'none'; base-uri 'none'"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }

    private static let script = "document.forms[0].submit()"

    private static let template = try? MustacheTemplate(
        string: """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>On to the application</title></head>
            <body>
            <form method="post" action="{{target}}">
            {{#fields}}<input type="hidden" name="{{name}}" value="{{value}}">
            {{/fields}}<button>Continue</button>
            </form>
            <script>\(script)</script>
            </body></html>
            """)
}
