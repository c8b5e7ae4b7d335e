import Glibc

/// One request that was read and waits for its misbehaviour.
struct RawExchange {
    let request: RawRequest
    let connection: RawConnection
    /// Counted from 1 in the server.
    let connectionNumber: Int
    /// Counted from 1 on the connection.
    let requestNumber: Int
    let count: (String) -> Int
    /// Counts something that is no request.
    let note: (String) -> Void
}

/// What the server does for each path. Reads as a table.
enum RawBehaviour {
    enum Outcome {
        case keepOpen
        case close
    }

    static func answer(_ exchange: RawExchange) -> Outcome {
        switch exchange.request.path {
        case "/count": count(exchange)
        case "/echo": echo(exchange)
        case "/connection": plain(exchange, "\(exchange.connectionNumber)")
        case "/bytes": bytes(exchange)
        case "/status": status(exchange)
        case "/reset": reset(exchange)
        case "/close-after-request": closeAfterRequest(exchange)
        case "/die-on-second": dieOnSecond(exchange)
        case "/header-bomb": headerBomb(exchange)
        case "/long-header": longHeader(exchange)
        case "/interim": interim(exchange)
        case "/odd-headers": oddHeaders(exchange)
        case "/raw-head": rawHead(exchange)
        case "/slow-head": slowHead(exchange)
        case "/drip": drip(exchange)
        case "/truncated-length": cut(exchange, "Content-Length: 1000\r\n\r\nshort")
        case "/truncated-chunk": cut(exchange, "Transfer-Encoding: chunked\r\n\r\n400\r\nshort")
        case "/truncated-head": cut(exchange, "Content-Le")
        case "/until-close": cut(exchange, "Connection: close\r\n\r\nall of it")
        case "/chunked": chunked(exchange)
        case "/garbage": garbage(exchange)
        case "/endless": endless(exchange)
        case "/hang": hang(exchange)
        case "/gzip-bomb": gzipBomb(exchange)
        case "/early-answer": earlyAnswer(exchange)
        case "/say": say(exchange)
        case "/token": plain(exchange, exchange.request.header("authorization") ?? "")
        case "/token-and-more": tokenAndMore(exchange)
        default: reply(exchange, status: "404 Not Found", body: [])
        }
    }

    private static func reply(
        _ exchange: RawExchange, status: String = "200 OK", fields: String = "", body: [UInt8]
    ) -> Outcome {
        let head = "HTTP/1.1 \(status)\r\n\(fields)Content-Length: \(body.count)\r\n\r\n"
        let content = exchange.request.method == "HEAD" ? [] : body
        return exchange.connection.write(Array(head.utf8) + content) ? .keepOpen : .close
    }

    private static func plain(_ exchange: RawExchange, _ text: String) -> Outcome {
        _ = exchange.request.readBody()
        return reply(exchange, body: Array(text.utf8))
    }

    private static func count(_ exchange: RawExchange) -> Outcome {
        plain(exchange, "\(exchange.count(exchange.request.query["path"] ?? ""))")
    }

    /// The request's head as it came, a blank line, its body.
    private static func echo(_ exchange: RawExchange) -> Outcome {
        let body = exchange.request.readBody()
        let head = exchange.request.lines.joined(separator: "\n") + "\n\n"
        return reply(exchange, body: Array(head.utf8) + body)
    }

    /// `?size=`: so many bytes, each its position modulo 251.
    private static func bytes(_ exchange: RawExchange) -> Outcome {
        let size = exchange.request.number("size", default: 1_024)
        return reply(exchange, body: (0..<size).map { UInt8($0 % 251) })
    }

    /// `?code=`, without a body where there can be none.
    private static func status(_ exchange: RawExchange) -> Outcome {
        // 'code' means something else at a token endpoint.
        let code = exchange.request.number(
            "code", default: exchange.request.number("status", default: 200))
        guard code == 204 || code == 304 else {
            let fields = "Location: http://127.0.0.1:1/elsewhere\r\n"
            return reply(exchange, status: "\(code) X", fields: fields, body: Array("body".utf8))
        }
        return exchange.connection.write("HTTP/1.1 \(code) X\r\nX-A: b\r\n\r\n")
            ? .keepOpen : .close
    }

    private static func reset(_ exchange: RawExchange) -> Outcome {
        exchange.connection.resetOnClose()
        return .close
    }

    private static func closeAfterRequest(_ exchange: RawExchange) -> Outcome {
        _ = exchange.request.readBody()
        return .close
    }

    /// Answers the first request of a connection, closes after reading the second.
    private static func dieOnSecond(_ exchange: RawExchange) -> Outcome {
        exchange.requestNumber == 1
            ? plain(exchange, "first") : closeAfterRequest(exchange)
    }

    /// `?kilobytes=` of header fields.
    private static func headerBomb(_ exchange: RawExchange) -> Outcome {
        let line = "X-Bomb: " + String(repeating: "b", count: 1_014) + "\r\n"
        let lines = exchange.request.number("kilobytes", default: 1_024)
        exchange.connection.write("HTTP/1.1 200 OK\r\n")
        for _ in 0..<lines where !exchange.connection.write(line) { return .close }
        exchange.connection.write("\r\n")
        return .close
    }

    /// One field of `?kilobytes=`.
    private static func longHeader(_ exchange: RawExchange) -> Outcome {
        let size = exchange.request.number("kilobytes", default: 1_024) * 1_024
        let value = [UInt8](repeating: 0x62, count: size)
        exchange.connection.write(Array("HTTP/1.1 200 OK\r\nX-Long: ".utf8) + value)
        exchange.connection.write("\r\nContent-Length: 0\r\n\r\n")
        return .close
    }

    private static func interim(_ exchange: RawExchange) -> Outcome {
        exchange.connection.write(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        return plain(exchange, "final")
    }

    private static func oddHeaders(_ exchange: RawExchange) -> Outcome {
        reply(
            exchange,
            fields: "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Folded: one\r\n  two\r\n"
                + "Bad Name: x\r\n  folded into nothing\r\nX-Empty:\r\nX-Cr: a\rb\r\nX-Latin: caf\u{e9}\r\n",
            body: Array("odd".utf8))
    }

    /// `?line=` with `_` for a space, as the only line of the head after the status.
    private static func rawHead(_ exchange: RawExchange) -> Outcome {
        let line = (exchange.request.query["line"] ?? "").map { $0 == "_" ? " " : $0 }
        exchange.connection.write("HTTP/1.1 200 OK\r\n\(String(line))\r\nContent-Length: 0\r\n\r\n")
        return .keepOpen
    }

    /// Waits `?ms=` before the head, or until the peer closes.
    private static func slowHead(_ exchange: RawExchange) -> Outcome {
        _ = exchange.request.readBody()
        let wait = exchange.request.number("ms", default: 1_000)
        exchange.connection.waitForClose(milliseconds: Int32(clamping: wait))
        return plain(exchange, "slow")
    }

    /// A byte each `?ms=`, `?count=` times.
    private static func drip(_ exchange: RawExchange) -> Outcome {
        let count = exchange.request.number("count", default: 100)
        let wait = Int32(clamping: exchange.request.number("ms", default: 100))
        exchange.connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n")
        for _ in 0..<count {
            guard exchange.connection.write("d") else { return .close }
            exchange.connection.waitForClose(milliseconds: wait)
        }
        return .keepOpen
    }

    /// Begins an answer as given and closes.
    private static func cut(_ exchange: RawExchange, _ rest: String) -> Outcome {
        exchange.connection.write("HTTP/1.1 200 OK\r\n\(rest)")
        return .close
    }

    private static func chunked(_ exchange: RawExchange) -> Outcome {
        let body = "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n"
        exchange.connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(body)")
        return .keepOpen
    }

    private static func garbage(_ exchange: RawExchange) -> Outcome {
        exchange.connection.write("\u{1}\u{2}this is not HTTP\r\n\r\n")
        return .close
    }

    /// Chunks until the peer has had enough.
    private static func endless(_ exchange: RawExchange) -> Outcome {
        exchange.connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = Array("4000\r\n".utf8) + [UInt8](repeating: 0, count: 16_384) + [13, 10]
        while exchange.connection.write(chunk) {}
        return .close
    }

    /// Never answers; goes when the peer goes, or after a minute.
    private static func hang(_ exchange: RawExchange) -> Outcome {
        exchange.connection.waitForClose(milliseconds: 60_000)
        return .close
    }

    private static func gzipBomb(_ exchange: RawExchange) -> Outcome {
        reply(
            exchange, fields: "Content-Encoding: gzip\r\nContent-Type: application/json\r\n",
            body: GzipBomb.bytes)
    }

    /// Answers 413 after the head alone and closes, whatever is still on its way.
    private static func earlyAnswer(_ exchange: RawExchange) -> Outcome {
        exchange.connection.write(
            "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 8\r\n\r\ntoo much"
        )
        // An orderly server goes on reading for a while: closing at once would reset the
        // connection and take the answer back (RFC 9112 §9.6).
        shutdown(exchange.connection.descriptor, Int32(SHUT_WR))
        while !exchange.connection.read(65_536).isEmpty {}
        return .close
    }

    /// Reads the request and writes `?hex=`, then `?later=` when `?ms=` have passed. Keeps the
    /// connection with `?keep`; `/count?path=said` tells how often all of it was written.
    private static func say(_ exchange: RawExchange) -> Outcome {
        _ = exchange.request.readBody()
        exchange.connection.write(exchange.request.hexadecimal("hex"))
        let later = exchange.request.hexadecimal("later")
        if !later.isEmpty {
            exchange.connection.waitForClose(
                milliseconds: Int32(clamping: exchange.request.number("ms", default: 20)))
            exchange.connection.write(later)
        }
        exchange.note("said")
        return exchange.request.query["keep"] == nil ? .close : .keepOpen
    }

    /// Answers with the request's token, and writes a second answer with it behind that: at once, or
    /// some milliseconds later, or half of it then.
    private static func tokenAndMore(_ exchange: RawExchange) -> Outcome {
        let token = exchange.request.header("authorization") ?? ""
        let answer = Array(
            "HTTP/1.1 200 OK\r\nContent-Length: \(token.utf8.count)\r\n\r\n\(token)".utf8)
        switch (exchange.connectionNumber + exchange.requestNumber) % 4 {
        case 0:
            exchange.connection.write(answer + answer)
        case 1:
            exchange.connection.write(answer + answer.prefix(answer.count / 2))
            exchange.connection.waitForClose(milliseconds: 2)
            exchange.connection.write(Array(answer.dropFirst(answer.count / 2)))
        case 2:
            exchange.connection.write(answer)
            exchange.connection.waitForClose(
                milliseconds: Int32(clamping: exchange.connectionNumber % 7))
            exchange.connection.write(answer)
        default:
            exchange.connection.write(answer)
        }
        return .keepOpen
    }
}
