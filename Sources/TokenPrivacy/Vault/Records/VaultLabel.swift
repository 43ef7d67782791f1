// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData
import TokenScan

/// What a stored value is and what it may be read for: its type and its purposes. Immutable; any thread.
public struct VaultLabel: Sendable, Hashable {
    /// The semantic type, such as `phone`; 1 to 64 bytes.
    public let type: String
    /// The purposes that it may be read for, sorted bytewise, without repetitions; 1 to 16 of 1 to 64 bytes each.
    public let purposes: [String]
    /// As it stands in a record.
    let stored: [UInt8]

    /// Bytes of a type or purpose.
    public static let textByteCountMax = 64
    /// Purposes of one label.
    public static let purposeCountMax = 16

    /// Makes a label.
    ///
    /// - Throws: ``VaultError/tooLarge`` for an empty or too long text, for no purpose or too many.
    public init(type: String, purposes: [String]) throws(VaultError) {
        let texts = Set(purposes.map { Array($0.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
        let typeBytes = Array(type.utf8)
        guard (1...Self.purposeCountMax).contains(texts.count),
            ([typeBytes] + texts).allSatisfy({ (1...Self.textByteCountMax).contains($0.count) })
        else { throw .tooLarge }
        self.type = type
        self.purposes = texts.map { String(decoding: $0, as: UTF8.self) }
        var stored = [UInt8(typeBytes.count)] + typeBytes + [UInt8(texts.count)]
        for text in texts { stored += [UInt8(text.count)] + text }
        self.stored = stored
    }

    /// Reads a label as it stands in a record; nil when the bytes are no label.
    init?(stored: Span<UInt8>) {
        guard let parts = LabelParts(stored) else { return nil }
        let purposes = (0..<parts.purposeCount).map { String(decoding: [UInt8](parts.purpose($0)), as: UTF8.self) }
        let type = String(decoding: [UInt8](parts.type), as: UTF8.self)
        guard let label = try? VaultLabel(type: type, purposes: purposes) else { return nil }
        self = label
    }
}

/// A stored label read in place.
struct LabelParts: ~Escapable {
    private let bytes: Span<UInt8>
    let purposeCount: Int
    private let purposesOffset: Int

    /// Checks the whole form; nil when the bytes are no label.
    @_lifetime(copy bytes)
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count > 1, bytes.count > 1 + Int(bytes[0]) else { return nil }
        var offset = 1 + Int(bytes[0])
        let count = Int(bytes[offset])
        offset += 1
        let start = offset
        for _ in 0..<count {
            guard offset < bytes.count, Int(bytes[offset]) < bytes.count - offset else { return nil }
            offset += 1 + Int(bytes[offset])
        }
        guard offset == bytes.count else { return nil }
        self.bytes = bytes
        purposeCount = count
        purposesOffset = start
    }

    /// The type's text.
    var type: Span<UInt8> {
        @_lifetime(copy self)
        get { bytes.extracting(1..<(1 + Int(bytes[0]))) }
    }

    /// The text of a purpose.
    @_lifetime(copy self)
    func purpose(_ index: Int) -> Span<UInt8> {
        var offset = purposesOffset
        for _ in 0..<index { offset += 1 + Int(bytes[offset]) }
        return bytes.extracting((offset + 1)..<(offset + 1 + Int(bytes[offset])))
    }

    /// Whether the value may be read for this purpose.
    func allows(_ purpose: Span<UInt8>) -> Bool {
        var offset = purposesOffset
        for _ in 0..<purposeCount {
            let end = offset + 1 + Int(bytes[offset])
            if bytes.extracting((offset + 1)..<end).equals(purpose) { return true }
            offset = end
        }
        return false
    }
}
