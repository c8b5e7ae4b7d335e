/// A notice about a token endpoint's answer, for the operator.
package enum TokenAnswerNotice: Equatable, Sendable {
    /// The answer was read although it is malformed. The text names the defect.
    case odd(String)
    /// The answer is a success, and no tokens could be read from it. The text gives the reason.
    case unusable(String)
}
