// SPDX-License-Identifier: Apache-2.0
import TokenVerify

/// The `kid`s that were asked for lately and that the issuer does not have. Bounded; the oldest makes room.
struct UnknownKeyIDs {
    private var seen: [[UInt8]: Int64] = [:]
    private var order: [[UInt8]] = []
    let countMax: Int

    init(countMax: Int) { self.countMax = max(0, countMax) }

    var count: Int { seen.count }

    /// Whether the issuer did not have this `kid` at a time later than `since`.
    func contains(_ keyID: [UInt8], since: Int64) -> Bool {
        guard let time = seen[keyID] else { return false }
        return time > since
    }

    mutating func insert(_ keyID: [UInt8], at time: Int64) {
        guard countMax > 0 else { return }
        if seen.updateValue(time, forKey: keyID) != nil {
            order.removeAll { $0 == keyID }
        } else if order.count >= countMax {
            seen[order.removeFirst()] = nil
        }
        order.append(keyID)
    }

    mutating func removeAll() {
        seen = [:]
        order = []
    }
}
