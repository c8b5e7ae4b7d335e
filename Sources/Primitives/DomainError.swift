/// An error with a meaning of its own for callers or operators; others are failures of the machine
/// or faults of the program.
package protocol DomainError: Error {}
