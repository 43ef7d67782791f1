// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Cloakroom
import TokenCrypto
import TokenPersonalData
import TokenScan
import TokenVerify

struct RevealCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reveal", abstract: "Reverse the s1_ values of siv rules: one value a line.",
        discussion: """
            For whoever holds the siv keys. The canonical value stands as text, its issuer beside a subject/1 \
            value, and bytes that are no text stand as base64url.
            Success: {"line":1,"valid":true,"type":"string","value":"ana@example.com"}
            Failure: {"line":2,"valid":false,"error":"decryption-failed"}, and exit status 1.
            """)

    @Option(help: ArgumentHelp("JWK or JWK Set of siv keys.", valueName: "file"))
    var keys: String

    @OptionGroup var domain: DomainOptions
    @OptionGroup var stream: StreamOptions

    func run() throws {
        let ring = try KeyFiles.reversibleKeys(keys, tenant: domain.tenant)
        let name = try domain.name(hasIssuer: false)
        do {
            let opener = try ReversibleOpener(ring: ring, domain: name)
            try stream.run([RevealWorker(opener, isSubject: name.profile == .subject)])
        } catch let error as KeyError {
            throw KeyFiles.failure(error, keys)
        }
    }
}

/// Turns values into verdict lines.
private final class RevealWorker: SingleLineWorker {
    private var opener: ReversibleOpener
    private let isSubject: Bool
    private var value = ByteScratch(capacity: 256, isSecret: true)

    init(_ opener: consuming ReversibleOpener, isSubject: Bool) {
        self.opener = opener
        self.isSubject = isSubject
    }

    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput) {
        value.removeAll()
        do throws(ReversalError) {
            let kind = try opener.reveal(line, into: &value)
            Self.write(value, kind, isSubject: isSubject, number, to: &output)
        } catch {
            refuse(Refusal(.decryptionFailed), line: number, &output)
        }
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        output.text.appendVerdict(line: number, refusal)
        output.count(refusal.code)
    }

    private static func write(
        _ value: borrowing ByteScratch, _ kind: PseudonymValueKind, isSubject: Bool, _ line: Int,
        to output: inout LineOutput
    ) {
        output.text.append("{\"line\":")
        output.text.appendDecimal(Int64(line))
        output.text.append(",\"valid\":true,\"type\":")
        switch kind {
        case .string: output.text.append("\"string\"")
        case .integer: output.text.append("\"integer\"")
        case .bool: output.text.append("\"bool\"")
        }
        if isSubject, let parts = split(value.span) {
            output.text.append(",\"issuer\":")
            append(value.span.extracting(parts.issuer), to: &output.text)
            output.text.append(",\"value\":")
            append(value.span.extracting(parts.subject), to: &output.text)
        } else if kind == .bool {
            output.text.append(value.span[0] == 1 ? ",\"value\":\"true\"" : ",\"value\":\"false\"")
        } else {
            output.text.append(",\"value\":")
            append(value.span, to: &output.text)
        }
        output.text.append("}\n")
        output.acceptedCount += 1
    }

    /// LP(issuer) | LP(subject); nil for another form.
    private static func split(_ value: Span<UInt8>) -> (issuer: Range<Int>, subject: Range<Int>)? {
        guard value.count >= 8 else { return nil }
        let count = (0..<4).reduce(0) { $0 << 8 | Int(value[$1]) }
        guard count <= value.count - 8 else { return nil }
        return (4..<(4 + count), (8 + count)..<value.count)
    }

    /// Text as a JSON string; bytes that are no UTF-8 as base64url.
    private static func append(_ bytes: Span<UInt8>, to output: inout ByteScratch) {
        let copy = [UInt8](bytes)
        if String(validating: copy, as: UTF8.self) != nil {
            output.appendJSONString(bytes)
        } else {
            output.append(UInt8(ascii: "\""))
            output.appendBase64URL(bytes)
            output.append(UInt8(ascii: "\""))
        }
    }
}
