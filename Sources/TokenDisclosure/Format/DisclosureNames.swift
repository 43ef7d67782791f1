// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// The names that RFC 9901 gives a meaning, and those that it keeps out of disclosures.
package enum DisclosureNames {
    /// Claims that decide whether a token is valid, whom it binds or what kind it is: a holder could leave them out, so
    /// they are never selectively disclosable at the top level. (RFC 9901 section 9.7; SD-JWT VC section 3.2.2.2)
    package static let neverDisclosed: [StaticString] = [
        "iss", "aud", "exp", "nbf", "cnf", "status", "vct", "vct#integrity", "act", "may_act", "_sd_alg",
    ]

    /// Whether a member is called `_sd` or `...`, however it is spelled.
    static func isReserved(_ view: JSONView, _ node: Int) -> Bool {
        view.isNamed(node, "_sd") || view.isNamed(node, "...")
    }

    /// The end of the `typ` of every kind of SD-JWT, as `example+sd-jwt` (RFC 9901 section 9.11).
    package static let typeSuffix = "+sd-jwt"

    /// Whether a media type is one of an SD-JWT: it ends in `+sd-jwt`, in any case.
    package static func isSelectiveType(_ type: Span<UInt8>) -> Bool {
        let suffix = typeSuffix.utf8.span
        guard type.count > suffix.count else { return false }
        let start = type.count - suffix.count
        for i in suffix.indices {
            let byte = type[start + i]
            let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
            guard lower == suffix[i] else { return false }
        }
        return true
    }
}
