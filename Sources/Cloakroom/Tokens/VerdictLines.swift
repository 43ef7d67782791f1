// SPDX-License-Identifier: Apache-2.0
package import TokenScan
package import TokenVerify

/// Verdicts as JSON lines, the form of the command line: `{"line":7,"valid":true,…}` and a line feed.
extension ByteScratch {
    /// Appends the verdict on an accepted token: header and claims exactly as they were signed, but for line feeds
    /// and carriage returns between JSON tokens, which would break the line. Both must be JSON.
    package mutating func appendVerdict(line: Int, header: Span<UInt8>, claims: Span<UInt8>) {
        appendVerdictStart(line: line, isValid: true)
        append(",\"header\":")
        appendOnOneLine(header)
        append(",\"claims\":")
        appendOnOneLine(claims)
        append("}\n")
    }

    /// Appends the verdict on a token of which only the signature was checked; its payload may be any bytes.
    package mutating func appendVerdict(line: Int, header: Span<UInt8>, payload: Span<UInt8>) {
        appendVerdictStart(line: line, isValid: true)
        append(",\"header\":")
        appendOnOneLine(header)
        append(",\"payload\":\"")
        appendBase64URL(payload)
        append("\"}\n")
    }

    /// Appends the verdict on an accepted token and, by recipient, the claims that were decrypted from it, all JSON.
    package mutating func appendVerdict(line: Int, header: Span<UInt8>, claims: Span<UInt8>, opened: Span<UInt8>) {
        appendVerdictStart(line: line, isValid: true)
        append(",\"header\":")
        appendOnOneLine(header)
        append(",\"claims\":")
        appendOnOneLine(claims)
        append(",\"opened\":")
        appendOnOneLine(opened)
        append("}\n")
    }

    /// Appends the verdict on a ciphertext that was opened; its plaintext may be any bytes.
    package mutating func appendVerdict(line: Int, payload: Span<UInt8>) {
        appendVerdictStart(line: line, isValid: true)
        append(",\"payload\":\"")
        appendBase64URL(payload)
        append("\"}\n")
    }

    /// Appends the verdict on an accepted SD-JWT: the issuer's header, the processed payload, how many claims were
    /// disclosed, and whether the holder's key bound them to this verifier.
    package mutating func appendVerdict(
        line: Int, header: Span<UInt8>, claims: Span<UInt8>, disclosureCount: Int, isBound: Bool
    ) {
        appendVerdictStart(line: line, isValid: true)
        append(",\"disclosures\":")
        appendDecimal(Int64(disclosureCount))
        append(isBound ? ",\"bound\":true,\"header\":" : ",\"bound\":false,\"header\":")
        appendOnOneLine(header)
        append(",\"claims\":")
        appendOnOneLine(claims)
        append("}\n")
    }

    /// Appends the verdict on a token that was exchanged for `token`; `warningCount`, unless 0, tells how many of its
    /// kept values look like personal data.
    package mutating func appendVerdict(line: Int, token: Span<UInt8>, warningCount: Int) {
        appendVerdictStart(line: line, isValid: true)
        append(",\"token\":\"")
        append(token)
        append(UInt8(ascii: "\""))
        if warningCount > 0 {
            append(",\"warnings\":")
            appendDecimal(Int64(warningCount))
        }
        append("}\n")
    }

    /// Appends what the references of an accepted token gave: members of an object, and strings of an array.
    package mutating func appendResolved(line: Int, claims: Span<UInt8>, unavailable: Span<UInt8>) {
        appendVerdictStart(line: line, isValid: true)
        append(",\"claims\":{")
        appendOnOneLine(claims)
        append("}")
        if !unavailable.isEmpty {
            append(",\"unavailable\":[")
            append(unavailable)
            append("]")
        }
        append("}\n")
    }

    /// Appends the verdict on a refused token. Holds the code and the offset, nothing of the token.
    package mutating func appendVerdict(line: Int, _ refusal: Refusal) {
        appendVerdictStart(line: line, isValid: false)
        append(",\"error\":\"")
        var code = refusal.code.rawValue
        code.makeContiguousUTF8()
        append(code.utf8.span)
        append(UInt8(ascii: "\""))
        if let offset = refusal.offset {
            append(",\"offset\":")
            appendDecimal(Int64(offset))
        }
        append("}\n")
    }

    private mutating func appendVerdictStart(line: Int, isValid: Bool) {
        append("{\"line\":")
        appendDecimal(Int64(line))
        append(isValid ? ",\"valid\":true" : ",\"valid\":false")
    }

    /// Appends JSON without its line feeds and carriage returns. Inside strings RFC 8259 allows neither, so that
    /// only blanks between tokens go.
    package mutating func appendOnOneLine(_ json: Span<UInt8>) {
        var start = 0
        for i in json.indices where json[i] == 0x0A || json[i] == 0x0D {
            append(json.extracting(start..<i))
            start = i &+ 1
        }
        append(json.extracting(start..<json.count))
    }
}
