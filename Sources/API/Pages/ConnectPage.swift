import Connections

/// Where whoever connects gives what is not the provider's to ask.
enum ConnectPage {
    static func path(of integration: Integration) -> String {
        "/grantkeeper/connect/\(integration.slug)"
    }
}
