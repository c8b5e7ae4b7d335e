import Encoding
import HTTPTypes
import Integrations
import Primitives
import Web

/// Asks the user who connects for values that the provider does not ask for: a shop's name, an API
/// key. It says where the credential goes, and never shows one.
struct ConnectPage {
    private static let page = Page(PackageResources.connect_mustache)

    let integration: Integration
    let caller: Caller
    let visit: ConnectVisit
    /// The user's name of a credential that was not taken.
    var username = ""
    /// The error to show.
    var message: String?

    static func path(of integration: Integration) -> String {
        "/grantkeeper/connect/\(integration.slug)"
    }

    func response() -> Response {
        let fields = self.fields
        let focus =
            fields.firstIndex { $0.problem != nil }
            ?? fields.firstIndex { $0.value.isEmpty && !$0.isOptional } ?? 0
        var values: [String: Any] = [
            "title": "Connect “\(definition.name)” as \(caller.userID)",
            "method": goesToProvider ? "get" : "post", "action": action, "purpose": purpose,
            "fields": fields.enumerated().map { $1.values(hasFocus: $0 == focus) },
            "hidden": hidden.fields.map { ["name": $0.name, "value": $0.value] },
        ]
        values["help"] = definition.credentialForm.help
        let message = self.message ?? strangeData
        values["message"] = message
        // The title, read out first, says that the page is back, and why (WCAG 2.4.2, 3.3.1).
        values["isFormError"] = message != nil || fields.contains { $0.problem != nil }
        // Not 'no-referrer': with that, browsers say 'Origin: null' of the form, and those that say
        // nothing else would look like another site's page (SECURITY 20).
        return Self.page.response(values, referrerPolicy: "same-origin")
    }

    private var definition: IntegrationDefinition { integration.definition }

    /// Whether the provider asks for the user's consent.
    private var goesToProvider: Bool {
        definition.consent == .user
    }

    private var action: String {
        goesToProvider
            ? "/api/integrations/\(integration.slug)/connect" : Self.path(of: integration)
    }

    private var fields: [ConnectField] {
        let data = definition.connectionData.filter { $0.source == .user }.map { datum in
            ConnectField(
                datum, given: visit.data.first { $0.name == datum.name }?.value,
                isFilledIn: visit.isFilledIn)
        }
        return data + ConnectField.credential(definition, username: username)
    }

    private var hidden: Form {
        var form = Form()
        form.append(ConnectVisit.filledIn, "1")
        if let returnTo = visit.returnToText { form.append("returnTo", returnTo) }
        if visit.isPopup { form.append("popup", "1") }
        return form
    }

    private var purpose: String {
        if goesToProvider {
            return "You are taken to the provider then, who asks for your consent."
        }
        let use = "for calls to \(api)"
        return definition.authType == .oauth2
            ? "The connection is used \(use)."
            : "What you give is kept encrypted, used \(use), and not shown again."
    }

    /// The API as a person knows it: its address, or its name where the address depends on values
    /// that this page or the provider is still asked for.
    private var api: String {
        definition.apiBaseUri.contains("{") ? "“\(definition.name)”" : definition.apiBaseUri
    }

    /// The message for data in the address that no field of the page can show.
    private var strangeData: String? {
        let known = definition.connectionData.filter { $0.source == .user }.map(\.name)
        let names = visit.data.map(\.name)
        guard Set(names).count < names.count || !Set(names).isSubset(of: known) else { return nil }
        return "The link that led here gave something that is not asked for, or gave it twice. See "
            + "whether what stands here is right."
    }
}
