// SPDX-License-Identifier: Apache-2.0

/// Kinds of personal data that have a shape of their own.
public enum PersonalDataKind: String, Sendable, CaseIterable, Hashable {
    case email
    case phone
    case card
    case iban
    case ssn
    case ipv4
    case ipv6
}
