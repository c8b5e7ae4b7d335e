/// What a setting was given, before anybody looked at its meaning.
enum SettingText: Equatable, Sendable {
    case single(String)
    case list([String])
}

/// Where a setting was given, for the message that refuses it.
package enum SettingSource: Equatable, Sendable {
    case file(path: String, line: Int)
    case environment(name: String)
    case standard
}
