import Problems

/// An input that is refused. The code is stable; the text tells which input is wrong and what would
/// be right.
package enum InputError: DomainError {
    /// The input is wrong in itself.
    case invalid(code: ProblemCode, detail: String)
    /// The input does not fit the stored data.
    case conflict(code: ProblemCode, detail: String)
}
