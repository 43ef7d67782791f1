// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import TokenCrypto
import TokenScan
import TokenVerify

@testable import TokenAudit

/// Tokens with known content, and what an audit says of them.
struct AuditSamples {
    private static let key = try? SignatureKey.generate(algorithm: .hs256, keyID: [0x6B])

    static func token(_ claims: String) -> String {
        guard let key, let maker = try? TokenMaker(key), let token = try? maker.token(claims) else { return "" }
        return token
    }

    /// A token of a person to an audience, with every kind of claim.
    static func person(_ number: Int, audience: String, issuer: String = "https://qzissuermark.example") -> String {
        token(
            """
            {"iss":"\(issuer)","aud":"\(audience)","iat":1700000000,"exp":1700000300,"jti":"qzjtimark\(number)",\
            "sub":"qzsubjectmk\(number)","email":"qzmailmarker\(number)@example.com","scope":"read write","admin":false,\
            "address":{"street":"qzstreetmark \(number)"},"roles":["a","b"],"level":\(number % 3)}
            """)
    }

    static func report(
        _ text: String, chunkByteCount: Int = 1 << 18, options: AuditOptions = AuditOptions()
    ) throws -> AuditReport {
        let bytes = Array(text.utf8)
        var auditor = try TokenAuditor(options)
        feed(bytes.span, chunkByteCount, &auditor)
        return auditor.finish()
    }

    static func feed(_ bytes: Span<UInt8>, _ chunkByteCount: Int, _ auditor: inout TokenAuditor) {
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + chunkByteCount)
            auditor.read(bytes.extracting(start..<end))
            start = end
        }
    }
}

extension AuditReport {
    func claim(_ path: String) -> Claim? { claims.first { $0.path.text == path } }

    var json: String {
        var text = ByteScratch()
        writeJSON(into: &text)
        return text.text
    }

    /// Everything that a report can be printed as.
    var prints: [String] { [table, json, html, suggestedPolicy, "\(self)"] }
}
