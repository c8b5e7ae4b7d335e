import Glibc

/// The places of an installed service's files, by the file system's conventions: the configuration
/// and the key ring in /etc, the database in /var/lib, the socket in /run. The files in nginx/ and
/// scripts/systemd/ name the same places.
package enum InstalledLayout {
    /// The folder that asks for it; in any other, everything is in that folder.
    package static let configurationFolder = "/etc/grantkeeper"
    package static let stateFolder = "/var/lib/grantkeeper"
    /// The service's user, who reads the key ring and owns the database.
    package static let user = "grantkeeper"

    /// The settings that the configuration needs for it.
    package static var settings: [String: String] {
        var settings = [
            "database": "\(stateFolder)/grantkeeper.sqlite",
            "socket.path": "/run/grantkeeper/grantkeeper.sock",
        ]
        settings["socket.group"] = groupsOfNginx.first { getgrnam($0) != nil }
        return settings
    }

    /// nginx's own packages and other systems have the second, Debian the first.
    private static let groupsOfNginx = ["www-data", "nginx"]
}
