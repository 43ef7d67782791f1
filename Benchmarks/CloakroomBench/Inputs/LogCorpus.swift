// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Half a megabyte of log lines of one kind, made from a seed, with tokens or personal data on a share of them.
struct LogCorpus {
    /// Kinds of logs.
    static let kinds = ["nginx", "jsonl", "logfmt", "java", "kubernetes", "syslog"]
    /// Bytes of every corpus: the last line fills it up.
    static let byteCount = 524_288

    /// What some lines hold.
    enum Filling: Equatable {
        case nothing
        case tokens(everyNth: Int)
        /// Addresses, numbers and cards on every tenth line, a token on every hundredth.
        case personal
    }

    /// The lines, each with its end.
    private(set) var text: [UInt8] = []
    /// Tokens in the text.
    private(set) var tokenCount = 0
    /// Lines in the text.
    private(set) var lineCount = 0

    init(_ kind: String, _ filling: Filling, tokens: TokenTable) {
        var state: UInt64 = 0x1234_5678
        while text.count < Self.byteCount - 4_096 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let n = Int(truncatingIfNeeded: state >> 33)
            var value = "-"
            switch filling {
            case .nothing: break
            case .tokens(let nth) where lineCount % nth == 0: value = token(tokens)
            case .tokens: break
            case .personal where lineCount % 100 == 99: value = token(tokens)
            case .personal where lineCount % 10 == 0: value = Self.personal(lineCount / 10, n)
            case .personal: break
            }
            text += Array(Self.line(kind, n, lineCount, value).utf8)
            lineCount += 1
        }
        text += [UInt8](repeating: UInt8(ascii: "x"), count: Self.byteCount - text.count - 1) + [0x0A]
    }

    private mutating func token(_ tokens: TokenTable) -> String {
        tokenCount += 1
        return String(decoding: tokens.items[tokenCount % tokens.items.count], as: UTF8.self)
    }

    private static func personal(_ index: Int, _ n: Int) -> String {
        switch index % 4 {
        case 0: "user\(n % 5_000)@mail\(n % 9).example.com"
        case 1: "203.0.\(n % 100 + 1).\(n % 250 + 1)"
        case 2: "+4930\(1_000_000 + n % 8_999_999)"
        default: "4111 1111 1111 1111"
        }
    }

    /// A line without personal data or tokens but for `value`.
    private static func line(_ kind: String, _ n: Int, _ index: Int, _ value: String) -> String {
        let time = "\(10 + n % 14):\(10 + n / 7 % 50):\(10 + n / 11 % 50)"
        let id = String(format: "%08x-%04x-4%03x-8%03x-%012x", n & 0xFFFF_FFFF, n & 0xFFFF, n & 0xFFF, n >> 3 & 0xFFF, n)
        return switch kind {
        case "nginx":
            "gw-\(n % 40) - - [25/Nov/2026:\(time) +0000] \"GET /api/v1/orders/\(n % 99_999)?page=\(n % 20)&key=\(value) HTTP/1.1\" "
                + "\(n % 5 == 0 ? 304 : 200) \(n % 20_000) \"https://shop.example/orders\" \"Mozilla/5.0 (X11; Linux x86_64) "
                + "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36\"\n"
        case "jsonl":
            "{\"ts\":\"2026-11-25T\(time).\(100 + n % 900)Z\",\"level\":\"info\",\"logger\":\"orders.http\",\"request_id\":\"\(id)\","
                + "\"status\":200,\"duration_ms\":\(n % 500).\(n % 10),\"authorization\":\"\(value)\",\"msg\":\"request done\"}\n"
        case "logfmt":
            "ts=2026-11-25T\(time)Z level=info component=orders request_id=\(id) status=200 bytes=\(n % 20_000) token=\(value) "
                + "msg=\"request done\" cache=miss\n"
        case "java":
            index % 6 == 0
                ? "2026-11-25 \(time),\(100 + n % 900) ERROR [http-nio-8080-exec-\(n % 32)] c.e.orders.OrderService - failed: \(value)\n"
                : "\tat com.example.orders.internal.OrderService$Handler\(n % 90).process(OrderService.java:\(n % 900)) "
                    + "~[orders-1.22.3.jar:1.22.3]\(value == "-" ? "" : " " + value)\n"
        case "kubernetes":
            "I1125 \(time).\(100_000 + n % 899_999)       1 controller.go:\(n % 900)] \"Reconciling\" namespace=\"shop\" "
                + "pod=\"orders-7d4b9c6f5d-\(n % 99_999)\" reconcileID=\"\(id)\" arg=\"\(value)\"\n"
        default:
            "Nov 25 \(time) host\(n % 50) sshd[\(n % 30_000)]: session opened for user deploy by (uid=0) key=\(value)\n"
        }
    }
}
