// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A field that holds nothing and keeps the value around it in memory.
///
/// Swift 6.3 copies a large `~Copyable` value to the stack for each call that borrows it. An atomic has an address of
/// its own, so a value that contains one is passed by its address. Put it into scratch types that are lent along the
/// hot path (benchmark `verify.hs256.single`: two copies of 273 bytes a token). Never read, never written.
package struct PassedByAddress: ~Copyable, Sendable {
    private let cell = Atomic<UInt8>(0)

    package init() {}
}
