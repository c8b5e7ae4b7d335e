import Addressing
import HTTPTypes
import Headers
import Integrations
import Web

/// Takes a browser to another host after it has sent a form of ours. A redirect would not do: in
/// some browsers the `form-action` of the page with the form holds for that, too, and for every
/// redirect that follows it at the provider or in the application, which cannot be listed. This is
/// a page of its own, which goes on by itself or by its link.
enum LeavingPage {
    private static let page = Page(PackageResources.leaving_mustache)

    /// - Parameter target: An absolute URL that was checked, or that we made.
    static func response(title: String, to target: String) -> Response {
        let withoutFragment = String(target.prefix { $0 != "#" })
        var response = page.response([
            "title": title, "target": target,
            "host": AbsoluteURL(withoutFragment)?.origin.host ?? "the next page",
        ])
        response.headers[.refresh] = "0; url=\(target)"
        return response
    }
}

extension HTTPField.Name {
    /// The field of the HTML standard's "shared declarative refresh steps".
    static let refresh = HTTPField.Name.known("Refresh")
}
