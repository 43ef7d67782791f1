// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Figures as people read them.
package enum Figures {
    /// Nanoseconds: `35.2 ns`, `1.24 µs`, `3.10 ms`.
    package static func time(_ ns: Double) -> String {
        switch ns {
        case ..<1_000: "\(digits(ns)) ns"
        case ..<1_000_000: "\(digits(ns / 1_000)) µs"
        default: "\(digits(ns / 1_000_000)) ms"
        }
    }

    /// Nanoseconds for an axis: `5 ns`, `20 µs`.
    package static func shortTime(_ ns: Double) -> String {
        switch ns {
        case ..<1_000: "\(short(ns)) ns"
        case ..<1_000_000: "\(short(ns / 1_000)) µs"
        default: "\(short(ns / 1_000_000)) ms"
        }
    }

    /// Bytes for an axis: `512 B`, `4 KiB`.
    package static func byteCount(_ bytes: Double) -> String {
        bytes < 1_000 ? "\(short(bytes.rounded())) B" : "\(short((bytes / 1_024 * 10).rounded() / 10)) KiB"
    }

    private static func short(_ value: Double) -> String {
        value >= 10 || value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.1f", value)
    }

    /// Operations a second: `18.2 M/s`.
    package static func rate(_ perSecond: Double) -> String { "\(scaled(perSecond))/s" }

    /// Bytes a second: `20.1 GB/s`.
    package static func bandwidth(_ bytesPerSecond: Double) -> String {
        bytesPerSecond == 0 ? "–" : "\(scaled(bytesPerSecond))B/s"
    }

    /// How many times as fast: `1.31×`.
    package static func ratio(_ ratio: Double) -> String { "\(digits(ratio))×" }

    /// A count an operation: `0`, `0.002`, `12`.
    package static func count(_ value: Double) -> String {
        value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.3g", value)
    }

    /// Three significant digits without an exponent.
    package static func digits(_ value: Double) -> String {
        switch abs(value) {
        case ..<10: String(format: "%.2f", value)
        case ..<100: String(format: "%.1f", value)
        default: String(format: "%.0f", value)
        }
    }

    private static func scaled(_ value: Double) -> String {
        switch value {
        case ..<1e3: "\(digits(value)) "
        case ..<1e6: "\(digits(value / 1e3)) k"
        case ..<1e9: "\(digits(value / 1e6)) M"
        default: "\(digits(value / 1e9)) G"
        }
    }
}
