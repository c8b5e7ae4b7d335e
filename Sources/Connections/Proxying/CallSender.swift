import HTTPClient
import HTTPTypes
import Logging

/// Sends calls to APIs: all attempts within one deadline, again where that may be and helps.
struct CallSender: Sendable {
    let transport: any HTTPTransport
    let breaker: Breaker
    /// Where the integration names none of its own.
    let limits: TransferLimits
    let clock: Clock
    /// Between 0 and 1.
    let random: @Sendable () -> Double
    let tally: Tally
    let logger: Logger

    /// How far a call has come.
    struct Progress {
        /// How often it was sent.
        var attempts = 0
        fileprivate var retries = 0
        /// Until when the answer's head has to be there, in milliseconds of uptime.
        fileprivate var deadline: Int64?
    }

    /// - Returns: The answer, whatever its status.
    /// - Throws: ``CallRefusal``; ``ConnectionsError/upstream(_:attempts:)``; what the body's reader
    ///   throws.
    func send(
        _ call: PreparedCall, through integration: Integration, with credential: Credential,
        _ passage: Passage, _ progress: inout Progress
    ) throws -> any HTTPExchange {
        let limits = limits.replaced(by: integration.definition.timeouts)
        let deadline = progress.deadline ?? clock.uptime + Int64(limits.head * 1000)
        progress.deadline = deadline
        var request = request(call, integration, credential, limits)
        let policy = RetryPolicy(
            integration.definition, method: call.method, headers: call.headers)
        while true {
            request.limits.head = Double(deadline - clock.uptime) / 1000
            request.limits.connect = min(limits.connect, request.limits.head)
            let result = try attempt(request, to: call.target.origin, &progress)
            let outcome = RetryPolicy.Outcome(result)
            if request.connection == .pooled, policy.isStale(outcome), call.body.isWhole {
                request.connection = .fresh
                continue
            }
            let pause = policy.pause(
                after: outcome, attempt: progress.retries + 1,
                timeLeft: Double(deadline - clock.uptime) / 1000, now: clock.now, random: random())
            guard let pause, call.body.isWhole, passage.mayRetry(),
                breaker.isClosed(call.target.origin)
            else { return try result.get(progress) }
            progress.retries += 1
            note(pause, result, call, integration, progress)
            guard !clock.wait(pause, watching: call.watchedDescriptor) else {
                throw ConnectionsError.upstream(.abandoned, attempts: progress.attempts)
            }
        }
    }

    private typealias AttemptResult = Result<any HTTPExchange, HTTPClientError>

    private func attempt(
        _ request: OutgoingRequest, to origin: AbsoluteURL.Origin, _ progress: inout Progress
    ) throws -> AttemptResult {
        if let pause = breaker.pause(origin) {
            tally.count(.callRefused)
            throw CallRefusal(.breaker, after: pause)
        }
        progress.attempts += 1
        var outcome = Breaker.Outcome.unknown
        defer { breaker.note(outcome, origin) }
        do {
            let exchange = try transport.send(request)
            outcome = .connected
            return .success(exchange)
        } catch let error as HTTPClientError {
            outcome = Breaker.Outcome(error)
            return .failure(error)
        }
    }

    private func request(
        _ call: PreparedCall, _ integration: Integration, _ credential: Credential,
        _ limits: TransferLimits
    ) -> OutgoingRequest {
        var target = call.target
        var headers = call.headers
        integration.definition.authenticate(&target, &headers, with: credential)
        return OutgoingRequest(
            method: call.method, url: target.url, headers: headers, body: call.body.outgoing,
            connection: .pooled, limits: limits, watchedDescriptor: call.watchedDescriptor)
    }

    private func note(
        _ pause: Double, _ result: AttemptResult, _ call: PreparedCall, _ integration: Integration,
        _ progress: Progress
    ) {
        tally.count(.callRetried)
        let cause =
            switch result {
            case .success(let exchange): "\(exchange.head.status.code)"
            case .failure(let error): "\(error)"
            }
        logger.info(
            "a call is sent again",
            metadata: [
                "request": "\(call.id)", "integration": "\(integration.slug)",
                "attempts": "\(progress.attempts)", "cause": "\(cause)", "seconds": "\(pause)",
            ])
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

extension Breaker.Outcome {
    fileprivate init(_ error: HTTPClientError) {
        self =
            switch error {
            case _ where error.isBeforeSending: .notConnected
            case .timedOut, .broken, .keptConnectionDied, .malformedResponse, .headerTooLarge:
                .connected
            default: .unknown
            }
    }
}
