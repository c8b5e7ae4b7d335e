/// Makes ids that tell what they name: `conn-0f9c…`, with 120 random bits.
package enum Identifier {
    package static func make(_ prefix: String) -> String {
        let letters = [UInt8]("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        var generator = SystemRandomNumberGenerator()
        let bits = [generator.next() as UInt64, generator.next()]
        let text = bits.flatMap { word in (0..<12).map { letters[Int(word >> (5 * $0) & 31)] } }
        return "\(prefix)-\(String(decoding: text, as: UTF8.self))"
    }
}
