import Connections
import Web

extension RequestRecord {
    /// Notes the error in the answer, and its facts about the call.
    func note(_ problem: Problem, for cause: any Error) {
        problemCode = problem.code
        failure = cause
        switch cause as? ConnectionsError {
        case .upstream(let error, let attempts)?:
            self.attempts = attempts
            if error == .abandoned { breakOff(.callerGone) }
        case .redirectNotFollowed(_, _, let attempts)?: self.attempts = attempts
        default: break
        }
    }
}

extension Identity {
    /// The caller as a request's record has it.
    var recorded: RequestRecord.Caller {
        RequestRecord.Caller(kind: kind.rawValue, userID: caller.userID)
    }
}
