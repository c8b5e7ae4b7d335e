import Vault

/// A report on the state of the vault, for people.
struct VaultReport {
    private let status: VaultStatus

    init(_ status: VaultStatus) {
        self.status = status
    }

    func print() {
        Output.table(
            [["KEY", "STATE", "SECRETS", "WAITING", "PROCESSES THAT SEAL WITH IT"]]
                + status.keys.map { key in
                    [
                        key.id, state(key), "\(key.values)", "\(key.keptTokens)",
                        key.pids.isEmpty ? "-" : key.pids.map(String.init).joined(separator: " "),
                    ]
                })
        for place in status.broken { Output.result("does not open: \(place)") }
        for key in status.keys where key.mayGo && key.isInRing && key.isInUse {
            Output.result("may go: 'grantkeeper vault retire \(key.id)' removes it")
        }
    }

    private func state(_ key: VaultStatus.Key) -> String {
        if !key.isInRing { return "missing in the key ring" }
        if key.isCurrent { return "seals" }
        return key.isInUse ? "opens" : "added, not in use yet"
    }
}
