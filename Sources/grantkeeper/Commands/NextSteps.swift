import Configuration

/// The next steps that `grantkeeper init` prints.
struct NextSteps {
    let configuration: Configuration
    /// The configuration's file.
    let path: String

    /// For a service that is installed.
    var installed: String {
        """
        \(written)

        Next:
          1. Look through the settings.
          2. nginx: nginx/grantkeeper-upstream.conf in the http block, nginx/grantkeeper.conf in
             your server block.\(upstreamRemark)
          3. Start it: the units of scripts/systemd/ in /etc/systemd/system/, then
             systemctl enable --now grantkeeper.socket grantkeeper.service
          4. Have it checked: sudo -u \(InstalledLayout.user) grantkeeper check
          5. Register this redirect URI with your providers: \(configuration.redirectURI)
          6. Add what can be connected to:
             grantkeeper provider list
             sudo grantkeeper integration add TYPE --client-id ID --secret-file FILE
        """
    }

    /// For a trial.
    var tried: String {
        """
        \(written)

        Next:
          1. Look through the settings, then: grantkeeper check --config \(path)
          2. nginx: nginx/grantkeeper-upstream.conf in the http block, nginx/grantkeeper.conf in
             your server block.\(upstreamRemark)
          3. Start it: grantkeeper serve --config \(path)
          4. Register this redirect URI with your providers: \(configuration.redirectURI)
          5. Add what can be connected to:
             grantkeeper provider list
             grantkeeper integration add TYPE --client-id ID --secret-file FILE --config \(path)
        """
    }

    private var written: String {
        """
        Written:
          \(path)
          \(configuration.keyRing.path)
            keep a copy of it apart from the database: without it no stored token can be opened
        """
    }

    /// The socket has to be the same in both places.
    private var upstreamRemark: String {
        let socket = configuration.socket.path
        if socket == InstalledLayout.settings["socket.path"] { return "" }
        return " In the upstream, write this socket:\n     \(socket)"
    }
}
