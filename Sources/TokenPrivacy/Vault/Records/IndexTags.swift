// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// Turns references into places and tags and back, many in one run of the hash kernel.
///
/// A reference is `S | T`: T are 24 random bytes, `S = place XOR HMAC(places key, T)[0..<8]`, and the record's tag is
/// `HMAC(tags key, S | T)[0..<24]`. So a reference says where its record stands to the holder of the key and looks
/// random to all others, and a stolen table does not give references. One worker's; no allocation once grown.
struct IndexTags: ~Copyable {
    private var jobs = HMACSHA256Jobs()
    private(set) var output = ByteScratch()
    private var keys: [HMACSHA256Key] = []

    /// Sets `S` of the references that stand in `references`, whose `T` is drawn, for these places.
    mutating func hide(_ places: [Int64], in references: inout ByteScratch, under key: VaultKeys.IndexKey) {
        setKeys(key)
        jobs.removeAll()
        for i in places.indices {
            let start = i * VaultReference.byteCount
            jobs.append(keyIndex: 1, range: (start + 8)..<(start + VaultReference.byteCount))
        }
        run(references)
        Self.xor(places, output, into: &references)
    }

    /// Computes the tag of each reference under a key, `HMAC.tagByteCount` bytes apart in `output`.
    mutating func computeTags(_ references: borrowing ByteScratch, under key: VaultKeys.IndexKey) {
        setKeys(key)
        jobs.removeAll()
        for i in 0..<(references.count / VaultReference.byteCount) {
            let start = i * VaultReference.byteCount
            jobs.append(keyIndex: 0, range: start..<(start + VaultReference.byteCount))
        }
        run(references)
    }

    /// Computes masks and tags of each reference under a key: mask 2i, tag 2i + 1.
    mutating func computeBoth(_ references: borrowing ByteScratch, under key: VaultKeys.IndexKey) {
        setKeys(key)
        jobs.removeAll()
        for i in 0..<(references.count / VaultReference.byteCount) {
            let start = i * VaultReference.byteCount
            jobs.append(keyIndex: 1, range: (start + 8)..<(start + VaultReference.byteCount))
            jobs.append(keyIndex: 0, range: start..<(start + VaultReference.byteCount))
        }
        run(references)
    }

    /// The place that reference i names, after ``computeBoth``.
    func place(_ i: Int, in references: borrowing ByteScratch) -> Int64 {
        let masked = references.span.bigEndian(at: i * VaultReference.byteCount)
        return Int64(bitPattern: masked ^ output.span.bigEndian(at: 2 * i * HMACSHA256Key.tagByteCount))
    }

    /// Where tag i stands in `output` after ``computeTags``.
    static func tagRange(_ i: Int) -> Range<Int> {
        let start = i * HMACSHA256Key.tagByteCount
        return start..<(start + VaultLayout.tagByteCount)
    }

    private mutating func setKeys(_ key: VaultKeys.IndexKey) {
        if keys.first !== key.tags { keys = [key.tags, key.places] }
    }

    private mutating func run(_ references: borrowing ByteScratch) {
        output.resize(to: jobs.count * HMACSHA256Key.tagByteCount)
        Self.run(&jobs, references, keys, into: &output)
    }

    private static func run(
        _ jobs: inout HMACSHA256Jobs, _ references: borrowing ByteScratch, _ keys: [HMACSHA256Key],
        into output: inout ByteScratch
    ) {
        var tags = output.mutableSpan
        jobs.run(references.span, keys: keys, into: &tags)
    }

    private static func xor(_ places: [Int64], _ masks: borrowing ByteScratch, into references: inout ByteScratch) {
        var target = references.mutableSpan
        let source = masks.span
        for i in places.indices {
            let word = UInt64(bitPattern: places[i]) ^ source.bigEndian(at: i * HMACSHA256Key.tagByteCount)
            for byte in 0..<8 {
                target[i * VaultReference.byteCount + byte] = UInt8(truncatingIfNeeded: word >> UInt64(56 - byte * 8))
            }
        }
    }
}
