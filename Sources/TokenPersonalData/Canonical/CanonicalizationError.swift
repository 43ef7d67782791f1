// SPDX-License-Identifier: Apache-2.0

/// Why a value has no canonical form under the profile asked for.
///
/// Offsets count bytes from the start of the value as given. No case holds any byte of it.
public enum CanonicalizationError: Error, Equatable, Sendable {
    /// A JSON type that a pseudonym does not cover (float, null, object, array), or one that the profile refuses.
    case valueKind
    /// Not `-?(0|[1-9][0-9]*)`, or `-0`.
    case integer
    /// Not UTF-8 (RFC 3629); `offset` is the first byte of the bad sequence.
    case invalidUTF8(offset: Int)
    /// No `@`, an empty local part or domain, or a byte that `email/1` refuses (RFC 5322 section 3.2.3 atext, dots).
    case email(offset: Int)
    /// Local part over 64 bytes, domain label over 63, or the whole over 254 (RFC 5321 section 4.5.3.1, RFC 1035).
    case emailTooLong
    /// A domain with a byte outside ASCII: convert it to A-labels first (RFC 5890 section 2.3.2.1).
    case emailDomainNotASCII(offset: Int)
    /// A byte that no telephone number holds, or a separator without digits beside it.
    case phone(offset: Int)
    /// A number without `+` while no region is set (E.164).
    case phoneNationalForm
    /// Too few or too many digits for E.164 or for the region.
    case phoneDigitCount
    /// Not strict dotted decimal and not RFC 4291 section 2.2 text; zones, brackets, ports and prefixes included.
    case ipAddress
    /// `subject/1` without an issuer.
    case missingIssuer
    /// An erasable domain without a 16-byte person key, or a person key where the domain is not erasable.
    case personKey
}
