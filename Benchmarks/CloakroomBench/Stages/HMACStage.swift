// SPDX-License-Identifier: Apache-2.0
import COpenSSLPeer
import TokenCrypto
import TokenScan

/// `hmac.batch`: HMAC-SHA256 of values in one buffer, a batch a call. One operation is one value.
struct TagValues: Workload, ~Copyable {
    private let values: TokenTable
    private let keyBytes: [UInt8]
    private let key: HMACSHA256Key
    private let tagByteCount: Int
    private let offsets: [UInt32]
    private let batchCount: Int
    private var tags: [UInt8]
    private var start = 0

    /// `values` is repeated or cut to whole batches of `batchCount`.
    init(_ values: TokenTable, key: [UInt8], batchCount: Int, tagByteCount: Int) {
        let rounds = max(1, 1_024 / batchCount)
        let table = values.repeated(to: rounds * batchCount)
        self.values = table
        keyBytes = key
        self.key = HMACSHA256Key(key.span)
        self.tagByteCount = tagByteCount
        self.batchCount = batchCount
        offsets = [0] + table.places.map { UInt32(truncatingIfNeeded: $0.upperBound) }
        tags = [UInt8](repeating: 0, count: batchCount * tagByteCount)
    }

    /// One batch an iteration.
    mutating func run(_ iterations: Int) {
        let (values, offsets, key, batchCount, tagByteCount) = (values, offsets, key, batchCount, tagByteCount)
        var start = start
        var output = tags.mutableSpan
        for _ in 0..<iterations {
            key.authenticateBatch(
                values.bytes.span, offsets: offsets.span.extracting(start..<(start &+ batchCount &+ 1)),
                tagByteCount: tagByteCount, into: &output)
            start &+= batchCount
            if start >= values.count { start = 0 }
        }
        blackHole(output[0])
        self.start = start
    }

    /// Every tag against OpenSSL's HMAC().
    mutating func isRight() -> Bool {
        for first in stride(from: 0, to: values.count, by: batchCount) {
            start = first
            run(1)
            for index in 0..<batchCount {
                let expected = OpenSSLCalls.hmac(keyBytes, values[first + index]).prefix(tagByteCount)
                guard tags[(index * tagByteCount)..<((index + 1) * tagByteCount)].elementsEqual(expected) else {
                    return false
                }
            }
        }
        return true
    }
}

/// OpenSSL's one-shot HMAC(), or an EVP_MAC context that keeps its key; one value a call.
// `@safe`: the handle is made, used and freed here alone.
@safe struct OpenSSLHMAC: Workload, ~Copyable {
    private let values: TokenTable
    private let key: [UInt8]
    private let mac: OpaquePointer?  // cop_mac *
    private var cycle: Cycle
    private var tag = [UInt8](repeating: 0, count: 32)

    init(_ values: TokenTable, key: [UInt8], isContextKept: Bool) {
        self.values = values
        self.key = key
        cycle = Cycle(values.count)
        // SAFETY: the key's bytes are read during the call only; the context is freed in deinit.
        unsafe mac = isContextKept ? key.withUnsafeBufferPointer { unsafe cop_mac_new($0.baseAddress, $0.count) } : nil
    }

    // SAFETY: the handle is this value's own, and nobody uses it any more.
    deinit { unsafe cop_mac_free(mac) }

    mutating func run(_ iterations: Int) {
        let (values, key) = (values, key)
        let mac = unsafe mac
        var cycle = cycle
        // SAFETY: places lie inside the table's bytes, the tag holds 32 bytes, all outlive the loop.
        unsafe values.bytes.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe tag.withUnsafeMutableBufferPointer { target in
                unsafe key.withUnsafeBufferPointer { secret in
                    for _ in 0..<iterations {
                        let place = values.places[cycle.next()]
                        if let mac = unsafe mac {
                            unsafe cop_mac_tag(mac, base + place.lowerBound, place.count, target.baseAddress)
                        } else {
                            unsafe cop_hmac_oneshot(
                                secret.baseAddress, secret.count, base + place.lowerBound, place.count,
                                target.baseAddress)
                        }
                    }
                }
            }
        }
        self.cycle = cycle
        blackHole(tag[0])
    }

    mutating func isRight() -> Bool {
        cycle = Cycle(values.count)
        run(1)
        return tag == OpenSSLCalls.hmac(key, values[0])
    }
}

/// OpenSSL's calls as plain functions, for checks.
enum OpenSSLCalls {
    static func hmac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: 32)
        // SAFETY: the tag holds 32 bytes; inputs are read during the call only.
        unsafe tag.withUnsafeMutableBufferPointer { tag in
            unsafe key.withUnsafeBufferPointer { key in
                unsafe message.withUnsafeBufferPointer { message in
                    unsafe cop_hmac_oneshot(
                        key.baseAddress, key.count, message.baseAddress, message.count, tag.baseAddress)
                }
            }
        }
        return tag
    }
}
