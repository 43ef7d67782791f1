// SPDX-License-Identifier: Apache-2.0
public import TokenVerify

/// Why a status list was not taken. Holds nothing of the token.
public enum StatusListError: Error, Equatable, Sendable {
    /// The token does not verify.
    case refused(RefusalCode)
    /// `typ` is not `statuslist+jwt`.
    case tokenType
    /// `sub` is not the address that the list was asked for.
    case subject
    /// `status_list`, `bits`, `lst`, `iat` or `ttl` is absent or not what the draft says.
    case malformed
    /// `lst` is not ZLIB data, is cut short, or has bytes behind it.
    case compression
    /// The list is over the byte limit when inflated; inflating stopped there.
    case tooLarge
    /// Out of its time already.
    case expired
    /// Issued before the list that is there and still counts.
    case older
    /// As many lists as the limit.
    case full
}
