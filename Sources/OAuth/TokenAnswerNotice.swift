/// An answer of a token endpoint's that an operator should know of.
package enum TokenAnswerNotice: Equatable, Sendable {
    /// The answer was read although it is malformed. The text names the defect.
    case odd(String)
    /// It is a success, and no tokens could be had from it. The text says why.
    case unusable(String)
}
