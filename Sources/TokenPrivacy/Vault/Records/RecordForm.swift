// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData
import TokenScan

/// The bytes of a stored record, format `rec/1`: what drivers keep as data.
///
/// | bytes | what |
/// |---|---|
/// | 1 | the format, 1 |
/// | 4 | id of the index key |
/// | 8 | time of storing, seconds since 1970 |
/// | 2 | length of the label |
/// | n | the label: type and purposes, each behind a one-byte length |
/// | 12 | nonce |
/// | 32·m | the value, `80`, zeros, encrypted |
/// | 16 | tag |
/// | 4 | checksum of place, tag of the index and all bytes above: tells damage from a record of another token |
struct RecordForm {
    static let version: UInt8 = 1
    /// Bytes before the label.
    static let fixedByteCount = 15
    static let nonceByteCount = 12
    static let checksumByteCount = 4
    /// Plaintexts are padded to a multiple of this, so that a length tells little.
    static let paddingByteCount = 32

    let indexKeyID: UInt32
    let createdSeconds: Int64
    /// Ranges in the data.
    let label: Range<Int>
    let nonce: Range<Int>
    let sealed: Range<Int>

    /// Reads a record's data; nil when it is damaged or of another form.
    init?(_ data: Span<UInt8>, place: Int64, tag: Span<UInt8>) {
        guard data.count > Self.fixedByteCount + Self.nonceByteCount + 16 + Self.checksumByteCount,
            data[0] == Self.version
        else { return nil }
        let end = data.count - Self.checksumByteCount
        let checksum = UInt32(truncatingIfNeeded: data.bigEndian(at: data.count - 8))
        guard Self.checksum(data.extracting(0..<end), place: place, tag: tag) == checksum else { return nil }
        let labelByteCount = Int(data[13]) << 8 | Int(data[14])
        guard labelByteCount <= end - Self.fixedByteCount - Self.nonceByteCount - 16 else { return nil }
        indexKeyID = UInt32(truncatingIfNeeded: data.bigEndian(at: 0) >> 24)
        createdSeconds = Int64(truncatingIfNeeded: data.bigEndian(at: 5))
        label = Self.fixedByteCount..<(Self.fixedByteCount + labelByteCount)
        nonce = label.upperBound..<(label.upperBound + Self.nonceByteCount)
        sealed = nonce.upperBound..<end
    }

    /// Appends what stands before the nonce.
    static func appendHead(
        indexKeyID: UInt32, createdSeconds: Int64, label: Span<UInt8>, to output: inout ByteScratch
    ) {
        output.append(version)
        output.appendBigEndian(indexKeyID)
        output.appendBigEndian(UInt64(bitPattern: createdSeconds))
        output.append(UInt8(truncatingIfNeeded: label.count >> 8))
        output.append(UInt8(truncatingIfNeeded: label.count))
        output.append(label)
    }

    /// The checksum over a record's place, tag and data without the checksum: two CRC-32C side by side spare a copy.
    static func checksum(_ data: Span<UInt8>, place: Int64, tag: Span<UInt8>) -> UInt32 {
        var head = InlineArray<32, UInt8>(repeating: 0)
        for i in 0..<8 { head[i] = UInt8(truncatingIfNeeded: place >> Int64(56 - i * 8)) }
        for i in 0..<min(24, tag.count) { head[8 + i] = tag[i] }
        return CRC32C.checksum(head.span) &* 0x9E37_79B1 ^ CRC32C.checksum(data)
    }

    /// Appends what authenticates a record beside its value: `rec/1` | LP(index kid) | LP(index) | LP(tenant) |
    /// LP(person id) | LP(type) | u64 exp | LP(token binding) | LP(LP(purpose)…). The index is place and tag.
    static func appendAssociatedData(
        indexKeyID: UInt32, place: Int64, tag: Span<UInt8>, tenant: Span<UInt8>, personID: Span<UInt8>,
        label: LabelParts, binding: VaultBinding, to output: inout ByteScratch
    ) {
        output.append("rec/1")
        output.appendLength(4)
        output.appendBigEndian(indexKeyID)
        output.appendLength(8 + tag.count)
        output.appendBigEndian(UInt64(bitPattern: place))
        output.append(tag)
        output.appendLengthPrefixed(tenant)
        output.appendLengthPrefixed(personID)
        output.appendLengthPrefixed(label.type)
        output.appendBigEndian(UInt64(bitPattern: VaultLayout.expirySeconds(place)))
        output.appendLengthPrefixed(binding.token.bytes.span)
        var purposesByteCount = 0
        for i in 0..<label.purposeCount { purposesByteCount += 4 + label.purpose(i).count }
        output.appendLength(purposesByteCount)
        for i in 0..<label.purposeCount { output.appendLengthPrefixed(label.purpose(i)) }
    }

    /// Appends a value with its padding.
    static func appendPadded(_ value: Span<UInt8>, to output: inout ByteScratch) {
        output.append(value)
        output.append(0x80)
        var count = value.count + 1
        while count % paddingByteCount != 0 {
            output.append(0)
            count += 1
        }
    }

    /// The length of the value in a padded plaintext; nil when there is no padding, which authentication excludes.
    static func valueByteCount(_ plaintext: Span<UInt8>) -> Int? {
        var end = plaintext.count
        while end > 0, plaintext[end - 1] == 0 { end -= 1 }
        guard end > 0, plaintext[end - 1] == 0x80 else { return nil }
        return end - 1
    }
}
