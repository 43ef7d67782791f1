// SPDX-License-Identifier: Apache-2.0

/// Writes the text of a pseudonym, without a branch or a table on the value.
///
/// 48 bits at a time are spread to eight 6-bit bytes in one word and turned to characters by word arithmetic, so a
/// 16-byte body is three words. The only file of this module with unsafe expressions.
enum PseudonymText {
    /// Writes the text of `tag[at...]` to `output[offset...]`; traps when either is too short.
    @inline(__always)
    static func write(
        _ tag: Span<UInt8>, at tagOffset: Int, prefix: UInt64, form: PseudonymForm,
        to output: inout MutableSpan<UInt8>, at offset: Int
    ) {
        if form == .standard {
            writeStandard(tag, at: tagOffset, prefix: prefix, to: &output, at: offset)
        } else {
            writeOther(tag, at: tagOffset, prefix: prefix, form: form, to: &output, at: offset)
        }
    }

    /// 16 bytes as `p1_kkkk_` and 22 characters of base64url: 30 bytes.
    @inline(__always)
    static func writeStandard(
        _ tag: Span<UInt8>, at tagOffset: Int, prefix: UInt64, to output: inout MutableSpan<UInt8>, at offset: Int
    ) {
        let high = load(tag, at: tagOffset)
        let low = load(tag, at: tagOffset + 8)
        precondition(offset >= 0 && offset <= output.count - 30, "room for a pseudonym")
        // SAFETY: offset + 30 <= output.count was just checked and offset >= 0, so all of offset ..< offset + 30 is
        // inside; every bit pattern is eight UInt8, and no store needs alignment.
        var bytes = unsafe output.mutableBytes
        unsafe bytes.storeBytes(of: prefix.littleEndian, toUncheckedByteOffset: offset, as: UInt64.self)
        unsafe bytes.storeBytes(
            of: characters(high >> 16).littleEndian, toUncheckedByteOffset: offset &+ 8, as: UInt64.self)
        unsafe bytes.storeBytes(
            of: characters((high & 0xFFFF) << 32 | low >> 32).littleEndian, toUncheckedByteOffset: offset &+ 16,
            as: UInt64.self)
        // Characters 14 to 21 start at bit 84: the last 44 bits and four zero bits. Two characters are written twice.
        unsafe bytes.storeBytes(
            of: characters((low & 0xFFF_FFFF_FFFF) << 4).littleEndian, toUncheckedByteOffset: offset &+ 22,
            as: UInt64.self)
    }

    /// 12 bytes as 16 characters of base64url; traps when there is no such room.
    @inline(__always)
    static func writeTwelve(
        _ tag: Span<UInt8>, at tagOffset: Int, to output: inout MutableSpan<UInt8>, at offset: Int
    ) {
        let high = load(tag, at: tagOffset)
        let low = load(tag, at: tagOffset + 4) & 0xFFFF_FFFF_FFFF
        store(characters(high >> 16), to: &output, at: offset)
        store(characters(low), to: &output, at: offset + 8)
    }

    /// Bytes that two packed texts take: 60 characters of 6 bits.
    static let packedPairByteCount = 45

    /// Packs `count` tags of 16 bytes, each behind the 48 bits of its prefix, so that one base64url encoding of the
    /// result gives all texts side by side.
    ///
    /// The prefix is base64url too, so a text is the encoding of 22 bytes and four zero bits. Two of them are 45 whole
    /// bytes. `packed` holds 45 bytes a pair and 8 more; returns how many bytes to encode.
    static func pack(
        _ tags: Span<UInt8>, count: Int, prefixBits: UInt64, into packed: inout MutableSpan<UInt8>
    ) -> Int {
        let pairCount = (count + 1) / 2
        precondition(count >= 0 && tags.count >= pairCount * 32, "packed tags")
        precondition(packed.count >= pairCount * packedPairByteCount + 8, "packed room")
        var bytes = unsafe packed.mutableBytes
        for pair in 0..<pairCount {
            let high = load(tags, at: pair &* 32)
            let low = load(tags, at: pair &* 32 &+ 8)
            let nextHigh = load(tags, at: pair &* 32 &+ 16)
            let nextLow = load(tags, at: pair &* 32 &+ 24)
            let start = pair &* packedPairByteCount
            let words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
                prefixBits << 16 | high >> 48, high << 16 | low >> 48, low << 16 | prefixBits >> 36,
                prefixBits << 28 | nextHigh >> 36, nextHigh << 28 | nextLow >> 36, nextLow << 28
            )
            // SAFETY: start + 48 <= pairCount * 45 + 8 - 5 <= packed.count, checked above; the last store's three spare
            // bytes are overwritten by the next pair. Every bit pattern is eight UInt8, and no store needs alignment.
            unsafe bytes.storeBytes(of: words.0.bigEndian, toUncheckedByteOffset: start, as: UInt64.self)
            unsafe bytes.storeBytes(of: words.1.bigEndian, toUncheckedByteOffset: start &+ 8, as: UInt64.self)
            unsafe bytes.storeBytes(of: words.2.bigEndian, toUncheckedByteOffset: start &+ 16, as: UInt64.self)
            unsafe bytes.storeBytes(of: words.3.bigEndian, toUncheckedByteOffset: start &+ 24, as: UInt64.self)
            unsafe bytes.storeBytes(of: words.4.bigEndian, toUncheckedByteOffset: start &+ 32, as: UInt64.self)
            unsafe bytes.storeBytes(of: words.5.bigEndian, toUncheckedByteOffset: start &+ 40, as: UInt64.self)
        }
        return count / 2 * packedPairByteCount + (count % 2 == 0 ? 0 : 22)
    }

    /// The 48 bits that eight base64url characters stand for; the first character is in the lowest byte.
    static func bits(_ characters: UInt64) -> UInt64 {
        var bits: UInt64 = 0
        for place in 0..<UInt64(8) {
            let byte = UInt8(truncatingIfNeeded: characters >> (place * 8))
            var value: UInt64 = 0
            while value < 63, UInt8(truncatingIfNeeded: spelled(value)) != byte { value += 1 }
            bits = bits << 6 | value
        }
        return bits
    }

    /// Copies all of `source` to `output[offset...]`, eight bytes a step; traps when there is no such room.
    static func copy(_ source: Span<UInt8>, to output: inout MutableSpan<UInt8>, at offset: Int) {
        var done = 0
        while done + 8 <= source.count {
            store(load(source, at: done).bigEndian.littleEndian, to: &output, at: offset + done)
            done += 8
        }
        while done < source.count {
            output[offset + done] = source[done]
            done += 1
        }
    }

    @inline(never)
    private static func writeOther(
        _ tag: Span<UInt8>, at tagOffset: Int, prefix: UInt64, form: PseudonymForm,
        to output: inout MutableSpan<UInt8>, at offset: Int
    ) {
        store(prefix, to: &output, at: offset)
        let bitsPerCharacter: UInt32 = form.alphabet == .base64URL ? 6 : 5
        var place = offset + 8
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for index in tagOffset..<tagOffset + form.byteCount {
            bits = bits << 8 | UInt32(tag[index])
            bitCount += 8
            while bitCount >= bitsPerCharacter {
                bitCount -= bitsPerCharacter
                output[place] = character(bits >> bitCount, form.alphabet)
                place += 1
            }
        }
        if bitCount > 0 {
            output[place] = character(bits << (bitsPerCharacter - bitCount), form.alphabet)
        }
    }

    private static func character(_ bits: UInt32, _ alphabet: PseudonymForm.Alphabet) -> UInt8 {
        switch alphabet {
        case .base64URL:
            return UInt8(truncatingIfNeeded: spelled(UInt64(bits & 0x3F)))
        case .base32:
            let value = UInt8(truncatingIfNeeded: bits & 0x1F)
            return value < 26 ? value + 0x61 : value - 26 + 0x32
        }
    }

    /// The low 48 bits as eight base64url characters, the first one in the lowest byte.
    @inline(__always)
    static func characters(_ bits: UInt64) -> UInt64 {
        var word = (bits & 0xFFFF_FF00_0000) << 8 | bits & 0xFF_FFFF
        word = (word & 0x00FF_F000_00FF_F000) << 4 | word & 0x0000_0FFF_0000_0FFF
        word = (word & 0x0FC0_0FC0_0FC0_0FC0) << 2 | word & 0x003F_003F_003F_003F
        return spelled(word).byteSwapped
    }

    /// Eight values 0-63, one a byte, as characters of RFC 4648 table 2. Each comparison is the carry into bit 7 of its
    /// byte; no sum or difference leaves its byte.
    @inline(__always)
    private static func spelled(_ values: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let from26 = (values &+ ones &* (128 - 26)) >> 7 & ones
        let from52 = (values &+ ones &* (128 - 52)) >> 7 & ones
        let from62 = (values &+ ones &* (128 - 62)) >> 7 & ones
        let from63 = (values &+ ones &* (128 - 63)) >> 7 & ones
        // "A", then "a" - 26 = 71, then "0" - 52 = -4, then "-" - 62 = -17, then "_" - 63 = 32.
        return values &+ ones &* 65 &+ from26 &* 6 &- from52 &* 75 &- from62 &* 13 &+ from63 &* 49
    }

    @inline(__always)
    private static func load(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
        // SAFETY: the load is bounds-checked against the span, needs no alignment, and every bit pattern is a UInt64.
        unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).bigEndian
    }

    @inline(__always)
    private static func store(_ word: UInt64, to output: inout MutableSpan<UInt8>, at offset: Int) {
        // SAFETY: the store is bounds-checked against the span and every bit pattern is eight UInt8.
        var bytes = unsafe output.mutableBytes
        bytes.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
    }
}
