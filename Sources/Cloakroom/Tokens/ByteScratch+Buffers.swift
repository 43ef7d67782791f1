// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

// A span of one stored property counts as an access to the whole value, so that it cannot be used while another
// property changes. Passing the buffers themselves keeps them apart.
extension ByteScratch {
    /// Appends all bytes of another buffer.
    mutating func append(contentsOf other: borrowing ByteScratch) { append(other.span) }

    /// Appends the base64url text of another buffer.
    mutating func appendBase64URL(of other: borrowing ByteScratch) { appendBase64URL(other.span) }
}

extension JSONIndex {
    /// Indexes the document that a buffer holds.
    mutating func build(contentsOf json: borrowing ByteScratch, limits: ScanLimits) throws(ScanError) {
        try build(json.span, limits: limits)
    }
}

extension SignatureSigner {
    /// Appends the signature of all bytes of a buffer.
    func sign(contentsOf message: borrowing ByteScratch, into output: inout ByteScratch) throws(KeyError) {
        try sign(message.span, into: &output)
    }
}
