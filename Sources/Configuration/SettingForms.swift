import Addressing
import Encoding

extension SettingForm where Value == String {
    /// The form of a path.
    static var path: Self {
        SettingForm("a path; a relative one starts at the configuration file's folder") {
            text throws(FormMismatch) in
            guard !text.isEmpty, text.utf8.allSatisfy({ !$0.isASCIIControl }) else {
                throw FormMismatch()
            }
            return text
        }
    }

    static var name: Self {
        SettingForm("a name") { text throws(FormMismatch) in
            guard !text.isEmpty,
                text.utf8.allSatisfy({ !$0.isASCIIControl && $0 != UInt8(ascii: " ") })
            else {
                throw FormMismatch()
            }
            return text
        }
    }

    static func choice(_ choices: [String]) -> Self {
        SettingForm("one of \(choices.joined(separator: ", "))") { text throws(FormMismatch) in
            guard choices.contains(text) else {
                throw FormMismatch(hint: NearMiss.suggestion(for: text, among: choices))
            }
            return text
        }
    }

}

extension SettingForm where Value == IPNetwork {
    static var network: Self {
        SettingForm("a network such as 10.0.0.0/8 or fd00::/8, or an address") {
            text throws(FormMismatch) in
            do throws(IPNetwork.ParseError) {
                return try IPNetwork(text)
            } catch {
                throw FormMismatch(hint: error.description)
            }
        }
    }
}

extension SettingForm where Value == Bool {
    static var flag: Self {
        SettingForm("true or false") { text throws(FormMismatch) in
            switch text {
            case "true": return true
            case "false": return false
            default: throw FormMismatch()
            }
        }
    }
}

extension SettingForm where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> Self {
        SettingForm("a whole number from \(range.lowerBound) to \(range.upperBound)") {
            text throws(FormMismatch) in
            guard let number = Int(text), range.contains(number) else { throw FormMismatch() }
            return number
        }
    }

    /// A file's permissions, always read as octal.
    static var fileMode: Self {
        SettingForm("three octal digits after a zero, such as 0660") {
            text throws(FormMismatch) in
            guard text.utf8.count == 4, text.utf8.first == UInt8(ascii: "0"),
                let mode = Int(text, radix: 8)
            else { throw FormMismatch() }
            return mode
        }
    }

    /// Returns the form of a number of bytes.
    static func size(_ range: ClosedRange<Int>) -> Self {
        let limits = "from \(SizeText.text(range.lowerBound)) to \(SizeText.text(range.upperBound))"
        return SettingForm("a size with its unit, such as 64KiB, 1MiB or 2GiB, \(limits)") {
            text throws(FormMismatch) in
            guard let bytes = SizeText.bytes(text), range.contains(bytes) else {
                throw FormMismatch(hint: SizeText.hint(text))
            }
            return bytes
        }
    }
}

extension SettingForm where Value == Duration {
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        let limits =
            "from \(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))"
        return SettingForm("a number with its unit, such as 90s, 10m, 8h or 7d, \(limits)") {
            text throws(FormMismatch) in
            guard let duration = DurationText.duration(text), range.contains(duration) else {
                throw FormMismatch()
            }
            return duration
        }
    }
}

extension SettingForm where Value == Origin {
    static var origin: Self {
        SettingForm("an origin, such as https://grants.example.com") {
            text throws(FormMismatch) in
            do throws(OriginError) {
                return try Origin(text)
            } catch {
                throw FormMismatch(hint: error.reason)
            }
        }
    }
}
