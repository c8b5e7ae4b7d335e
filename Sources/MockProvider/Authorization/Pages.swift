import HTTPTypes
import Mustache
import Web

/// The provider's pages: plain HTML without scripts, every text escaped by the template.
struct Pages: Sendable {
    private let authorizationTemplate: MustacheTemplate
    private let messageTemplate: MustacheTemplate

    init() throws {
        authorizationTemplate = try MustacheTemplate(string: Self.authorizationText)
        messageTemplate = try MustacheTemplate(string: Self.messageText)
    }

    /// Returns the page that asks which user approves or denies.
    func authorization(
        _ authorization: ReceivedAuthorizationRequest, id: String, users: [String]
    ) -> Response {
        // The hint chooses the user; without one it is the first user.
        let chosen = authorization.loginHint ?? users.first
        return page(
            authorizationTemplate.render([
                "client": authorization.clientID, "scope": authorization.scope, "request": id,
                "redirectURI": authorization.target.redirectURI,
                "users": users.map { ["name": $0, "checked": $0 == chosen ? "checked" : ""] },
            ]))
    }

    /// Returns the page that says why there is neither a question nor a redirect.
    func refused(_ text: String) -> Response {
        page(
            messageTemplate.render(["title": "Request refused", "text": text]),
            status: .badRequest)
    }

    /// Returns a page with a message.
    func message(_ title: String, text: String) -> Response {
        page(messageTemplate.render(["title": title, "text": text]))
    }

    private func page(_ html: String, status: HTTPResponse.Status = .ok) -> Response {
        var response = Response.text(html, status: status, contentType: "text/html; charset=utf-8")
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response.notStored()
    }

    private static let style = """
        <style>
        body { font: 1.1em/1.5 system-ui, sans-serif; max-width: 34em; margin: 3em auto; padding: 0 1em }
        code { background: #8882; padding: 0 .25em } button { font: inherit; padding: .3em 1.2em }
        fieldset { border: 1px solid #8888; margin: 1em 0 } label { display: block }
        </style>
        """

    private static let messageText = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>{{title}}</title>
        \(style)</head><body>
        <h1>{{title}}</h1>
        <p>{{text}}</p>
        </body></html>
        """

    private static let authorizationText = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Allow access?</title>
        \(style)</head><body>
        <h1>Allow access?</h1>
        <p><code>{{client}}</code> wants to use your files. You will go on to
        <code>{{redirectURI}}</code>.</p>
        <form method="post" action="/authorize/decide">
        <input type="hidden" name="request" value="{{request}}">
        <p>It asks for:</p>
        <ul>{{#scope}}<li><code>{{.}}</code></li>{{/scope}}</ul>
        <fieldset><legend>You are</legend>
        {{#users}}<label><input type="radio" name="user" value="{{name}}" {{checked}}> {{name}}</label>
        {{/users}}</fieldset>
        <button name="decision" value="approve">Approve</button>
        <button name="decision" value="deny">Deny</button>
        </form>
        </body></html>
        """
}
