import CFastCGI
import HTTPTypes
import Logging
import Web

/// Answers the requests of one connection, one at a time.
struct Exchange: Sendable {
    let responder: any Responder
    let bodyLimit: Int64?
    /// The slowest pace that a client may have.
    let clientRate: ClientRate
    /// The observers that get the record of each request at the end of its exchange.
    let observers: [any RequestObserver]
    let logger: Logger

    /// The connection's state after an answer.
    enum Outcome {
        /// It waits for its next request.
        case keep
        /// It is closed, everything having been said.
        case close
        /// It is closed after nginx has closed it, because nginx still sends an unwanted body.
        case linger
        /// It is cut off, because the answer is incomplete.
        case cut
    }

    /// Answers the request whose head was read.
    ///
    /// - Parameters:
    ///   - hasNUL: Whether a parameter had a NUL, at which libfcgi's texts end.
    ///   - isLast: Asked at the end, whether the connection must not be kept.
    func run(_ connection: Connection, hasNUL: Bool, isLast: () -> Bool) -> Outcome {
        guard connection.request.pointee.role == FCGI_RESPONDER else {
            logger.error("a FastCGI request for another role than responder: connection closed")
            return .cut
        }
        let head = RequestHead(connection.request.pointee.envp, hasNUL: hasNUL)
        let record = RequestRecord(id: head.id, method: head.method ?? .get)
        let outcome =
            answer(head, record, connection) ? finish(connection, record, isLast) : .cut
        record.end()
        for observer in observers { observer.requestEnded(record) }
        return outcome
    }

    /// - Returns: Whether the answer was handed over whole.
    private func answer(
        _ head: RequestHead, _ record: RequestRecord, _ connection: Connection
    ) -> Bool {
        guard let stream = connection.request.pointee.out else {
            record.breakOff(.callerGone)
            return false
        }
        let body = InputBody(
            connection, length: head.contentLength, limit: bodyLimit, clientRate: clientRate)
        defer {
            record.bytesFromCaller = body.bytesRead
            body.invalidate()
        }
        do {
            let response = try respond(to: head, body, record, connection)
            let sender = ResponseSender(
                stream: stream, connection: connection, isHead: head.method == .head,
                clientRate: clientRate, record: record)
            try sender.send(response)
            return true
        } catch is ClientGone {
            record.breakOff(.callerGone)
        } catch {
            record.breakOff(.cut(error))
        }
        return false
    }

    /// Returns the responder's answer, or the answer to its error.
    ///
    /// - Throws: ``ClientGone`` only.
    private func respond(
        to head: RequestHead, _ body: InputBody, _ record: RequestRecord, _ connection: Connection
    ) throws -> Response {
        do {
            if let problem = head.problem { throw problem }
            if let limit = bodyLimit, let length = head.contentLength, length > limit {
                throw RequestBodyError.tooLarge(limit: limit)
            }
            let request = Request(
                method: head.method ?? .get, target: head.target ?? "/", headers: head.headers,
                parameters: head.parameters, body: body, client: connection, record: record)
            return try responder.respond(to: request)
        } catch let gone as ClientGone {
            throw gone
        } catch {
            let problem = problem(for: error, id: head.id)
            record.problemCode = problem.code
            return problem.response(requestID: head.id)
        }
    }

    private func problem(for error: any Error, id: String) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as RequestBodyError: return Problem(body: error)
        default:
            logger.error("a request failed: \(error)", metadata: ["request": "\(id)"])
            return Problem(
                .internalServerError, .internalError,
                "Something went wrong here; the log says what, under this request's id.")
        }
    }

    /// Sends the buffered bytes and the end of the request.
    ///
    /// The rest of the body is skipped before that: after the end nginx may send its next request,
    /// and libfcgi would read ahead into it.
    private func finish(
        _ connection: Connection, _ record: RequestRecord, _ isLast: () -> Bool
    ) -> Outcome {
        let request = connection.request
        if !connection.isInputEndAtHand { FCGX_FFlush(request.pointee.out) }
        let isInSync = connection.drainInput()
        let closes = !isInSync || !connection.isKept || isLast()
        guard FCGX_FClose(request.pointee.err) == 0, FCGX_FClose(request.pointee.out) == 0 else {
            record.breakOff(.callerGone)
            return .cut
        }
        if closes { connection.endOutput() }
        return isInSync ? (closes ? .close : .keep) : .linger
    }
}
