import Logging
import Web

/// Logs the answers that did not go out whole.
struct InterruptionLog: RequestObserver {
    let logger: Logger

    func requestEnded(_ record: RequestRecord) {
        switch record.outcome {
        case .answered: break
        case .callerGone:
            logger.debug("the client went away", metadata: ["request": "\(record.id)"])
        case .cut(let error):
            logger.error(
                "an answer was cut short: \(error)", metadata: ["request": "\(record.id)"])
        }
    }
}
