// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
package import TokenScan

/// Computes many pseudonyms of one domain, as raw bytes or as texts side by side.
///
/// Works in blocks that stay in the first-level cache: one batched HMAC, then for the standard form one base64url
/// encoding of the whole block. No allocation after the first call. Not for sharing.
package struct PseudonymBulkWriter: ~Copyable {
    private static let blockCount = 256
    private var tags = ByteScratch()
    private var packed = ByteScratch()
    private var texts = ByteScratch()

    /// Makes a writer.
    package init() {}

    /// Writes the leftmost `form.byteCount` bytes of tag i to `output[i * form.byteCount ...]` and returns the count.
    ///
    /// `messages` and `offsets` are as in ``PseudonymMessages``. Traps when `output` is too short.
    @discardableResult
    package mutating func writeBytes(
        _ messages: Span<UInt8>, offsets: Span<UInt32>, domain: PseudonymDomain, form: PseudonymForm = .standard,
        to output: inout MutableSpan<UInt8>
    ) -> Int {
        domain.key.authenticateBatch(messages, offsets: offsets, tagByteCount: form.byteCount, into: &output)
    }

    /// The same for a list of messages.
    @discardableResult
    package mutating func writeBytes(
        _ messages: borrowing PseudonymMessages, domain: PseudonymDomain, form: PseudonymForm = .standard,
        to output: inout MutableSpan<UInt8>
    ) -> Int {
        writeBytes(messages.bytes.span, offsets: messages.offsets.span, domain: domain, form: form, to: &output)
    }

    /// Appends the texts side by side, `form.textByteCount` bytes each, and returns the count.
    @discardableResult
    package mutating func appendTexts(
        _ messages: Span<UInt8>, offsets: Span<UInt32>, domain: PseudonymDomain, form: PseudonymForm = .standard,
        to output: inout ByteScratch
    ) -> Int {
        let count = max(offsets.count - 1, 0)
        output.reserve(count * form.textByteCount)
        var done = 0
        while done < count {
            let block = min(Self.blockCount, count - done)
            computeTags(messages, offsets.extracting(done..<done + block + 1), domain, form)
            Self.appendBlock(tags, block, domain, form, &packed, to: &output)
            done += block
        }
        return count
    }

    /// The same for a list of messages.
    @discardableResult
    package mutating func appendTexts(
        _ messages: borrowing PseudonymMessages, domain: PseudonymDomain, form: PseudonymForm = .standard,
        to output: inout ByteScratch
    ) -> Int {
        appendTexts(messages.bytes.span, offsets: messages.offsets.span, domain: domain, form: form, to: &output)
    }

    /// Writes text i to `output[i * form.textByteCount ...]` and returns the count. Traps when `output` is too short.
    @discardableResult
    package mutating func writeTexts(
        _ messages: Span<UInt8>, offsets: Span<UInt32>, domain: PseudonymDomain, form: PseudonymForm = .standard,
        to output: inout MutableSpan<UInt8>
    ) -> Int {
        let count = max(offsets.count - 1, 0)
        var done = 0
        while done < count {
            let block = min(Self.blockCount, count - done)
            computeTags(messages, offsets.extracting(done..<done + block + 1), domain, form)
            texts.removeAll()
            Self.appendBlock(tags, block, domain, form, &packed, to: &texts)
            PseudonymText.copy(texts.span, to: &output, at: done * form.textByteCount)
            done += block
        }
        return count
    }

    /// The same for a list of messages.
    @discardableResult
    package mutating func writeTexts(
        _ messages: borrowing PseudonymMessages, domain: PseudonymDomain, form: PseudonymForm = .standard,
        to output: inout MutableSpan<UInt8>
    ) -> Int {
        writeTexts(messages.bytes.span, offsets: messages.offsets.span, domain: domain, form: form, to: &output)
    }

    /// One block of tags, side by side.
    private mutating func computeTags(
        _ messages: Span<UInt8>, _ offsets: Span<UInt32>, _ domain: PseudonymDomain, _ form: PseudonymForm
    ) {
        let blockByteCount = Self.blockCount * form.byteCount
        if tags.count < blockByteCount { tags.appendZeros(blockByteCount - tags.count) }
        let packedByteCount = Self.blockCount / 2 * PseudonymText.packedPairByteCount + 8
        if packed.count < packedByteCount { packed.appendZeros(packedByteCount - packed.count) }
        var output = tags.mutableSpan
        domain.key.authenticateBatch(messages, offsets: offsets, tagByteCount: form.byteCount, into: &output)
    }

    private static func appendBlock(
        _ tags: borrowing ByteScratch, _ count: Int, _ domain: PseudonymDomain, _ form: PseudonymForm,
        _ packed: inout ByteScratch, to output: inout ByteScratch
    ) {
        guard form == .standard else {
            appendOther(tags, count, domain, form, to: &output)
            return
        }
        var words = packed.mutableSpan
        let byteCount = PseudonymText.pack(
            tags.span, count: count, prefixBits: domain.prefixBits, into: &words)
        output.appendBase64URL(packed.span.extracting(0..<byteCount))
    }

    private static func appendOther(
        _ tags: borrowing ByteScratch, _ count: Int, _ domain: PseudonymDomain, _ form: PseudonymForm,
        to output: inout ByteScratch
    ) {
        let start = output.count
        output.appendZeros(count * form.textByteCount)
        var span = output.mutableSpan
        for i in 0..<count {
            PseudonymText.write(
                tags.span, at: i * form.byteCount, prefix: domain.textPrefix, form: form, to: &span,
                at: start + i * form.textByteCount)
        }
    }
}
