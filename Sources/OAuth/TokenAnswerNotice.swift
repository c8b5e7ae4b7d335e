/// An answer of a token endpoint's that an operator should know of.
package enum TokenAnswerNotice: Equatable, Sendable {
    /// It was read although it is not as it should be. The text says what is wrong.
    case odd(String)
    /// It is a success, and no tokens could be had from it. The text says why.
    case unusable(String)
}
