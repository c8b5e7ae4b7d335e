import Addressing
import Connections
import Encoding
import HTTPClient
import HTTPTypes
import Integrations
import Limits
import Logging
import Primitives

/// Sends calls to APIs: all attempts within one deadline, where another is allowed and helps.
package struct CallSender: Sendable {
    let transport: any HTTPTransport
    let breaker: CircuitBreaker
    /// The limits for integrations that name none of their own.
    let limits: TransferLimits
    let clock: Clock
    /// A number between 0 and 1.
    let random: @Sendable () -> Double
    let counters: EventCounters
    let logger: Logger

    /// The progress of a call.
    package struct Progress {
        /// The number of times that it was sent.
        var attempts = 0
        fileprivate var retries = 0
        /// The time by which the answer's head has to be there, in milliseconds of uptime.
        fileprivate var deadline: Int64?

        /// Gives it the whole time again: it is to be sent with another credential.
        mutating func resetDeadline() {
            deadline = nil
        }
    }

    /// Sends a call.
    ///
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``CallRefusal``; ``ConnectionsError/upstream(_:attempts:)``; the errors of the
    ///   body's reader.
    func send(
        _ call: PreparedCall, _ body: CallBody, with credential: Credential, _ permit: CallPermit,
        _ progress: inout Progress
    ) throws -> any HTTPExchange {
        let limits = limits.replaced(by: call.integration.definition.timeouts)
        let deadline = progress.deadline ?? clock.uptime + Int64(limits.head.inMilliseconds)
        progress.deadline = deadline
        var request = request(call, body, credential, limits)
        while true {
            let began = clock.uptime
            // A redirect may have come at the last moment.
            request.limits.head = .milliseconds(max(1, deadline - began))
            request.limits.connect = min(limits.connect, request.limits.head)
            let result = try attempt(
                &request, to: call.target.url.origin, connectLimit: limits.connect, &progress)
            if case .success(let exchange) = result, exchange.head.status.code < 400 {
                return exchange
            }
            let now = clock.uptime
            let outcome = RetryPolicy.Outcome(result)
            let retry = RetryPolicy(
                call.integration.definition, method: call.method, headers: call.headers
            ).retry(
                after: outcome, attempt: progress.retries + 1, took: Double(now - began) / 1000,
                timeLeft: Double(deadline - now) / 1000, now: clock.now, random: random())
            guard let retry, body.isReplayable,
                retry.isForStaleConnection || mayRetry(call, permit)
            else { return try result.get(progress) }
            progress.retries += 1
            if retry.isForStaleConnection { request.connection = .fresh }
            try wait(retry, after: outcome, call, progress)
        }
    }

    private func mayRetry(_ call: PreparedCall, _ permit: CallPermit) -> Bool {
        breaker.isClosed(call.target.url.origin) && permit.mayRetry()
    }

    /// - Throws: ``ConnectionsError/upstream(_:attempts:)`` when the caller has gone meanwhile.
    private func wait(
        _ retry: RetryPolicy.Retry, after outcome: RetryPolicy.Outcome, _ call: PreparedCall,
        _ progress: Progress
    ) throws {
        counters.count(.callRetried)
        logger.info(
            "a call is sent again",
            metadata: [
                "request": "\(call.id)", "integration": "\(call.integration.slug)",
                "attempts": "\(progress.attempts)", "cause": "\(outcome)",
                "seconds": "\(retry.pause)",
            ])
        if retry.pause > 0, clock.wait(.seconds(retry.pause), watching: call.watchedDescriptor) {
            throw ConnectionsError.upstream(.abandoned, attempts: progress.attempts)
        }
    }

    private typealias AttemptResult = Result<any HTTPExchange, HTTPClientError>

    /// - Parameter connectLimit: The time that the host has for a connection; when the time left
    ///   was shorter, a failure does not count against the host.
    private func attempt(
        _ request: inout OutgoingRequest, to origin: Origin, connectLimit: Duration,
        _ progress: inout Progress
    ) throws -> AttemptResult {
        let admission = try admit(origin)
        request.whenConnected =
            admission == .free ? nil : { breaker.note(.connected, origin, as: admission) }
        progress.attempts += 1
        var outcome = CircuitBreaker.Outcome.unknown
        defer { breaker.note(outcome, origin, as: admission) }
        do {
            let exchange = try transport.send(request)
            outcome = .connected
            return .success(exchange)
        } catch HTTPClientError.noTurn {
            counters.count(.callRefused)
            throw CallRefusal(.connections)
        } catch let error as HTTPClientError {
            let wasHurried =
                error == .timedOut(.connecting) && request.limits.connect < connectLimit
            outcome = wasHurried ? .unknown : CircuitBreaker.Outcome(error)
            return .failure(error)
        }
    }

    private func admit(_ origin: Origin) throws -> CircuitBreaker.Admission {
        do {
            return try breaker.admit(origin)
        } catch {
            counters.count(.callRefused)
            throw error
        }
    }

    private func request(
        _ call: PreparedCall, _ body: CallBody, _ credential: Credential, _ limits: TransferLimits
    ) -> OutgoingRequest {
        var target = call.target
        var headers = call.headers
        if call.isTrusted {
            call.integration.definition.authenticate(&target, &headers, with: credential)
        }
        var request = OutgoingRequest(
            method: call.method, to: target.url, headers: headers, body: body.outgoing,
            connection: call.isTrusted ? .kept(credential: call.credentialName) : .fresh,
            limits: limits,
            watchedDescriptor: call.watchedDescriptor)
        request.connectionLimits = ConnectionLimits(call.integration.definition.connections)
        return request
    }
}

extension Result<any HTTPExchange, HTTPClientError> {
    fileprivate func get(_ progress: CallSender.Progress) throws -> any HTTPExchange {
        switch self {
        case .success(let exchange): return exchange
        case .failure(let error):
            throw ConnectionsError.upstream(error, attempts: progress.attempts)
        }
    }
}

extension RetryPolicy.Outcome {
    fileprivate init(_ result: Result<any HTTPExchange, HTTPClientError>) {
        self =
            switch result {
            case .success(let exchange): .answer(exchange.head)
            case .failure(let error): .failure(error)
            }
    }
}

extension CircuitBreaker.Outcome {
    fileprivate init(_ error: HTTPClientError) {
        self =
            switch error {
            case _ where error.isAboutConnecting: .notConnected
            case .timedOut, .broken, .keptConnectionDied, .malformedResponse, .headerTooLarge:
                .connected
            default: .unknown
            }
    }
}
