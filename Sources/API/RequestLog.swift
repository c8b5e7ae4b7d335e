import Connections
import Limits
import Logging
import Web

/// Logs the requests that were refused or failed, with the reason that the caller is not told.
package struct RequestLog: RequestObserver {
    private let logger: Logger

    package init(logger: Logger) {
        self.logger = logger
    }

    package func requestEnded(_ record: RequestRecord) {
        guard let failure = record.failure, let status = record.status else { return }
        let metadata: Logger.Metadata = [
            "request": "\(record.id)", "code": "\(record.problemCode?.rawValue ?? "")",
            "status": "\(status.code)", "error": "\(failure)",
        ]
        if case ConnectionsError.upstream(.abandoned, _) = failure {
            logger.debug("the caller went away", metadata: metadata)
        } else if status.kind == .serverError, !(failure is CallRefusal) {
            logger.error("request failed", metadata: metadata)
        } else {
            logger.debug("request refused", metadata: metadata)
        }
    }
}
