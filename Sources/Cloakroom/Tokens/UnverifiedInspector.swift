// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData
package import TokenScan
package import TokenVerify

/// Things that nobody vouches for: what is read here may have been written by anyone.
package enum Unverified {
    /// Shows header and claims of tokens whose signature is not looked at. One a thread.
    ///
    /// Values are masked unless asked for: `<string 9-16>` tells kind and length class, no more. Member names are
    /// shown as they stand, but for those that look like personal data, which are masked too.
    package struct Inspector: ~Copyable {
        private let limits: ScanLimits
        private let isRevealing: Bool
        private var decoded = ByteScratch()
        private var index = JSONIndex()

        /// Makes an inspector; `isRevealing` shows values as they stand.
        package init(isRevealing: Bool, limits: ScanLimits = ScanLimits()) {
            self.isRevealing = isRevealing
            self.limits = limits
        }

        /// Appends one JSON line about a compact JWS or JWE. On a refusal `output` is as it was.
        ///
        /// - Throws: ``Refusal`` for what is no compact token or has a header that is no JSON object.
        package mutating func inspect(
            _ token: Span<UInt8>, line: Int, into output: inout ByteScratch
        ) throws(Refusal) {
            guard token.count <= limits.tokenByteCountMax else {
                throw Refusal(.tooLarge, offset: limits.tokenByteCountMax)
            }
            let split = CompactSplit(token)
            let isJWS = split.dotCount == 2
            guard isJWS || split.dotCount == 4, split.dotOffsets.0 > 0 else { throw Refusal(.malformed, offset: 0) }
            let before = output.count
            output.append("{\"line\":")
            output.appendDecimal(Int64(line))
            output.append(",\"verified\":false,\"header\":")
            do {
                let first = Int(split.dotOffsets.0)
                try appendObject(token.extracting(0..<first), isHeader: true, into: &output)
                if isJWS {
                    let payload = token.extracting((first + 1)..<Int(split.dotOffsets.1))
                    try appendPayload(payload, offset: first + 1, into: &output)
                } else {
                    output.append(",\"encrypted\":true")
                }
            } catch {
                output.truncate(to: before)
                throw error
            }
            output.append("}\n")
        }

        private mutating func appendPayload(
            _ segment: Span<UInt8>, offset: Int, into output: inout ByteScratch
        ) throws(Refusal) {
            let before = output.count
            output.append(",\"claims\":")
            do {
                try appendObject(segment, isHeader: false, into: &output)
            } catch {
                guard error.code == .json else {
                    throw Refusal(error.code, offset: error.offset.map { $0 + offset })
                }
                // A JWS may carry any bytes: say how many, and nothing more.
                output.truncate(to: before)
                output.append(",\"payload\":\"")
                if isRevealing {
                    output.appendBase64URL(decoded.span)
                } else {
                    output.appendMask("bytes", decoded.count)
                }
                output.append(UInt8(ascii: "\""))
            }
        }

        private mutating func appendObject(
            _ segment: Span<UInt8>, isHeader: Bool, into output: inout ByteScratch
        ) throws(Refusal) {
            decoded.removeAll()
            do {
                try decoded.appendBase64URLDecoded(segment)
                try index.build(contentsOf: decoded, limits: limits)
            } catch {
                throw Refusal(error)
            }
            if isRevealing { return output.appendOnOneLine(decoded.span) }
            output.appendMasked(0, index.view(decoded.span), isHeader: isHeader)
        }
    }
}

extension ByteScratch {
    /// Appends a value with every scalar inside masked. Recursion is bounded by the index's depth limit.
    fileprivate mutating func appendMasked(_ node: Int, _ view: borrowing JSONView, isHeader: Bool) {
        let value = view[node]
        switch value.valueKind {
        case .object, .array:
            let isObject = value.valueKind == .object
            append(UInt8(ascii: isObject ? "{" : "["))
            var child = node + 1
            while child < value.subtreeEnd {
                if child > node + 1 { append(UInt8(ascii: ",")) }
                if isObject { appendMaskedName(child, view) }
                if isHeader, node == 0, isPlainParameter(child, view) {
                    append(view.value(child))
                } else {
                    appendMasked(child, view, isHeader: isHeader)
                }
                child = view[child].subtreeEnd
            }
            append(UInt8(ascii: isObject ? "}" : "]"))
        case .string:
            var text = ByteScratch()
            view.appendText(node, to: &text)
            append(UInt8(ascii: "\""))
            appendMask(PersonalDataShape.kind(of: text.span).map { "\($0)" } ?? "string", text.count)
            append(UInt8(ascii: "\""))
        case .integer, .number:
            append(UInt8(ascii: "\""))
            appendMask(value.valueKind == .integer ? "integer" : "number", value.valueRange.count)
            append(UInt8(ascii: "\""))
        case .true, .false: append("\"<boolean>\"")
        case .null: append("null")
        }
    }

    private mutating func appendMaskedName(_ node: Int, _ view: borrowing JSONView) {
        var text = ByteScratch()
        view.appendName(node, to: &text)
        append(UInt8(ascii: "\""))
        if let kind = PersonalDataShape.kind(in: text.span) {
            appendMask("\(kind)", text.count)
        } else {
            append(view.name(node))
        }
        append("\":")
    }

    /// `alg`, `enc` and `typ` come from short lists of names, and say nothing of a person.
    private func isPlainParameter(_ node: Int, _ view: borrowing JSONView) -> Bool {
        guard view.isNamed(node, "alg") || view.isNamed(node, "enc") || view.isNamed(node, "typ") else { return false }
        let content = view.stringContent(node)
        guard view[node].isString, content.count <= 20 else { return false }
        for i in content.indices {
            switch content[i] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"): continue
            default: return false
            }
        }
        return true
    }

    /// `<string 9-16>`: the length only as a class that doubles.
    fileprivate mutating func appendMask(_ kind: String, _ count: Int) {
        var upper = 4
        while upper < count { upper *= 2 }
        let lower = count == 0 ? 0 : upper == 4 ? 1 : upper / 2 + 1
        let text = count == 0 ? "<\(kind) 0>" : "<\(kind) \(lower)-\(upper)>"
        append(Array(text.utf8).span)
    }
}
